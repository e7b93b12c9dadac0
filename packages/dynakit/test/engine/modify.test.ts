import { createAdapter, defineEntity, defineTable, type OperationName, UniqueConstraintError } from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { interposed, once, recorded } from './interposed.ts'
import { anOrder, failure, Order, ShopTable, storedItem } from './shop.ts'

const Counters = defineTable({
  name: 'Counters',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
/** Nothing but the attributes themselves tells that it has changed. */
const Counter = defineEntity({
  name: 'Counter',
  table: Counters,
  attributes: {
    id: z.string(),
    count: z.number(),
    big: z.number().optional(),
    tags: z.set(z.string()).optional(),
    lines: z.array(z.object({ sku: z.string() })).optional(),
  },
  key: { partitionKey: 'COUNTER#{id}', sortKey: 'COUNTER' },
})
const User = defineEntity({
  name: 'User',
  table: Counters,
  attributes: { id: z.string(), email: z.string(), visits: z.number().default(0) },
  key: { partitionKey: 'USER#{id}', sortKey: 'USER' },
  unique: { email: ['email'] },
  softDelete: true,
})

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(ShopTable, Counters)
})
afterAll(() => tables.drop())

const orders = () => tables.db.repository(Order)
const counters = () => tables.db.repository(Counter)
const users = () => tables.db.repository(User)
const newOrder = () => orders().create(anOrder.build({ customerId: randomUUID(), total: 1 }))
const keyOf = ({ customerId, orderId }: { customerId: string; orderId: string }) => ({ customerId, orderId })

test('changes an item, its index keys and version, and gives it as it is stored', async () => {
  const order = await newOrder()
  const changed = await orders().modify(keyOf(order), async (item) => {
    await Promise.resolve()
    return { ...item, status: 'paid' as const, total: item.total + 41, labels: new Set(['a']) }
  })
  expect(changed).toMatchObject({ status: 'paid', total: 42, version: 2, createdAt: order.createdAt })
  expect(await orders().get(keyOf(order))).toEqual(changed)
  const key = { pk: `CUSTOMER#${order.customerId}`, sk: `ORDER#${order.orderId}` }
  expect(await storedItem(tables.db, Order, key)).toMatchObject({ gsi1sk: '0000000042' })
  const cleared = await orders().modify(keyOf(order), ({ labels: _, ...item }) => item)
  expect(cleared.labels).toBeUndefined()
  expect(await orders().get(keyOf(order))).toEqual(cleared)
})

test('writes nothing when nothing is to change', async () => {
  const order = await newOrder()
  const names: OperationName[] = []
  const repository = interposed(tables.db, recorded(names)).repository(Order)
  expect(await repository.modify(keyOf(order), () => undefined)).toEqual(order)
  expect(await repository.modify(keyOf(order), (item) => ({ ...item }))).toEqual(order)
  expect(names).toEqual(['GetItem', 'GetItem'])
})

test('lets the item be changed in place', async () => {
  const counter = { id: randomUUID(), count: 1, lines: [{ sku: 'a' }], tags: new Set(['x']) }
  await counters().create(counter)
  await counters().modify({ id: counter.id }, (item) => {
    item.lines?.push({ sku: 'b' })
    item.tags?.add('y')
    return item
  })
  expect(await counters().get({ id: counter.id })).toMatchObject({
    lines: [{ sku: 'a' }, { sku: 'b' }],
    tags: new Set(['x', 'y']),
  })
})

test('leaves attributes alone that are not declared, and digits that an ordinary read rounds', async () => {
  const id = randomUUID()
  await counters().create({ id, count: 1 })
  const key = { pk: `COUNTER#${id}`, sk: 'COUNTER' }
  await tables.db
    .table('Counters')
    .update(key)
    .set({ extra: 'kept', big: 12_345_678_901_234_567_890n })
    .execute()
  const { transport } = tables.db['~executor']
  const rounding = createAdapter({ transport, numbers: 'rounded' }).repository(Counter)
  await rounding.modify({ id }, (item) => ({ ...item, count: item.count + 1 }))
  expect(await storedItem(tables.db, Counter, key)).toMatchObject({
    count: 2,
    extra: 'kept',
    big: 12_345_678_901_234_567_890n,
  })
})

