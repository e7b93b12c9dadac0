import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyItem } from '../../test/arbitrary-values.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { Decimal } from './decimal.ts'
import type { NativeItem } from './native-value.ts'
import { decodeNumber } from './number.ts'
import { readOutput } from './read-json.ts'
import type { WireShape } from './wire-shape.ts'
import { writeItem } from './write-json.ts'

const answer: WireShape = { members: { Item: 'item', Items: { list: 'item' } } }
const readText = (text: string) => readOutput(Buffer.from(text), answer, 'exact')
const readItems = (items: readonly NativeItem[]) =>
  readText(`{"Items":[${items.map(writeItem).join(',')}]}`).Items as readonly NativeItem[]
const readItem = (text: string) => readText(`{"Item":${text}}`).Item as NativeItem
/** White space makes the text one for the slow reader. */
const readSlowly = (items: readonly NativeItem[]) =>
  readText(` {"Items":[${items.map(writeItem).join(',')}]}`).Items
const numbered = (count: number) => Array.from({ length: count }, (_, at) => at)

describe('what was read before makes no difference', () => {
  test('to items of any kind', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 6 }), (items) => {
        expect(readItems(items)).toStrictEqual(readSlowly(items))
        expect(readItems([...items].reverse())).toStrictEqual(readSlowly([...items].reverse()))
      }),
      { numRuns: 300 },
    )
  })

  test('to members that are missing, new, of another type or in another order', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'long name of an attribute', 'é', 'q"')
    const value = fc.constantFrom<NativeItem[string]>(
      'x',
      1,
      null,
      true,
      [1],
      { a: 1 },
      { b: 'é' },
      new Set(['s']),
    )
    const items = fc.array(fc.dictionary(name, value), { maxLength: 12 })
    fc.assert(
      fc.property(items, (page) => {
        expect(readItems(page)).toStrictEqual(readSlowly(page))
      }),
      { numRuns: 500 },
    )
  })

  test('no value stays behind', () => {
    expect(
      readItems([{ secret: 'hunter2', map: { secret: 'hunter2' }, list: [{ secret: 'hunter2' }] }]),
    ).toHaveLength(1)
    expect(readItems([{ map: {}, list: [{}] }, {}])).toStrictEqual([{ map: {}, list: [{}] }, {}])
  })

  test('names that begin alike', () => {
    const items = [
      { ab: 'x', abc: 'y' },
      { abc: 'x', ab: 'y' },
      { a: 'x', ab: 'y', abcd: 'z' },
      { abcd: 'x' },
    ]
    expect(readItems([...items, ...items])).toStrictEqual([...items, ...items])
  })

  test('an attribute called __proto__', () => {
    const text = '{"a":{"S":"x"},"__proto__":{"M":{"__proto__":{"S":"y"}}},"b":{"S":"z"}}'
    for (const item of [readItem(text), readItem(text), readItem(text)]) {
      expect(Object.keys(item)).toEqual(['a', '__proto__', 'b'])
      expect(Object.getPrototypeOf(item)).toBe(Object.prototype)
      expect(JSON.stringify(item)).toBe('{"a":"x","__proto__":{"__proto__":"y"},"b":"z"}')
    }
  })
})

describe('names that are data', () => {
  test('maps with other names in each item', () => {
    const items = numbered(600).map((at) => ({
      id: `item ${String(at)}`,
      counts: Object.fromEntries(numbered(20).map((name) => [`user-${String(at * 20 + name)}`, name])),
      maps: {
        [`key ${String(at)}`]: { role: 'admin', since: at },
        [`é ${String(at)}`]: { role: 'é', until: at },
      },
    }))
    expect(readItems(items)).toStrictEqual(items)
    expect(readItems(items.slice(0, 20))).toStrictEqual(items.slice(0, 20))
  })

  test('more names than are remembered, at one place and at all', () => {
    const wide = Object.fromEntries(
      numbered(2000).map((at) => [`column${String(at)}`, { of: `value ${String(at)}` }]),
    )
    const items = numbered(30).map((at) =>
      Object.fromEntries(numbered(300).map((name) => [`t${String(at)}_${String(name)}`, name])),
    )
    for (let round = 0; round < 3; round++) {
      expect(readItems([wide])).toStrictEqual([wide])
      expect(readItems(items)).toStrictEqual(items)
      expect(readItems([{ id: 'x', wide }])).toStrictEqual([{ id: 'x', wide }])
    }
  })

  test('long names', () => {
    const items = [
      { ['n'.repeat(5000)]: 1, after: 2 },
      { ['n'.repeat(5000)]: 'x', after: 3 },
    ]
    expect(readItems([...items, ...items])).toStrictEqual([...items, ...items])
  })

  test.each([
    String.raw`{"a\"":{"S":"x"}}`,
    String.raw`{"a\":{\"S\":\"x":{"S":"y"}}`,
    String.raw`{"a\\":{"S":"x\\"},"b":{"S":"\\\\"}}`,
    String.raw`{"\\\"":{"S":"\\\""}}`,
    String.raw`{"\u0061":{"S":"\u00e9"},"a\/":{"B":"\/\/8="}}`,
    String.raw`{"":{"S":""}}`,
    '{"é\\n":{"S":"日本\\n"}}',
  ])('names and texts with escapes: %s', (text) => {
    const expected = readText(` {"Item":${text}}`).Item
    for (let round = 0; round < 3; round++) expect(readItem(text)).toStrictEqual(expected)
    expect(readItems([expected as NativeItem, { a: 1 }, expected as NativeItem])).toHaveLength(3)
  })
})

