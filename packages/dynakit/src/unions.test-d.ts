import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  createAdapter,
  defineEntity,
  defineTable,
  type Entity,
  type EntityItem,
  type GroupedPage,
  type NativeItem,
  type UnionBuilder,
  type UnionItem,
  type UnknownItem,
} from './index.ts'

const table = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
const Customer = defineEntity({
  name: 'Customer',
  table,
  attributes: { customerId: z.string(), name: z.string() },
  key: { partitionKey: 'C#{customerId}', sortKey: 'PROFILE' },
})
const Order = defineEntity({
  name: 'Order',
  table,
  attributes: { customerId: z.string(), orderId: z.string(), total: z.number() },
  key: { partitionKey: 'C#{customerId}', sortKey: 'O#{orderId}' },
})
type Customer = EntityItem<typeof Customer>
type Order = EntityItem<typeof Order>
const db = createAdapter()
const query = db.query(Customer, Order).where('customerId', '=', 'c')

describe('grouped', () => {
  test('each entity has its items under its name', () => {
    expectTypeOf(query.executeGrouped()).resolves.toEqualTypeOf<
      GroupedPage<{ Customer: Customer[]; Order: Order[] }>
    >()
    const page = query.descending().take(5).executeGrouped({ timeout: 100 })
    expectTypeOf<Awaited<typeof page>['items']['Order']>().toEqualTypeOf<Order[]>()
    expectTypeOf<Awaited<typeof page>['unknown']>().toEqualTypeOf<NativeItem[]>()
    expectTypeOf<Awaited<typeof page>['cursor']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Awaited<typeof page>['evaluated']>().toEqualTypeOf<number>()
    // @ts-expect-error no such entity in the query
    void page.then(({ items }) => items.Invoice)
    // @ts-expect-error a grouped page has no single order to iterate in
    void page.then((rows) => [...rows])
  })

  test('entities that are not known when the program is written', () => {
    const some = [Customer, Order] as const
    expectTypeOf(db.query(...some).executeGrouped()).resolves.toEqualTypeOf<
      GroupedPage<{ Customer: Customer[]; Order: Order[] }>
    >()
    const any = [Customer, Order] as unknown as readonly [Entity, Entity]
    expectTypeOf(db.query(...any).executeGrouped())
      .resolves.toHaveProperty('items')
      .toEqualTypeOf<Record<string, object[]>>()
  })

  test('a query for one entity has nothing to group', () => {
    // @ts-expect-error one entity
    void db.query(Customer).executeGrouped()
    // @ts-expect-error one entity
    db.query(Customer).unknownItems('raw')
  })
})

describe('unknown items', () => {
  type Known = UnionItem<readonly [typeof Customer, typeof Order]>

  test('raw adds rows without an entity', () => {
    expectTypeOf(query.unknownItems('raw').execute())
      .resolves.toHaveProperty('items')
      .toEqualTypeOf<(Known | UnknownItem)[]>()
    expectTypeOf(query.unknownItems('raw').where('customerId', 'exists').stream()).toEqualTypeOf<
      AsyncIterable<Known | UnknownItem>
    >()
    void query
      .unknownItems('raw')
      .first()
      .then((row) => {
        if (row?.entity === undefined) expectTypeOf(row?.item).toEqualTypeOf<NativeItem | undefined>()
        else if (row.entity === 'Order') expectTypeOf(row.item).toEqualTypeOf<Order>()
        else expectTypeOf(row.item).toEqualTypeOf<Customer>()
      })
  })

  test('the other choices do not, and take raw back', () => {
    expectTypeOf(query.unknownItems('throw').first()).resolves.toEqualTypeOf<Known | undefined>()
    expectTypeOf(query.unknownItems('raw').unknownItems('skip').first()).resolves.toEqualTypeOf<
      Known | undefined
    >()
    // @ts-expect-error no such choice
    query.unknownItems('ignore')
  })
})

test('a union can be named, such as by a function that gives one', () => {
  const of = (customerId: string): UnionBuilder<readonly [typeof Customer, typeof Order]> =>
    db.query(Customer, Order).where('customerId', '=', customerId)
  expectTypeOf(of('c').executeGrouped()).resolves.toHaveProperty('items')
})
