import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyItem, anyValue } from '../../test/arbitrary-values.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { equalValues } from './compare.ts'
import { Decimal } from './decimal.ts'
import { encodeItem } from './encode.ts'
import type { NativeItem, NativeValue } from './native-value.ts'
import { readOutput } from './read-json.ts'
import { writeItem, writeValue } from './write-json.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, at) => at)
const parse = (text: string) => JSON.parse(text) as Record<string, unknown>
const readBack = (text: string) =>
  readOutput(Buffer.from(`{"Item":${text}}`), { members: { Item: 'item' } }, 'exact').Item as NativeItem
const rule = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return ValidationError.is(error) ? error.rule : String(error)
  }
  return 'accepted'
}

describe('what was written before makes no difference', () => {
  test('to items of any kind', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 5 }), (items) => {
        for (const item of [...items, ...items]) {
          const text = writeItem(item)
          expect(JSON.stringify(JSON.parse(text))).toBe(text)
          expect(equalValues(readBack(text), item)).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('to values in lists and alone', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = writeValue(value)
        expect(writeItem({ v: value })).toBe(`{"v":${text}}`)
        expect(writeValue([value, value])).toBe(`{"L":[${text},${text}]}`)
        expect(writeValue({ a: value, b: [] })).toBe(`{"M":{"a":${text},"b":{"L":[]}}}`)
      }),
      { numRuns: 500 },
    )
  })

  test('each type after each other', () => {
    const values: readonly NativeValue[] = [
      'x',
      'é"',
      1,
      1.5,
      10n,
      Decimal.from('0.1'),
      true,
      false,
      null,
      [],
      {},
      ['x'],
      [1, null],
      { a: 1 },
      new Set(['x']),
      new Set([1]),
      new Uint8Array([1]),
    ]
    for (const left of values)
      for (const right of values) {
        const alone = [writeValue(left), writeValue(right)]
        expect(writeItem({ left, right })).toBe(`{"left":${String(alone[0])},"right":${String(alone[1])}}`)
        expect(writeValue([left, right])).toBe(`{"L":[${alone.join()}]}`)
      }
  })

  test('more names than are remembered', () => {
    for (let round = 0; round < 3; round++) {
      const item = Object.fromEntries(
        numbered(3000).map((at) => [`r${String(round)}n${String(at)}`, { at, long: 'x' }]),
      )
      expect(readBack(writeItem(item))).toEqual(item)
    }
    const item = { ['n'.repeat(3000)]: 1, after: 2 }
    for (let round = 0; round < 3; round++) expect(readBack(writeItem(item))).toEqual(item)
  })
})

describe('texts', () => {
  test.each([1, 12, 63, 64, 65, 600, 5000, 20_000])(
    'of %i characters, with one that needs care anywhere',
    (length) => {
      const places = length <= 65 ? numbered(length) : [0, 1, 63, 64, 65, length >> 1, length - 1]
      for (const special of ['"', '\\', '\n', '\u0000', '\u001f', '\u007f', 'é', '日', '\u2028'])
        for (const at of places) {
          const text = 'x'.repeat(at) + special + 'x'.repeat(length - at - 1)
          expect(parse(writeValue(text))).toEqual({ S: text })
        }
      for (const at of places) {
        const text = `${'x'.repeat(at)}\u{1F600}${'x'.repeat(length - at)}`
        expect(parse(writeValue(text))).toEqual({ S: text })
        const broken = 'x'.repeat(at) + '\ud83d' + 'x'.repeat(length - at - 1)
        expect(rule(() => writeValue(broken))).toBe('string-not-well-formed')
        expect(rule(() => writeValue(new Set([broken])))).toBe('string-not-well-formed')
      }
    },
  )
})