describe('numbers', () => {
  const digits = fc.stringMatching(/^-?\d{1,20}(\.\d{1,20})?$/)
  test('the short way gives what the other gives', () => {
    fc.assert(
      fc.property(digits, (text) => {
        const outcome = (read: () => unknown) => {
          try {
            return read()
          } catch (error) {
            return ValidationError.is(error) ? error.rule : error
          }
        }
        const item = () => readItem(`{"n":{"N":"${text}"},"s":{"NS":["${text}"]}}`)
        const expected = outcome(() => decodeNumber(text, 'exact'))
        // Zero has no sign in DynamoDB.
        const isZero = Object.is(expected, -0)
        expect(outcome(() => item().n)).toEqual(isZero ? 0 : expected)
        expect(outcome(() => item().s)).toEqual(
          typeof expected === 'string' ? expected : new Set([isZero ? 0 : expected]),
        )
      }),
      { numRuns: 5000 },
    )
  })

  test('no digit is lost', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.nat(37), (all, fraction) => {
        const text = Decimal.from(`${String(all)}e-${String(fraction)}`).toString()
        const { n } = readItem(`{"n":{"N":"${text}"}}`)
        expect(Decimal.from(n as number | bigint).toString()).toBe(text)
      }),
      { numRuns: 3000 },
    )
  })

  test.each(['1.', '.5', '-', '', '1e3', '+5', '1.5e2', '0x10', '1 ', '--1', '1.2.3'])(
    '%j is left to the other way',
    (text) => {
      const outcome = (read: () => unknown) => {
        try {
          return [read()]
        } catch (error) {
          return (error as ValidationError).rule
        }
      }
      expect(outcome(() => readItem(`{"n":{"N":"${text}"}}`).n)).toEqual(
        outcome(() => decodeNumber(text, 'exact')),
      )
    },
  )
})

describe('windows', () => {
  test('strings of every kind in an item larger than a window, and small items after it', () => {
    const big = {
      list: numbered(3000).map(
        (at) => `entry number ${String(at)}${at % 50 === 0 ? ' é' : ''}${at % 70 === 0 ? ' "q\\' : ''}`,
      ),
      short: numbered(200).map(String),
      bytes: new Uint8Array(50_000),
    }
    const items = [
      { a: 'small' },
      big,
      ...numbered(300).map((at) => ({ a: `small but longer ${String(at)}` })),
      big,
    ]
    expect(readItems(items)).toStrictEqual(items)
  })

  test('items of growing and shrinking size', () => {
    const items = [...numbered(40), ...numbered(40).reverse()].map((at) => ({
      text: 'x'.repeat(at * at * 30),
      at,
    }))
    expect(readItems(items)).toStrictEqual(items)
  })

  test('every byte of a value at the end of a window', () => {
    const item = {
      list: [true, false, null, 'é', ['x'], { m: -1.25 }],
      binary: new Uint8Array([1, 2, 3]),
      set: new Set([1, 2.5]),
      escaped: 'a\\"b',
    }
    const text = writeItem(item)
    for (let shift = 0; shift < text.length + 70; shift++) {
      const filler = { z: 'x'.repeat(32_768 - 40 - shift) }
      expect(readItems([filler, item, item]).slice(1)).toEqual([item, item])
    }
  })
})

describe('damage', () => {
  const item = { s: 'é"', n: -12.5, b: new Uint8Array([1]), l: [null, true, { m: 'x' }], ss: new Set(['x']) }
  const text = `{"Items":[${writeItem(item)},${writeItem(item)}]}`

  test('an answer cut anywhere is refused, also when its items are known', () => {
    const bytes = Buffer.from(text)
    readText(text)
    for (let length = 0; length < bytes.length; length++)
      expect(() => readOutput(bytes.subarray(0, length), answer, 'exact')).toThrow()
    expect(readText(text).Items).toEqual([item, item])
  })

  test('a structural character lost or changed is refused', () => {
    for (let at = 0; at < text.length; at++) {
      if (!'{}[]:,'.includes(text.charAt(at))) continue
      expect(() => readText(text.slice(0, at) + text.slice(at + 1))).toThrow()
      expect(() => readText(`${text.slice(0, at)};${text.slice(at + 1)}`)).toThrow()
    }
    expect(readText(text).Items).toEqual([item, item])
  })

  test('nesting no stack can hold', () => {
    const depth = 200_000
    const nested = `{"Item":{"a":${'{"L":['.repeat(depth)}${']}'.repeat(depth)}}}`
    expect(() => readText(nested)).toThrow()
    expect(() => readText(nested.slice(0, 1_000_000))).toThrow()
    expect(readText(text).Items).toEqual([item, item])
  })

  test('deeper nesting than DynamoDB allows is read', () => {
    let expected: NativeItem = { end: 'x' }
    let nested = writeItem(expected)
    for (let depth = 0; depth < 300; depth++) {
      nested = `{"m":{"M":${nested}},"l":{"L":[{"L":[]}]}}`
      expected = { m: expected, l: [[]] }
    }
    expect(readItem(nested)).toStrictEqual(expected)
    expect(readItem(nested)).toStrictEqual(expected)
  })
})
