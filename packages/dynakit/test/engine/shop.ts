import { defineEntity, defineTable, type Entity, type EntityItem, epochSeconds, isoDate } from 'dynakit'
import { entityFactory } from 'dynakit/testing'
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
    address: z.object({ city: z.string(), zip: z.string().optional() }).optional(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.number() })).optional(),
    expiresAt: epochSeconds().optional(),
  },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'ORDER#{orderId}' },
  indexes: { gsi1: { partitionKey: 'TOTAL', sortKey: '{total:10}' } },
  timestamps: true,
  version: true,
})
export type Order = EntityItem<typeof Order>

export const Customer = defineEntity({
  name: 'Customer',
  table: ShopTable,
  attributes: { customerId: z.string(), name: z.string(), joinedAt: isoDate().default(() => new Date()) },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'PROFILE' },
})

const firstOrderTime = Date.parse('2026-01-01T00:00:00Z')
const hour = 3_600_000

export const anOrder = entityFactory(Order, (sequence) => ({
  customerId: 'c1',
  orderId: `o${String(sequence).padStart(4, '0')}`,
  status: 'pending',
  total: 10,
  placedAt: new Date(firstOrderTime + sequence * hour),
}))

export const aCustomer = entityFactory(Customer, (sequence) => ({
  customerId: `c${String(sequence)}`,
  name: 'Ada',
}))

/** Runs something that must fail, and gives the error. */
export async function failure(run: () => unknown): Promise<Error & Readonly<Record<string, unknown>>> {
  try {
    await run()
  } catch (error) {
    return error as Error & Record<string, unknown>
  }
  throw new Error('it did not fail')
}

/** The stored form of an item, key attributes included, read past the entity. */
export async function storedItem(
  db: { table(name: string): { get(key: Record<string, string>): Promise<unknown> } },
  entity: Entity,
  key: Record<string, string>,
): Promise<Record<string, unknown> | undefined> {
  return (await db.table(entity.table.name).get(key)) as Record<string, unknown> | undefined
}
