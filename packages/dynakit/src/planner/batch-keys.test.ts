import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../codec/decimal.ts'
import { equalValues } from '../codec/compare.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { defineTable } from '../schema/table.ts'
import { checkItemKey, checkKey, keyShapeLike, keyShapeOf } from './key-shape.ts'
import { keyText } from './key-text.ts'

const Pair = keyShapeOf(
  defineTable({
    name: 'Pairs',
    partitionKey: { name: 'a', type: 'string' },
    sortKey: { name: 'b', type: 'number' },
  }),
)
const Binary = keyShapeOf(defineTable({ name: 'Binary', partitionKey: { name: 'a', type: 'binary' } }))

describe('the text of a key', () => {
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom('1', '2', 'S', 'B', 'N', '\n', '-'), maxLength: 4 }),
    fc.integer({ min: -3, max: 12 }),
    fc.bigInt({ min: -3n, max: 12n }),
    fc.constantFrom('1', '10', '1.50', '-0', '1e1').map((text) => Decimal.from(text)),
    fc.uint8Array({ maxLength: 2 }),
  )
  const key = fc.record({ a: value, b: value })

  test('is equal when DynamoDB takes the keys for one, and only then', () => {
    fc.assert(
      fc.property(key, key, (left, right) => {
        const isSame = equalValues(left.a, right.a) && equalValues(left.b, right.b)
        expect(keyText(Pair, left, 'exact') === keyText(Pair, right, 'exact')).toBe(isSame)
      }),
    )
  })

  test('tells tables apart, and attributes', () => {
    expect(keyText(Pair, { a: 'x', b: 1 }, 'exact')).not.toBe(
      keyText({ ...Pair, tableName: 'Others' }, { a: 'x', b: 1 }, 'exact'),
    )
    expect(keyText(Pair, { a: '1', b: 2 }, 'exact')).not.toBe(keyText(Pair, { a: 1, b: 2 }, 'exact'))
  })

  test('is that of the rounded number where answers are read so', () => {
    const exact = { a: 'x', b: 2n ** 80n + 1n }
    const asRead = { a: 'x', b: Number(2n ** 80n) }
    expect(keyText(Pair, exact, 'rounded')).toBe(keyText(Pair, asRead, 'rounded'))
    expect(keyText(Pair, exact, 'exact')).not.toBe(keyText(Pair, { a: 'x', b: 2n ** 80n }, 'exact'))
    const fraction = { a: 'x', b: Decimal.from('0.12345678901234567890123') }
    expect(keyText(Pair, fraction, 'rounded')).toBe(
      keyText(Pair, { a: 'x', b: 0.12345678901234568 }, 'rounded'),
    )
  })
})

describe('a key', () => {
  test.each<[string, NativeItem, string, string]>([
    ['lacks an attribute', { a: 'x' }, 'b', 'key-missing'],
    ['has a wrong type', { a: 'x', b: '1' }, 'b', 'key-value-type'],
    ['has a type no key has', { a: ['x'], b: 1 }, 'a', 'key-value-type'],
    ['is empty', { a: '', b: 1 }, 'a', 'key-empty'],
    ['is too long', { a: 'ü'.repeat(1025), b: 1 }, 'a', 'key-size'],
    ['is no text', { a: '\ud800', b: 1 }, 'a', 'string-not-well-formed'],
    ['is no number', { a: 'x', b: Number.NaN }, 'b', 'number-not-finite'],
    ['is no whole number any more', { a: 'x', b: 2 ** 60 }, 'b', 'number-unsafe-integer'],
  ])('that %s is refused, also as part of an item', (_, given, field, rule) => {
    for (const check of [checkKey, checkItemKey]) {
      expect(() => {
        check(Pair, given)
      }).toThrow(expect.objectContaining({ code: 'Validation', field, rule }))
    }
  })

  test('may be as long as DynamoDB lets it', () => {
    expect(() => {
      checkKey(Pair, { a: 'ü'.repeat(1024), b: 1n })
      checkKey(Binary, { a: new Uint8Array(2048) })
    }).not.toThrow()
    expect(() => {
      checkKey(Binary, { a: new Uint8Array(2049) })
    }).toThrow(expect.objectContaining({ rule: 'key-size' }))
  })

  test('has no other attributes; an item may', () => {
    const item: Record<string, NativeValue | undefined> = { a: 'x', b: 1, c: 2, d: undefined }
    expect(() => {
      checkItemKey(Pair, item)
    }).not.toThrow()
    expect(() => {
      checkKey(Pair, item)
    }).toThrow(expect.objectContaining({ field: 'c', rule: 'key-attributes' }))
  })
})

describe('one key as the pattern of others', () => {
  test('gives names and types', () => {
    const shape = keyShapeLike('Pairs', { b: 1, a: 'x', c: undefined })
    expect(() => {
      checkKey(shape, { a: 'y'.repeat(2048), b: 2n })
    }).not.toThrow()
    expect(() => {
      checkKey(shape, { a: 'y', b: 'z' })
    }).toThrow(expect.objectContaining({ field: 'b' }))
    expect(() => {
      checkKey(shape, { a: 'y' })
    }).toThrow(expect.objectContaining({ field: 'b', rule: 'key-missing' }))
  })

  test('has one or two attributes of types a key can have', () => {
    expect(() => keyShapeLike('T', {})).toThrow(expect.objectContaining({ rule: 'key-attributes' }))
    expect(() => keyShapeLike('T', { a: 1, b: 1, c: 1 })).toThrow(
      expect.objectContaining({ rule: 'key-attributes' }),
    )
    expect(() => keyShapeLike('T', { a: true })).toThrow(expect.objectContaining({ rule: 'key-value-type' }))
  })
})
