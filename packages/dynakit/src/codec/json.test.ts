import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyItem, anyText, anyValue } from '../../test/arbitrary-values.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { AttributeMap, AttributeValue } from './attribute-value.ts'
import { equalValues } from './compare.ts'
import { Decimal } from './decimal.ts'
import { encodeItem } from './encode.ts'
import type { NativeItem } from './native-value.ts'
import { readOutput as readShaped } from './read-json.ts'
import type { NumberMode } from './number.ts'
import type { WireShape } from './wire-shape.ts'
import { writeItem, writeValue } from './write-json.ts'

/** Attribute values as JSON, the plain way: binary becomes base64. */
function wire(map: AttributeMap): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(map)) {
    Object.defineProperty(out, name, {
      value: wireValue(value),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return out
}
function wireValue(value: AttributeValue): unknown {
  if ('B' in value) return { B: Buffer.from(value.B).toString('base64') }
  if ('BS' in value) return { BS: value.BS.map((bytes) => Buffer.from(bytes).toString('base64')) }
  if ('L' in value) return { L: value.L.map(wireValue) }
  if ('M' in value) return { M: wire(value.M) }
  return value
}

const answer: WireShape = {
  members: { Item: 'item', Attributes: 'item', Items: { list: 'item' }, LastEvaluatedKey: 'item' },
}
const readOutput = (bytes: Buffer, numbers: NumberMode): Record<string, unknown> =>
  readShaped(bytes, answer, numbers)
const body = (output: unknown): Buffer => Buffer.from(JSON.stringify(output))
const read = (output: unknown, mode: 'exact' | 'decimal' | 'rounded' = 'exact') =>
  readOutput(body(output), mode)

describe('writeItem', () => {
  test('writes what the other encoder writes', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        expect(JSON.parse(writeItem(item))).toEqual(JSON.parse(JSON.stringify(wire(encodeItem(item)))))
      }),
      { numRuns: 1000 },
    )
  })

  test('writes compact, well-formed text', () => {
    const item = {
      s: 'a"b\\c\n\u0001é\u{1F600}',
      n: -0,
      d: Decimal.from('1.50'),
      skip: undefined,
      l: [],
      m: {},
      '"odd': true,
    }
    expect(writeItem(item)).toBe(
      String.raw`{"s":{"S":"a\"b\\c\n\u0001é😀"},"n":{"N":"0"},"d":{"N":"1.5"},"l":{"L":[]},"m":{"M":{}},"\"odd":{"BOOL":true}}`,
    )
    expect(writeItem({})).toBe('{}')
    expect(writeItem({ a: undefined })).toBe('{}')
    expect(writeItem({ long: 'x'.repeat(6000) })).toHaveLength(6000 + '{"long":{"S":""}}'.length)
    expect(writeValue([1, null])).toBe('{"L":[{"N":"1"},{"NULL":true}]}')
  })

  const refusal = (run: () => unknown): ValidationError => {
    try {
      run()
    } catch (error) {
      if (ValidationError.is(error)) return error
      throw error
    }
    throw new Error('it was accepted')
  }
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic

  test.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['an unsafe integer', 2 ** 53],
    ['a long bigint', 10n ** 38n + 1n],
    ['a lone surrogate', 'x\ud800'],
    ['a long text with a lone surrogate', `${'x'.repeat(6000)}\udc00`],
    ['a lone surrogate in a name', { '\ud800': 1 }],
    ['undefined in a list', [undefined]],
    ['a hole', [, 1]], // eslint-disable-line no-sparse-arrays
    ['a Date', new Date()],
    ['a Map', new Map()],
    ['a function', () => 1],
    ['an empty set', new Set()],
    ['a mixed set of strings', new Set(['a', 1])],
    ['a mixed set of numbers', new Set([1, 'a'])],
    ['a mixed set of binary', new Set([new Uint8Array(1), 'a'])],
    ['a set of booleans', new Set([true])],
    ['equal numbers in a set', new Set([1, 1n])],
    ['equal bytes in a set', new Set([new Uint8Array([1]), new Uint8Array([1])])],
    ['a cycle', cyclic],
  ])('refuses %s with its path, as the other encoder does', (name, value) => {
    if (name === 'a lone surrogate in a name') {
      expect(() => writeItem({ a: value } as NativeItem)).toThrow()
      return
    }
    const error = refusal(() => writeItem({ outer: { a: [value] } } as NativeItem))
    const other = refusal(() => encodeItem({ outer: { a: [value] } } as NativeItem))
    expect(error.message).toBe(other.message)
    expect(error.field).toMatch(/^outer\.a\[0\]/)
    expect(refusal(() => writeValue(value as never)).rule).toBe(other.rule)
  })
})

