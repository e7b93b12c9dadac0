import {
  CapacityMeter,
  ConditionalCheckFailedError,
  ConfigurationError,
  createAdapter,
  Decimal,
  defineTable,
  DynamoDBAdapter,
  ItemAlreadyExistsError,
  ItemNotFoundError,
  type NativeItem,
  TableNotFoundError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure } from './shop.ts'

interface Product {
  id: string
  category: string
  name: string
  price: number
  stock?: number
  tags?: Set<string>
  details?: { color: string; weight?: number }
}

const Products = defineTable({
  name: 'Products',
  partitionKey: { name: 'id', type: 'string' },
  indexes: {
    byCategory: {
      type: 'global',
      partitionKey: { name: 'category', type: 'string' },
      sortKey: { name: 'price', type: 'number' },
    },
  },
})

let tables: TestTables
let db: DynamoDBAdapter
beforeAll(async () => {
  tables = await createTestTables(Products)
  db = createAdapter({ ...tables.clientConfig, tableName: 'Products' })
  for (const [at, name] of ['Lamp', 'Phone', 'Cable', 'Book'].entries()) {
    await db.put<Product>({
      id: `p${String(at)}`,
      category: name === 'Book' ? 'books' : 'electronics',
      name,
      price: (at + 1) * 100,
    })
  }
})
afterAll(async () => {
  await db.close()
  await tables.drop()
})

test('a query finds keys and indexes by itself, asking DynamoDB for them once', async () => {
  const meter = new CapacityMeter()
  const query = () =>
    db
      .query<Product>()
      .where('category', '=', 'electronics')
      .where('price', '<', 1000)
      .select('id', 'name', 'price')
      .paginate(2)
  const page = await query().execute({ capacity: meter })
  expect(page.items).toEqual([
    { id: 'p0', name: 'Lamp', price: 100 },
    { id: 'p1', name: 'Phone', price: 200 },
  ])
  expect((await query().after(page.cursor).execute({ capacity: meter })).items).toEqual([
    { id: 'p2', name: 'Cable', price: 300 },
  ])
  expect(meter.requests).toBe(2)
  expect(await query().explain()).toMatchObject({ operation: 'Query', indexName: 'byCategory' })
  expect(await db.query<Product>().where('category', '=', 'electronics').first()).toMatchObject({
    name: 'Lamp',
  })
  expect(await db.query<Product>().where('id', '=', 'p3').first()).toMatchObject({ name: 'Book' })
})

test('put, get, exists, delete', async () => {
  const product = {
    id: 'x',
    category: 'c',
    name: 'X',
    price: 1,
    tags: new Set(['a']),
    details: { color: 'red' },
  }
  expect(await db.put(product)).toBe(product)
  expect(await db.get<Product>({ id: 'x' })).toEqual(product)
  expect(await db.getOrThrow<Product>({ id: 'x' }, { consistent: true })).toEqual(product)
  expect(await db.exists({ id: 'x' })).toBe(true)
  await db.delete({ id: 'x' })
  expect(await db.get({ id: 'x' })).toBeUndefined()
  expect(await db.exists({ id: 'x' })).toBe(false)
  expect(ItemNotFoundError.is(await failure(() => db.getOrThrow({ id: 'x' })))).toBe(true)
})

test('create refuses a taken key', async () => {
  await db.create({ id: 'new', n: 1 })
  expect(ItemAlreadyExistsError.is(await failure(() => db.create({ id: 'new', n: 2 })))).toBe(true)
})

test('conditions', async () => {
  const products = db.table<Product>('Products')
  await products.put({ id: 'c', category: 'c', name: 'C', price: 5 })
  const wrong = {
    where: (e: Parameters<NonNullable<NonNullable<Parameters<typeof products.put>[1]>['where']>>[0]) =>
      e('price', '>', 10),
  }
  expect(
    ConditionalCheckFailedError.is(
      await failure(() => products.put({ id: 'c', category: 'c', name: 'D', price: 6 }, wrong)),
    ),
  ).toBe(true)
  const error = await failure(() =>
    products.delete({ id: 'c' }, { ...wrong, returnItemOnConditionFailure: true }),
  )
  expect(error.item).toMatchObject({ name: 'C' })
  expect(await products.deleteAndReturn({ id: 'c' }, { where: (e) => e('price', '=', 5) })).toMatchObject({
    name: 'C',
  })
})

