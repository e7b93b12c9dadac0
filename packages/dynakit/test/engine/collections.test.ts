import {
  type DynamoDBAdapter,
  defineEntity,
  defineTable,
  InvalidCursorError,
  type NativeItem,
  type UnknownItems,
  UnknownItemError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { propertyRuns } from '../property-runs.ts'
import { failure } from './shop.ts'

const Crm = defineTable({
  name: 'Crm',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    byOwner: {
      type: 'global',
      partitionKey: { name: 'owner', type: 'string' },
      sortKey: { name: 'at', type: 'number' },
    },
    byState: { type: 'global', partitionKey: { name: 'state', type: 'string' }, projection: 'keys-only' },
  },
})
const common = { account: z.string(), at: z.number(), owner: z.string(), state: z.string() }
const Account = defineEntity({
  name: 'Account',
  table: Crm,
  attributes: { ...common, title: z.string() },
  key: { partitionKey: 'A#{account}', sortKey: 'ACCOUNT' },
})
const Call = defineEntity({
  name: 'Call',
  table: Crm,
  attributes: { ...common, minutes: z.number() },
  key: { partitionKey: 'A#{account}', sortKey: 'CALL#{at:6}' },
})
const Mail = defineEntity({
  name: 'Mail',
  table: Crm,
  attributes: { ...common, subject: z.string() },
  key: { partitionKey: 'A#{account}', sortKey: 'MAIL#{at:6}' },
})
/** An entity whose name is a member that every object has. */
const Prototype = defineEntity({
  name: '__proto__',
  table: Crm,
  attributes: common,
  key: { partitionKey: 'A#{account}', sortKey: 'PROTO#{at:6}' },
})

let tables: TestTables
let db: DynamoDBAdapter
beforeAll(async () => {
  tables = await createTestTables(Crm)
  db = tables.db
})
afterAll(() => tables.drop())

const base = (account: string, at: number) => ({ account, at, owner: account, state: 'open' })

/** Puts items past the entities: one that another application names, and some without a name. */
const stray = (account: string, name: unknown, at: number): NativeItem =>
  ({
    pk: `A#${account}`,
    sk: `Z#${String(at).padStart(6, '0')}`,
    ...base(account, at),
    ...(name === undefined ? {} : { _entity: name }),
  }) as NativeItem

async function seed(account: string, strays: readonly unknown[] = []): Promise<void> {
  await db.repository(Account).put({ ...base(account, 0), title: 'First' })
  for (const at of [1, 2, 3]) await db.repository(Call).put({ ...base(account, at), minutes: at })
  for (const at of [4, 5]) await db.repository(Mail).put({ ...base(account, at), subject: 's' })
  for (const [at, name] of strays.entries()) await db.table(Crm).put(stray(account, name, 10 + at))
}

const query = (account: string) => db.query(Account, Call).where('account', '=', account)

