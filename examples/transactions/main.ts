/**
 * Transactions: an order that takes from the stock, what a cancellation says, once instead of twice, and a
 * change that nobody overtakes.
 *
 *   npm run example transactions
 */
import {
  createAdapter,
  defineEntity,
  defineTable,
  TransactionCanceledError,
  UniqueConstraintError,
} from 'dynakit'
import { startLocalEngine } from 'dynakit/testing'
import { z } from 'zod'

const Shop = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
const Customer = defineEntity({
  name: 'Customer',
  table: Shop,
  attributes: { customerId: z.string(), email: z.string(), orders: z.number().default(0) },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'PROFILE' },
  unique: { email: ['email'] },
  version: true,
})
const Order = defineEntity({
  name: 'Order',
  table: Shop,
  attributes: { customerId: z.string(), orderId: z.string(), sku: z.string() },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'ORDER#{orderId}' },
  timestamps: true,
})
const Stock = defineEntity({
  name: 'Stock',
  table: Shop,
  attributes: { sku: z.string(), count: z.number() },
  key: { partitionKey: 'STOCK#{sku}', sortKey: 'STOCK' },
})

const engine = await startLocalEngine()
const db = createAdapter(engine.clientConfig)
await db.tables.create(Shop)
await db.repository(Stock).create({ sku: 'lamp', count: 2 })

/** Needs a customer and stock; a new order has a number of its own. */
const order = (customerId: string, orderId: string) =>
  db
    .transaction()
    .check({ entity: Customer, key: { customerId } })
    .create({ entity: Order, item: { customerId, orderId, sku: 'lamp' } })
    .update({
      entity: Stock,
      key: { sku: 'lamp' },
      updates: (stock) => stock.add({ count: -1 }).where('count', '>', 0),
    })

console.log('Two customers at once, or none:')
await db
  .transaction()
  .create({ entity: Customer, item: { customerId: 'ada', email: 'ada@example.com' } })
  .create({ entity: Customer, item: { customerId: 'bob', email: 'bob@example.com' } })
  .execute()
try {
  await db
    .transaction()
    .create({ entity: Customer, item: { customerId: 'eve', email: 'eve@example.com' } })
    .update({ entity: Customer, key: { customerId: 'bob' }, updates: { email: 'ada@example.com' } })
    .execute()
} catch (error) {
  if (!UniqueConstraintError.is(error)) throw error
  console.log(
    `  ${error.constraint} is taken; eve exists: ${String(await db.repository(Customer).exists({ customerId: 'eve' }))}`,
  )
}

console.log('An order that takes from the stock, called twice with one token:')
await order('ada', '1').execute()
const count = () =>
  db
    .transaction()
    .update({ entity: Stock, key: { sku: 'lamp' }, updates: (stock) => stock.add({ count: -1 }) })
    .execute({ idempotencyToken: 'inventory-2026-01' })
await count()
await count()

console.log('What a cancellation says:')
try {
  await order('carol', '1').execute()
} catch (error) {
  if (!TransactionCanceledError.is(error)) throw error
  for (const { index, operation, entity, error: reason } of error.failures) {
    console.log(`  operation ${String(index)}, ${operation} of ${entity ?? ''}: ${reason?.code ?? ''}`)
  }
}

console.log('Everything as it is at one moment:')
const { items } = await db.transactGet([
  { entity: Customer, key: { customerId: 'ada' } },
  { entity: Order, key: { customerId: 'ada', orderId: '1' } },
  { entity: Stock, key: { sku: 'lamp' } },
])
const [ada, first, stock] = items
console.log(`  ${ada?.email ?? ''} ordered a ${first?.sku ?? ''}, ${String(stock?.count)} left`)

console.log('Ten changes of one item at the same time, none lost:')
const customers = db.repository(Customer)
await Promise.all(
  Array.from({ length: 10 }, () =>
    customers.modify({ customerId: 'ada' }, (customer) => ({ ...customer, orders: customer.orders + 1 })),
  ),
)
const changed = await customers.getOrThrow({ customerId: 'ada' })
console.log(`  ${String(changed.orders)} orders, version ${String(changed.version)}`)

await db.close()
await engine.stop()
