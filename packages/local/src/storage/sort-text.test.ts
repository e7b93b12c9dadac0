import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AttributeValue } from '../values/attribute-value.ts'
import { compareScalars } from '../values/compare.ts'
import { normalizeNumber } from '../values/number.ts'
import { partitionHash, sortText, sortTexts } from './sort-text.ts'

const order = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

const strings = fc.string({ unit: 'grapheme' }).map((S) => ({ S }))
const numbers = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: -90, max: 80 }))
  .map(([digits, exponent]) => ({ N: normalizeNumber(`${String(digits)}e${String(exponent)}`) }))
const smallNumbers = fc.integer({ min: -30, max: 30 }).map((value) => ({ N: String(value) }))
const binaries = fc
  .uint8Array({ maxLength: 8 })
  .map((bytes) => ({ B: Buffer.from(bytes).toString('base64') }))
const pairs = fc.oneof(
  fc.tuple(strings, strings),
  fc.tuple(fc.oneof(numbers, smallNumbers), fc.oneof(numbers, smallNumbers)),
  fc.tuple(binaries, binaries),
)

describe('sort texts', () => {
  test('sort as the values do', () => {
    fc.assert(
      fc.property(pairs, ([left, right]) => {
        expect(order(sortText(left), sortText(right))).toBe(Math.sign(compareScalars(left, right)!))
      }),
      { numRuns: 1000 },
    )
  })

  test('of several values sort by the first, then by the next', () => {
    const parts = fc
      .string({ unit: fc.constantFrom('\0', '\u0001', '\u0002', 'a'), maxLength: 3 })
      .map((S): AttributeValue => ({ S }))
    fc.assert(
      fc.property(fc.tuple(parts, parts), fc.tuple(parts, parts), (left, right) => {
        const first = compareScalars(left[0], right[0])!
        const expected = first === 0 ? compareScalars(left[1], right[1])! : first
        expect(order(sortTexts(left), sortTexts(right))).toBe(Math.sign(expected))
      }),
      { numRuns: 1000 },
    )
  })
})

test('near partition keys are spread evenly', () => {
  const sixteenths = new Array<number>(16).fill(0)
  for (let user = 0; user < 16_000; user += 1) {
    sixteenths[partitionHash(`user#${String(user)}`) >>> 27]! += 1
  }
  expect(Math.min(...sixteenths)).toBeGreaterThan(850)
  expect(Math.max(...sixteenths)).toBeLessThan(1150)
})
