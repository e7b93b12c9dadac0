import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  type BatchGetResult,
  type BatchWriteResult,
  createAdapter,
  defineEntity,
  defineTable,
  type EntityItem,
  type EntityKey,
  type NativeItem,
} from './index.ts'

const table = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
const Product = defineEntity({
  name: 'Product',
  table,
  attributes: { id: z.string(), shop: z.string(), price: z.number(), unit: z.string().default('piece') },
  key: { partitionKey: 'S#{shop}', sortKey: 'P#{id}' },
})
type Product = EntityItem<typeof Product>
interface Row {
  id: string
  price: number
}
const db = createAdapter()
const products = db.repository(Product)
const rows = db.table<Row>('Rows')

describe('a repository', () => {
  const key = { shop: 's', id: 'p' }

  test('getMany gives an item or undefined for each key', () => {
    expectTypeOf(products.getMany([key])).resolves.toEqualTypeOf<(Product | undefined)[]>()
    expectTypeOf(products.getMany(new Set([key]), { consistent: true })).resolves.toBeArray()
    // @ts-expect-error id is missing
    void products.getMany([{ shop: 's' }])
    // @ts-expect-error a number is no id
    void products.getMany([{ shop: 's', id: 1 }])
    // @ts-expect-error one key is no iterable of keys
    void products.getMany(key)
  })

  test('putMany takes inputs and items, and gives items', () => {
    expectTypeOf(products.putMany([{ ...key, price: 1 }])).resolves.toEqualTypeOf<Product[]>()
    void products.putMany(([] as Product[]).values(), { concurrency: 2, timeout: 1000 })
    // @ts-expect-error price is missing
    void products.putMany([key])
    // @ts-expect-error a price is a number
    void products.putMany([{ ...key, price: '1' }])
    // @ts-expect-error there are no conditions
    void products.putMany([{ ...key, price: 1 }], { where: () => undefined })
  })

  test('deleteMany takes keys, and items for their keys', () => {
    expectTypeOf(products.deleteMany([key])).resolves.toEqualTypeOf<void>()
    void products.deleteMany([] as Product[])
    // @ts-expect-error id is missing
    void products.deleteMany([{ shop: 's' }])
  })
})

test('what is left', () => {
  const key = { shop: 's', id: 'p' }
  const partial = { partial: true } as const
  expectTypeOf(products.getMany([key], partial)).resolves.toEqualTypeOf<
    BatchGetResult<Product, EntityKey<typeof Product>>
  >()
  expectTypeOf(products.putMany([{ ...key, price: 1 }], partial)).resolves.toHaveProperty('unprocessed')
  expectTypeOf(products.deleteMany([key], partial)).resolves.toEqualTypeOf<
    BatchWriteResult<EntityKey<typeof Product>>
  >()
  expectTypeOf(rows.getMany([{ id: 'x' }], partial)).resolves.toEqualTypeOf<BatchGetResult<Row, NativeItem>>()
  expectTypeOf(rows.putMany([{ id: 'x', price: 1 }], partial)).resolves.toEqualTypeOf<BatchWriteResult<Row>>()
})

test('items that come one by one', () => {
  async function* come(): AsyncGenerator<Row> {
    await Promise.resolve()
    yield { id: 'x', price: 1 }
  }
  expectTypeOf(rows.putMany(come())).resolves.toEqualTypeOf<BatchWriteResult<Row>>()
  expectTypeOf(db.batchWrite(come())).resolves.toEqualTypeOf<BatchWriteResult<Row>>()
  expectTypeOf(rows.getMany([{ id: 'x' }].values())).resolves.toEqualTypeOf<(Row | undefined)[]>()
  // @ts-expect-error these are no products
  void products.putMany(come())
})

describe('several entities and tables', () => {
  const key = { shop: 's', id: 'p' }
  const Shelf = defineEntity({
    name: 'Shelf',
    table,
    attributes: { shop: z.string(), number: z.number() },
    key: { partitionKey: 'S#{shop}', sortKey: 'H#{number}' },
  })
  type Shelf = EntityItem<typeof Shelf>

  test('batchGet gives each its type', () => {
    expectTypeOf(
      db.batchGet([
        { entity: Product, key },
        { entity: Shelf, key: { shop: 's', number: 1 } },
        { table: 'Rows', key: { id: 'x' } },
      ]),
    ).resolves.toEqualTypeOf<[Product | undefined, Shelf | undefined, NativeItem | undefined]>()
    expectTypeOf(
      db.batchGet(['p', 'q'].map((id) => ({ entity: Product, key: { shop: 's', id } }))),
    ).resolves.toEqualTypeOf<(Product | undefined)[]>()
    // @ts-expect-error a shelf has a number
    void db.batchGet([{ entity: Shelf, key }])
  })

  test('batchWrite checks each by its entity', () => {
    expectTypeOf(
      db.batchWrite([
        { entity: Product, put: { ...key, price: 1 } },
        { entity: Product, delete: key },
        { entity: Shelf, delete: { shop: 's', number: 1 } },
        { table: 'Rows', put: { id: 'x', price: 1 } },
      ]),
    ).resolves.toHaveProperty('processedCount')
    // @ts-expect-error price is missing
    void db.batchWrite([{ entity: Product, put: key }])
    // @ts-expect-error a shelf has a number
    void db.batchWrite([{ entity: Shelf, delete: key }])
  })

  test('a loader gives what get gives', () => {
    const loader = products.loader({ consistent: true })
    expectTypeOf(loader.get(key)).resolves.toEqualTypeOf<Product | undefined>()
    // @ts-expect-error id is missing
    void loader.get({ shop: 's' })
  })
})

test('an untyped table', () => {
  expectTypeOf(rows.getMany([{ id: 'x' }])).resolves.toEqualTypeOf<(Row | undefined)[]>()
  expectTypeOf(rows.putMany([{ id: 'x', price: 1 }])).resolves.toEqualTypeOf<Row[]>()
  // @ts-expect-error price is missing
  void rows.putMany([{ id: 'x' }])
  // @ts-expect-error a Date cannot be in a key
  void rows.deleteMany([{ id: new Date() }])
})

test('the adapter’s own table', () => {
  expectTypeOf(db.batchGet([{ id: 'x' }])).resolves.toEqualTypeOf<(NativeItem | undefined)[]>()
  expectTypeOf(db.batchGet<Row>([{ id: 'x' }])).resolves.toEqualTypeOf<(Row | undefined)[]>()
  expectTypeOf(db.batchWrite([{ id: 'x', price: 1 }])).resolves.toEqualTypeOf<Row[]>()
  // @ts-expect-error one item is no iterable of items
  void db.batchWrite({ id: 'x' })
})
