import {
  createAdapter,
  defineEntity,
  defineTable,
  type NativeItem,
  type OperationName,
  type TransactionBuilder,
  TransactionCanceledError,
  type TransactionPart,
  type WireInput,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { interposed, once, recorded } from './interposed.ts'
import { anOrder, Customer, failure, Order, ShopTable, storedItem } from './shop.ts'

const Plain = defineTable({ name: 'Plain', partitionKey: { name: 'id', type: 'string' } })
const Accounts = defineTable({
  name: 'Accounts',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
const User = defineEntity({
  name: 'User',
  table: Accounts,
  attributes: { id: z.string(), email: z.string().optional(), note: z.string().optional() },
  key: { partitionKey: 'USER#{id}', sortKey: 'USER' },
  unique: { email: ['email'] },
})
const Paper = defineEntity({
  name: 'Paper',
  table: Accounts,
  attributes: { id: z.string(), title: z.string() },
  key: { partitionKey: 'PAPER#{id}', sortKey: 'PAPER' },
  softDelete: true,
})

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(ShopTable, Plain, Accounts)
})
afterAll(() => tables.drop())

const orders = () => tables.db.repository(Order)
const users = () => tables.db.repository(User)
const papers = () => tables.db.repository(Paper)
const plain = () => tables.db.table('Plain')
const id = (): string => randomUUID()
const keyOf = ({ customerId, orderId }: { customerId: string; orderId: string }) => ({ customerId, orderId })

describe('a transaction', () => {
  test('carries out all of its operations, typed and untyped', async () => {
    const order = anOrder.build({ customerId: id() })
    const paid = await orders().create(anOrder.build({ customerId: id() }))
    const [stock, cart, open] = [id(), id(), id()]
    await plain().put({ id: stock, count: 3 })
    await plain().put({ id: cart })
    await plain().put({ id: open, isOpen: true })
    const { items, capacity } = await tables.db
      .transaction()
      .create({ entity: Order, item: order })
      .update({ entity: Order, key: keyOf(paid), updates: { status: 'paid' } })
      .update({ tableName: 'Plain', key: { id: stock }, updates: (item) => item.add({ count: -1 }) })
      .delete({ tableName: 'Plain', key: { id: cart } })
      .check({ tableName: 'Plain', key: { id: open }, where: (e) => e('isOpen', '=', true) })
      .put({ tableName: 'Plain', item: { id: `${cart}-2`, was: cart } })
      .execute()
    expect(items[0]).toMatchObject({ ...order, version: 1 })
    expect(await orders().get(keyOf(order))).toEqual(items[0])
    expect(items.slice(1)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      { id: `${cart}-2`, was: cart },
    ])
    expect(await orders().get(keyOf(paid))).toMatchObject({ status: 'paid', version: 2 })
    expect(await plain().get({ id: stock })).toEqual({ id: stock, count: 2 })
    expect(await plain().get({ id: cart })).toBeUndefined()
    expect(await plain().get({ id: `${cart}-2` })).toBeDefined()
    expect(capacity.writeUnits).toBeGreaterThan(0)
  })

  test('that is cancelled writes nothing, and says why each operation failed, with hashed keys and without values', async () => {
    const [there, other] = [
      anOrder.build({ customerId: id() }),
      anOrder.build({ customerId: id(), total: 77 }),
    ]
    await orders().create(there)
    await orders().create(other)
    const fresh = anOrder.build({ customerId: id() })
    const missing = `missing-${id()}`
    const error = await failure(() =>
      tables.db
        .transaction()
        .put({ entity: Order, item: fresh })
        .create({ entity: Order, item: there })
        .update({ tableName: 'Plain', key: { id: missing }, updates: { x: 1 } })
        .check({
          entity: Order,
          key: keyOf(other),
          where: (e) => e('status', '=', 'paid'),
          returnItemOnConditionFailure: true,
        })
        .execute(),
    )
    if (!TransactionCanceledError.is(error)) throw error
    expect(error).toMatchObject({ isConditionFailure: true, isConflict: false, retryable: false })
    expect(error.reasons.map(({ code }) => code)).toEqual([
      'None',
      'ConditionalCheckFailed',
      'ConditionalCheckFailed',
      'ConditionalCheckFailed',
    ])
    const [first, second, third] = error.failures
    expect(first).toMatchObject({ index: 1, operation: 'create', entity: 'Order', tableName: 'Shop' })
    expect(first?.error?.code).toBe('ItemAlreadyExists')
    expect(second).toMatchObject({ index: 2, operation: 'update', entity: undefined, tableName: 'Plain' })
    expect(second?.error?.code).toBe('ItemNotFound')
    expect(second?.key).toEqual({ id: missing })
    expect(third).toMatchObject({ index: 3, operation: 'check', code: 'ConditionalCheckFailed' })
    expect(third?.item).toMatchObject({ ...other, version: 1 })
    expect(error.message).toContain('operation 1 (create of Order, key #')
    expect(error.message).toContain("operation 2 (update of table 'Plain', key #")
    const printed = JSON.stringify(error) + error.message
    expect(printed).not.toContain(missing)
    expect(printed).not.toContain(other.customerId)
    expect(printed).not.toContain('77')
    expect(await orders().get(keyOf(fresh))).toBeUndefined()
  })

  test('keeps index keys, versions and timestamps right', async () => {
    const order = await orders().create(anOrder.build({ customerId: id(), total: 5 }))
    await tables.db
      .transaction()
      .update({ entity: Order, key: keyOf(order), updates: (update) => update.add({ total: 7 }) })
      .execute()
    const stored = await storedItem(tables.db, Order, {
      pk: `CUSTOMER#${order.customerId}`,
      sk: `ORDER#${order.orderId}`,
    })
    expect(stored).toMatchObject({ total: 12, gsi1sk: '0000000012', version: 2 })
    expect(String(stored?.updatedAt) >= order.updatedAt.toISOString()).toBe(true)
    const stale = await failure(() =>
      tables.db
        .transaction()
        .put({ entity: Order, item: { ...order, total: 1 } })
        .execute(),
    )
    expect(stale.code).toBe('TransactionCanceled')
  })

  test('starts again from the new item when it has changed since it was read', async () => {
    const order = await orders().create(anOrder.build({ customerId: id(), total: 5 }))
    const names: string[] = []
    const change = async (): Promise<void> => {
      await orders().update(keyOf(order)).add({ total: 100 }).execute()
    }
    const first = once('TransactWriteItems', change)
    const db = interposed(tables.db, async (name, input) => {
      names.push(name)
      await first(name, input)
    })
    await db
      .transaction()
      .update({ entity: Order, key: keyOf(order), updates: (update) => update.add({ total: 7 }) })
      .execute()
    expect(names).toEqual(['GetItem', 'TransactWriteItems', 'GetItem', 'TransactWriteItems'])
    expect((await orders().getOrThrow(keyOf(order))).total).toBe(112)
  })

  test('finds a missing item and a false condition final, whatever was read', async () => {
    const order = anOrder.build({ customerId: id() })
    const add = () =>
      tables.db
        .transaction()
        .update({
          entity: Order,
          key: keyOf(order),
          updates: (update) => update.add({ total: 7 }).where('status', '=', 'paid'),
        })
        .execute()
    const missing = await failure(add)
    if (!TransactionCanceledError.is(missing)) throw missing
    expect(missing.failures[0]?.error?.code).toBe('ItemNotFound')
    await orders().create(order)
    const refused = await failure(add)
    if (!TransactionCanceledError.is(refused)) throw refused
    expect(refused.failures[0]?.error?.code).toBe('ConditionalCheckFailed')
  })
})