describe('grouped by entity', () => {
  test('each group in the order read, with what a page has', async () => {
    await seed('grouped')
    const page = await query('grouped').executeGrouped()
    expect(page.items.Account.map(({ title }) => title)).toEqual(['First'])
    expect(page.items.Call.map(({ minutes }) => minutes)).toEqual([1, 2, 3])
    expect(Object.keys(page.items)).toEqual(['Account', 'Call'])
    // Two mails were read too: they are paid for like any filtered item.
    expect(page).toMatchObject({ unknown: [], cursor: undefined, stoppedBy: undefined, evaluated: 6 })
    expect(page.capacity.requests).toBe(1)
    const newest = await query('grouped').descending().executeGrouped()
    expect(newest.items.Call.map(({ minutes }) => minutes)).toEqual([3, 2, 1])
  })

  test('a group without items is empty', async () => {
    const page = await query('nobody').executeGrouped()
    expect(page.items).toEqual({ Account: [], Call: [] })
  })

  test('take counts all items, and the cursor goes on', async () => {
    await seed('paged')
    const first = await query('paged').take(2).executeGrouped()
    expect(first.items).toMatchObject({ Account: [{ at: 0 }], Call: [{ at: 1 }] })
    const rest = await query('paged').take(10).after(first.cursor).executeGrouped()
    expect(rest.items).toMatchObject({ Account: [], Call: [{ at: 2 }, { at: 3 }] })
    expect(rest.cursor).toBeUndefined()
    const back = await query('paged').take(1).before(rest.previousCursor).executeGrouped()
    expect(back.items).toMatchObject({ Account: [], Call: [{ at: 1 }] })
  })

  test('a budget stops it as it stops a page', async () => {
    await seed('budget')
    const page = await query('budget').pageSize(2).budget({ maxPages: 1 }).executeGrouped()
    expect(page).toMatchObject({ stoppedBy: 'maxPages', evaluated: 2, items: { Call: [{ at: 1 }] } })
    const rest = await query('budget').after(page.cursor).executeGrouped()
    expect(rest.items.Call.map(({ at }) => at)).toEqual([2, 3])
  })

  test('an entity may be named like a member of every object', async () => {
    await db.repository(Prototype).put(base('proto', 1))
    const page = await db.query(Prototype, Call).where('account', '=', 'proto').executeGrouped()
    expect(page.items.__proto__).toMatchObject([{ at: 1 }])
    expect(page.items.Call).toEqual([])
  })

  test('several partitions are read as one', async () => {
    await seed('p1')
    await seed('p2')
    const both = db.query(Account, Call).where('account', 'in', ['p1', 'p2'])
    expect(both.explain()).toMatchObject({ operation: 'Query', queries: 2 })
    const { items } = await both.executeGrouped()
    expect(items.Account.map(({ account }) => account).sort()).toEqual(['p1', 'p2'])
    expect(items.Call).toHaveLength(6)
  })
})

describe('one request where the keys allow it', () => {
  test('sort key conditions are used when all entities have them in common', async () => {
    await seed('sorted')
    const since = db.query(Account, Call, Mail).where('owner', '=', 'sorted').where('at', '>=', 3)
    expect(since.explain()).toMatchObject({
      operation: 'Query',
      indexName: 'byOwner',
      keyCondition: ['owner = ?', 'at >= ?'],
    })
    const { items, evaluated, capacity } = await since.executeGrouped()
    expect({ calls: items.Call.length, mails: items.Mail.length }).toEqual({ calls: 1, mails: 2 })
    expect({ evaluated, requests: capacity.requests }).toEqual({ evaluated: 3, requests: 1 })
    const newest = await since.orderBy('at', 'descending').take(2).execute()
    expect(newest.items.map(({ entity, item }) => [entity, item.at])).toEqual([
      ['Mail', 5],
      ['Mail', 4],
    ])
  })

  test('otherwise the partition is read, and the conditions are checked on each item', async () => {
    await seed('checked')
    const since = query('checked').where('at', '>=', 2)
    expect(since.explain()).toMatchObject({ indexName: undefined, keyCondition: ["pk = 'A#{account}'"] })
    expect((await since.executeGrouped()).items).toMatchObject({ Account: [], Call: [{ at: 2 }, { at: 3 }] })
  })

  test('an index that does not hold the attributes is passed over, or completed', async () => {
    await seed('partial')
    const open = db.query(Account, Call).where('state', '=', 'open').where('account', '=', 'partial')
    expect(open.explain()).toMatchObject({ indexName: undefined })
    const completed = open.index('byState').completeItems()
    const { items } = await completed.executeGrouped()
    expect(items.Account).toMatchObject([{ title: 'First' }])
    expect(items.Call.map(({ minutes }) => minutes).sort()).toEqual([1, 2, 3])
  })
})

