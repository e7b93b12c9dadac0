import * as v from 'valibot'
import { type } from 'arktype'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DefinitionError } from '../errors/request-errors.ts'
import { attributeCodec, epochSeconds, isoDate } from './attribute-codec.ts'
import { defineEntity } from './entity.ts'
import type { EntityOptions } from './entity-types.ts'
import { defineTable, type Table, type TableOptions } from './table.ts'

const rule = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (DefinitionError.is(error)) return error.rule
    throw error
  }
  return 'accepted'
}
const s = (name: string) => ({ name, type: 'string' }) as const
const n = (name: string) => ({ name, type: 'number' }) as const

describe('defineTable', () => {
  test('spells out what was left out and freezes it all', () => {
    const table = defineTable({
      name: 'Shop',
      partitionKey: s('pk'),
      sortKey: s('sk'),
      indexes: {
        one: { type: 'local', sortKey: n('total') },
        two: { type: 'global', partitionKey: [s('a'), s('b')] },
      },
    })
    expect(table.indexes).toEqual([
      { name: 'one', type: 'local', partitionKey: [s('pk')], sortKey: [n('total')], projection: 'all' },
      { name: 'two', type: 'global', partitionKey: [s('a'), s('b')], sortKey: [], projection: 'all' },
    ])
    expect(table).toMatchObject({ entityAttribute: '_entity', keySeparator: '#' })
    expect(Object.isFrozen(table.indexes[0]?.partitionKey)).toBe(true)
  })

  test('leaves the given object alone', () => {
    const options = { name: 'Shop', partitionKey: { name: 'pk', type: 'string' as const } }
    defineTable(options)
    expect(Object.isFrozen(options.partitionKey)).toBe(false)
  })

  const base = { name: 'Shop', partitionKey: s('pk'), sortKey: s('sk') }
  const many = (count: number, make: (at: number) => NonNullable<TableOptions['indexes']>[string]) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`index${String(at)}`, make(at)]))
  test.each<[string, TableOptions]>([
    ['table-name', { ...base, name: 'no' }],
    ['table-name', { ...base, name: 'has space' }],
    ['attribute-name', { ...base, partitionKey: s('') }],
    ['key-attributes', { ...base, sortKey: s('pk') }],
    ['key-separator', { ...base, keySeparator: '##' }],
    ['key-separator', { ...base, keySeparator: '{' }],
    ['index-name', { ...base, indexes: { a: { type: 'global', partitionKey: s('x') } } }],
    [
      'local-index',
      { name: 'Shop', partitionKey: s('pk'), indexes: { byX: { type: 'local', sortKey: s('x') } } },
    ],
    ['key-attributes', { ...base, indexes: { byX: { type: 'global', partitionKey: [] } } }],
    [
      'key-attributes',
      { ...base, indexes: { byX: { type: 'global', partitionKey: ['a', 'b', 'c', 'd', 'e'].map(s) } } },
    ],
    [
      'key-attributes',
      { ...base, indexes: { byX: { type: 'global', partitionKey: s('a'), sortKey: s('a') } } },
    ],
    ['key-type', { ...base, indexes: { byX: { type: 'global', partitionKey: n('sk') } } }],
    [
      'key-type',
      {
        ...base,
        indexes: {
          byX: { type: 'global', partitionKey: s('a') },
          byY: { type: 'global', partitionKey: n('a') },
        },
      },
    ],
    [
      'index-count',
      { ...base, indexes: many(21, (at) => ({ type: 'global', partitionKey: s(`a${String(at)}`) })) },
    ],
    ['index-count', { ...base, indexes: many(6, (at) => ({ type: 'local', sortKey: s(`a${String(at)}`) })) }],
  ])('refuses as %s: %o', (expected, options) => {
    expect(rule(() => defineTable(options))).toBe(expected)
  })
})

const shop = (): Table =>
  defineTable({
    name: 'Shop',
    partitionKey: s('pk'),
    sortKey: s('sk'),
    indexes: {
      gsi1: { type: 'global', partitionKey: s('gsi1pk'), sortKey: s('gsi1sk') },
      inverted: { type: 'global', partitionKey: s('sk'), sortKey: s('pk') },
      byTotal: { type: 'global', partitionKey: s('status'), sortKey: n('total') },
      local: { type: 'local', sortKey: n('localTotal') },
      multi: { type: 'global', partitionKey: [s('m1'), s('m2')] },
    },
  })

const attributes = { id: z.string(), status: z.string(), total: z.number(), note: z.string().optional() }
const define = (options: Partial<EntityOptions>, table = shop()) =>
  (defineEntity as (options: unknown) => ReturnType<typeof defineEntity>)({
    name: 'Thing',
    table,
    attributes,
    key: { partitionKey: 'T#{id}', sortKey: 'T' },
    ...options,
  })

