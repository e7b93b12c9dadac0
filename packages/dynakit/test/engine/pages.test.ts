import {
  type Cursor,
  type DynamoDBAdapter,
  InvalidCursorError,
  type NativeItem,
  type Page,
  type QueryBuilder,
  type ReadBudget,
  ScanNotAllowedError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { propertyRuns } from '../property-runs.ts'
import { randomConditions, type RandomTable, randomTable, textOf } from '../random-table.ts'

let db: DynamoDBAdapter
let engine: TestTables
beforeAll(async () => {
  engine = await createTestTables()
  db = engine.db
})
afterAll(() => engine.drop())

type Query = QueryBuilder<NativeItem, NativeItem, unknown>

/** One step of a walk: on or back by some items, in pages of some size. */
interface Step {
  readonly isBack: boolean
  readonly take: number
  readonly pageSize: number | undefined
  readonly deletesLast: boolean
}

interface Walk {
  readonly conditions: Parameters<Query['where']>[0] extends infer _ ? readonly unknown[] : never
  readonly ascending: boolean
  readonly completes: boolean
  readonly orderBy: string | undefined
  readonly segments: number
  readonly budget: ReadBudget
  readonly steps: readonly Step[]
}

let made = 0
const tables = randomTable(() => `Walk${String((made += 1))}`, 70)

const step: fc.Arbitrary<Step> = fc.record({
  isBack: fc.boolean(),
  take: fc.integer({ min: 1, max: 9 }),
  pageSize: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  deletesLast: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
})

const walksOf = ({ types }: RandomTable): fc.Arbitrary<readonly Walk[]> =>
  fc.array(
    fc.record({
      conditions: randomConditions(types, 1),
      ascending: fc.boolean(),
      completes: fc.boolean(),
      orderBy: fc.option(fc.constantFrom('a', 's'), { nil: undefined, freq: 3 }),
      segments: fc.integer({ min: 1, max: 3 }),
      budget: fc.oneof(
        fc.record({ maxPages: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ maxEvaluated: fc.integer({ min: 1, max: 9 }) }),
        fc.record({ maxCapacity: fc.constantFrom(0.5, 2) }),
      ),
      steps: fc.array(step, { minLength: 1, maxLength: 14 }),
    }),
    { minLength: 16, maxLength: 16 },
  )

function queryOf({ table }: RandomTable, walk: Walk): Query {
  let query = db.table(table).query() as Query
  for (const condition of walk.conditions) query = query.where(() => condition as never)
  if (!walk.ascending) query = query.descending()
  if (walk.completes) query = query.completeItems()
  if (walk.orderBy !== undefined)
    query = query.orderBy(walk.orderBy, walk.ascending ? 'ascending' : 'descending')
  return query
}

/** The query as it can be answered: by a key or index, or by a scan. */
async function answerable(random: RandomTable, walk: Walk): Promise<{ query: Query; isOrdered: boolean }> {
  const query = queryOf(random, walk)
  try {
    const explanation = (await query.explain()) as { operation: string }
    return { query, isOrdered: explanation.operation !== 'Scan' }
  } catch (error) {
    if (!ScanNotAllowedError.is(error)) throw error
    return { query: query.allowScan({ segments: walk.segments }), isOrdered: walk.orderBy !== undefined }
  }
}

const text = (items: Iterable<NativeItem>): readonly string[] =>
  Array.from(items, (item) =>
    Object.entries(item)
      .map(([name, value]) => `${name}=${textOf(value)}`)
      .sort()
      .join(),
  )

const counts = { walks: 0, steps: 0, back: 0, deleted: 0, several: 0, sorted: 0 }

test('any walk of pages gives the items of a single pass', { timeout: 1_200_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      tables.chain((random) => walksOf(random).map((walks) => ({ random, walks }))),
      async ({ random, walks }) => {
        await db.tables.create(random.table)
        try {
          await db.table(random.table).putMany(random.items)
          for (const walk of walks) await take(random, walk)
        } finally {
          await db.tables.delete(random.table.name)
        }
      },
    ),
    { ...propertyRuns(25), endOnFailure: true },
  )
  expect(counts.steps).toBeGreaterThan(counts.walks)
  expect(Math.min(counts.back, counts.deleted, counts.several, counts.sorted)).toBeGreaterThan(10)
})

async function take(random: RandomTable, walk: Walk): Promise<void> {
  const { query, isOrdered } = await answerable(random, walk)
  const explanation = (await query.explain()) as { queries: number; operation: string; toString(): string }
  const isParallel = explanation.operation === 'Scan' && explanation.queries > 1 && walk.orderBy === undefined
  const whole = await query.execute()
  const sequence = text(whole)
  counts.walks += 1
  if (explanation.queries > 1) counts.several += 1
  if (explanation.operation === 'Scan' && isOrdered) counts.sorted += 1
  await agrees(query, walk, sequence, isOrdered && !isParallel)
  if (!isParallel) await walkAlong(random, query, walk, sequence, isOrdered)
}