describe('items of none of the entities', () => {
  test('an item of another entity is left out: it was not asked for', async () => {
    await seed('others', ['Invoice'])
    const page = await query('others').execute()
    expect(page.items.map(({ entity }) => entity)).toEqual(['Account', 'Call', 'Call', 'Call'])
    expect((await query('others').count()).count).toBe(4)
  })

  test.each([
    ['is missing', undefined, `('_entity' is missing)`],
    ['is no string', 7, `('_entity' is of type number, not a string)`],
  ])('an item whose name %s is refused', async (account, name, text) => {
    await seed(account, [name])
    const error = await failure(() => query(account).execute())
    expect(UnknownItemError.is(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'UnknownItem',
      tableName: 'Crm',
      entityAttribute: '_entity',
      entityName: undefined,
    })
    expect(error.message).toContain(text)
    // The item is there for those who look, not for logs.
    expect(error.item).toMatchObject({ pk: `A#${account}`, at: 10 })
    expect(JSON.stringify(error)).not.toContain(`A#${account}`)
    for (const run of [
      () => query(account).executeGrouped(),
      () => query(account).count(),
      () => query(account).descending().first(),
      async () => {
        for await (const { entity } of query(account).stream()) expect(entity).toBeDefined()
      },
    ]) {
      expect(await failure(run)).toMatchObject({ code: 'UnknownItem' })
    }
  })

  test('a page that ends before such an item is fine, as is one whose conditions it does not meet', async () => {
    await seed('before', [undefined])
    expect((await query('before').take(4).execute()).items).toHaveLength(4)
    expect((await query('before').take(4).count()).count).toBe(4)
    expect((await query('before').where('at', '<', 10).execute()).items).toHaveLength(4)
  })

  test('skip leaves all of them out', async () => {
    await seed('skip', [undefined, 7, 'Invoice'])
    const skipping = query('skip').unknownItems('skip')
    expect((await skipping.execute()).items).toHaveLength(4)
    expect((await skipping.count()).count).toBe(4)
    expect(skipping.explain().filter).toBe('_entity in (?, ?)')
  })

  test('raw gives all of them as they are stored', async () => {
    await seed('raw', [undefined, 7, 'Invoice'])
    const raw = query('raw').unknownItems('raw')
    const page = await raw.execute()
    const unknown = page.items.flatMap((row) => (row.entity === undefined ? [row.item] : []))
    // The mails are of no entity the query names either.
    expect(unknown.map(({ sk, _entity }) => [sk, _entity])).toEqual([
      ['MAIL#000004', 'Mail'],
      ['MAIL#000005', 'Mail'],
      ['Z#000010', undefined],
      ['Z#000011', 7],
      ['Z#000012', 'Invoice'],
    ])
    expect(unknown[4]).toEqual(stray('raw', 'Invoice', 12))
    expect((await raw.count()).count).toBe(page.items.length)
    const grouped = await raw.executeGrouped()
    expect(grouped.unknown).toEqual(unknown)
    expect(grouped.items.Call).toHaveLength(3)
  })

  test('throw refuses any of them, and names the entity', async () => {
    await seed('throw')
    const strict = query('throw').unknownItems('throw')
    expect(await failure(() => strict.execute())).toMatchObject({ code: 'UnknownItem', entityName: 'Mail' })
    expect(await failure(() => strict.count())).toMatchObject({ code: 'UnknownItem', entityName: 'Mail' })
    const all = db.query(Account, Call, Mail).where('account', '=', 'throw').unknownItems('throw')
    expect((await all.execute()).items).toHaveLength(6)
    expect((await all.count()).count).toBe(6)
  })

  test('the items that keep unique values are not surfaced', async () => {
    const at = 999_999
    const strange = { pk: 'Z', sk: 'Z', _entity: 'Strange', at }
    await db.table(Crm).putMany([{ ...strange, pk: '_unique#x', _entity: '_unique' }])
    const scan = db.query(Account, Call, Mail).where('at', '=', at).allowScan()
    expect(scan.explain().operation).toBe('Scan')
    expect((await scan.unknownItems('throw').execute()).items).toEqual([])
    expect((await scan.unknownItems('raw').count()).count).toBe(0)
    expect((await scan.execute()).items).toEqual([])
    await db.table(Crm).put(strange)
    expect((await scan.unknownItems('raw').count()).count).toBe(1)
    expect(await failure(() => scan.unknownItems('throw').execute())).toMatchObject({ entityName: 'Strange' })
  })

  test('a choice belongs to the query of a cursor', async () => {
    await seed('cursor')
    const { cursor } = await query('cursor').take(1).execute()
    const error = await failure(() => query('cursor').unknownItems('raw').after(cursor).execute())
    expect(InvalidCursorError.is(error)).toBe(true)
  })

  test('the choice is checked', async () => {
    const wrong = 'ignore' as 'skip'
    expect(await failure(() => query('x').unknownItems(wrong))).toMatchObject({ rule: 'option' })
    const single = db.query(Call) as unknown as ReturnType<typeof query>
    expect(await failure(() => single.unknownItems('raw'))).toMatchObject({ field: 'unknownItems' })
    expect(await failure(() => single.executeGrouped())).toMatchObject({ field: 'executeGrouped' })
  })
})