describe('update', () => {
  test('changes what it says and gives the item back', async () => {
    await db.put<Product>({ id: 'u', category: 'c', name: 'U', price: 5, stock: 3, tags: new Set(['a']) })
    const after = await db
      .update<Product>({ id: 'u' })
      .set({ name: 'V', 'details.color': 'red' })
      .createParents()
      .add({ stock: -1, tags: ['b'] })
      .remove('category')
      .where('stock', '>', 0)
      .execute()
    expect(after).toEqual({
      id: 'u',
      name: 'V',
      price: 5,
      stock: 2,
      tags: new Set(['a', 'b']),
      details: { color: 'red' },
    })
  })

  test('needs the item, unless it may be made', async () => {
    expect(
      ItemNotFoundError.is(
        await failure(() => db.update<Product>({ id: 'none' }).add({ stock: 1 }).execute()),
      ),
    ).toBe(true)
    expect(await db.update<Product>({ id: 'none' }).add({ stock: 1 }).createIfMissing().execute()).toEqual({
      id: 'none',
      stock: 1,
    })
    expect(await failure(() => db.update({ id: 'none' }).execute())).toMatchObject({ rule: 'empty-update' })
  })

  test('under a condition that is false', async () => {
    await db.put<Product>({ id: 'w', category: 'c', name: 'W', price: 5 })
    const error = await failure(() =>
      db
        .update<Product>({ id: 'w' })
        .set({ price: 6 })
        .where('name', '=', 'X')
        .returnItemOnConditionFailure()
        .execute(),
    )
    expect(ConditionalCheckFailedError.is(error)).toBe(true)
    expect(error.item).toMatchObject({ name: 'W' })
  })
})

test('attribute names with dots, brackets and reserved words', async () => {
  const item: NativeItem = {
    id: 'names',
    category: 'odd',
    price: 1,
    'a.b': 1,
    'c[0]': 'x',
    name: 'reserved',
    size: 2,
    'with space': { 'x.y': 3 },
  }
  await db.put(item)
  const query = db
    .query()
    .where('category', '=', 'odd')
    .where(String.raw`a\.b`, '=', 1)
    .where(String.raw`c\[0\]`, '=', 'x')
    .where('size', '=', 2)
    .where(String.raw`with space.x\.y`, '=', 3)
  expect((await query.execute()).items).toEqual([item])
  expect((await query.select(String.raw`a\.b`, 'name').execute()).items).toEqual([
    { 'a.b': 1, name: 'reserved' },
  ])
})

test('numbers are exact, or as asked for', async () => {
  const digits = '12345678901234567890.123456789'
  await db.put({ id: 'numbers', exact: Decimal.from(digits), big: 2n ** 64n, small: 1 })
  expect(await db.get({ id: 'numbers' })).toEqual({
    id: 'numbers',
    exact: Decimal.from(digits),
    big: 2n ** 64n,
    small: 1,
  })
  const decimals = createAdapter({ ...tables.clientConfig, tableName: 'Products', numbers: 'decimal' })
  expect(await decimals.get({ id: 'numbers' })).toMatchObject({ small: Decimal.from(1) })
  const rounded = createAdapter({ ...tables.clientConfig, tableName: 'Products', numbers: 'rounded' })
  expect(await rounded.get({ id: 'numbers' })).toMatchObject({ big: 2 ** 64, exact: Number(digits) })
  await decimals.close()
  await rounded.close()
})

test('a declared table saves the question, and may be passed in place of a name', async () => {
  const declared = new DynamoDBAdapter({ ...tables.clientConfig, table: Products })
  expect(await declared.query<Product>().where('category', '=', 'books').first()).toMatchObject({
    name: 'Book',
  })
  expect(await declared.table<Product>(Products).get({ id: 'p3' })).toMatchObject({ name: 'Book' })
  await declared.close()
})

test('values that cannot be stored are refused with their path', async () => {
  expect(await failure(() => db.put({ id: 'bad', a: { b: [Number.NaN] } }))).toMatchObject({
    code: 'Validation',
    field: 'a.b[0]',
  })
  expect(
    await failure(() =>
      db
        .query()
        .where('id', '=', new Date() as never)
        .execute(),
    ),
  ).toMatchObject({ field: 'id', rule: 'class-instance' })
  expect(await failure(() => db.delete({ id: Number.NaN }))).toMatchObject({ field: 'id' })
})

test('a table that does not exist is asked for again later', async () => {
  const later = db.table('Later')
  expect(TableNotFoundError.is(await failure(() => later.query().where('id', '=', 'x').execute()))).toBe(true)
  const Later = defineTable({ name: 'Later', partitionKey: { name: 'id', type: 'string' } })
  await db.tables.create(Later)
  expect((await later.query().where('id', '=', 'x').execute()).items).toEqual([])
  await db.tables.delete('Later')
})

test('an adapter without a table says what to do', async () => {
  expect(ConfigurationError.is(await failure(() => tables.db.get({ id: 'x' })))).toBe(true)
  expect(ConfigurationError.is(await failure(() => tables.db.query()))).toBe(true)
})

test('capacity by index, or none at all', async () => {
  const detailed = createAdapter({ ...tables.clientConfig, table: Products, capacityDetail: 'indexes' })
  const meter = new CapacityMeter()
  await detailed.put({ id: 'metered', category: 'c', price: 1 }, { capacity: meter })
  expect(Object.fromEntries(meter.byResource)).toEqual({ Products: 1, 'Products/byCategory': 1 })
  expect(meter).toMatchObject({ writeUnits: 2, readUnits: 0, requests: 1 })
  const blind = createAdapter({ ...tables.clientConfig, table: Products, capacityDetail: 'none' })
  const none = new CapacityMeter()
  await blind.get({ id: 'metered' }, { capacity: none })
  expect(none).toMatchObject({ readUnits: 0, requests: 1 })
  await detailed.close()
  await blind.close()
})