describe('objects', () => {
  test('of another realm are plain', () => {
    const value = runInNewContext('({ a: 1, b: { c: ["x"] } })') as NativeItem
    expect(writeItem(value)).toBe('{"a":{"N":"1"},"b":{"M":{"c":{"L":[{"S":"x"}]}}}}')
    expect(writeItem({ value })).toBe('{"value":{"M":{"a":{"N":"1"},"b":{"M":{"c":{"L":[{"S":"x"}]}}}}}}')
    const text = runInNewContext('Object.prototype.extra = 1; ({ a: 1 })') as NativeItem
    expect(writeItem({ text })).toBe('{"text":{"M":{"a":{"N":"1"}}}}')
  })

  test('without a prototype are plain', () => {
    const value = Object.assign(Object.create(null) as NativeItem, { a: 1 })
    expect(writeItem(value)).toBe('{"a":{"N":"1"}}')
    expect(writeItem({ value })).toBe('{"value":{"M":{"a":{"N":"1"}}}}')
  })

  test('that inherit or are instances are refused inside an item', () => {
    class Money {
      readonly amount = 1
    }
    const inherits = Object.create({ inherited: 1 }) as NativeItem
    for (const value of [inherits, new Money() as unknown as NativeItem]) {
      expect(rule(() => writeItem({ value }))).toBe('class-instance')
      expect(rule(() => writeItem({ value }))).toBe(rule(() => encodeItem({ value })))
    }
    expect(writeItem(inherits)).toBe('{}')
    expect(writeItem(new Money() as unknown as NativeItem)).toBe('{"amount":{"N":"1"}}')
  })

  test('have their own members only, whatever was added to all objects', () => {
    const added = { value: 'x', enumerable: true, configurable: true, writable: true }
    Object.defineProperty(Object.prototype, 'polluted', added)
    try {
      expect(writeItem({ a: { b: 1 } })).toBe('{"a":{"M":{"b":{"N":"1"}}}}')
      expect(writeValue({ b: 1 })).toBe('{"M":{"b":{"N":"1"}}}')
      expect(writeItem({ polluted: 1 })).toBe('{"polluted":{"N":"1"}}')
    } finally {
      delete (Object.prototype as { polluted?: string }).polluted
    }
    expect(writeItem({ a: 1 })).toBe('{"a":{"N":"1"}}')
  })

  test('names that are numbers, empty or __proto__', () => {
    const item = JSON.parse('{"b":1,"2":2,"":3,"__proto__":4,"1":5}') as NativeItem
    expect(parse(writeItem(item))).toEqual(
      JSON.parse('{"1":{"N":"5"},"2":{"N":"2"},"b":{"N":"1"},"":{"N":"3"},"__proto__":{"N":"4"}}'),
    )
  })

  test('nested as deep as DynamoDB allows, and deeper', () => {
    const nest = (depth: number): NativeValue =>
      depth === 0 ? 'x' : depth % 2 === 0 ? [nest(depth - 1)] : { m: nest(depth - 1) }
    expect(rule(() => writeItem({ a: nest(31) }))).toBe('accepted')
    for (const depth of [31, 32, 33, 34])
      expect(rule(() => writeItem({ a: nest(depth) }))).toBe(rule(() => encodeItem({ a: nest(depth) })))
    expect(rule(() => writeItem({ a: nest(40) }))).toBe('nesting-depth')
  })
})

describe('sets of numbers', () => {
  test.each<[string, readonly (number | bigint | Decimal)[], string]>([
    ['of one form', [1, 2.5, -0, 1e-7], '{"NS":["1","2.5","0","1e-7"]}'],
    ['of several forms', [1, 2n, Decimal.from('3.5')], '{"NS":["1","2","3.5"]}'],
    ['decimals', [Decimal.from('1'), Decimal.from('2')], '{"NS":["1","2"]}'],
  ])('%s', (_name, members, text) => {
    expect(writeValue(new Set(members) as never)).toBe(text)
  })

  test.each<[string, readonly unknown[], string]>([
    ['a number and an equal bigint', [2, 1, 1n], 'set-duplicate'],
    ['a bigint and an equal number', [1n, 1], 'set-duplicate'],
    ['equal decimals', [Decimal.from('1'), Decimal.from('1.0')], 'set-duplicate'],
    ['text among numbers', [1, 'x'], 'set-mixed-types'],
    ['NaN', [1, Number.NaN], 'number-not-finite'],
  ])('%s are refused', (_name, members, expected) => {
    expect(rule(() => writeValue(new Set(members) as never))).toBe(expected)
  })
})