/* ---- a model: the rows of a query are those a naive filter over the partition gives ---- */

const kinds = ['Account', 'Call', 'Mail', 'Invoice', '__proto__', '', undefined, 7, null] as const
type Kind = (typeof kinds)[number]
const asked = ['Account', 'Call']

interface Expected {
  readonly rows: readonly (readonly [entity: string | undefined, at: number])[]
  readonly isRefused: boolean
}

/** What the query must give of these items, in their order. */
function expected(names: readonly Kind[], choice: UnknownItems | undefined, take: number): Expected {
  const rows: [string | undefined, number][] = []
  for (const [at, name] of names.entries()) {
    if (rows.length === take) break
    const isAsked = typeof name === 'string' && asked.includes(name)
    if (isAsked || choice === 'raw') rows.push([isAsked ? name : undefined, at])
    else if (choice === 'throw' || (choice === undefined && typeof name !== 'string')) {
      return { rows, isRefused: true }
    }
  }
  return { rows, isRefused: false }
}

test(
  'random collections, choices and pages give what a naive filter gives',
  { timeout: 300_000 },
  async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...kinds), { maxLength: 12 }),
        fc.constantFrom<(UnknownItems | undefined)[]>(undefined, 'throw', 'skip', 'raw'),
        fc.integer({ min: 1, max: 6 }),
        fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        async (names, choice, take, pageSize) => {
          run += 1
          const account = `model${String(run)}`
          const stored = names.map((name, at) => ({
            ...stray(account, name, at),
            ...(name === 'Account' ? { title: 't' } : { minutes: at }),
          }))
          await db.table(Crm).putMany(stored)
          let builder = query(account)
          if (choice !== undefined) builder = builder.unknownItems(choice as 'skip')
          if (pageSize !== undefined) builder = builder.pageSize(pageSize)

          const model = expected(names, choice, Infinity)
          const rows: (readonly [string | undefined, number])[] = []
          const walk = async () => {
            let cursor: string | undefined
            do {
              const page = await builder.take(take).after(cursor).execute()
              for (const { entity, item } of page.items) rows.push([entity, item.at])
              cursor = page.cursor
            } while (cursor !== undefined)
          }
          if (model.isRefused) {
            expect(await failure(walk)).toMatchObject({ code: 'UnknownItem' })
            // Pages before the one with the unknown item came through.
            expect(rows).toEqual(model.rows.slice(0, rows.length))
            expect(model.rows.length - rows.length).toBeLessThan(take + 1)
            expect(await failure(() => builder.count())).toMatchObject({ code: 'UnknownItem' })
            expect(await failure(() => builder.executeGrouped())).toMatchObject({ code: 'UnknownItem' })
            return
          }
          await walk()
          expect(rows).toEqual(model.rows)
          expect((await builder.count()).count).toBe(model.rows.length)
          const { items, unknown } = await builder.executeGrouped()
          for (const name of asked) {
            expect(items[name as 'Call'].map(({ at }) => at)).toEqual(
              model.rows.filter(([entity]) => entity === name).map(([, at]) => at),
            )
          }
          expect(unknown.map(({ at }) => at)).toEqual(
            model.rows.filter(([entity]) => entity === undefined).map(([, at]) => at),
          )
        },
      ),
      propertyRuns(150),
    )
  },
)
