import { CapacityMeter, Decimal, defineEntity, defineTable, TransactionCanceledError } from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { failure, storedItem } from './shop.ts'

/*
 * What went wrong in other libraries, each tried as its users met it. That a type made with dynakit can be
 * named in declarations (toolbox#631) is tried in test/package/declarations.test.ts.
 */

const Market = defineTable({
  name: 'Market',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    gsi1: {
      type: 'global',
      partitionKey: { name: 'gsi1pk', type: 'string' },
      sortKey: { name: 'gsi1sk', type: 'string' },
    },
  },
})
const Customer = defineEntity({
  name: 'Customer',
  table: Market,
  attributes: {
    customerId: z.string(),
    merchantId: z.string(),
    state: z.enum(['created', 'active', 'deleted']),
    rank: z.number(),
    address: z.object({ city: z.string(), zip: z.string().optional() }).optional(),
  },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'PROFILE' },
  indexes: { gsi1: { partitionKey: 'MERCHANT#{merchantId}', sortKey: 'STATE#{state}#{rank:4}' } },
})
const Order = defineEntity({
  name: 'Order',
  table: Market,
  attributes: { customerId: z.string(), orderId: z.string(), total: z.number() },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'ORDER#{orderId}' },
})

const Ledger = defineTable({
  name: 'Ledger',
  partitionKey: { name: 'account', type: 'number' },
  sortKey: { name: 'entry', type: 'number' },
  indexes: { byTotal: { type: 'global', partitionKey: { name: 'totalKey', type: 'string' } } },
})
const aNumber = z.custom<number | bigint | Decimal>(
  (value) => typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value),
)
const Entry = defineEntity({
  name: 'Entry',
  table: Ledger,
  attributes: { account: z.bigint(), entry: z.bigint(), total: aNumber },
  indexes: { byTotal: { partitionKey: 'TOTAL#{total}' } },
})

const count = 60
const isRare = (rank: number): boolean => rank % 20 === 19

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(Market, Ledger)
  await tables.db.repository(Customer).putMany(
    Array.from({ length: count }, (_, rank) => ({
      customerId: `c${String(rank).padStart(3, '0')}`,
      merchantId: 'felipe',
      state: 'active' as const,
      rank,
      ...(isRare(rank) && { address: { city: 'Bern' } }),
    })),
  )
})
afterAll(() => tables.drop())

const customers = () => tables.db.repository(Customer)
const ofMerchant = () => customers().query().where('merchantId', '=', 'felipe')
const ranks = (items: Iterable<{ readonly rank: number }>): number[] => Array.from(items, ({ rank }) => rank)
const all = Array.from({ length: count }, (_, rank) => rank)

test('a cursor was made from what the caller selected, and lacked what the keys are made of (electrodb#362)', async () => {
  const seen: number[] = []
  let cursor: string | undefined
  do {
    const page = await ofMerchant().select('rank').take(7).after(cursor).execute()
    for (const item of page) expect(Object.keys(item)).toEqual(['rank'])
    seen.push(...ranks(page))
    cursor = page.cursor
  } while (cursor !== undefined)
  expect(seen).toEqual(all)
})

test('a cursor lacked key attributes that items are read without (electrodb#569)', async () => {
  const first = await ofMerchant().take(10).execute()
  expect(first.items[0]).not.toHaveProperty('gsi1pk')
  const counted = await ofMerchant().budget({ maxEvaluated: 10 }).after(first.cursor).count()
  expect(counted.count).toBe(10)
  expect(ranks(await ofMerchant().after(counted.cursor).execute())).toEqual(all.slice(20))
})

test('a bound on pages was ignored as soon as a number of results was asked for (electrodb#577)', async () => {
  const rare = () => ofMerchant().where('address.city', '=', 'Bern').pageSize(10)
  const page = await rare().take(3).budget({ maxPages: 2 }).execute()
  expect(page).toMatchObject({ stoppedBy: 'maxPages', evaluated: 20, capacity: { requests: 2 } })
  expect(ranks(page)).toEqual([19])
  const counted = await rare().take(3).budget({ maxPages: 2 }).after(page.cursor).count()
  expect(counted).toMatchObject({ count: 1, stoppedBy: 'maxPages', capacity: { requests: 2 } })
  expect(ranks(await rare().take(3).after(counted.cursor).execute())).toEqual([59])
})

test('a limit with a filter sent request after request of a few items (onetable#554)', async () => {
  const none = await ofMerchant().where('address.city', '=', 'Nowhere').take(1).execute()
  expect(none).toMatchObject({ items: [], cursor: undefined, evaluated: count })
  expect(none.capacity.requests).toBeLessThanOrEqual(3)
  const bounded = await ofMerchant()
    .where('address.city', '=', 'Nowhere')
    .take(1)
    .budget({ maxEvaluated: 30 })
    .execute()
  expect(bounded).toMatchObject({ items: [], evaluated: 30, stoppedBy: 'maxEvaluated' })
})

test('a limit meant items looked at, not results (pynamodb#681)', async () => {
  const rare = ofMerchant().where('address', 'exists')
  expect(ranks(await rare.take(2).execute())).toEqual([19, 39])
  expect(ranks(await rare.take(2).pageSize(5).execute())).toEqual([19, 39])
  expect(ranks(await rare.pageSize(5).execute())).toEqual([19, 39, 59])
})

