import {
  createAdapter,
  defineEntity,
  defineTable,
  type DynamoDBAdapter,
  InvalidCursorError,
  ScanNotAllowedError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { aCustomer, anOrder, Customer, failure, Order, ShopTable } from './shop.ts'

const Logs = defineTable({
  name: 'Logs',
  partitionKey: { name: 'stream', type: 'string' },
  sortKey: { name: 'at', type: 'number' },
  indexes: {
    byLevel: {
      type: 'global',
      partitionKey: { name: 'level', type: 'string' },
      sortKey: { name: 'at', type: 'number' },
    },
  },
})
const Log = defineEntity({
  name: 'Log',
  table: Logs,
  attributes: {
    stream: z.string(),
    at: z.number(),
    level: z.string(),
    text: z.string(),
    tags: z.set(z.string()).optional(),
    more: z.object({ code: z.number(), note: z.string() }).optional(),
  },
})

let tables: TestTables
let db: DynamoDBAdapter
const count = 60
const level = (at: number): string => (at % 6 === 0 ? 'error' : 'info')

beforeAll(async () => {
  tables = await createTestTables(ShopTable, Logs)
  db = tables.db
  const logs = db.repository(Log)
  for (let at = 0; at < count; at++) {
    await logs.put({
      stream: 'a',
      at,
      level: level(at),
      text: `line ${String(at)}`,
      more: { code: at, note: 'n' },
    })
  }
})
afterAll(() => tables.drop())

const logs = () => db.repository(Log).query().where('stream', '=', 'a')
const times = (items: Iterable<{ at: number }>): number[] => Array.from(items, (item) => item.at)
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at)

describe('results', () => {
  test('are all there, in order, with what they cost', async () => {
    const page = await logs().execute()
    expect(times(page)).toEqual(range(0, count))
    expect(page).toMatchObject({ cursor: undefined, evaluated: count, stoppedBy: undefined })
    expect(page.capacity).toMatchObject({ requests: 1, writeUnits: 0 })
    expect(page.capacity.readUnits).toBeGreaterThan(0)
    expect(times(await logs().descending().execute())).toEqual(range(0, count).reverse())
  })

  test('capacity is summed over pages, and into the caller’s meter', async () => {
    const whole = await logs().execute()
    const paged = await logs().pageSize(7).execute()
    expect(times(paged)).toEqual(times(whole))
    expect(paged.capacity.requests).toBe(9)
    expect(paged.capacity.readUnits).toBeGreaterThanOrEqual(whole.capacity.readUnits)
  })

  test('a selection narrows what is read and given back', async () => {
    const page = await logs().select('text', 'more.code').take(2).execute()
    expect(page.items).toEqual([
      { text: 'line 0', more: { code: 0 } },
      { text: 'line 1', more: { code: 1 } },
    ])
  })

  test('first', async () => {
    expect(await logs().descending().first()).toMatchObject({ at: count - 1 })
    expect(await logs().where('level', '=', 'none').first()).toBeUndefined()
  })

  test('of contradicting conditions are empty, and cost nothing', async () => {
    const page = await logs().where('level', 'in', []).execute()
    expect(page).toMatchObject({ items: [], capacity: { requests: 0 } })
    expect((await logs().where('at', 'between', [5, 1]).count()).count).toBe(0)
  })

  test('every operator, as key condition, filter and residual', async () => {
    const at = async (query: { execute(): Promise<Iterable<{ at: number }>> }) => times(await query.execute())
    expect(await at(logs().where('at', 'between', [3, 5]))).toEqual([3, 4, 5])
    expect(await at(logs().where('at', '>', 3).where('at', '<', 6))).toEqual([4, 5])
    expect(await at(logs().where('at', 'in', [1, 3]))).toEqual([1, 3])
    expect(await at(logs().where('text', 'begins_with', 'line 5').where('at', '<', 55))).toEqual([
      5, 50, 51, 52, 53, 54,
    ])
    expect(await at(logs().where('text', 'contains', '17'))).toEqual([17])
    expect(await at(logs().where('tags', 'exists'))).toEqual([])
    expect(await at(logs().where('more.code', '>=', 58))).toEqual([58, 59])
    expect(await at(logs().where('size(text)', '=', 6).where('at', '<', 3))).toEqual([0, 1, 2])
    expect(await at(logs().where('text', 'attribute_type', 'N'))).toEqual([])
    expect(
      await at(
        logs().where((e) => e.or([e('at', '=', 1), e.and([e('level', '=', 'error'), e('at', '>', 50)])])),
      ),
    ).toEqual([1, 54])
    expect(
      await at(
        logs()
          .where((e) => e('at', '=', e.attribute('more.code')))
          .where('at', '<', 2),
      ),
    ).toEqual([0, 1])
    expect(await at(logs().where((e) => e.not(e('at', '>', 1))))).toEqual([0, 1])
  })
})

