import {
  BatchIncompleteError,
  CapacityMeter,
  ConfigurationError,
  createAdapter,
  Decimal,
  defineEntity,
  defineTable,
  type DynamoDBAdapter,
  type NativeItem,
  TableNotFoundError,
  ValidationError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ScriptedTable } from '../scripted-table.ts'
import { aCustomer, anOrder, Customer, failure, Order, ShopTable, storedItem } from './shop.ts'

interface Product {
  id: string
  n: number
  name?: string
}

const Products = defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } })
const Numbers = defineTable({
  name: 'Numbers',
  partitionKey: { name: 'id', type: 'number' },
  sortKey: { name: 'bytes', type: 'binary' },
  entityAttribute: false,
})
const Note = defineEntity({
  name: 'Note',
  table: ShopTable,
  attributes: {
    customerId: z.string(),
    noteId: z.string(),
    text: z.string().max(20).optional(),
    extra: z.any(),
  },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'NOTE#{noteId}' },
  timestamps: true,
})

let tables: TestTables
let db: DynamoDBAdapter
beforeAll(async () => {
  tables = await createTestTables(ShopTable, Products, Numbers)
  db = createAdapter({ ...tables.clientConfig, tableName: 'Products' })
})
afterAll(async () => {
  await db.close()
  await tables.drop()
})

const products = (prefix: string, count: number): Product[] =>
  Array.from({ length: count }, (_, n) => ({ id: `${prefix}${String(n)}`, n }))

describe('the adapter’s own table', () => {
  test('batchWrite and batchGet', async () => {
    const items = products('own', 60)
    expect(await db.batchWrite(items)).toEqual(items)
    const keys = [{ id: 'own59' }, { id: 'nobody' }, { id: 'own0' }, { id: 'own59' }]
    expect(await db.batchGet<Product>(keys, { consistent: true })).toEqual([
      items[59],
      undefined,
      items[0],
      items[59],
    ])
  })

  test('is needed', async () => {
    const bare = createAdapter(tables.clientConfig)
    expect(ConfigurationError.is(await failure(() => bare.batchWrite([{ id: 'x' }])))).toBe(true)
    expect(ConfigurationError.is(await failure(() => bare.batchGet([{ id: 'x' }])))).toBe(true)
    await bare.close()
  })
})

