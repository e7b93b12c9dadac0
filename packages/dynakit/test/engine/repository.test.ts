import {
  ConditionalCheckFailedError,
  createAdapter,
  defineEntity,
  defineTable,
  ItemAlreadyExistsError,
  ItemNotFoundError,
  type QueryBuilder,
  Repository,
  ValidationError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { anOrder, Customer, failure, Order, ShopTable, storedItem } from './shop.ts'

const Users = defineTable({ name: 'Users', partitionKey: { name: 'id', type: 'string' } })
const User = defineEntity({
  name: 'User',
  table: Users,
  attributes: { id: z.string(), name: z.string(), role: z.string().default('reader') },
})
const Counters = defineTable({
  name: 'Counters',
  partitionKey: { name: 'id', type: 'number' },
  sortKey: { name: 'bytes', type: 'binary' },
  entityAttribute: false,
})
const Counter = defineEntity({
  name: 'Counter',
  table: Counters,
  attributes: { id: z.bigint(), bytes: z.instanceof(Uint8Array), value: z.bigint() },
})

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(ShopTable, Users, Counters)
})
afterAll(() => tables.drop())

describe('create', () => {
  test('stores an item with keys, entity name, timestamps and version, and gives it back as it will be read', async () => {
    const orders = tables.db.repository(Order)
    const before = Date.now()
    const created = await orders.create(
      anOrder.build({ customerId: 'create', orderId: 'o1', labels: new Set(['new']) }),
    )
    expect(created).toMatchObject({
      customerId: 'create',
      status: 'pending',
      version: 1,
      labels: new Set(['new']),
    })
    expect(created.createdAt.getTime()).toBeGreaterThanOrEqual(before)
    expect(created.updatedAt).toEqual(created.createdAt)
    expect(await orders.get({ customerId: 'create', orderId: 'o1' })).toEqual(created)
    expect(await storedItem(tables.db, Order, { pk: 'CUSTOMER#create', sk: 'ORDER#o1' })).toMatchObject({
      _entity: 'Order',
      gsi1pk: 'TOTAL',
      gsi1sk: '0000000010',
      createdAt: created.createdAt.toISOString(),
    })
  })

  test('refuses an item whose key is taken', async () => {
    const orders = tables.db.repository(Order)
    const input = anOrder.build({ customerId: 'twice' })
    await orders.create(input)
    const error = await failure(() => orders.create({ ...input, total: 99 }))
    expect(ItemAlreadyExistsError.is(error)).toBe(true)
    expect(error).toMatchObject({ operation: 'PutItem', tableName: 'Shop' })
    expect((await orders.getOrThrow(input)).total).toBe(10)
  })

  test('refuses what the schema refuses, and unknown fields, before anything is sent', async () => {
    const orders = tables.db.repository(Order)
    const wrong = await failure(() => orders.create(anOrder.build({ customerId: 'bad', total: -1 })))
    expect(wrong).toMatchObject({ code: 'Validation', field: 'total', valueType: 'number', rule: 'schema' })
    const unknown = await failure(() =>
      orders.create({ ...anOrder.build({ customerId: 'bad' }), totl: 1 } as never),
    )
    expect(unknown).toMatchObject({ rule: 'unknown-attribute', field: 'totl' })
    const page = await orders.query().where('customerId', '=', 'bad').execute()
    expect(page.items).toEqual([])
  })

  test('adds defaults', async () => {
    const users = tables.db.repository(User)
    expect(await users.create({ id: 'defaults', name: 'Ada' })).toEqual({
      id: 'defaults',
      name: 'Ada',
      role: 'reader',
    })
  })
})

describe('get', () => {
  test('gives undefined for an item that is not there, getOrThrow an error without values', async () => {
    const orders = tables.db.repository(Order)
    const key = { customerId: 'nobody-secret', orderId: 'nothing' }
    expect(await orders.get(key)).toBeUndefined()
    const error = await failure(() => orders.getOrThrow(key))
    expect(ItemNotFoundError.is(error)).toBe(true)
    expect(error.message).not.toContain('secret')
    expect(await orders.exists(key)).toBe(false)
  })

  test('exists, consistent reads and findById', async () => {
    const users = tables.db.repository(User)
    await users.put({ id: 'u1', name: 'Ada' })
    expect(await users.exists({ id: 'u1' })).toBe(true)
    expect(await users.get({ id: 'u1' }, { consistent: true })).toMatchObject({ name: 'Ada' })
    expect(await users.findById('u1')).toMatchObject({ name: 'Ada' })
    expect(await users.findById({ id: 'u1' })).toMatchObject({ name: 'Ada' })
    expect(await users.findById('u2')).toBeUndefined()
    const [only] = await users.findAll({ id: 'u1', role: undefined })
    expect(only).toMatchObject({ name: 'Ada' })
  })

  test('an item of another entity with the same key is not given', async () => {
    await tables.db.table('Users').put({ id: 'other', _entity: 'Robot' })
    const users = tables.db.repository(User)
    expect(await users.get({ id: 'other' })).toBeUndefined()
    expect(await users.exists({ id: 'other' })).toBe(false)
    expect(await users.query().where('id', '=', 'other').first()).toBeUndefined()
  })

  test('big integers and binary keys come back as they were stored (electrodb#386)', async () => {
    const counters = tables.db.repository(Counter)
    const small = { id: 5n, bytes: new Uint8Array([0, 255]), value: 7n }
    const large = { id: 2n ** 80n, bytes: new Uint8Array([1]), value: -(2n ** 70n) }
    for (const counter of [small, large]) {
      await counters.create(counter)
      expect(await counters.get(counter)).toEqual(counter)
      const page = await counters
        .query()
        .where('id', '=', counter.id)
        .where('value', '<=', counter.value)
        .execute()
      expect(page.items).toEqual([counter])
    }
    const page = await counters.query().allowScan().pageSize(1).take(1).execute()
    const rest = await counters.query().allowScan().after(page.cursor).execute()
    expect([...page, ...rest].map((counter) => counter.id).sort()).toEqual([5n, 2n ** 80n].sort())
  })
})

