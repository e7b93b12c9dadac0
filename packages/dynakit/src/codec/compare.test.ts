import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareValues, equalValues } from './compare.ts'
import { Decimal } from './decimal.ts'
import type { NativeValue } from './native-value.ts'

test('orders strings by their UTF-8 bytes', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 }).filter((value) => value.isWellFormed())
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(Math.sign(compareValues(left, right) ?? 0)).toBe(
        Buffer.compare(Buffer.from(left), Buffer.from(right)),
      )
    }),
    { numRuns: 2000 },
  )
  // Above U+D7FF the order of UTF-16 units is another one.
  expect(compareValues('\u{1F600}', '\uFFFD')).toBeGreaterThan(0)
})

test('orders numbers exactly across number, bigint and Decimal', () => {
  expect(compareValues(9007199254740993n, 9007199254740992)).toBeGreaterThan(0)
  expect(compareValues(Decimal.from('0.1'), 0.1)).toBe(0)
  expect(compareValues(1, 2n)).toBeLessThan(0)
  expect(compareValues(2, 1)).toBeGreaterThan(0)
})

test('orders binary by unsigned bytes', () => {
  expect(compareValues(new Uint8Array([200]), new Uint8Array([100]))).toBeGreaterThan(0)
  expect(compareValues(new Uint8Array([1]), new Uint8Array([1, 0]))).toBeLessThan(0)
})

test('does not order values of different types', () => {
  for (const [left, right] of [
    ['a', 1],
    [1, 'a'],
    [true, false],
    [null, null],
    [['a'], ['b']],
  ] as const) {
    expect(compareValues(left as NativeValue, right as NativeValue)).toBeUndefined()
  }
})

test.each<[NativeValue, NativeValue, boolean]>([
  ['a', 'a', true],
  ['a', 'b', false],
  [1, 1n, true],
  [Decimal.from('1.0'), 1, true],
  [1, '1', false],
  [null, null, true],
  [null, 'a', false],
  ['a', null, false],
  [true, true, true],
  [new Uint8Array([1]), new Uint8Array([1]), true],
  [new Set([1, 2]), new Set([2n, 1]), true],
  [new Set([1, 2]), new Set([1, 3]), false],
  [new Set([1, 2]), new Set([1]), false],
  [[1, [2]], [1, [2n]], true],
  [[1], [1, 2], false],
  [{ a: 1, b: { c: null } }, { b: { c: null }, a: 1n }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { b: 1 }, false],
  [[1], { a: 1 }, false],
])('%o equals %o: %s', (left, right, expected) => {
  expect(equalValues(left, right)).toBe(expected)
  expect(equalValues(right, left)).toBe(expected)
})