test('the place after a partly consumed page was that of the whole page (data-mapper#58)', async () => {
  for (const pageSize of [4, 50]) {
    const first = await ofMerchant().pageSize(pageSize).take(6).execute()
    expect(ranks(first)).toEqual(all.slice(0, 6))
    expect(ranks(await ofMerchant().after(first.cursor).execute())).toEqual(all.slice(6))
  }
})

test.each([
  ['toolbox#1058', { state: 'deleted' }, 'STATE#deleted#0007'],
  ['onetable#301', { rank: 8 }, 'STATE#created#0008'],
  ['electrodb#572', { state: 'active', rank: 9 }, 'STATE#active#0009'],
] as const)(
  'an index key stayed as it was when one of its fields changed (%s)',
  async (_reference, change, key) => {
    const customerId = 'moving'
    await customers().put({ customerId, merchantId: 'other', state: 'created', rank: 7 })
    const after = await customers().update({ customerId }).set(change).execute()
    expect(await storedItem(tables.db, Customer, { pk: 'CUSTOMER#moving', sk: 'PROFILE' })).toMatchObject({
      ...change,
      gsi1sk: key,
    })
    const found = await customers()
      .query()
      .where('merchantId', '=', 'other')
      .where('state', '=', after.state)
      .execute()
    expect(found.items).toEqual([after])
  },
)

test('a nested path under a missing parent failed without saying why (toolbox#868)', async () => {
  const customerId = 'nested'
  await customers().put({ customerId, merchantId: 'other', state: 'created', rank: 1 })
  const update = customers().update({ customerId }).set({ 'address.city': 'Bern' })
  const error = await failure(() => update.execute())
  expect(error).toMatchObject({ code: 'Validation', rule: 'document-path' })
  expect(error.message).toContain('.createParents()')
  expect(await update.createParents().execute()).toMatchObject({ address: { city: 'Bern' } })
})

test('integers beyond 2^53 were refused or rounded, in keys too (electrodb#386)', async () => {
  const entries = tables.db.repository(Entry)
  const account = 2n ** 64n
  const neighbours = [account - 1n, account, account + 1n]
  for (const entry of neighbours) await entries.create({ account, entry, total: -entry })
  const [, middle] = neighbours
  expect(await entries.get({ account, entry: middle! })).toEqual({ account, entry: middle, total: -account })
  const later = await entries.query().where('account', '=', account).where('entry', '>', account).execute()
  expect(later.items.map(({ entry }) => entry)).toEqual([account + 1n])
  const byTotal = await entries.query().where('total', '=', -account).execute()
  expect(byTotal.items.map(({ entry }) => entry)).toEqual([account])
  await entries.update({ account, entry: account }).add({ total: -1 }).execute()
  const moved = await entries
    .query()
    .where('total', '=', -account - 1n)
    .execute()
  expect(moved.items.map(({ entry }) => entry).sort()).toEqual([account, account + 1n])
})

test('items of several entities came back without a type of their own (toolbox#821)', async () => {
  const customerId = 'union'
  const customer = { customerId, merchantId: 'other', state: 'active', rank: 2 } as const
  await customers().put(customer)
  await tables.db.repository(Order).put({ customerId, orderId: '1', total: 30 })
  const rows = await tables.db.query(Customer, Order).where('customerId', '=', customerId).execute()
  const described = Array.from(rows, (row) =>
    row.entity === 'Order'
      ? `${row.entity} of ${String(row.item.total)}`
      : `${row.entity}, ${row.item.state}`,
  )
  expect(described).toEqual(['Order of 30', 'Customer, active'])
})

test('a batch of reads lost what DynamoDB left unread (OneTable)', async () => {
  const table = tables.db.table('Market')
  // More than the 16 MB that one answer holds.
  const items = Array.from({ length: 60 }, (_, at) => ({
    pk: 'LARGE',
    sk: String(at).padStart(2, '0'),
    text: 'x'.repeat(350_000),
  }))
  await table.putMany(items)
  const meter = new CapacityMeter()
  const read = await table.getMany(
    items.map(({ pk, sk }) => ({ pk, sk })),
    { capacity: meter },
  )
  expect(read.map((item) => item?.sk)).toEqual(items.map(({ sk }) => sk))
  expect(meter.requests).toBeGreaterThan(1)
})

test('10,000 puts in one call were sent as one request, which DynamoDB refuses (dynamoose#1390)', async () => {
  const customerId = 'many'
  const orders = Array.from({ length: 10_000 }, (_, at) => ({ customerId, orderId: String(at), total: at }))
  await tables.db.repository(Order).putMany(orders)
  const { count: stored } = await tables.db
    .repository(Order)
    .query()
    .where('customerId', '=', customerId)
    .count()
  expect(stored).toBe(10_000)
})

test('a cancelled transaction was no error, and did not say which operation failed (ElectroDB)', async () => {
  const customerId = 'cancelled'
  const order = { customerId, orderId: '1', total: 30 }
  await tables.db.repository(Order).create(order)
  const cancelled = await failure(() =>
    tables.db
      .transaction()
      .create({ entity: Order, item: { ...order, orderId: '2' } })
      .create({ entity: Order, item: order })
      .execute(),
  )
  if (!TransactionCanceledError.is(cancelled)) throw cancelled
  expect(cancelled.failures).toMatchObject([{ index: 1, operation: 'create', entity: 'Order' }])
  expect(cancelled.failures[0]?.error?.code).toBe('ItemAlreadyExists')
  expect(cancelled.message).toContain('operation 1 (create of Order')
  expect(await tables.db.repository(Order).get({ customerId, orderId: '2' })).toBeUndefined()
})