describe('checked before it is sent', () => {
  const part = (key: string): TransactionPart => ({ put: { tableName: 'Plain', item: { id: key } } })
  const many = (count: number, prefix: string): TransactionPart[] =>
    Array.from({ length: count }, (_, at) => part(`${prefix}-${String(at)}`))

  test('100 operations are carried out, 101 refused', async () => {
    const prefix = id()
    await tables.db.transactWrite(many(100, prefix))
    expect(await plain().get({ id: `${prefix}-99` })).toBeDefined()
    const names: OperationName[] = []
    const db = interposed(tables.db, recorded(names))
    const error = await failure(() => db.transactWrite(many(101, id())))
    expect(error).toMatchObject({ code: 'Validation', rule: 'transaction-count', field: 'operations' })
    expect(names).toEqual([])
  })

  test('markers of unique fields count', async () => {
    const parts = Array.from({ length: 51 }, (): TransactionPart => {
      const item = { id: id(), email: id() }
      return { create: { entity: User, item } }
    })
    const error = await failure(() => tables.db.transactWrite(parts))
    expect(error).toMatchObject({ rule: 'transaction-count' })
    expect(error.message).toContain('51 operations and 51 markers')
    await tables.db.transactWrite(parts.slice(1))
  })

  test('no item is in it twice, whether through an entity or a table', async () => {
    const order = anOrder.build({ customerId: id() })
    const key = { pk: `CUSTOMER#${order.customerId}`, sk: `ORDER#${order.orderId}` }
    const twice = tables.db.transaction().put({ entity: Order, item: order })
    for (const second of [
      twice.check({ tableName: 'Shop', key }),
      twice.check({ tableName: 'Shop', key: { sk: key.sk, pk: key.pk } }),
      twice.put({ tableName: 'Shop', item: { ...key, x: 1 } }),
      twice.update({ entity: Order, key: keyOf(order), updates: { status: 'paid' } }),
    ]) {
      const error = await failure(() => second.execute())
      expect(error).toMatchObject({ rule: 'transaction-duplicate', field: 'operations[1]' })
      expect(error.message).toContain('operations[0] (put of Order)')
    }
    const puts = tables.db.transaction().put({ tableName: 'Plain', item: { id: 'a', x: 1 } })
    const error = await failure(() => puts.put({ tableName: 'Plain', item: { id: 'a', x: 2 } }).execute())
    expect(error).toMatchObject({ rule: 'transaction-duplicate' })
  })

  test('items have up to 400 KB each and 4 MB together', async () => {
    const large = await failure(() =>
      tables.db.transactWrite([
        part('a'),
        { put: { tableName: 'Plain', item: { id: 'b', x: 'x'.repeat(410_000) } } },
      ]),
    )
    expect(large).toMatchObject({ rule: 'item-size', field: 'operations[1]' })
    const parts = Array.from({ length: 11 }, (_, at): TransactionPart => ({
      put: { tableName: 'Plain', item: { id: `${id()}${String(at)}`, x: 'x'.repeat(400_000) } },
    }))
    expect(await failure(() => tables.db.transactWrite(parts))).toMatchObject({ rule: 'transaction-size' })
    await tables.db.transactWrite(parts.slice(1))
  })

  test('what is refused is named with its position', async () => {
    const bad = { ...anOrder.build(), total: -1 }
    const error = await failure(() =>
      tables.db
        .transaction()
        .delete({ tableName: 'Plain', key: { id: 'x' } })
        .put({ entity: Order, item: bad })
        .execute(),
    )
    expect(error).toMatchObject({ code: 'Validation', field: 'operations[1].total' })
    expect(error.message).toContain('operations[1] (put of Order)')
    expect(await failure(() => tables.db.transaction().execute())).toMatchObject({
      rule: 'transaction-empty',
    })
  })
})

