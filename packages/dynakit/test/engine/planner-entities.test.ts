import {
  type Condition,
  defineEntity,
  defineTable,
  type DynamoDBAdapter,
  type EntityItem,
  type Explanation,
  isoDate,
  ScanNotAllowedError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { NativeItem } from '../../src/codec/native-value.ts'
import { evaluate } from '../../src/expressions/evaluate.ts'
import { encodeConditions } from '../../src/planner/encode-conditions.ts'
import { conditionBuilder } from '../../src/query-builder/condition-builder.ts'
import { fromStored, toStored } from '../../src/schema/entity-item.ts'
import { propertyRuns } from '../property-runs.ts'

const s = (name: string) => ({ name, type: 'string' }) as const

const Shop = defineTable({
  name: 'Shop',
  partitionKey: s('pk'),
  sortKey: s('sk'),
  indexes: {
    gsi1: { type: 'global', partitionKey: s('gsi1pk'), sortKey: s('gsi1sk') },
    gsi2: { type: 'global', partitionKey: s('gsi2pk'), sortKey: s('gsi2sk') },
    byKind: { type: 'global', partitionKey: s('kind'), sortKey: [s('placedAt'), s('customer')] },
    byNote: { type: 'global', partitionKey: s('note'), sortKey: s('kind'), projection: ['n', '_entity'] },
    local: { type: 'local', sortKey: s('note'), projection: 'keys-only' },
  },
})
const Order = defineEntity({
  name: 'Order',
  table: Shop,
  attributes: {
    customer: z.string(),
    kind: z.string(),
    n: z.number(),
    placedAt: isoDate(),
    note: z.string().optional(),
  },
  key: { partitionKey: 'C#{customer}', sortKey: 'O#{kind}#{n:3}' },
  indexes: {
    gsi1: { partitionKey: 'K#{kind}', sortKey: '{placedAt}#{customer}' },
    gsi2: { partitionKey: 'ALL', sortKey: '{note}' },
  },
})
const Other = defineEntity({
  name: 'Other',
  table: Shop,
  attributes: { customer: z.string(), kind: z.string(), n: z.number() },
  key: { partitionKey: 'C#{customer}', sortKey: 'P#{n:3}' },
})
type Order = EntityItem<typeof Order>

const customers = ['ada', 'bob', 'b', 'cy']
const kinds = ['x', 'xy', 'y']
const numbers = [0, 1, 2, 10, 11, 99]
const notes = ['hot', 'hotter', 'cold']
const dates = [0, 1, 36, 37, 400].map((days) => new Date(Date.UTC(2026, 0, 1 + days)))

let db: DynamoDBAdapter
let engine: TestTables
const stored: NativeItem[] = []
beforeAll(async () => {
  engine = await createTestTables(Shop)
  db = engine.db
  const all = customers.flatMap((customer) =>
    kinds.flatMap((kind) => numbers.map((n) => ({ customer, kind, n }))),
  )
  const orders = all
    .map((order, at): Order => {
      const note = notes[(at * 7) % 5]
      const placedAt = dates[(at * 7) % dates.length] as Date
      return { ...order, placedAt, ...(note !== undefined && { note }) }
    })
    .filter((_, at) => at % 4 > 0)
  await db.repository(Order).putMany(orders)
  await db.repository(Other).putMany(customers.map((customer) => ({ customer, kind: 'x', n: 1 })))
  stored.push(...orders.map((order) => toStored(Order['~compiled'], { ...order })))
})
afterAll(() => engine.drop())

const e = conditionBuilder as unknown as {
  (field: string, operator: string, operand?: unknown): Condition
  readonly and: (conditions: readonly Condition[]) => Condition
  readonly or: (conditions: readonly Condition[]) => Condition
  readonly not: (condition: Condition) => Condition
}

const on = (field: string, values: readonly unknown[], hasPrefix: boolean): fc.Arbitrary<Condition> => {
  const value = fc.constantFrom(...values)
  return fc.oneof(
    { weight: 4, arbitrary: value.map((one) => e(field, '=', one)) },
    { weight: 2, arbitrary: fc.array(value, { maxLength: 3 }).map((some) => e(field, 'in', some)) },
    fc
      .tuple(fc.constantFrom('<', '<=', '>', '>=', '<>'), value)
      .map(([operator, one]) => e(field, operator, one)),
    fc.tuple(value, value).map((bounds) => e(field, 'between', bounds)),
    hasPrefix ? value.map((one) => e(field, 'begins_with', one)) : value.map((one) => e(field, '=', one)),
    fc.constant(e(field, 'exists')),
  )
}
const single = fc.oneof(
  { weight: 3, arbitrary: on('customer', customers, true) },
  { weight: 3, arbitrary: on('kind', kinds, true) },
  on('n', [...numbers, -1, 1.5, 5000], false),
  on('placedAt', dates, false),
  on('note', notes, true),
)
const group = fc.oneof(
  { weight: 3, arbitrary: single },
  fc.array(single, { minLength: 2, maxLength: 3 }).map((some) => e.and(some)),
  single.map((one) => e.not(one)),
)
const condition = fc.oneof(
  { weight: 5, arbitrary: single },
  fc.array(group, { minLength: 2, maxLength: 3 }).map((some) => e.or(some)),
)

/** Fixes a field to some of its values. */
const oneOf = (field: string, values: readonly unknown[]): fc.Arbitrary<Condition> =>
  fc.subarray([...values], { minLength: 1 }).map((some) => e(field, 'in', some))

const paths = [undefined, 'gsi1', 'gsi2', 'byKind', 'byNote', 'local', 'scan'] as const

const text = (items: Iterable<object>): readonly string[] =>
  Array.from(items, (item) => JSON.stringify(item)).sort()

/** How often each way of reading was taken. */
const taken = new Map<string, number>()

test('every plan of an entity answers what a filter answers', { timeout: 1_200_000 }, async () => {
  const query = fc.oneof(
    { weight: 5, arbitrary: fc.array(condition, { minLength: 1, maxLength: 4 }) },
    fc.tuple(oneOf('customer', customers), oneOf('kind', kinds), oneOf('n', numbers), condition),
    fc.tuple(oneOf('customer', customers), oneOf('kind', kinds), oneOf('n', numbers)),
  )
  await fc.assert(
    fc.asyncProperty(query, fc.constantFrom(...paths), fc.boolean(), fc.boolean(), expectAnswer),
    { ...propertyRuns(2500), endOnFailure: true },
  )
  const ways = ['table', 'gsi1', 'gsi2', 'byKind', 'byNote', 'local'].map((one) => `Query on ${one}`)
  const several = ['Query on table, several', 'Query on gsi1, several', 'Scan on table, several']
  for (const way of [...ways, ...several, 'BatchGetItem on table']) {
    expect(taken.get(way) ?? 0, way).toBeGreaterThan(5)
  }
})

async function expectAnswer(
  conditions: readonly Condition[],
  path: (typeof paths)[number],
  ascending: boolean,
  completes: boolean,
): Promise<void> {
  let query = db.repository(Order).query()
  for (const one of conditions) query = query.where(() => one)
  if (!ascending) query = query.descending()
  if (completes) query = query.completeItems()
  if (path === 'scan') query = query.allowScan({ segments: 2 })
  else if (path !== undefined) query = query.index(path)
  const explanation = explained(query)
  if (!explanation) return
  const { operation, indexName = 'table', queries } = explanation
  const way = `${operation} on ${indexName}${queries > 1 ? ', several' : ''}`
  taken.set(way, (taken.get(way) ?? 0) + 1)
  const encoded = encodeConditions(conditions, [Order['~compiled']])
  const isSparse = ['gsi2', 'byNote', 'local'].includes(indexName)
  const expected = stored
    .filter((item) => encoded.every((one) => evaluate(one, item)))
    .filter((item) => !isSparse || item.note !== undefined)
    .map((item) => fromStored(Order['~compiled'], item))
  expect(text(await query.execute()), String(explanation)).toEqual(text(expected))
}

function explained(query: { explain(): Explanation }): Explanation | undefined {
  try {
    return query.explain()
  } catch (error) {
    if (ScanNotAllowedError.is(error)) return undefined
    throw error
  }
}
