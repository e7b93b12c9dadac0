import { createAdapter, defineEntity, defineTable, epochSeconds, isoDate, type EntityItem } from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

export const ShopTable = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    byStatus: {
      type: 'global',
      projection: 'all',
      partitionKey: [{ name: 'status', type: 'string' }],
      sortKey: [
        { name: 'placedAt', type: 'string' },
        { name: 'orderId', type: 'string' },
      ],
    },
    gsi1: {
      type: 'global',
      projection: 'all',
      partitionKey: { name: 'gsi1pk', type: 'string' },
      sortKey: { name: 'gsi1sk', type: 'string' },
    },
  },
  timeToLive: 'expiresAt',
  stream: 'new-and-old-images',
})

export const Order = defineEntity({
  name: 'Order',
  table: ShopTable,
  attributes: {
    customerId: z.string(),
    orderId: z.string(),
    status: z.enum(['pending', 'paid', 'shipped']),
    total: z.number().nonnegative(),
    placedAt: isoDate(),
    labels: z.set(z.string()).optional(),
    expiresAt: epochSeconds().optional(),
  },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'ORDER#{orderId}' },
  indexes: { gsi1: { partitionKey: 'TOTAL', sortKey: '{total:10}' } },
  timestamps: true,
  version: true,
})
type Order = EntityItem<typeof Order>

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(ShopTable)
})
afterAll(async () => {
  await tables.drop()
})

test('contract', async () => {
  const { db } = tables
  const orders = db.repository(Order)
  const customerId = 'c1'
  const lastWeek = new Date(Date.now() - 7 * 864e5)
  const made = await orders.create({
    customerId,
    orderId: 'o1',
    status: 'pending',
    total: 12.5,
    placedAt: new Date(),
  })
  console.log(made)
  console.log(await orders.get({ customerId, orderId: 'o1' }))
  console.log(
    await orders
      .update({ customerId, orderId: 'o1' })
      .set({ status: 'paid' })
      .add({ total: 5 })
      .where('status', '=', 'pending')
      .execute(),
  )
  const recent = await orders
    .query()
    .where('customerId', '=', customerId)
    .where((e) => e.or([e('placedAt', '>=', lastWeek), e('status', '=', 'pending')]))
    .select('orderId', 'total')
    .descending()
    .take(20)
    .execute()
  console.log(recent)
  for await (const order of orders.query().where('status', '=', 'paid').stream()) console.log(order)
  console.log(String(orders.query().where('status', '=', 'pending').explain()))
  console.log(String(orders.query().where('total', '>', 3).explain()))
  console.log(await orders.query().where('total', '>', 3).count())
  try {
    orders.query().where('labels', 'contains', 'x').index('nope').explain()
  } catch (e) {
    console.log(e)
  }
  try {
    db.query(Order).where('orderId', '=', 'x').where('labels', 'contains', 'q').consistent().explain()
  } catch (e) {
    console.log((e as Error).message)
  }
  await expect(
    orders.create({ customerId, orderId: 'o1', status: 'pending', total: 12.5, placedAt: new Date() }),
  ).rejects.toThrow('exists already')
})