describe('the idempotency token', () => {
  test('makes a transaction that is called twice happen once', async () => {
    const key = { id: id() }
    await plain().put({ ...key, count: 0 })
    const idempotencyToken = id()
    const count = () =>
      tables.db
        .transaction()
        .update({ tableName: 'Plain', key, updates: (item) => item.add({ count: 1 }) })
        .execute({ idempotencyToken })
    await count()
    await count()
    expect(await plain().get(key)).toEqual({ ...key, count: 1 })
    await expect(count()).resolves.toBeDefined()
  })

  test('of another transaction is a typed error, and nothing is written', async () => {
    const idempotencyToken = id()
    const put = (item: NativeItem) =>
      tables.db.transaction().put({ tableName: 'Plain', item }).execute({ idempotencyToken })
    const [a, b] = [id(), id()]
    await put({ id: a })
    expect(await failure(() => put({ id: b }))).toMatchObject({
      code: 'IdempotencyMismatch',
      retryable: false,
    })
    expect(await plain().get({ id: b })).toBeUndefined()
  })

  test('is checked', async () => {
    const put = tables.db.transaction().put({ tableName: 'Plain', item: { id: 'x' } })
    for (const idempotencyToken of ['', 'x'.repeat(37)]) {
      expect(await failure(() => put.execute({ idempotencyToken }))).toMatchObject({
        rule: 'idempotency-token',
      })
    }
  })

  test('is one for all attempts when the answer is lost: it is carried out once', async () => {
    const key = { id: id() }
    await plain().put({ ...key, count: 0 })
    const tokens: unknown[] = []
    const db = losingAnswers(tables, tokens, 1)
    await db
      .transaction()
      .update({ tableName: 'Plain', key, updates: (item) => item.add({ count: 1 }) })
      .execute()
    expect(new Set(tokens).size).toBe(1)
    expect(tokens).toHaveLength(2)
    expect(await plain().get(key)).toEqual({ ...key, count: 1 })
  })
})

