import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  createAdapter,
  defineEntity,
  defineTable,
  type EntityItem,
  type NativeItem,
  type TransactionBuilder,
  type TransactionPart,
} from './index.ts'

const table = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
const Order = defineEntity({
  name: 'Order',
  table,
  attributes: {
    customerId: z.string(),
    orderId: z.string(),
    status: z.enum(['pending', 'paid']).default('pending'),
    total: z.number(),
  },
  key: { partitionKey: 'C#{customerId}', sortKey: 'O#{orderId}' },
  version: true,
})
type Order = EntityItem<typeof Order>
interface Stock {
  sku: string
  count: number
}
const db = createAdapter()
const key = { customerId: 'c', orderId: 'o' }
const stockKey = { sku: 'lamp' }

describe('the builder', () => {
  test('gives a tuple of what put and create store', async () => {
    const { items } = await db
      .transaction()
      .create({ entity: Order, item: { ...key, total: 1 } })
      .update({ entity: Order, key, updates: { status: 'paid' } })
      .put({ tableName: 'Stock', item: { sku: 'lamp', count: 1 } })
      .delete({ tableName: 'Carts', key: { id: 'c' } })
      .check({ entity: Order, key })
      .execute()
    expectTypeOf(items).toEqualTypeOf<
      readonly [Order, undefined, { sku: string; count: number }, undefined, undefined]
    >()
  })

  test('grows in a loop when it is said to be any', () => {
    let transaction: TransactionBuilder = db.transaction()
    for (const total of [1, 2]) transaction = transaction.put({ entity: Order, item: { ...key, total } })
    expectTypeOf(transaction.execute()).resolves.toHaveProperty('items').toEqualTypeOf<readonly unknown[]>()
  })

  test('checks items and keys of entities', () => {
    const transaction = db.transaction()
    transaction.put({ entity: Order, item: {} as Order })
    // @ts-expect-error total is missing
    transaction.put({ entity: Order, item: key })
    // @ts-expect-error a total is a number
    transaction.create({ entity: Order, item: { ...key, total: '1' } })
    // @ts-expect-error orderId is missing
    transaction.delete({ entity: Order, key: { customerId: 'c' } })
    // @ts-expect-error neither entity nor table
    transaction.check({ key })
  })

  test('checks updates of entities', () => {
    const transaction = db.transaction()
    transaction.update({
      entity: Order,
      key,
      updates: (order) => order.add({ total: 1 }).set({ status: 'paid' }),
    })
    // @ts-expect-error there is no such status
    transaction.update({ entity: Order, key, updates: { status: 'lost' } })
    // @ts-expect-error a status is no number
    transaction.update({ entity: Order, key, updates: (order) => order.add({ status: 1 }) })
    // @ts-expect-error the key cannot change
    transaction.update({ entity: Order, key, updates: (order) => order.set({ orderId: 'x' }) })
    // @ts-expect-error a transaction gives nothing back
    transaction.update({ entity: Order, key, updates: (order) => order.set({ total: 1 }).returning('old') })
  })

  test('checks conditions', () => {
    const transaction = db.transaction()
    transaction.check({ entity: Order, key, where: (e) => e('status', '=', 'paid') })
    transaction.put({ entity: Order, item: { ...key, total: 1 }, where: (e) => e('total', '<', 10) })
    // @ts-expect-error there is no such field
    transaction.check({ entity: Order, key, where: (e) => e('state', '=', 'paid') })
    // @ts-expect-error a new item has nothing to compare
    transaction.create({ entity: Order, item: { ...key, total: 1 }, where: (e) => e('total', '=', 1) })
  })

  test('takes anything of untyped tables, or what one says', () => {
    const transaction = db.transaction()
    transaction.update({
      tableName: 'Stock',
      key: stockKey,
      updates: (stock) => stock.add({ count: -1 }).where('count', '>', 0),
    })
    transaction.update({ tableName: 'Stock', key: stockKey, updates: { count: 4 } })
    transaction.update<Stock>({
      tableName: 'Stock',
      key: stockKey,
      updates: (stock) => stock.add({ count: 1 }),
    })
    transaction.update<Stock>({
      tableName: 'Stock',
      key: stockKey,
      // @ts-expect-error a stock has no such field
      updates: (stock) => stock.add({ size: 1 }),
    })
    // @ts-expect-error a Date cannot be in a key
    transaction.delete({ tableName: 'Stock', key: { at: new Date() } })
  })
})

test('operations as plain data', () => {
  const parts: TransactionPart[] = [
    { put: { tableName: 'Stock', item: { sku: 'lamp' } } },
    { create: { entity: Order, item: { ...key, total: 1 } } },
    { update: { entity: Order, key, updates: { total: 2 } } },
    { update: { tableName: 'Stock', key: stockKey, updates: (stock) => stock.add({ count: 1 }) } },
    { delete: { tableName: 'Stock', key: stockKey } },
    { check: { entity: Order, key, where: (e) => e('total', '>', 1) } },
  ]
  expectTypeOf(db.transactWrite(parts)).resolves.toHaveProperty('items').toEqualTypeOf<readonly unknown[]>()
  // @ts-expect-error there is no such operation
  void db.transactWrite([{ insert: { tableName: 'Stock', item: {} } }])
})

describe('reads', () => {
  test('give a tuple', async () => {
    const { items } = await db
      .transactionRead()
      .get({ entity: Order, key })
      .get({ tableName: 'Stock', key: stockKey })
      .get<Stock>({ tableName: 'Stock', key: stockKey })
      .execute()
    expectTypeOf(items).toEqualTypeOf<
      readonly [Order | undefined, NativeItem | undefined, Stock | undefined]
    >()
    // @ts-expect-error orderId is missing
    db.transactionRead().get({ entity: Order, key: { customerId: 'c' } })
  })

  test('given at once give one too', async () => {
    const { items } = await db.transactGet([
      { entity: Order, key },
      { tableName: 'Stock', key: stockKey },
    ])
    expectTypeOf(items).toEqualTypeOf<readonly [Order | undefined, NativeItem | undefined]>()
    const many = await db.transactGet([key].map((one) => ({ entity: Order, key: one })))
    expectTypeOf(many.items).toEqualTypeOf<readonly (Order | undefined)[]>()
  })
})

test('modify takes an item as it is read, and gives one', () => {
  const orders = db.repository(Order)
  expectTypeOf(orders.modify(key, (order) => ({ ...order, total: 2 }))).resolves.toEqualTypeOf<Order>()
  expectTypeOf(orders.modify(key, () => undefined)).resolves.toEqualTypeOf<Order>()
  void orders.modify(key, (order) => Promise.resolve(order.total > 1 ? order : undefined))
  // @ts-expect-error a total is a number
  void orders.modify(key, (order) => ({ ...order, total: '2' }))
  // @ts-expect-error an item that is missing cannot be told from one that is forgotten
  void orders.modify(key, () => null)
})
