import {
  type Condition,
  type DynamoDBAdapter,
  type NativeItem,
  ScanNotAllowedError,
  type Table,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareValues } from '../../src/codec/compare.ts'
import { evaluate } from '../../src/expressions/evaluate.ts'
import { parsePath } from '../../src/expressions/path.ts'
import { findCandidates } from '../../src/planner/candidates.ts'
import { fieldConditions } from '../../src/planner/field-conditions.ts'
import { planRead } from '../../src/planner/plan-read.ts'
import type { PlannedRead, PlanRequest } from '../../src/planner/plan-request.ts'
import { propertyRuns } from '../property-runs.ts'
import { randomConditions, type RandomTable, randomTable, textOf } from '../random-table.ts'

let db: DynamoDBAdapter
let engine: TestTables
beforeAll(async () => {
  engine = await createTestTables()
  db = engine.db
})
afterAll(() => engine.drop())

let made = 0
const tables = randomTable(() => `Model${String((made += 1))}`, 60)

/** A query of one run. */
interface RandomQuery {
  readonly conditions: readonly Condition[]
  readonly ascending: boolean
  readonly consistent: boolean
  readonly select: readonly string[] | undefined
  readonly completes: boolean
  readonly pageSize: number | undefined
  readonly segments: number | undefined
}

const queriesOf = (types: Parameters<typeof randomConditions>[0]): fc.Arbitrary<readonly RandomQuery[]> =>
  fc.array(
    fc.record({
      conditions: randomConditions(types),
      ascending: fc.boolean(),
      consistent: fc.boolean(),
      select: fc.option(fc.subarray(['k', 's', 'a', 'x', 'y'], { minLength: 1 }), { nil: undefined }),
      completes: fc.boolean(),
      pageSize: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      segments: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    }),
    { minLength: 30, maxLength: 30 },
  )

function requestOf(table: Table, query: RandomQuery, indexName: string | undefined): PlanRequest {
  return {
    table,
    entities: [],
    conditions: query.conditions,
    select: query.select?.map(parsePath),
    ascending: query.ascending,
    orderBy: undefined,
    consistentRead: query.consistent,
    indexName,
    allowScan: false,
    completeItems: query.completes,
  }
}

interface Answer {
  readonly planned: PlannedRead
  readonly items: readonly NativeItem[]
  readonly evaluated: number
}

async function answerOf(
  { table }: RandomTable,
  query: RandomQuery,
  indexName: string | undefined,
): Promise<Answer | undefined> {
  let builder = db.table(table).query()
  for (const condition of query.conditions) builder = builder.where(() => condition)
  if (!query.ascending) builder = builder.descending()
  if (query.consistent) builder = builder.consistent()
  if (query.completes) builder = builder.completeItems()
  if (query.pageSize !== undefined) builder = builder.pageSize(query.pageSize)
  if (indexName === 'scan') builder = builder.allowScan({ segments: query.segments })
  else if (indexName !== undefined) builder = builder.index(indexName)
  const planned = plan({
    ...requestOf(table, query, indexName === 'scan' ? undefined : indexName),
    allowScan: indexName === 'scan',
  })
  if (!planned || (indexName === 'scan' && planned.explanation.operation !== 'Scan')) return undefined
  const run = query.select ? builder.select(...(query.select as ['k'])) : builder
  const { items, evaluated } = await run.execute()
  return { planned, items: items as readonly NativeItem[], evaluated }
}

function plan(request: PlanRequest): PlannedRead | undefined {
  try {
    return planRead(request)
  } catch (error) {
    if (ScanNotAllowedError.is(error)) return undefined
    throw error
  }
}

/** What a query must give: everything is looked at, nothing is planned. */
function naiveAnswer(
  items: readonly NativeItem[],
  { conditions }: RandomQuery,
  { source }: PlannedRead,
): readonly NativeItem[] {
  const held = [...source.partitionKey, ...source.sortKey].map(({ attribute }) => attribute)
  return items.filter(
    (item) =>
      held.every((name) => item[name] !== undefined) &&
      conditions.every((condition) => evaluate(condition, item)),
  )
}

