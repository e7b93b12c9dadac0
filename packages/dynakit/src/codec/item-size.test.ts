import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyItem, anyText } from '../../test/arbitrary-values.ts'
import { propertyRuns } from '../../test/property-runs.ts'
import { Decimal } from './decimal.ts'
import { encodeItem } from './encode.ts'
import { itemSize, wireBytes } from './item-size.ts'
import type { NativeItem, NativeValue } from './native-value.ts'

const size = (value: unknown): number => itemSize({ '': value as NativeValue }).bytes

describe('the size of', () => {
  test.each<[unknown, number]>([
    ['', 0],
    ['héllo', 6],
    ['😀'.repeat(30), 120],
    [0, 1],
    [-0, 1],
    [1, 2],
    [99, 2],
    [100, 2],
    [123, 3],
    [1000, 2],
    [-1, 3],
    [0.1, 2],
    [0.001, 2],
    [1.5, 3],
    [10.5, 3],
    [-0.25, 3],
    [2 ** 53 - 1, 9],
    [10n ** 125n, 2],
    [12345678901234567890123456789012345678n, 20],
    [-12345678901234567890123456789012345678n, 21],
    [Decimal.from('1.2345678901234567890123456789012345678'), 21],
    [Decimal.from('1e-130'), 2],
    [true, 1],
    [null, 1],
    [new Uint8Array(5), 5],
    [new Set(['a', 'bc']), 3],
    [new Set([1, 100]), 4],
    [new Set([new Uint8Array(3), new Uint8Array(1)]), 4],
    [[], 3],
    [{}, 3],
    [['a', []], 3 + 1 + 1 + 1 + 3],
    [{ ab: 'c', left: undefined }, 3 + 1 + 2 + 1],
  ])('%o', (value, bytes) => {
    expect(size(value)).toBe(bytes)
  })

  test('an item is its names and values', () => {
    expect(itemSize({ pk: 'abc', ü: true, none: undefined }).bytes).toBe(2 + 3 + 2 + 1)
  })

  test('what is sent is never more than the bound says', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        expect(wireBytes(item)).toBeLessThanOrEqual(itemSize(item).mostWireBytes)
      }),
      propertyRuns(300),
    )
    const worst = { '\u0001': '\u0002'.repeat(99), n: [10n ** 125n, -(10n ** 125n), Decimal.from('-1e-130')] }
    expect(wireBytes(worst)).toBeLessThanOrEqual(itemSize(worst).mostWireBytes)
  })
})

describe('an item that cannot be stored', () => {
  const bad = fc.oneof(
    fc.constantFrom<unknown>(
      Number.NaN,
      2 ** 60,
      1e-140,
      10n ** 126n,
      new Date(0),
      new Map(),
      Symbol('s'),
      new Set(),
      new Set([1, '1']),
      new Set([1, 1n]),
      '\uD800',
      [undefined],
      () => 0,
    ),
    fc.anything(),
  )

  test('is refused as the encoder refuses it, and nothing else is', () => {
    fc.assert(
      fc.property(
        fc.dictionary(anyText, fc.oneof(bad, fc.array(bad), fc.dictionary(anyText, bad))),
        (item) => {
          const attempt = (work: (item: NativeItem) => unknown): unknown => {
            try {
              work(item as NativeItem)
              return undefined
            } catch (error) {
              return error
            }
          }
          const expected = attempt(encodeItem)
          const error = attempt(itemSize)
          expect(error === undefined).toBe(expected === undefined)
          if (expected !== undefined) {
            const { rule, field, message } = expected as Record<string, unknown>
            expect(error).toMatchObject({ rule, field, message })
          }
        },
      ),
      propertyRuns(500),
    )
  })

  test('nested too deep, or in itself', () => {
    const nest = (levels: number): NativeValue => (levels === 0 ? 'x' : [nest(levels - 1)])
    expect(size(nest(32))).toBe(32 * 4 + 1)
    expect(() => size(nest(33))).toThrow(/nested deeper/)
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect(() => size(cycle)).toThrow(/contains itself/)
  })
})