describe('readOutput', () => {
  test('reads back any item', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        const output = readOutput(Buffer.from(`{"Item":${writeItem(item)}}`), 'exact')
        expect(equalValues(output.Item as NativeItem, item)).toBe(true)
      }),
      { numRuns: 1500 },
    )
  })

  test('reads pages of any size in windows: items that end, begin and break anywhere', () => {
    const page = fc.array(
      fc.record(
        {
          id: anyText,
          filler: fc.nat(3).chain((size) => fc.constant('é"x'.repeat(size * 2500))),
          value: anyValue,
        },
        { requiredKeys: ['id'] },
      ),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(page, fc.boolean(), (items, isLast) => {
        const texts = (items as NativeItem[]).map(writeItem)
        const end = isLast ? '' : ',"LastEvaluatedKey":{"id":{"S":"z"}}'
        const text = `{"ConsumedCapacity":{"CapacityUnits":1.5,"TableName":"T"},"Count":${String(items.length)},"Items":[${texts.join(',')}]${end},"ScannedCount":7}`
        const output = readOutput(Buffer.from(text), 'exact')
        expect(equalValues(output.Items as never, items as never)).toBe(true)
        expect(output).toMatchObject({
          Count: items.length,
          ScannedCount: 7,
          ConsumedCapacity: { CapacityUnits: 1.5, TableName: 'T' },
        })
        expect(output.LastEvaluatedKey).toEqual(isLast ? undefined : { id: 'z' })
      }),
      { numRuns: 200 },
    )
  })

  test('a window may end at any byte', () => {
    const item = {
      a: 'x',
      b: true,
      c: null,
      d: [1, 'é', new Set(['q"'])],
      e: { f: -12.5, g: false },
      h: new Uint8Array([1, 2]),
    }
    const text = writeItem(item)
    for (let shift = 0; shift < text.length + 2; shift++) {
      const filler = writeItem({ z: 'x'.repeat(32_768 - 40 - shift) })
      const output = readOutput(Buffer.from(`{"Items":[${filler},${text},${text}]}`), 'exact')
      expect((output.Items as NativeItem[]).slice(1)).toEqual([item, item])
    }
  })

  test('items larger than a window', () => {
    const item = {
      big: 'é'.repeat(100_000),
      list: Array.from({ length: 5000 }, (_, at) => `entry ${String(at)}`),
    }
    expect(readOutput(Buffer.from(`{"Items":[${writeItem(item)},${writeItem({ a: 1 })}]}`), 'exact')).toEqual(
      { Items: [item, { a: 1 }] },
    )
  })

  test.each<[string, string, unknown]>([
    ['an empty answer', '{}', {}],
    ['no items', '{"Items":[],"Count":0}', { Items: [], Count: 0 }],
    [
      'empty maps, lists and texts',
      '{"Item":{"m":{"M":{}},"l":{"L":[]},"s":{"S":""}}}',
      { Item: { m: {}, l: [], s: '' } },
    ],
    ['an empty item', '{"Item":{}}', { Item: {} }],
    [
      'members without attribute values',
      '{"A":[1,{"b":"]}"}],"C":null,"D":"x","E":true,"F":-1.5}',
      { A: [1, { b: ']}' }], C: null, D: 'x', E: true, F: -1.5 },
    ],
    [
      'escapes in names and texts',
      String.raw`{"Item":{"a\"\u00e9":{"S":"\ud83d\ude00\n\\\/"}}}`,
      { Item: { 'a"é': '😀\n\\/' } },
    ],
    [
      'text beyond ASCII',
      '{"Item":{"é":{"S":"naïve 日本 😀"},"x":{"S":"plain"}}}',
      { Item: { é: 'naïve 日本 😀', x: 'plain' } },
    ],
    [
      'sets',
      '{"Item":{"a":{"SS":["x","y"]},"b":{"NS":["1","2.5"]},"c":{"BS":["AQ=="]}}}',
      { Item: { a: new Set(['x', 'y']), b: new Set([1, 2.5]), c: new Set([new Uint8Array([1])]) } },
    ],
    ['attributes of an update', '{"Attributes":{"n":{"N":"-5"}}}', { Attributes: { n: -5 } }],
  ])('%s', (_name, text, expected) => {
    expect(readOutput(Buffer.from(text), 'exact')).toEqual(expected)
  })

  test('white space, as some emulators write it, makes no difference', () => {
    const item = {
      s: 'a b',
      n: 5,
      b: new Uint8Array([1, 2]),
      bs: new Set([new Uint8Array([3])]),
      l: [1, { m: new Uint8Array([4]) }],
      x: null,
    }
    for (const space of [1, 2, '\t']) {
      const text = JSON.stringify({ Items: [wire(encodeItem(item))], Count: 1 }, undefined, space)
      expect(readOutput(Buffer.from(text), 'exact')).toEqual({ Items: [item], Count: 1 })
    }
    expect(readOutput(Buffer.from(`{"Item":${writeItem(item)}}\n`), 'exact')).toEqual({ Item: item })
    expect(readOutput(Buffer.from(`{"Item": {"a":{"S":"x"}}}`), 'exact')).toEqual({ Item: { a: 'x' } })
  })

  test('attribute values deeper in an answer', () => {
    const shape: WireShape = {
      members: {
        Responses: { each: { list: 'item' } },
        Unprocessed: { each: { list: { members: { Put: { members: { Item: 'item' } } } } } },
      },
    }
    const item = { id: 'é', list: [1n, null] }
    const text = `{"Responses":{"Item":[${writeItem(item)},${writeItem(item)}],"Empty":[],"__proto__":[${writeItem({ a: 1 })}]},"Unprocessed":{"T":[{"Put":{"Item":${writeItem(item)},"Other":{"S":"as it is"}}},{}]},"Count":[{"N":"1"}]}`
    const decoded = { id: 'é', list: [1, null] }
    for (const written of [text, JSON.stringify(JSON.parse(text), undefined, 1)]) {
      const output = readShaped(Buffer.from(written), shape, 'exact') as Record<
        string,
        Record<string, unknown>
      >
      expect(Object.entries(output.Responses!)).toEqual([
        ['Item', [decoded, decoded]],
        ['Empty', []],
        ['__proto__', [{ a: 1 }]],
      ])
      expect(output.Unprocessed).toEqual({ T: [{ Put: { Item: decoded, Other: { S: 'as it is' } } }, {}] })
      expect(output.Count).toEqual([{ N: '1' }])
    }
  })

  test('an attribute called __proto__ is an attribute', () => {
    const output = readOutput(
      Buffer.from('{"Item":{"__proto__":{"M":{"x":{"N":"1"}}},"a":{"S":"b"}},"__proto__":{"y":1}}'),
      'exact',
    )
    expect(Object.keys(output.Item as object)).toEqual(['__proto__', 'a'])
    expect(Object.keys(output)).toEqual(['Item', '__proto__'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
    const spaced = readOutput(Buffer.from('{ "Item":{"__proto__":{"S":"x"}}}'), 'exact')
    expect(Object.keys(spaced.Item as object)).toEqual(['__proto__'])
  })

  test.each<[string, unknown]>([
    ['0', 0],
    ['-0', 0],
    ['007', 7],
    ['999999999999999', 999999999999999],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['12345678901234567890123456789012345678', 12345678901234567890123456789012345678n],
    ['1E+20', 100000000000000000000n],
    ['0.1', 0.1],
    ['0.30000000000000004', 0.30000000000000004],
    ['0.3000000000000000444', Decimal.from('0.3000000000000000444')],
    ['-1.5', -1.5],
  ])('number %s', (text, expected) => {
    const output = readOutput(Buffer.from(`{"Item":{"n":{"N":"${text}"}}}`), 'exact')
    expect(output).toEqual({ Item: { n: expected } })
    expect(Object.is((output.Item as { n: unknown }).n, -0)).toBe(false)
  })

  test('number modes', () => {
    expect(read({ Item: { n: { N: '5' } } }, 'decimal')).toEqual({ Item: { n: Decimal.from('5') } })
    expect(read({ Item: { n: { N: '9007199254740993' } } }, 'rounded')).toEqual({
      Item: { n: 9007199254740992 },
    })
  })

  test.each([
    '',
    '{',
    '{"Item"',
    '{"Item":',
    '{"Item":{',
    '{"Item":{"a":{"S":"x',
    '{"Item":{"a":{"S":"x"',
    '{"Item":{"a":{"S":"x"}}',
    '[]',
    'null',
    '"x"',
    '{"Items":[',
    '{"Items":[{"a":{"S":"x"}}',
    '{"Count":1',
    '{"Item":{"a":{"S":"x"}}}}',
    '{"Item":{"a":{"S":"x"},}}',
    '{"Items":[{"a":{"S":"x"}},]}',
    '{"Item":{"a":{"BOOL":tru',
    '{"Item":{"a":{"SS":["x"',
    '{"Item":{"a":{"N":"',
    '{"Item":{"a":{"S":"\\',
    '{"Count":01}',
  ])('damaged JSON is refused: %s', (text) => {
    let output: unknown
    try {
      output = readOutput(Buffer.from(text), 'exact')
    } catch (error) {
      expect(error).toBeInstanceOf(Error)
      return
    }
    // JSON of another form is accepted only where JSON.parse accepts it.
    expect(() => JSON.parse(text) as unknown).not.toThrow()
    expect(output).toBeDefined()
  })

  test('a value of an unknown type is reported, not dropped', () => {
    expect(() => readOutput(Buffer.from('{"Item":{"a":{"Q":"x"}}}'), 'exact')).toThrow(ValidationError)
    expect(() => readOutput(Buffer.from('{"Item":{"a":{"QQ":["x"]}}}'), 'exact')).toThrow(ValidationError)
    expect(() => readOutput(Buffer.from('{"Items":[{"a":{"L":[{"Q":"x"}]}}]}'), 'exact')).toThrow(
      ValidationError,
    )
  })

  test('cutting a page anywhere never gives a result', () => {
    const text = `{"Count":2,"Items":[${writeItem({ a: 'é"', b: [1, null, true], c: new Set(['x']) })},${writeItem({ a: 'y' })}]}`
    const bytes = Buffer.from(text)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readOutput(bytes.subarray(0, length), 'exact')).toThrow()
    }
  })
})
