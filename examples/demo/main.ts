/**
 * The main job, start to end: a real DynamoDB engine, tables, entities, reads, writes and queries, each
 * query with the plan that answers it.
 *
 *   npm run demo
 */
import {
  ConditionalCheckFailedError,
  createAdapter,
  defineEntity,
  defineTable,
  type Explanation,
  isoDate,
  ItemAlreadyExistsError,
  ScanNotAllowedError,
} from 'dynakit'
import { startLocalEngine } from 'dynakit/testing'
import { z } from 'zod'

const Shop = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    byStatus: {
      type: 'global',
      partitionKey: { name: 'status', type: 'string' },
      sortKey: [
        { name: 'placedAt', type: 'string' },
        { name: 'orderId', type: 'string' },
      ],
    },
    byTotal: {
      type: 'global',
      partitionKey: { name: 'totalPk', type: 'string' },
      sortKey: { name: 'totalSk', type: 'string' },
    },
  },
})

const Customer = defineEntity({
  name: 'Customer',
  table: Shop,
  attributes: { customerId: z.string(), name: z.string() },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'PROFILE' },
  timestamps: true,
})

const Order = defineEntity({
  name: 'Order',
  table: Shop,
  attributes: {
    customerId: z.string(),
    orderId: z.string(),
    status: z.enum(['pending', 'paid', 'shipped']),
    total: z.number().nonnegative(),
    placedAt: isoDate(),
    labels: z.set(z.string()).optional(),
  },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'ORDER#{orderId}' },
  indexes: { byTotal: { partitionKey: 'TOTAL', sortKey: '{total:10}' } },
  version: true,
})

function title(text: string): void {
  console.log(`\n== ${text}`)
}

function explain(explanation: Explanation): void {
  console.log(String(explanation).replace(/^/gm, '   | '))
}

title('Start a DynamoDB engine')
const engine = await startLocalEngine()
console.log(`   ${engine.source} engine at ${engine.endpoint}`)
const db = createAdapter(engine.clientConfig)

title('Create a table with two indexes')
const { status, indexStatus } = await db.tables.create(Shop)
console.log(`   Shop is ${status}, its indexes are`, indexStatus)

title('Store entities')
const customers = db.repository(Customer)
const orders = db.repository(Order)
await customers.create({ customerId: 'ada', name: 'Ada Lovelace' })
const firstDay = Date.parse('2026-01-01T12:00:00Z')
const day = 86_400_000
for (let number = 1; number <= 12; number++) {
  await orders.create({
    customerId: number % 4 === 0 ? 'grace' : 'ada',
    orderId: `2026-${String(number).padStart(3, '0')}`,
    status: number % 3 === 0 ? 'paid' : 'pending',
    total: number * 12.5,
    placedAt: new Date(firstDay + number * day),
    labels: new Set(number % 2 === 0 ? ['gift'] : ['express', 'gift']),
  })
}
console.log('   1 customer, 12 orders')
try {
  await customers.create({ customerId: 'ada', name: 'Another Ada' })
} catch (error) {
  if (!ItemAlreadyExistsError.is(error)) throw error
  console.log(`   a second customer 'ada' is refused: ${error.code}`)
}

title('Read one')
const key = { customerId: 'ada', orderId: '2026-001' }
const order = await orders.getOrThrow(key)
console.log('  ', order)

title('Update it; the key of index byTotal follows')
const updated = await orders
  .update(key)
  .set({ status: 'paid' })
  .add({ total: 100 })
  .where('status', '=', 'pending')
  .execute()
console.log(`   status ${updated.status}, total ${String(updated.total)}, version ${String(updated.version)}`)
try {
  await orders.save({ ...order, status: 'shipped' })
} catch (error) {
  if (!ConditionalCheckFailedError.is(error)) throw error
  console.log(`   saving the order as it was read before is refused: ${error.code}`)
}

title('Orders of one customer, newest first, two pages of four')
const recent = orders
  .query()
  .where('customerId', '=', 'ada')
  .where('labels', 'contains', 'gift')
  .select('orderId', 'total')
  .descending()
explain(recent.explain())
const firstPage = await recent.paginate(4).execute()
console.log('   page 1:', firstPage.items.map((item) => item.orderId).join(', '))
const secondPage = await recent.paginate(4).after(firstPage.cursor).execute()
console.log('   page 2:', secondPage.items.map((item) => item.orderId).join(', '))

title('Pending orders since a day: an index over the entity’s own attributes')
const pending = orders
  .query()
  .where('status', '=', 'pending')
  .where('placedAt', '>=', new Date(firstDay + 6 * day))
explain(pending.explain())
for await (const item of pending.stream())
  console.log(`   ${item.placedAt.toISOString().slice(0, 10)} ${item.orderId}`)

title('The greatest totals: a padded number in a string key')
const greatest = orders.query().where('total', '>', 100).descending()
explain(greatest.explain())
const { items, capacity } = await greatest.take(3).execute()
console.log('  ', items.map((item) => item.total).join(', '), `(${String(capacity.readUnits)} read units)`)

title('A customer and the orders, in one query')
const collection = db.query(Customer, Order).where('customerId', '=', 'ada').descending()
explain(collection.explain())
for (const row of await collection.take(3).execute()) {
  console.log(row.entity === 'Customer' ? `   customer ${row.item.name}` : `   order ${row.item.orderId}`)
}

title('A query that would read the whole table is refused')
try {
  await orders.query().where('labels', 'contains', 'express').execute()
} catch (error) {
  if (!ScanNotAllowedError.is(error)) throw error
  console.log(error.message.replace(/^/gm, '   | '))
}
const express = await orders.query().where('labels', 'contains', 'express').allowScan().count()
console.log(`   with allowScan(): ${String(express.count)} of ${String(express.evaluated)} items`)

title('Without declarations: keys and indexes are read from the table')
const untyped = db.table<{ orderId: string; status: string }>('Shop').query().where('status', '=', 'paid')
explain(await untyped.explain())
console.log('  ', (await untyped.execute()).items.map((item) => item.orderId).join(', '))

title('Delete')
await orders.delete(key)
console.log('   the order is there:', await orders.exists(key))
await db.tables.delete('Shop')
console.log('   tables left:', await db.tables.list())

await db.close()
await engine.stop()
title('Done')