/** An adapter whose fetch of answers fails after DynamoDB has carried the request out, as a transport retries it. */
function losingAnswers({ db }: TestTables, tokens: unknown[], lost: number) {
  const { transport } = db['~executor']
  return createAdapter({
    transport: {
      send: async (operation, input: WireInput, options) => {
        for (let attempt = 0; ; attempt++) {
          tokens.push(input.ClientRequestToken)
          const answer = await transport.send(operation, input, options)
          // What the policy of a transport decides for requests that may be repeated.
          if (attempt >= lost || options.isRepeatable !== true) return answer
        }
      },
      close: () => Promise.resolve(),
    },
  })
}

describe('unique fields', () => {
  test('are kept: the constraint is named, nothing is written', async () => {
    const email = id()
    await users().create({ id: id(), email })
    const other = { id: id() }
    const error = await failure(() =>
      tables.db
        .transaction()
        .put({ tableName: 'Plain', item: other })
        .create({ entity: User, item: { id: id(), email } })
        .execute(),
    )
    expect(error).toMatchObject({ code: 'UniqueConstraint', entity: 'User', constraint: 'email' })
    if (!TransactionCanceledError.is(error.cause)) throw error
    expect(error.cause.failures).toMatchObject([{ index: 1, operation: 'create', entity: 'User' }])
    expect(error.cause.isConditionFailure).toBe(true)
    expect(await plain().get(other)).toBeUndefined()
  })

  test('change hands within one transaction', async () => {
    const [a, b] = [
      { id: id(), email: id() },
      { id: id(), email: id() },
    ]
    await users().create(a)
    await users().create(b)
    // Swap both.
    await tables.db
      .transaction()
      .update({ entity: User, key: { id: a.id }, updates: { email: b.email } })
      .update({ entity: User, key: { id: b.id }, updates: { email: a.email } })
      .execute()
    expect(await users().get({ id: a.id })).toMatchObject({ email: b.email })
    expect(await failure(() => users().create({ id: id(), email: a.email }))).toMatchObject({
      code: 'UniqueConstraint',
    })
    // One is deleted, another one takes its value.
    const c = { id: id(), email: b.email }
    await tables.db
      .transaction()
      .delete({ entity: User, key: { id: a.id } })
      .create({ entity: User, item: c })
      .execute()
    expect(await failure(() => users().create({ id: id(), email: b.email }))).toMatchObject({
      code: 'UniqueConstraint',
    })
    await users().delete({ id: c.id })
    await users().create({ id: id(), email: b.email })
  })

  test('cannot be the same in two items of one transaction', async () => {
    const email = id()
    const error = await failure(() =>
      tables.db
        .transaction()
        .create({ entity: User, item: { id: id(), email } })
        .create({ entity: User, item: { id: id(), email } })
        .execute(),
    )
    expect(error).toMatchObject({ code: 'UniqueConstraint', constraint: 'email' })
    await users().create({ id: id(), email })
  })

  test('are released by deletions, also when the item changes in between', async () => {
    const user = { id: id(), email: id() }
    const late = id()
    await users().create(user)
    const change = async (): Promise<void> => {
      await users().update({ id: user.id }).set({ email: late }).execute()
    }
    await interposed(tables.db, once('TransactWriteItems', change))
      .transaction()
      .delete({ entity: User, key: { id: user.id } })
      .execute()
    await users().create({ id: id(), email: user.email })
    await users().create({ id: id(), email: late })
  })

  test('of an item that appears while one that is missing is deleted are released too', async () => {
    const user = { id: id(), email: id() }
    await interposed(
      tables.db,
      once('TransactWriteItems', () => users().create(user)),
    )
      .transaction()
      .delete({ entity: User, key: { id: user.id } })
      .execute()
    expect(await users().get({ id: user.id })).toBeUndefined()
    await users().create({ id: id(), email: user.email })
  })

  test('that another item keeps are not released', async () => {
    const [early, keeper] = [{ id: id(), email: id() }, id()]
    await users().create({ id: keeper, email: early.email })
    // As an item is that was stored before the constraint was declared.
    await tables.db.table(Accounts).put({ pk: `USER#${early.id}`, sk: 'USER', _entity: 'User', ...early })
    await tables.db
      .transaction()
      .delete({ entity: User, key: { id: early.id } })
      .execute()
    expect(await users().get({ id: early.id })).toBeUndefined()
    expect(await failure(() => users().create({ id: id(), email: early.email }))).toMatchObject({
      code: 'UniqueConstraint',
    })
  })
})

