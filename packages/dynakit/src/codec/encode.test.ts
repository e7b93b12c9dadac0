import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { ValidationError } from '../errors/request-errors.ts'
import type { AttributeMap } from './attribute-value.ts'
import { Decimal } from './decimal.ts'
import { decodeItem } from './decode.ts'
import { encodeItem, encodeValue } from './encode.ts'
import { equalValues } from './compare.ts'
import type { NativeItem, NativeValue } from './native-value.ts'

const refusal = (item: unknown): ValidationError => {
  try {
    encodeItem(item as NativeItem)
  } catch (error) {
    if (ValidationError.is(error)) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('encodeItem', () => {
  test('writes every type', () => {
    const bytes = new Uint8Array([1, 2])
    expect(
      encodeItem({
        s: 'x',
        n: 1.5,
        big: 2n ** 100n,
        exact: Decimal.from('0.10'),
        yes: true,
        nothing: null,
        bytes,
        list: [1, 'a', [null]],
        map: { a: { b: 1 }, left: undefined },
        ss: new Set(['a', 'b']),
        ns: new Set([1, 2n, Decimal.from('2.5')]),
        bs: new Set([bytes]),
        missing: undefined,
        emptyText: '',
        emptyList: [],
        emptyMap: {},
      }),
    ).toEqual({
      s: { S: 'x' },
      n: { N: '1.5' },
      big: { N: '1267650600228229401496703205376' },
      exact: { N: '0.1' },
      yes: { BOOL: true },
      nothing: { NULL: true },
      bytes: { B: bytes },
      list: { L: [{ N: '1' }, { S: 'a' }, { L: [{ NULL: true }] }] },
      map: { M: { a: { M: { b: { N: '1' } } } } },
      ss: { SS: ['a', 'b'] },
      ns: { NS: ['1', '2', '2.5'] },
      bs: { BS: [bytes] },
      emptyText: { S: '' },
      emptyList: { L: [] },
      emptyMap: { M: {} },
    })
  })

  class Money {
    readonly cents = 5
  }

  test.each<[string, unknown, string, string, string]>([
    ['NaN', { a: { b: [1, Number.NaN] } }, 'a.b[1]', 'number-not-finite', 'NaN'],
    ['Infinity', { a: -Infinity }, 'a', 'number-not-finite', 'Infinity'],
    ['an unsafe integer', { a: 2 ** 53 }, 'a', 'number-unsafe-integer', 'number'],
    ['a tiny number', { a: 1e-140 }, 'a', 'number-range', 'number'],
    ['a long bigint', { a: 10n ** 38n + 1n }, 'a', 'number-precision', 'number'],
    ['a huge bigint', { a: 10n ** 126n }, 'a', 'number-range', 'number'],
    ['an empty set', { a: { tags: new Set() } }, 'a.tags', 'empty-set', 'Set'],
    ['a mixed set', { a: new Set(['x', 1]) }, 'a', 'set-mixed-types', 'Set with number'],
    ['a set of booleans', { a: new Set([true]) }, 'a', 'set-member-type', 'Set of boolean'],
    ['equal numbers in a set', { a: new Set([1, 1n]) }, 'a', 'set-duplicate', 'Set'],
    [
      'equal bytes in a set',
      { a: new Set([new Uint8Array([1]), new Uint8Array([1])]) },
      'a',
      'set-duplicate',
      'Set',
    ],
    ['undefined in a list', { a: [1, undefined] }, 'a[1]', 'unsupported-type', 'undefined'],
    ['a hole in a list', { a: [1, , 3] }, 'a[1]', 'unsupported-type', 'undefined'], // eslint-disable-line no-sparse-arrays
    ['a function', { a: () => 1 }, 'a', 'unsupported-type', 'function'],
    ['a symbol', { a: Symbol('x') }, 'a', 'unsupported-type', 'symbol'],
    ['a Date', { a: { when: new Date(0) } }, 'a.when', 'class-instance', 'Date'],
    ['a Map', { a: new Map() }, 'a', 'class-instance', 'Map'],
    ['a class instance', { lines: [{ price: new Money() }] }, 'lines[0].price', 'class-instance', 'Money'],
    ['an ArrayBuffer', { a: new ArrayBuffer(1) }, 'a', 'class-instance', 'ArrayBuffer'],
    ['a lone surrogate', { a: ['\ud800'] }, 'a[0]', 'string-not-well-formed', 'string'],
  ])('refuses %s, naming path, rule and type', (_name, item, field, rule, type) => {
    const error = refusal(item)
    expect({ field: error.field, rule: error.rule, valueType: error.valueType }).toEqual({
      field,
      rule,
      valueType: type,
    })
    expect(error.message).toContain(`${field}: `)
  })

  test('refuses a cycle and says so', () => {
    const node: Record<string, unknown> = { name: 'n' }
    node.next = { back: node }
    const error = refusal({ node })
    expect(error.rule).toBe('cycle')
    expect(error.field).toMatch(/^node\.next\.back/)
    const list: unknown[] = []
    list.push(list)
    expect(refusal({ list }).rule).toBe('cycle')
  })

  const nested = (depth: number): NativeValue => (depth === 0 ? 'leaf' : { in: nested(depth - 1) })

  test('refuses more than 32 levels, and no fewer', () => {
    expect(() => encodeItem({ a: nested(32) })).not.toThrow()
    const error = refusal({ a: nested(33) })
    expect(error.rule).toBe('nesting-depth')
    expect(error.field).toBe(`a${'.in'.repeat(32)}`)
    expect(() => encodeItem({ a: { b: Array.from({ length: 3 }, () => new Set(['x'])) } })).not.toThrow()
  })

  test('never puts a value into the message', () => {
    const secret = 'hunter2'
    for (const item of [
      { a: [secret, Number.NaN] },
      { a: { secret, b: new Set() } },
      { a: { [`k`]: `${secret}\ud800` } },
    ]) {
      expect(refusal(item).message).not.toContain(secret)
    }
  })

  test('names the caller’s path for a single value', () => {
    expect(() => encodeValue({ b: Number.NaN }, 'price')).toThrow('price.b: ')
    expect(() => encodeValue(Number.NaN, 'price')).toThrow('price: ')
  })

  test('takes plain objects of other realms and without prototype', () => {
    const foreign = runInNewContext('({ a: 1, b: [2] })') as NativeItem
    const bare = Object.assign(Object.create(null) as object, { c: 1 })
    expect(encodeItem({ foreign, bare })).toEqual({
      foreign: { M: { a: { N: '1' }, b: { L: [{ N: '2' }] } } },
      bare: { M: { c: { N: '1' } } },
    })
  })

  test('keeps an attribute called __proto__', () => {
    const item = JSON.parse('{"__proto__":{"polluted":1},"a":2}') as NativeItem
    const encoded = encodeItem(item)
    expect(Object.keys(encoded)).toEqual(['__proto__', 'a'])
    const decoded = decodeItem(encoded, 'exact')
    expect(Object.keys(decoded)).toEqual(['__proto__', 'a'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed())
const plainNumber = fc.oneof(
  fc.maxSafeInteger(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
    .filter(
      (value) =>
        (!Number.isInteger(value) || Number.isSafeInteger(value)) &&
        (value === 0 || Math.abs(value) > 1e-120),
    ),
)
const bigNumber = fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n)
const bytes = fc.uint8Array({ maxLength: 20 })
const setOf = <Member>(
  member: fc.Arbitrary<Member>,
  key: (value: Member) => unknown,
): fc.Arbitrary<Set<Member>> =>
  fc.uniqueArray(member, { minLength: 1, maxLength: 5, selector: key }).map((members) => new Set(members))
const value: fc.Arbitrary<NativeValue> = fc.letrec<{ value: NativeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    plainNumber,
    bigNumber,
    fc.boolean(),
    fc.constant(null),
    bytes,
    setOf(text, (member) => member) as fc.Arbitrary<NativeValue>,
    setOf(fc.maxSafeInteger(), (member) => String(member)) as fc.Arbitrary<NativeValue>,
    setOf(bytes, (member) => Buffer.from(member).toString('latin1')) as fc.Arbitrary<NativeValue>,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value
const item = fc.dictionary(text, value, { maxKeys: 6 }) as fc.Arbitrary<NativeItem>

describe('round trip', () => {
  test('an item comes back as it went', () => {
    fc.assert(
      fc.property(item, (original) => {
        expect(equalValues(decodeItem(encodeItem(original), 'exact'), original)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test("agrees with the SDK's marshall and unmarshall", () => {
    // The SDK has no Decimal, and writes -0 and bigint its own way; those are covered above.
    const comparable = fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      fc.oneof(
        text,
        fc.maxSafeInteger().map((number) => number + 0),
        fc.boolean(),
        fc.constant(null),
        bytes,
        fc.array(text),
      ),
    )
    fc.assert(
      fc.property(comparable, (original) => {
        const ours = encodeItem(original)
        expect(ours).toEqual(marshall(original))
        expect(decodeItem(ours, 'exact')).toEqual(unmarshall(ours as Parameters<typeof unmarshall>[0]))
      }),
      { numRuns: 300 },
    )
  })
})

describe('reading numbers', () => {
  const read = (number: string, mode: 'exact' | 'decimal' | 'rounded' = 'exact'): unknown =>
    decodeItem({ n: { N: number } }, mode).n

  test.each<[string, unknown]>([
    ['0', 0],
    ['-12.5', -12.5],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740993', -9007199254740993n],
    ['100000000000000000000', 100000000000000000000n],
    ['0.1', 0.1],
    ['0.30000000000000004', 0.30000000000000004],
    ['1.000000000000000', 1],
    ['1E+20', 100000000000000000000n],
    ['1E-130', 1e-130],
  ])('%s', (number, expected) => {
    expect(read(number)).toBe(expected)
  })

  test('a fraction a number would round becomes a Decimal', () => {
    const exact = read('3.14159265358979323846') as Decimal
    expect(Decimal.is(exact)).toBe(true)
    expect(exact.toString()).toBe('3.14159265358979323846')
    expect(read('9007199254740993.5')).toEqual(Decimal.from('9007199254740993.5'))
  })

  test('modes decimal and rounded', () => {
    expect((read('5', 'decimal') as Decimal).toString()).toBe('5')
    expect(read('9007199254740993', 'rounded')).toBe(9007199254740992)
  })
})

test('a value of an unknown type is reported with its attribute', () => {
  const received = { ok: { S: 'x' }, odd: { M: { inner: { Q: '1' } } } } as unknown as AttributeMap
  expect(() => decodeItem(received, 'exact')).toThrow('odd: DynamoDB sent a value of a type')
})