function expectOrder(planned: PlannedRead, items: readonly NativeItem[], ascending: boolean): void {
  const { order } = planned.explanation
  if (!order) return
  for (let at = 1; at < items.length; at++) {
    const compared = order.by
      .map((name) => compareValues(items[at - 1]?.[name] ?? '', items[at]?.[name] ?? '') ?? 0)
      .find((one) => one !== 0)
    if (compared !== undefined) expect(compared < 0).toBe(ascending)
  }
}

/** Attributes a page gives back of an item. */
function shown(item: NativeItem, planned: PlannedRead, query: RandomQuery): NativeItem {
  const { projection } = planned.source
  const isPart = planned.source.type === 'global' && projection !== 'all' && !planned.completion
  const held = new Set([
    ...planned.cursorAttributes,
    ...(projection === 'all' || projection === 'keys-only' ? [] : projection),
  ])
  const names = Object.keys(item).filter(
    (name) => (!isPart || held.has(name)) && (!query.select || query.select.includes(name)),
  )
  return Object.fromEntries(names.map((name) => [name, item[name]]))
}

const counts = { tables: 0, queries: 0, answers: 0, branches: 0, keys: 0, completed: 0 }

function count({ plan: { operation }, completion }: PlannedRead): void {
  counts.answers += 1
  if (operation === 'Branches') counts.branches += 1
  if (operation === 'BatchGetItem') counts.keys += 1
  if (completion) counts.completed += 1
}

test(
  'every plan answers what a filter over all items answers, in order',
  { timeout: 1_200_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        tables.chain((random) => queriesOf(random.types).map((queries) => ({ random, queries }))),
        async ({ random, queries }) => {
          const { table, items } = random
          await db.tables.create(table)
          try {
            await db.table(table).putMany(items)
            counts.tables += 1
            for (const query of queries) {
              counts.queries += 1
              await expectEveryPlan(random, query)
              await expectBestPlan(random, query)
            }
          } finally {
            await db.tables.delete(table.name)
          }
        },
      ),
      { ...propertyRuns(60), endOnFailure: true },
    )
    expect(counts.queries).toBe(counts.tables * 30)
    expect(Math.min(counts.branches, counts.keys, counts.completed)).toBeGreaterThan(10)
  },
)

async function expectEveryPlan(random: RandomTable, query: RandomQuery): Promise<void> {
  for (const path of [undefined, 'scan', ...random.table.indexes.map(({ name }) => name)]) {
    const answer = await answerOf(random, query, path)
    if (!answer) continue
    count(answer.planned)
    const expected = naiveAnswer(random.items, query, answer.planned)
    const asShown = expected.map((item) => shown(item, answer.planned, query))
    expect(asText(answer.items), String(answer.planned.explanation)).toEqual(asText(asShown))
    if (!query.select) expectOrder(answer.planned, answer.items, query.ascending)
  }
}

function asText(items: readonly NativeItem[]): readonly string[] {
  return items
    .map((item) =>
      Object.entries(item)
        .map(([name, value]) => `${name}=${textOf(value)}`)
        .sort()
        .join(),
    )
    .sort()
}

/**
 * No plan reads less on these items, unless a rule that looks at the conditions only explains it: a plan is
 * never passed over for one whose key answers a part of what its own key answers.
 */
async function expectBestPlan(random: RandomTable, query: RandomQuery): Promise<void> {
  const request = requestOf(random.table, query, undefined)
  const conditions = fieldConditions(query.conditions)
  const [best, ...others] = findCandidates(request, conditions, undefined).usable
  if (!best || best.branches.length === 0 || others.length === 0) return
  const chosen = await answerOf(random, query, undefined)
  for (const other of others) {
    if (other.source.indexName === undefined || other.branches.length === 0) continue
    const beaten = await answerOf(random, query, other.source.indexName)
    if (!chosen || !beaten || beaten.evaluated >= chosen.evaluated) continue
    const unanswered = (candidate: typeof best): ReadonlySet<Condition> =>
      new Set(candidate.branches.flatMap(({ remaining }) => remaining))
    const left = unanswered(best)
    const leftThere = unanswered(other)
    const answersMore = leftThere.size < left.size && [...leftThere].every((one) => left.has(one))
    expect(answersMore && !other.isCompleted, String(chosen.planned.explanation)).toBe(false)
  }
}
