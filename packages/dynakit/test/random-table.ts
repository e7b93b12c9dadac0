import {
  defineTable,
  type Condition,
  type KeyAttribute,
  type KeyType,
  type NativeItem,
  type NativeValue,
  type Table,
} from 'dynakit'
import fc from 'fast-check'
import { conditionBuilder } from '../src/query-builder/condition-builder.ts'

/** Attributes of the tables; `k` and `s` are the table's own key. */
const names = ['a', 'b', 'c', 'd', 'x', 'y'] as const
type Types = Readonly<Record<string, KeyType>>

/** Few values, so that conditions meet items; of each type some that sort unlike they look. */
const valuesOf: Readonly<Record<KeyType, readonly NativeValue[]>> = {
  string: ['a', 'ab', 'b', 'b#', 'B', '\u{1F600}', '\uFFFD'],
  number: [0, 1, 2, 10, -1, 2.5, 2n ** 60n],
  binary: [new Uint8Array([1]), new Uint8Array([1, 2]), new Uint8Array([200])],
}

/** A table, the types of its attributes, and items that fit them. */
export interface RandomTable {
  readonly table: Table
  readonly types: Types
  readonly items: readonly NativeItem[]
}

const keyType = fc.constantFrom<KeyType>('string', 'string', 'number', 'number', 'binary')

/**
 * Tables with up to five indexes of every kind, with items of which some lack index attributes.
 *
 * @param name - Name of the table: tests create it, so each run needs one of its own.
 * @param size - Most items.
 */
export function randomTable(name: () => string, size: number): fc.Arbitrary<RandomTable> {
  return fc
    .record({
      types: fc.record(Object.fromEntries(['k', 's', ...names].map((one) => [one, keyType]))),
      hasSortKey: fc.boolean(),
      indexes: fc.array(randomIndex(), { maxLength: 5 }),
    })
    .chain(({ types, hasSortKey, indexes }) => {
      const toKey = (one: string): KeyAttribute => ({ name: one, type: types[one] as KeyType })
      const usable = indexes.filter(({ type }) => type === 'global' || hasSortKey)
      const table = (): Table =>
        defineTable({
          name: name(),
          partitionKey: toKey('k'),
          ...(hasSortKey && { sortKey: toKey('s') }),
          indexes: Object.fromEntries(
            usable.map((index, at) => [`index${String(at)}`, toIndex(index, toKey)]),
          ),
          entityAttribute: false,
        })
      return randomItems(types, hasSortKey, size).map((items) => ({ table: table(), types, items }))
    })
}

interface RandomIndex {
  readonly type: 'global' | 'local'
  readonly names: readonly string[]
  readonly partitionParts: number
  readonly projection: 'all' | 'keys-only' | readonly string[]
}

function randomIndex(): fc.Arbitrary<RandomIndex> {
  return fc.record({
    type: fc.constantFrom<RandomIndex['type']>('global', 'global', 'global', 'local'),
    names: fc.shuffledSubarray([...names, 's'], { minLength: 1, maxLength: 4 }),
    partitionParts: fc.integer({ min: 1, max: 2 }),
    projection: fc.oneof(
      fc.constant('all' as const),
      fc.constant('keys-only' as const),
      fc.shuffledSubarray(['x', 'y'], { minLength: 1 }),
    ),
  })
}

function toIndex(index: RandomIndex, toKey: (name: string) => KeyAttribute) {
  const { projection } = index
  const keys = index.names.map(toKey)
  if (index.type === 'local') {
    const own = keys.find(({ name }) => name !== 's') ?? toKey('a')
    return { type: 'local', sortKey: own, projection } as const
  }
  const parts = Math.min(index.partitionParts, keys.length)
  const sortKey = keys.slice(parts)
  return {
    type: 'global',
    partitionKey: keys.slice(0, parts),
    ...(sortKey.length > 0 && { sortKey }),
    projection,
  } as const
}

function randomItems(types: Types, hasSortKey: boolean, size: number): fc.Arbitrary<readonly NativeItem[]> {
  const value = (name: string) => fc.constantFrom(...valuesOf[types[name] as KeyType])
  const optional = (name: string) => fc.option(value(name), { nil: undefined, freq: 5 })
  const sortValues = hasSortKey ? value('s') : optional('s')
  return fc
    .array(
      fc.record({
        k: value('k'),
        s: sortValues,
        ...Object.fromEntries(names.map((name) => [name, optional(name)])),
      }),
      { minLength: Math.floor(size / 2), maxLength: size },
    )
    .map((items) => items.map(withoutUndefined))
    .map((items) => lastOfEachKey(items, hasSortKey))
}

function withoutUndefined(item: Readonly<Record<string, NativeValue | undefined>>): NativeItem {
  return Object.fromEntries(
    Object.entries(item).filter((entry): entry is [string, NativeValue] => entry[1] !== undefined),
  )
}

/** Text that is equal for equal values of one type. */
export function textOf(value: NativeValue | undefined): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'string'
    ? value
    : JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${String(one)}n` : one))
}

function lastOfEachKey(items: readonly NativeItem[], hasSortKey: boolean): readonly NativeItem[] {
  const byKey = new Map(items.map((item) => [`${textOf(item.k)}/${hasSortKey ? textOf(item.s) : ''}`, item]))
  return [...byKey.values()]
}

const e = conditionBuilder as unknown as {
  (field: string, operator: string, operand?: unknown): Condition
  readonly and: (conditions: readonly Condition[]) => Condition
  readonly or: (conditions: readonly Condition[]) => Condition
  readonly not: (condition: Condition) => Condition
}

/**
 * Conditions on the attributes of a table: comparisons, and groups of them.
 *
 * @param types - The attributes.
 * @param most - Most conditions; fewer leave more items.
 */
export function randomConditions(types: Types, most = 4): fc.Arbitrary<readonly Condition[]> {
  const single = fc
    .constantFrom(...Object.keys(types), 'k', 'k', 's')
    .chain((name) => comparison(name, types))
  const group = fc.oneof(
    { weight: 3, arbitrary: single },
    { weight: 1, arbitrary: fc.array(single, { minLength: 2, maxLength: 3 }).map(e.and) },
    { weight: 1, arbitrary: single.map(e.not) },
  )
  const top = fc.oneof(
    { weight: 6, arbitrary: single },
    { weight: 2, arbitrary: fc.array(group, { minLength: 2, maxLength: 3 }).map(e.or) },
    { weight: 1, arbitrary: group },
  )
  return fc.array(top, { minLength: 1, maxLength: most })
}

function comparison(name: string, types: Types): fc.Arbitrary<Condition> {
  const type = types[name] as KeyType
  const value = fc.constantFrom(...valuesOf[type])
  const choices: fc.Arbitrary<Condition>[] = [
    value.map((one) => e(name, '=', one)),
    value.map((one) => e(name, '=', one)),
    value.map((one) => e(name, '=', one)),
    fc.array(value, { minLength: 1, maxLength: 4 }).map((some) => e(name, 'in', some)),
    fc.array(value, { minLength: 2, maxLength: 4 }).map((some) => e(name, 'in', some)),
    fc.tuple(fc.constantFrom('<', '<=', '>', '>='), value).map(([operator, one]) => e(name, operator, one)),
    fc.tuple(value, value).map((bounds) => e(name, 'between', bounds)),
    fc.constantFrom('exists', 'not_exists').map((operator) => e(name, operator)),
  ]
  if (type !== 'number') choices.push(value.map((one) => e(name, 'begins_with', one)))
  return fc.oneof(...choices)
}