describe('an untyped table', () => {
  test('putMany, getMany and deleteMany, from any iterable', async () => {
    const table = db.table<Product>('Products')
    function* generate(): Generator<Product> {
      yield* products('generated', 130)
    }
    const stored = await table.putMany(generate())
    expect(stored).toHaveLength(130)
    const keys = stored.map(({ id }) => ({ id }))
    expect(await table.getMany(new Set(keys))).toEqual(stored)
    await table.deleteMany(keys.values())
    await table.deleteMany(keys)
    expect(await table.getMany(keys)).toEqual(keys.map(() => undefined))
  })

  test('nothing in, nothing out', async () => {
    const table = db.table('Lost')
    expect(await table.putMany([])).toEqual([])
    expect(await table.getMany([])).toEqual([])
    await table.deleteMany([])
  })

  test('of two items with one key the later wins, in any number of requests', async () => {
    const table = db.table<Product>('Products')
    const twice = [...products('twice', 40), ...products('twice', 40).map((item) => ({ ...item, n: -1 }))]
    await table.putMany(twice)
    const found = await table.getMany(twice.map(({ id }) => ({ id })))
    expect(found.map((item) => item?.n)).toEqual(twice.map(() => -1))
  })

  test('keys of numbers and bytes, a key of which is two ways the same', async () => {
    const table = db.table('Numbers')
    const items = [1, 2n ** 80n, Decimal.from('0.12345678901234567890123456789')].flatMap((id) =>
      [[0, 255], [1]].map((bytes) => ({ id, bytes: new Uint8Array(bytes) })),
    )
    await table.putMany(items)
    expect(await table.getMany(items)).toEqual(items)
    const same = [
      { bytes: new Uint8Array([1]), id: 1n },
      { id: Decimal.from('1.0'), bytes: Buffer.from([1]) },
    ]
    expect(await table.getMany(same)).toEqual([items[1], items[1]])
    await table.deleteMany([...items, ...same])
    expect(await table.getMany(items)).toEqual(items.map(() => undefined))
  })

  test.each(['decimal', 'rounded'] as const)('numbers read as %s', async (numbers) => {
    const other = createAdapter({ ...tables.clientConfig, numbers })
    const bytes = new Uint8Array([7])
    const keys = [7, 2n ** 80n, 2n ** 80n + 1n].map((id) => ({ id, bytes }))
    await other.table('Numbers').putMany(keys.map((key) => ({ ...key, name: String(key.id) })))
    const found = await other.table('Numbers').getMany(keys)
    expect(found.map((item) => item?.name)).toEqual(keys.map(({ id }) => String(id)))
    await other.table('Numbers').deleteMany(keys)
    await other.close()
  })

  test('a table prefix', async () => {
    const prefixed = createAdapter({ ...tables.clientConfig, tablePrefix: 'batch-' })
    await prefixed.tables.create(Products)
    const table = prefixed.table<Product>('Products')
    const items = products('prefixed', 30)
    await table.putMany(items)
    expect(await table.getMany(items.map(({ id }) => ({ id })))).toEqual(items)
    expect(await db.batchGet([{ id: 'prefixed0' }])).toEqual([undefined])
    await prefixed.tables.delete('Products')
    await prefixed.close()
  })

  test('ten thousand items in one call, with their capacity', async () => {
    const meter = new CapacityMeter()
    const items = products('many', 10_000)
    await db.batchWrite(items, { capacity: meter, concurrency: 8 })
    expect(meter).toMatchObject({ requests: 400, writeUnits: 10_000 })
    const found = await db.batchGet<Product>(items.map(({ id }) => ({ id })))
    expect(found).toEqual(items)
    await db.table('Products').deleteMany(items.map(({ id }) => ({ id })))
  })

  test('more than one answer can hold', async () => {
    const table = db.table('Products')
    const items = products('large', 50).map((item) => ({ ...item, name: 'x'.repeat(380_000) }))
    await table.putMany(items)
    const meter = new CapacityMeter()
    const keys = items.map(({ id }) => ({ id }))
    expect(await table.getMany(keys, { capacity: meter })).toEqual(items)
    expect(meter.requests).toBeGreaterThan(1)
    await table.deleteMany(keys)
  })

  test('a table that does not exist', async () => {
    expect(TableNotFoundError.is(await failure(() => db.table('Nowhere').getMany([{ id: 'x' }])))).toBe(true)
    expect(TableNotFoundError.is(await failure(() => db.table('Nowhere').putMany([{ id: 'x' }])))).toBe(true)
  })
})

describe('input that is refused before anything is sent', () => {
  const wrong = (value: unknown): never => value as never

  test.each<[string, (batch: DynamoDBAdapter) => Promise<unknown>, string, string]>([
    ['no iterable', (batch) => batch.table('Products').putMany(wrong({ id: 'x' })), 'items', 'batch-members'],
    ['a string', (batch) => batch.table('Products').getMany(wrong('abc')), 'keys', 'batch-members'],
    [
      'a member that is no object',
      (batch) => batch.batchWrite(wrong([{ id: 'x' }, null])),
      'items[1]',
      'batch-members',
    ],
    [
      'an item without key',
      (batch) => batch.batchWrite([{ id: 'x' }, { n: 1 }]),
      'items[1].id',
      'key-missing',
    ],
    ['an empty key', (batch) => batch.batchGet([{ id: 'x' }, { id: '' }]), 'keys[1].id', 'key-empty'],
    [
      'keys that differ',
      (batch) => batch.table('Products').deleteMany([{ id: 'x' }, { id: 'y', sk: 1 }]),
      'keys[1].sk',
      'key-attributes',
    ],
    [
      'an object that is no key',
      (batch) => batch.table('Products').deleteMany([{}]),
      'keys[0]',
      'key-attributes',
    ],
    [
      'a value that cannot be stored, in a single request',
      (batch) => batch.batchWrite([{ id: 'x' }, { id: 'y', when: { at: new Date() } }]),
      'items[1].when.at',
      'class-instance',
    ],
    [
      'a value that cannot be stored, in a later request',
      (batch) => batch.batchWrite([...products('refused', 30), { id: 'y', when: new Date() }]),
      'items[30].when',
      'class-instance',
    ],
  ])('%s', async (_, run, field, rule) => {
    const error = await failure(() => run(db))
    expect(ValidationError.is(error)).toBe(true)
    expect(error).toMatchObject({ field, rule })
    expect(await db.batchGet(products('refused', 30).map(({ id }) => ({ id })))).toEqual(
      products('refused', 30).map(() => undefined),
    )
  })

  test('a key that only DynamoDB knows to be wrong is refused by all requests alike', async () => {
    const keys = products('x', 60).map(({ id }) => ({ wrong: id }))
    expect(await failure(() => db.table('Products').deleteMany(keys))).toMatchObject({ rule: 'service' })
  })
})