describe('take', () => {
  test.each([1, 5, 10])(
    'gives exactly %i matches although pages hold few (onetable#554, pynamodb#681)',
    async (wanted) => {
      const errors = range(0, count).filter((at) => level(at) === 'error')
      const page = await logs().where('level', '<>', 'info').take(wanted).execute()
      expect(times(page)).toEqual(errors.slice(0, wanted))
      const small = await logs().where('level', '<>', 'info').pageSize(4).take(wanted).execute()
      expect(times(small)).toEqual(errors.slice(0, wanted))
    },
  )

  test('does not run away when nothing matches', async () => {
    const page = await logs().where('text', '=', 'nothing').take(1).execute()
    expect(page.items).toEqual([])
    expect(page.cursor).toBeUndefined()
    expect(page.capacity.requests).toBeLessThanOrEqual(3)
  })

  test('reads no more than it must without a filter', async () => {
    expect(await logs().take(3).execute()).toMatchObject({ evaluated: 3 })
  })

  test('refuses what is no count', async () => {
    for (const wrong of [0, -1, 1.5, Number.NaN]) {
      expect(await failure(() => logs().take(wrong))).toMatchObject({
        code: 'Validation',
        rule: 'option',
        field: 'take',
      })
      expect(await failure(() => logs().pageSize(wrong))).toMatchObject({ field: 'pageSize' })
    }
  })
})

describe('cursors', () => {
  test('go on where the page ended, whatever is selected (electrodb#362, #569)', async () => {
    const query = logs().where('level', '=', 'info').select('text').paginate(7)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await query.after(cursor).execute()
      expect(Object.keys(page.items[0] ?? {})).toEqual(['text'])
      seen.push(...page.items.map((item) => item.text))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(seen).toEqual(
      range(0, count)
        .filter((at) => level(at) === 'info')
        .map((at) => `line ${String(at)}`),
    )
  })

  test('of a partly consumed page are right (data-mapper#58)', async () => {
    const errors = range(0, count).filter((at) => level(at) === 'error')
    const first = await logs().where('level', '=', 'error').pageSize(50).take(2).execute()
    expect(times(first)).toEqual(errors.slice(0, 2))
    const rest = await logs().where('level', '=', 'error').after(first.cursor).execute()
    expect(times(rest)).toEqual(errors.slice(2))
  })

  test('any walk of page sizes yields the sequence of a single pass', async () => {
    const indexed = () => db.repository(Log).query().where('level', '=', 'info').where('more.code', '<>', 7)
    const whole = times(await indexed().execute())
    const walk = fc.array(
      fc.record({
        take: fc.integer({ min: 1, max: 20 }),
        pageSize: fc.option(fc.integer({ min: 1, max: 30 })),
      }),
      { minLength: 60, maxLength: 60 },
    )
    await fc.assert(
      fc.asyncProperty(walk, fc.boolean(), async (steps, descending) => {
        const seen: number[] = []
        let cursor: string | undefined
        for (const { take, pageSize } of steps) {
          let query = indexed().take(take).after(cursor)
          if (pageSize !== null) query = query.pageSize(pageSize)
          if (descending) query = query.descending()
          const page = await query.execute()
          expect(page.items.length).toBeLessThanOrEqual(take)
          seen.push(...times(page))
          cursor = page.cursor
          if (cursor === undefined) break
        }
        expect(seen).toEqual(descending ? [...whole].reverse() : whole)
      }),
      { numRuns: 15, seed: 7 },
    )
  })

  test('are refused by another query, and when changed', async () => {
    const { cursor } = await logs().take(3).execute()
    expect(InvalidCursorError.is(await failure(() => logs().descending().after(cursor).execute()))).toBe(true)
    expect(
      InvalidCursorError.is(await failure(() => logs().where('level', '=', 'info').after(cursor).execute())),
    ).toBe(true)
    expect(
      InvalidCursorError.is(
        await failure(() =>
          logs()
            .after(`${cursor ?? ''}x!`)
            .execute(),
        ),
      ),
    ).toBe(true)
    expect(times(await logs().after(undefined).take(1).execute())).toEqual([0])
  })

  test('are signed when the adapter has a secret', async () => {
    const signed = createAdapter({ ...tables.clientConfig, cursorSecret: 'secret' })
    const query = signed.repository(Log).query().where('stream', '=', 'a')
    const { cursor } = await query.take(2).execute()
    expect(times(await query.take(2).after(cursor).execute())).toEqual([2, 3])
    const unsigned = (await logs().take(2).execute()).cursor
    expect(InvalidCursorError.is(await failure(() => query.after(unsigned).execute()))).toBe(true)
    await signed.close()
  })
})