/** Counts, streams, budgets and first items of the same query. */
async function agrees(
  query: Query,
  walk: Walk,
  sequence: readonly string[],
  isOrdered: boolean,
): Promise<void> {
  expect(await query.count()).toMatchObject({ count: sequence.length, cursor: undefined })
  expect(await countInParts(query)).toBe(sequence.length)
  const sorted = (items: readonly string[]): readonly string[] => (isOrdered ? items : [...items].sort())
  const streamed: NativeItem[] = []
  for await (const item of query.stream()) streamed.push(item)
  expect(sorted(text(streamed))).toEqual(sorted(sequence))
  const first = await query.first()
  if (isOrdered) expect(first && text([first])[0]).toBe(sequence[0])
  const isSorted = walk.orderBy !== undefined && String(await query.explain()).startsWith('Scan')
  if (!isSorted) expect(sorted(await withinBudgets(query, walk.budget))).toEqual(sorted(sequence))
}

/** Each part is counted from where the one before ended. */
async function countInParts(query: Query): Promise<number> {
  let all = 0
  let cursor: Cursor | undefined
  for (let parts = 0; parts < 200; parts++) {
    const part = await query.take(7).after(cursor).count()
    all += part.count
    expect(part.count).toBeLessThanOrEqual(7)
    cursor = part.cursor
    if (cursor === undefined) return all
  }
  throw new Error('the count does not end')
}

/** A budget stops a read; its cursor goes on, without loss and without end. */
async function withinBudgets(query: Query, budget: ReadBudget): Promise<readonly string[]> {
  const items: string[] = []
  let cursor: Cursor | undefined
  for (let calls = 0; calls < 500; calls++) {
    const page: Page<NativeItem> = await query.budget(budget).after(cursor).execute()
    items.push(...text(page))
    cursor = page.cursor
    if (cursor === undefined) return items
    expect(page.stoppedBy).toBeDefined()
  }
  throw new Error('the budget let no progress be made')
}

async function walkAlong(
  random: RandomTable,
  query: Query,
  { steps }: Walk,
  sequence: readonly string[],
  isOrdered: boolean,
): Promise<void> {
  let [from, to] = [0, 0]
  let page: Page<NativeItem> | undefined
  for (const { isBack, take, pageSize, deletesLast } of steps) {
    counts.steps += 1
    const sized = pageSize === undefined ? query.take(take) : query.take(take).pageSize(pageSize)
    if (isBack && isOrdered && page?.previousCursor !== undefined) {
      counts.back += 1
      page = await sized.before(page.previousCursor).execute()
      ;[from, to] = [Math.max(0, from - take), from]
    } else {
      if (page && page.cursor === undefined) return
      page = await sized.after(page?.cursor).execute()
      ;[from, to] = [to, Math.min(sequence.length, to + take)]
    }
    expect(text(page), String(await query.explain())).toEqual(sequence.slice(from, to))
    if (page.cursor === undefined && page.items.length > 0) expect(to).toBe(sequence.length)
    if (page.previousCursor === undefined) expect(from === 0 || page.items.length === 0).toBe(true)
    if (deletesLast) await withoutLast(random, query, page, sequence.slice(to, to + 5))
  }
}

/** A cursor goes on also when the item it points to is gone. */
async function withoutLast(
  { table }: RandomTable,
  query: Query,
  page: Page<NativeItem>,
  following: readonly string[],
): Promise<void> {
  const last = page.items.at(-1)
  if (!last || page.cursor === undefined) return
  counts.deleted += 1
  const key = { k: last.k, ...(table.sortKey && { s: last.s }) } as NativeItem
  const untyped = db.table(table)
  const stored = await untyped.get(key)
  await untyped.delete(key)
  const next = await query.take(5).after(page.cursor).execute()
  if (stored) await untyped.put(stored)
  expect(text(next)).toEqual(following)
}

test('a cursor of several queries leads one way, and to the same values only', async () => {
  const random = fc.sample(tables, { numRuns: 1, seed: 3 })[0] as RandomTable
  const { table } = random
  await db.tables.create(table)
  await db.table(table).putMany(random.items)
  const values = [...new Map(random.items.map(({ k }) => [textOf(k), k])).values()]
  const query = db
    .table(table)
    .query()
    .where('k', 'in', values as never[])
  const page = await query.take(2).execute()
  expect(page.cursor).toBeDefined()
  await expect(query.after(page.cursor).execute()).resolves.toBeDefined()
  const others = db
    .table(table)
    .query()
    .where('k', 'in', values.slice(0, 2) as never[])
  await expect(others.after(page.cursor).execute()).rejects.toThrow(InvalidCursorError)
  await db.tables.delete(table.name)
})