describe('put', () => {
  test('replaces an item under the version it was read with', async () => {
    const orders = tables.db.repository(Order)
    const first = await orders.put(anOrder.build({ customerId: 'put', orderId: 'o1' }))
    expect(first.version).toBe(1)
    const second = await orders.save({ ...first, status: 'paid' })
    expect(second).toMatchObject({ version: 2, status: 'paid', createdAt: first.createdAt })
    const stale = await failure(() => orders.save({ ...first, status: 'shipped' }))
    expect(ConditionalCheckFailedError.is(stale)).toBe(true)
    expect(await orders.get(first)).toEqual(second)
  })

  test('of an item without version does not overwrite a stored one', async () => {
    const orders = tables.db.repository(Order)
    const input = anOrder.build({ customerId: 'put', orderId: 'o2' })
    await orders.put(input)
    expect(ConditionalCheckFailedError.is(await failure(() => orders.put(input)))).toBe(true)
    expect(await failure(() => orders.put({ ...input, version: 1.5 }))).toMatchObject({ rule: 'version' })
  })

  test('under a condition, with the stored item in the error when asked for', async () => {
    const users = tables.db.repository(User)
    await users.put({ id: 'conditional', name: 'Ada' })
    const write = (options: object) =>
      users.put({ id: 'conditional', name: 'Bob' }, { where: (e) => e('name', '=', 'Eve'), ...options })
    expect((await failure(() => write({}))).item).toBeUndefined()
    const error = await failure(() => write({ returnItemOnConditionFailure: true }))
    expect(error.item).toEqual({ id: 'conditional', name: 'Ada', role: 'reader' })
    await users.put({ id: 'conditional', name: 'Bob' }, { where: (e) => e('name', '=', 'Ada') })
    expect((await users.getOrThrow({ id: 'conditional' })).name).toBe('Bob')
  })
})

describe('delete', () => {
  test('removes an item, and does not mind a missing one', async () => {
    const users = tables.db.repository(User)
    await users.put({ id: 'gone', name: 'Ada' })
    await users.delete({ id: 'gone' })
    await users.delete({ id: 'gone' })
    expect(await users.exists({ id: 'gone' })).toBe(false)
  })

  test('gives the item back when asked for', async () => {
    const users = tables.db.repository(User)
    await users.put({ id: 'given', name: 'Ada' })
    expect(await users.deleteAndReturn({ id: 'given' })).toMatchObject({ name: 'Ada' })
    expect(await users.deleteAndReturn({ id: 'given' })).toBeUndefined()
  })

  test('under a condition', async () => {
    const users = tables.db.repository(User)
    await users.put({ id: 'kept', name: 'Ada' })
    const error = await failure(() =>
      users.delete(
        { id: 'kept' },
        { where: (e) => e('name', '=', 'Eve'), returnItemOnConditionFailure: true },
      ),
    )
    expect(ConditionalCheckFailedError.is(error)).toBe(true)
    expect(error.item).toMatchObject({ name: 'Ada' })
    expect(await users.exists({ id: 'kept' })).toBe(true)
  })
})

describe('a repository of one’s own', () => {
  class CustomerRepository extends Repository<typeof Customer> {
    named(
      customerId: string,
      name: string,
    ): QueryBuilder<{ customerId: string; name: string; joinedAt: Date }> {
      return this.query().where('customerId', '=', customerId).where('name', '=', name)
    }
  }

  test('is made by the adapter or with new', async () => {
    const customers = tables.db.repository(Customer, CustomerRepository)
    await customers.create({ customerId: 'own', name: 'Ada' })
    expect(await customers.named('own', 'Ada').first()).toMatchObject({ name: 'Ada' })
    expect(await new CustomerRepository(tables.db, Customer).named('own', 'Eve').first()).toBeUndefined()
  })
})

test('validators that answer later are waited for', async () => {
  const Later = defineTable({ name: 'Later', partitionKey: { name: 'id', type: 'string' } })
  const Entry = defineEntity({
    name: 'Entry',
    table: Later,
    attributes: { id: z.string().refine((id) => Promise.resolve(id !== 'bad')), note: z.string().optional() },
  })
  await tables.db.tables.create(Later)
  const entries = tables.db.repository(Entry)
  await entries.create({ id: 'good' })
  expect(await entries.get({ id: 'good' })).toEqual({ id: 'good' })
  expect(await entries.update({ id: 'good' }).set({ note: 'x' }).execute()).toEqual({ id: 'good', note: 'x' })
  await entries.delete({ id: 'good' })
  expect(ValidationError.is(await failure(() => entries.create({ id: 'bad' })))).toBe(true)
  await tables.db.tables.delete('Later')
})

test('a table prefix is put before every name, and stays out of errors and definitions', async () => {
  const db = createAdapter({ ...tables.clientConfig, tablePrefix: 'staging-' })
  await db.tables.create(Users)
  expect(await db.tables.list()).toContain('staging-Users')
  await db.repository(User).create({ id: 'prefixed', name: 'Ada' })
  expect(await db.table('Users').query().where('id', '=', 'prefixed').first()).toMatchObject({ name: 'Ada' })
  expect(await tables.db.repository(User).get({ id: 'prefixed' })).toBeUndefined()
  await db.tables.delete('Users')
  expect(await db.tables.exists('Users')).toBe(false)
  await db.close()
})