describe('soft deletion', () => {
  test('happens inside a transaction, and again is no error', async () => {
    const paper = await papers().create({ id: id(), title: 't' })
    const remove = () =>
      tables.db
        .transaction()
        .delete({ entity: Paper, key: { id: paper.id } })
        .execute()
    await remove()
    expect(await papers().get({ id: paper.id })).toBeUndefined()
    const deleted = await papers().get({ id: paper.id }, { withDeleted: true })
    expect(deleted?.deletedAt).toBeInstanceOf(Date)
    await remove()
    expect(await papers().get({ id: paper.id }, { withDeleted: true })).toEqual(deleted)
    await tables.db
      .transaction()
      .delete({ entity: Paper, key: { id: id() } })
      .execute()
  })

  test('deletes an item that appears in between', async () => {
    const key = { id: id() }
    await interposed(
      tables.db,
      once('TransactWriteItems', () => papers().create({ ...key, title: 't' })),
    )
      .transaction()
      .delete({ entity: Paper, key })
      .execute()
    expect(await papers().get(key)).toBeUndefined()
    expect(await papers().get(key, { withDeleted: true })).toBeDefined()
  })

  test('deletes an item that is restored in between', async () => {
    const { id: paperId } = await papers().create({ id: id(), title: 't' })
    await papers().delete({ id: paperId })
    await interposed(
      tables.db,
      once('TransactWriteItems', () => papers().restore({ id: paperId })),
    )
      .transaction()
      .delete({ entity: Paper, key: { id: paperId } })
      .execute()
    expect(await papers().get({ id: paperId })).toBeUndefined()
  })

  test('hides the item from updates, checks and creations', async () => {
    const { id: paperId } = await papers().create({ id: id(), title: 't' })
    await papers().delete({ id: paperId })
    const key = { id: paperId }
    const codes: unknown[] = []
    for (const transaction of [
      tables.db.transaction().update({ entity: Paper, key, updates: { title: 'u' } }),
      tables.db.transaction().check({ entity: Paper, key }),
      tables.db.transaction().create({ entity: Paper, item: { ...key, title: 'u' } }),
      tables.db.transaction().delete({ entity: Paper, key, where: (e) => e('title', '=', 't') }),
    ]) {
      const error = await failure(() => transaction.execute())
      if (!TransactionCanceledError.is(error)) throw error
      codes.push(error.failures[0]?.error?.code)
    }
    expect(codes).toEqual([
      'ItemNotFound',
      'ConditionalCheckFailed',
      'ItemAlreadyExists',
      'ConditionalCheckFailed',
    ])
  })
})

describe('untyped creation', () => {
  test('reads the key of the table once, and refuses an item that is there', async () => {
    const item = { id: id() }
    const create = () => tables.db.transaction().create({ tableName: 'Plain', item }).execute()
    await create()
    const error = await failure(create)
    if (!TransactionCanceledError.is(error)) throw error
    expect(error.failures).toMatchObject([{ index: 0, operation: 'create', tableName: 'Plain' }])
    expect(error.failures[0]?.error?.code).toBe('ItemAlreadyExists')
  })
})

describe('a sequence of transactions', () => {
  test('carries out any number of operations, those of one item in order', async () => {
    const prefix = id()
    let sequence: TransactionBuilder = tables.db.transaction()
    for (let at = 0; at < 250; at++) {
      sequence = sequence.put({ tableName: 'Plain', item: { id: `${prefix}-${String(at)}`, at } })
    }
    sequence = sequence.update({
      tableName: 'Plain',
      key: { id: `${prefix}-249` },
      updates: (item) => item.add({ at: 1 }),
    })
    const { items } = await sequence.executeNonAtomically()
    expect(items).toHaveLength(251)
    expect(await plain().get({ id: `${prefix}-249` })).toMatchObject({ at: 250 })
    expect(await plain().get({ id: `${prefix}-0` })).toMatchObject({ at: 0 })
  })

  test('says what was carried out and what is left', async () => {
    const prefix = id()
    let sequence: TransactionBuilder = tables.db.transaction()
    for (let at = 0; at < 250; at++) {
      const item = { id: `${prefix}-${String(at)}` }
      sequence =
        at === 150
          ? sequence.check({ tableName: 'Plain', key: item })
          : sequence.put({ tableName: 'Plain', item })
    }
    const error = await failure(() => sequence.executeNonAtomically())
    expect(error).toMatchObject({ code: 'BatchIncomplete', processedCount: 100, unprocessedCount: 150 })
    if (!TransactionCanceledError.is(error.cause)) throw error
    expect(error.cause.failures).toMatchObject([{ index: 150, operation: 'check' }])
    const [first] = error.unprocessed as readonly unknown[]
    expect(first).toEqual({ put: { tableName: 'Plain', item: { id: `${prefix}-100` } } })
    expect(await plain().get({ id: `${prefix}-99` })).toBeDefined()
    expect(await plain().get({ id: `${prefix}-100` })).toBeUndefined()
  })
})