describe('count', () => {
  test('counts without transferring, over pages and up to a number', async () => {
    expect(await logs().count()).toMatchObject({
      count,
      evaluated: count,
      cursor: undefined,
      stoppedBy: undefined,
    })
    expect((await logs().pageSize(9).where('level', '=', 'error').count()).count).toBe(10)
    expect((await logs().take(5).count()).count).toBe(5)
  })

  test('counts what DynamoDB cannot check itself', async () => {
    expect((await logs().where('at', '<>', 3).count()).count).toBe(count - 1)
    expect((await logs().where('at', '=', 3).count()).count).toBe(1)
  })

  test('honours a budget, and can go on (electrodb#577)', async () => {
    const query = logs().pageSize(10)
    const part = await query.budget({ maxPages: 2 }).count()
    expect(part).toMatchObject({ count: 20, stoppedBy: 'maxPages' })
    expect((await query.after(part.cursor).count()).count).toBe(count - 20)
  })
})

describe('budgets', () => {
  const all = () => logs().pageSize(10)

  test('of pages', async () => {
    const page = await all().budget({ maxPages: 2 }).execute()
    expect(page).toMatchObject({ stoppedBy: 'maxPages', evaluated: 20, capacity: { requests: 2 } })
    expect(times(await all().after(page.cursor).execute())).toEqual(range(20, count))
  })

  test('of evaluated items, to the item', async () => {
    const page = await logs().where('level', '=', 'error').budget({ maxEvaluated: 25 }).execute()
    expect(page).toMatchObject({ stoppedBy: 'maxEvaluated', evaluated: 25 })
    expect(times(page)).toEqual([0, 6, 12, 18, 24])
    expect(times(await logs().where('level', '=', 'error').after(page.cursor).execute())).toEqual([
      30, 36, 42, 48, 54,
    ])
  })

  test('of capacity, stopping after the page that reaches it', async () => {
    const page = await all().budget({ maxCapacity: 1 }).execute()
    expect(page.stoppedBy).toBe('maxCapacity')
    expect(page.capacity.readUnits).toBeGreaterThanOrEqual(1)
    expect(page.items.length).toBeLessThan(count)
  })

  test('that are not used up leave no trace', async () => {
    expect(await logs().take(5).budget({ maxPages: 1, maxEvaluated: 100 }).execute()).toMatchObject({
      stoppedBy: undefined,
      items: { length: 5 },
    })
  })

  test('must be numbers, and known', async () => {
    expect(await failure(() => logs().budget({ maxPages: 0 }))).toMatchObject({ field: 'maxPages' })
    expect(await failure(() => logs().budget({ maxCapacity: -1 }))).toMatchObject({ field: 'maxCapacity' })
    const blind = createAdapter({ ...tables.clientConfig, capacityDetail: 'none' })
    expect(await failure(() => blind.query(Log).budget({ maxCapacity: 1 }))).toMatchObject({
      field: 'maxCapacity',
    })
    await blind.close()
  })
})