describe('what is refused', () => {
  test('an item that does not exist, or is soft-deleted', async () => {
    const missing = await failure(() => counters().modify({ id: 'nobody' }, (item) => item))
    expect(missing.code).toBe('ItemNotFound')
    const user = await users().create({ id: randomUUID(), email: randomUUID() })
    await users().delete({ id: user.id })
    expect((await failure(() => users().modify({ id: user.id }, (item) => item))).code).toBe('ItemNotFound')
  })

  test('another key, and values the schemas refuse', async () => {
    const order = await newOrder()
    const moved = await failure(() =>
      orders().modify(keyOf(order), (item) => ({ ...item, orderId: 'other' })),
    )
    expect(moved).toMatchObject({ code: 'Validation', rule: 'key-change' })
    const bad = await failure(() => orders().modify(keyOf(order), (item) => ({ ...item, total: -1 })))
    expect(bad).toMatchObject({ code: 'Validation', field: 'total' })
    expect(await orders().get(keyOf(order))).toEqual(order)
  })

  test('what the function throws is thrown as it is', async () => {
    const order = await newOrder()
    const reason = new Error('mine')
    const error = await failure(() => orders().modify(keyOf(order), () => Promise.reject(reason)))
    expect(error).toBe(reason)
  })

  test('a unique value another item has', async () => {
    const [ada, bob] = [randomUUID(), randomUUID()]
    await users().create({ id: ada, email: ada })
    await users().create({ id: bob, email: bob })
    const take = (email: string) => users().modify({ id: bob }, (item) => ({ ...item, email }))
    expect(UniqueConstraintError.is(await failure(() => take(ada)))).toBe(true)
    expect(await take('free')).toMatchObject({ email: 'free' })
    await users().create({ id: randomUUID(), email: bob })
  })
})

describe('others that write at the same time', () => {
  test('make it start again from their item', async () => {
    const order = await newOrder()
    const change = async (): Promise<void> => {
      await orders().update(keyOf(order)).add({ total: 100 }).execute()
    }
    let runs = 0
    const repository = interposed(tables.db, once('UpdateItem', change)).repository(Order)
    const { total } = await repository.modify(keyOf(order), (item) => {
      runs += 1
      return { ...item, total: item.total + 10 }
    })
    expect([total, runs]).toEqual([111, 2])
  })

  test('who delete the item make it fail', async () => {
    const order = await newOrder()
    const repository = interposed(
      tables.db,
      once('UpdateItem', () => orders().delete(keyOf(order))),
    ).repository(Order)
    const error = await failure(() => repository.modify(keyOf(order), (item) => ({ ...item, total: 5 })))
    expect(error.code).toBe('ItemNotFound')
  })

  test.each(['with a version', 'without one', 'with unique fields'])(
    'do not lose one of 20 changes, %s',
    async (kind) => {
      const id = randomUUID()
      const order = await newOrder()
      await counters().create({ id, count: 1 })
      await users().create({ id, email: id, visits: 1 })
      const add = (): Promise<unknown> => {
        if (kind === 'with a version') {
          return orders().modify(keyOf(order), (item) => ({ ...item, total: item.total + 1 }))
        }
        if (kind === 'without one') {
          return counters().modify({ id }, (item) => ({ ...item, count: item.count + 1 }))
        }
        return users().modify({ id }, (item) => ({
          ...item,
          visits: item.visits + 1,
          email: `${id}-${String(item.visits)}`,
        }))
      }
      await Promise.all(Array.from({ length: 20 }, add))
      if (kind === 'with a version') {
        expect(await orders().get(keyOf(order))).toMatchObject({ total: 21, version: 21 })
      } else if (kind === 'without one') expect(await counters().get({ id })).toMatchObject({ count: 21 })
      else {
        expect(await users().get({ id })).toMatchObject({ visits: 21, email: `${id}-20` })
        // All the values it had on the way are free again.
        await users().create({ id: randomUUID(), email: `${id}-19` })
      }
    },
  )
})
