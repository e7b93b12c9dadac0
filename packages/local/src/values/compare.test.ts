import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareScalars, compareTexts, equalValues } from './compare.ts'

describe('order', () => {
  test('texts are ordered by their UTF-8 bytes', () => {
    const texts = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        expect(Math.sign(compareTexts(left, right))).toBe(
          Buffer.compare(Buffer.from(left), Buffer.from(right)),
        )
      }),
    )
    expect(compareTexts('\u{1F600}', '\uFF5E')).toBeGreaterThan(0)
  })

  test('numbers by value, binaries by unsigned bytes', () => {
    expect(compareScalars({ N: '10' }, { N: '9' })).toBeGreaterThan(0)
    expect(compareScalars({ N: '-12345678901234567890' }, { N: '-12345678901234567891' })).toBeGreaterThan(0)
    expect(compareScalars({ B: '/w==' }, { B: 'AA==' })).toBeGreaterThan(0)
    expect(compareScalars({ B: 'AA==' }, { B: 'AAA=' })).toBeLessThan(0)
  })

  test('other and different types have none', () => {
    expect(compareScalars({ S: '1' }, { N: '1' })).toBeUndefined()
    expect(compareScalars({ BOOL: true }, { BOOL: true })).toBeUndefined()
  })
})

describe('equality', () => {
  test.each([
    [{ S: 'a' }, { S: 'a' }, true],
    [{ S: '1' }, { N: '1' }, false],
    [{ B: 'AQ==' }, { B: 'AQ==' }, true],
    [{ BOOL: true }, { BOOL: false }, false],
    [{ NULL: true }, { NULL: true }, true],
    [{ SS: ['a', 'b'] }, { SS: ['b', 'a'] }, true],
    [{ SS: ['a', 'b'] }, { SS: ['a'] }, false],
    [{ NS: ['1'] }, { SS: ['1'] }, false],
    [{ BS: ['AQ=='] }, { BS: ['AQ=='] }, true],
    [{ L: [{ S: 'a' }] }, { L: [{ S: 'a' }] }, true],
    [{ L: [{ S: 'a' }] }, { L: [{ S: 'a' }, { S: 'b' }] }, false],
    [{ M: { a: { S: 'x' } } }, { M: { a: { S: 'x' } } }, true],
    [{ M: { a: { S: 'x' } } }, { M: { b: { S: 'x' } } }, false],
    [{ M: { toString: { S: 'x' } } }, { M: { a: { S: 'x' } } }, false],
  ] as const)('%j and %j: %s', (left, right, isEqual) => {
    expect(equalValues(left, right)).toBe(isEqual)
    expect(equalValues(right, left)).toBe(isEqual)
  })
})