describe('stream', () => {
  test('gives every item, over pages', async () => {
    const seen: number[] = []
    for await (const item of logs().pageSize(8).stream()) seen.push(item.at)
    expect(seen).toEqual(range(0, count))
  })

  test('stops reading when the consumer stops', async () => {
    const meterAfter = async (stopAt: number) => {
      const { CapacityMeter } = await import('dynakit')
      const capacity = new CapacityMeter()
      for await (const item of logs().pageSize(5).stream({ capacity })) if (item.at === stopAt) break
      return capacity.requests
    }
    // The page the consumer is in, and at most one read ahead.
    expect(await meterAfter(0)).toBeLessThanOrEqual(2)
    expect(await meterAfter(12)).toBeLessThanOrEqual(4)
  })

  test('honours take and budget', async () => {
    const seen: number[] = []
    for await (const item of logs().where('level', '=', 'error').pageSize(7).take(3).stream())
      seen.push(item.at)
    expect(seen).toEqual([0, 6, 12])
    let items = 0
    for await (const _item of logs().pageSize(5).budget({ maxPages: 3 }).stream()) items += 1
    expect(items).toBe(15)
  })

  test('ends with the signal', async () => {
    const controller = new AbortController()
    const run = async () => {
      for await (const item of logs().pageSize(5).stream({ signal: controller.signal }))
        if (item.at === 7) controller.abort()
    }
    expect(await failure(run)).toMatchObject({ code: 'Aborted' })
    expect(await failure(run)).toMatchObject({ code: 'Aborted' })
  })
})

describe('several entities of one partition (toolbox#821)', () => {
  test('come as a union told apart by entity', async () => {
    const customer = await aCustomer.create(db, { customerId: 'union' })
    const made = await anOrder.createMany(db, 3, (at) => ({
      customerId: 'union',
      orderId: `o${String(at)}`,
      total: at,
    }))
    const page = await db.query(Customer, Order).where('customerId', '=', 'union').execute()
    const totals: number[] = []
    const names: string[] = []
    for (const row of page) {
      if (row.entity === 'Order') totals.push(row.item.total)
      else names.push(row.item.name)
    }
    expect({ totals, names }).toEqual({ totals: [0, 1, 2], names: ['Ada'] })
    expect(page.items).toContainEqual({ entity: 'Customer', item: customer })
    expect(page.items).toContainEqual({ entity: 'Order', item: made[0] })
    const first = await db.query(Customer, Order).where('customerId', '=', 'union').take(2).execute()
    const rest = await db
      .query(Customer, Order)
      .where('customerId', '=', 'union')
      .after(first.cursor)
      .execute()
    expect([...first, ...rest]).toEqual(page.items)
  })

  test('must be of one table whose items can be told apart', async () => {
    expect(await failure(() => db.query(Customer, Log))).toMatchObject({ rule: 'union-table' })
    const Plain = defineTable({
      name: 'Plain',
      partitionKey: { name: 'id', type: 'string' },
      entityAttribute: false,
    })
    const A = defineEntity({
      name: 'A',
      table: Plain,
      attributes: { x: z.string() },
      key: { partitionKey: 'A#{x}' },
    })
    const B = defineEntity({
      name: 'B',
      table: Plain,
      attributes: { x: z.string() },
      key: { partitionKey: 'B#{x}' },
    })
    expect(await failure(() => db.query(A, B))).toMatchObject({ rule: 'union-entity-attribute' })
  })
})

test('a scan is refused, or allowed', async () => {
  const scan = db.repository(Log).query().where('text', '=', 'line 3')
  expect(ScanNotAllowedError.is(await failure(() => scan.execute()))).toBe(true)
  expect(ScanNotAllowedError.is(await failure(() => scan.explain()))).toBe(true)
  expect(times(await scan.allowScan().execute())).toEqual([3])
  expect((await scan.allowScan().count()).count).toBe(1)
  const pages = await db.repository(Log).query().allowScan().pageSize(11).execute()
  expect(times(pages).sort((left, right) => left - right)).toEqual(range(0, count))
})

test('an index and an order that are asked for', async () => {
  const byLevel = db.repository(Log).query().where('level', '=', 'error').index('byLevel')
  expect(byLevel.explain()).toMatchObject({ operation: 'Query', indexName: 'byLevel' })
  expect(times(await byLevel.orderBy('at', 'descending').take(2).execute())).toEqual([54, 48])
  expect(times(await byLevel.ascending().take(2).execute())).toEqual([0, 6])
  expect(await logs().consistent().take(1).execute()).toMatchObject({ items: [{ at: 0 }] })
})