describe('a transaction that reads', () => {
  test('gives a tuple in the places of the keys', async () => {
    const order = await orders().create(anOrder.build({ customerId: id() }))
    const plainId = id()
    await plain().put({ id: plainId, n: 1 })
    const { items } = await tables.db
      .transactionRead()
      .get({ entity: Order, key: keyOf(order) })
      .get({ tableName: 'Plain', key: { id: plainId } })
      .get({ entity: Customer, key: { customerId: id() } })
      .get({ entity: Order, key: keyOf(order) })
      .execute()
    expect(items).toEqual([order, { id: plainId, n: 1 }, undefined, order])
    const same = await tables.db.transactGet([
      { tableName: 'Plain', key: { id: plainId } },
      { entity: Order, key: keyOf(order) },
    ])
    expect(same.items).toEqual([{ id: plainId, n: 1 }, order])
    expect(same.capacity.readUnits).toBeGreaterThan(0)
  })

  test('treats soft-deleted items as a get does', async () => {
    const { id: paperId } = await papers().create({ id: id(), title: 't' })
    await papers().delete({ id: paperId })
    const key = { id: paperId }
    const { items } = await tables.db.transactGet([
      { entity: Paper, key },
      { entity: Paper, key, withDeleted: true },
    ])
    expect(items[0]).toBeUndefined()
    expect(items[1]).toMatchObject({ title: 't' })
  })

  test('takes 100 keys, and refuses 101 and none', async () => {
    const gets = Array.from({ length: 101 }, (_, at) => ({
      tableName: 'Plain',
      key: { id: `none-${String(at)}` },
    }))
    const { items } = await tables.db.transactGet(gets.slice(1))
    expect(items).toHaveLength(100)
    expect(await failure(() => tables.db.transactGet(gets))).toMatchObject({ rule: 'transaction-count' })
    expect(await failure(() => tables.db.transactGet([]))).toMatchObject({ rule: 'transaction-empty' })
  })
})

test('transfers at the same time keep the sum, and every read of a transaction sees it', async () => {
  const accounts = Array.from({ length: 4 }, () => ({ id: id(), balance: 100 }))
  await plain().putMany(accounts)
  const keys = accounts.map((account) => ({ id: account.id }))
  const transfer = async (from: number, to: number): Promise<void> => {
    const amount = 1 + ((from * 7 + to) % 60)
    await tables.db
      .transaction()
      .update<{ balance: number }>({
        tableName: 'Plain',
        key: keys[from] as NativeItem,
        updates: (account) => account.add({ balance: -amount }).where('balance', '>=', amount),
      })
      .update<{ balance: number }>({
        tableName: 'Plain',
        key: keys[to] as NativeItem,
        updates: (account) => account.add({ balance: amount }),
      })
      .execute()
      .catch((error: unknown) => {
        if (!TransactionCanceledError.is(error) || !error.isConditionFailure) throw error
      })
  }
  const sums: number[] = []
  const look = async (): Promise<void> => {
    const { items } = await tables.db.transactGet(keys.map((key) => ({ tableName: 'Plain', key })))
    sums.push(items.reduce((sum, item) => sum + (item?.balance as number), 0))
  }
  const work = async (worker: number): Promise<void> => {
    for (let at = 0; at < 15; at++) {
      await transfer((worker + at) % 4, (worker + at + 1 + (at % 3)) % 4)
      if (at % 3 === 0) await look()
    }
  }
  await Promise.all([0, 1, 2, 3, 4].map(work))
  expect(sums).toHaveLength(25)
  expect(new Set(sums)).toEqual(new Set([400]))
})
