import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toIsoText } from './iso-text.ts'

const anyDate = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.date({ noInvalidDate: true, min: new Date('1960-01-01'), max: new Date('2060-01-01') }),
)

describe('toIsoText', () => {
  test('writes what toISOString writes', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        expect(toIsoText(date)).toBe(date.toISOString())
        expect(toIsoText(new Date(date))).toBe(date.toISOString())
      }),
      { numRuns: 5000 },
    )
  })

  test('many days', () => {
    for (let day = 0; day < 2500; day++) {
      const date = new Date(day * 86_400_000 + day)
      expect(toIsoText(date)).toBe(date.toISOString())
    }
  })

  test('refuses what toISOString refuses', () => {
    expect(() => toIsoText(new Date(Number.NaN))).toThrow(RangeError)
  })
})