describe('a repository', () => {
  test('putMany stores keys, entity name, defaults and timestamps, and gives the items back', async () => {
    const notes = tables.db.repository(Note)
    const before = Date.now()
    const inputs = Array.from({ length: 60 }, (_, at) => ({ customerId: 'many', noteId: `n${String(at)}` }))
    const stored = await notes.putMany(inputs)
    expect(stored).toHaveLength(60)
    expect(stored[0]?.createdAt.getTime()).toBeGreaterThanOrEqual(before)
    expect(stored[59]?.updatedAt).toEqual(stored[0]?.updatedAt)
    expect(stored[59]?.updatedAt).not.toBe(stored[0]?.updatedAt)
    expect(await storedItem(tables.db, Note, { pk: 'CUSTOMER#many', sk: 'NOTE#n59' })).toMatchObject({
      _entity: 'Note',
      noteId: 'n59',
      createdAt: stored[0]?.createdAt.toISOString(),
    })
    expect(await notes.getMany([...inputs].reverse())).toEqual([...stored].reverse())
    await notes.deleteMany(stored)
    expect(await notes.query().where('customerId', '=', 'many').count()).toMatchObject({ count: 0 })
  })

  test('putMany keeps the time an item was made at', async () => {
    const notes = tables.db.repository(Note)
    const [first] = await notes.putMany([{ customerId: 'kept', noteId: 'a' }])
    await new Promise((resolve) => setTimeout(resolve, 5))
    const [second] = await notes.putMany([{ ...first!, text: 'changed' }])
    expect(second?.createdAt).toEqual(first?.createdAt)
    expect(second?.updatedAt).not.toEqual(first?.updatedAt)
  })

  test('putMany refuses an entity with version, and says why', async () => {
    const orders = tables.db.repository(Order)
    const error = await failure(() => orders.putMany([anOrder.build({ customerId: 'versioned' })]))
    expect(error).toMatchObject({ code: 'Validation', rule: 'batch-version', field: 'version' })
    expect(error.message).toContain('no conditions')
    expect(await orders.query().where('customerId', '=', 'versioned').count()).toMatchObject({ count: 0 })
  })

  test('getMany and deleteMany of an entity with version', async () => {
    const orders = tables.db.repository(Order)
    const made = await Promise.all(
      [1, 2, 3].map(() => anOrder.create(tables.db, { customerId: 'manyOrders' })),
    )
    const key = { customerId: 'manyOrders', orderId: 'nothing' }
    expect(await orders.getMany([made[2]!, key, made[0]!])).toEqual([made[2], undefined, made[0]])
    await orders.deleteMany([made[0]!, key])
    expect(await orders.getMany(made, { consistent: true })).toEqual([undefined, made[1], made[2]])
  })

  test('a refused item is named by its position, and nothing is stored', async () => {
    const notes = tables.db.repository(Note)
    const good = Array.from({ length: 30 }, (_, at) => ({ customerId: 'bad', noteId: `n${String(at)}` }))
    const secret = 'hunter2'.repeat(3)
    const error = await failure(() =>
      notes.putMany([...good, { customerId: 'bad', noteId: 'x', text: secret }]),
    )
    expect(error).toMatchObject({ code: 'Validation', rule: 'schema', field: 'items[30].text' })
    expect(error.issues).toMatchObject([{ path: 'items[30].text' }])
    expect(error.message).not.toContain('hunter2')
    expect(await failure(() => notes.putMany([{ ...good[0]!, txt: 'x' } as never]))).toMatchObject({
      rule: 'unknown-attribute',
      field: 'items[0].txt',
    })
    expect(await failure(() => notes.putMany([...good, { ...good[0]!, extra: new Map() }]))).toMatchObject({
      field: 'items[30].extra',
    })
    expect(await failure(() => notes.getMany([good[0]!, { customerId: 'bad' } as never]))).toMatchObject({
      field: 'keys[1].noteId',
    })
    expect(await failure(() => notes.deleteMany([undefined as never]))).toMatchObject({ field: 'keys[0]' })
    expect(await notes.query().where('customerId', '=', 'bad').count()).toMatchObject({ count: 0 })
  })

  test('items of another entity with the same key are not given', async () => {
    const users = defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } })
    const User = defineEntity({ name: 'User', table: users, attributes: { id: z.string() } })
    await db.batchWrite([
      { id: 'user1', _entity: 'User' },
      { id: 'user2', _entity: 'Robot' },
    ])
    expect(await db.repository(User).getMany([{ id: 'user1' }, { id: 'user2' }])).toEqual([
      { id: 'user1' },
      undefined,
    ])
  })

  test('schemas that answer later are waited for, all of them before anything is sent', async () => {
    const table = new ScriptedTable()
    const later = createAdapter({ transport: table })
    const Entry = defineEntity({
      name: 'Entry',
      table: defineTable({ name: 'Later', partitionKey: { name: 'id', type: 'string' } }),
      attributes: {
        id: z.string().refine((id) => Promise.resolve(!id.startsWith('bad'))),
        n: z.number().optional(),
      },
    })
    const entries = later.repository(Entry)
    const stored = await entries.putMany([{ id: 'a' }, { id: 'b', n: 1 }])
    expect(stored).toEqual([{ id: 'a' }, { id: 'b', n: 1 }])
    expect(await entries.getMany(stored)).toEqual(stored)
    const refused = [{ id: 'c' }, { id: 'bad1' }, { id: 'bad2' }]
    expect(await failure(() => entries.putMany(refused))).toMatchObject({ field: 'items[1].id' })
    const unknown = [{ id: 'bad1' }, { id: 'c', m: 1 } as never]
    expect(await failure(() => entries.putMany(unknown))).toMatchObject({ field: 'items[1].m' })
    expect(await failure(() => entries.deleteMany(refused))).toMatchObject({ field: 'keys[1].id' })
    expect(table.requests).toHaveLength(2)
  })

  test('what is left is what was given, to be given again', async () => {
    let isFull = true
    const table = new ScriptedTable(({ members }) =>
      isFull ? members.filter(({ id }) => id === 't2' || id === 't3') : [],
    )
    const Thing = defineEntity({
      name: 'Thing',
      table: defineTable({ name: 'Things', partitionKey: { name: 'id', type: 'string' } }),
      attributes: { id: z.string(), n: z.string().transform(Number) },
    })
    const things = createAdapter({ transport: table }).repository(Thing)
    const inputs = ['0', '1', '2', '3'].map((n) => ({ id: `t${n}`, n }))
    const error = await failure(() => things.putMany(inputs as never, { maxIdleRounds: 1 }))
    const left = BatchIncompleteError.is(error) ? error.unprocessed : []
    expect(left).toEqual(inputs.slice(2))
    expect(left[0]).toBe(inputs[2])
    expect(await failure(() => things.getMany(inputs, { maxIdleRounds: 1 }))).toMatchObject({
      unprocessed: inputs.slice(2),
      processedCount: 2,
    })
    isFull = false
    await things.putMany(left as never)
    expect([...table.items.values()].map(({ n }: NativeItem) => n)).toEqual([0, 1, 2, 3])
  })

  test('defaults', async () => {
    const customers = tables.db.repository(Customer)
    const made = await customers.putMany([1, 2, 3].map(() => aCustomer.build()))
    expect(made.map(({ joinedAt }) => joinedAt instanceof Date)).toEqual([true, true, true])
    expect(await customers.getMany(made)).toEqual(made)
  })
})