describe('defineEntity', () => {
  test('knows which indexes the entity is in, and why not in the others', () => {
    const { '~compiled': compiled, keyFields } = define({
      indexes: { gsi1: { partitionKey: 'S#{status}', sortKey: '{total:8}' } },
    })
    expect(compiled.keys.map((key) => key.indexName)).toEqual([undefined, 'gsi1', 'inverted', 'byTotal'])
    expect([...compiled.absentIndexes.keys()]).toEqual(['local', 'multi'])
    expect(keyFields).toEqual(['id'])
    expect(compiled.derived.map((part) => part.attribute)).toEqual(['pk', 'sk', 'gsi1pk', 'gsi1sk'])
    expect(compiled.direct.map((part) => part.attribute)).toEqual(['status', 'total'])
  })

  test('keys may be attributes of the entity', () => {
    const table = defineTable({ name: 'Users', partitionKey: s('id') })
    const entity = defineEntity({ name: 'User', table, attributes: { id: z.string() } })
    expect(entity.keyFields).toEqual(['id'])
  })

  test('a number key is copied from a bare field', () => {
    expect(rule(() => define({ indexes: { local: { sortKey: '{total}' } } }))).toBe('accepted')
    expect(rule(() => define({ indexes: { multi: { partitionKey: ['A#{id}', 'B'] } } }))).toBe('accepted')
  })

  test.each<[string, Partial<EntityOptions>]>([
    ['unknown-attribute', { key: { partitionKey: 'T#{idd}', sortKey: 'T' } }],
    ['unknown-attribute', { indexes: { gsi1: { partitionKey: 'S#{stat}', sortKey: 'X' } } }],
    ['unknown-index', { indexes: { gsi9: { partitionKey: 'X' } } }],
    ['missing-key', { key: { partitionKey: 'T#{id}' } }],
    ['missing-key', { key: undefined as never }],
    ['missing-key', { indexes: { gsi1: { partitionKey: 'X' } } }],
    ['template-ambiguous', { key: { partitionKey: '{id}{status}', sortKey: 'T' } }],
    ['template-conflict', { indexes: { inverted: { partitionKey: 'OTHER' } } }],
    ['key-attributes', { indexes: { multi: { partitionKey: ['A'] } } }],
    ['local-index', { indexes: { local: { partitionKey: 'X', sortKey: '{total}' } } }],
    ['key-type', { indexes: { local: { sortKey: 'X#{total}' } } }],
    ['key-type', { indexes: { local: { sortKey: '{status}' } } }],
    ['key-type', { attributes: { ...attributes, total: z.string() } }],
    ['key-type', { attributes: { ...attributes, total: isoDate() } }],
    ['key-type', { attributes: { ...attributes, total: type('string') } }],
    ['attribute-name', { attributes: { ...attributes, 'a.b': z.string() } }],
    ['attribute-name', { attributes: { ...attributes, _entity: z.string() } }],
    ['attribute-name', { attributes: { ...attributes, pk: z.string() } }],
    ['attribute-name', { attributes: { ...attributes, version: z.number() }, version: true }],
    ['attribute-name', { attributes: { ...attributes, createdAt: isoDate() }, timestamps: true }],
    ['attribute-schema', { attributes: { ...attributes, odd: { parse: () => 1 } as never } }],
  ])('refuses as %s: %o', (expected, options) => {
    expect(rule(() => define(options))).toBe(expected)
  })

  test('accepts what no schema can tell the type of', () => {
    expect(rule(() => define({ attributes: { ...attributes, total: v.number() } }))).toBe('accepted')
    expect(rule(() => define({ attributes: { ...attributes, total: z.bigint() } }))).toBe('accepted')
    expect(rule(() => define({ attributes: { ...attributes, total: epochSeconds() } }))).toBe('accepted')
    const price = attributeCodec({
      schema: z.string(),
      storedType: 'number',
      encode: Number,
      decode: (stored: number) => String(stored),
    })
    expect(rule(() => define({ attributes: { ...attributes, total: price } }))).toBe('accepted')
  })

  test('refuses a sort key template for a table without sort key', () => {
    const table = defineTable({ name: 'Users', partitionKey: s('pk') })
    expect(rule(() => define({}, table))).toBe('unknown-key')
  })

  test('refuses a second entity of the same name, and one whose keys can collide', () => {
    const table = shop()
    define({ name: 'A', key: { partitionKey: 'C#{id}', sortKey: 'ORDER#{status}' } }, table)
    expect(rule(() => define({ name: 'A', key: { partitionKey: 'X', sortKey: 'X' } }, table))).toBe(
      'entity-name',
    )
    expect(
      rule(() => define({ name: 'B', key: { partitionKey: 'C#{id}', sortKey: 'ORDER#{note}' } }, table)),
    ).toBe('key-overlap')
    expect(
      rule(() =>
        define({ name: 'C', key: { partitionKey: 'C#{id}', sortKey: 'ORDER#{status}#LINE' } }, table),
      ),
    ).toBe('accepted')
    expect(
      rule(() => define({ name: 'D', key: { partitionKey: 'D#{id}', sortKey: 'ORDER#{status}' } }, table)),
    ).toBe('accepted')
    const overlapping = {
      name: 'E',
      key: { partitionKey: 'C#{id}', sortKey: 'ORDER#{note}' },
      allowKeyOverlap: true,
    }
    expect(rule(() => define(overlapping, table))).toBe('accepted')
  })

  test('says what collides and how to mend it', () => {
    const table = shop()
    define({ name: 'A' }, table)
    expect(() => define({ name: 'B' }, table)).toThrow(/'B'.*'A'.*'T#\{id\}' \+ 'T'.*allowKeyOverlap/s)
  })
})
