import {
  ConditionalCheckFailedError,
  createAdapter,
  defineEntity,
  defineTable,
  type EntityItem,
  epochSeconds,
  isoDate,
  ItemAlreadyExistsError,
  ItemNotFoundError,
  type NativeItem,
  type OperationName,
  UniqueConstraintError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { fieldCondition } from '../../src/expressions/condition.ts'
import { parsePath } from '../../src/expressions/path.ts'
import { noActions } from '../../src/expressions/update-actions.ts'
import { transactionOf, transactWriteItems } from '../../src/operations/write/transact-write-items.ts'
import { interposed, once, recorded } from './interposed.ts'
import { failure } from './shop.ts'

// DynamoDB Local deletes expired items within seconds, so the table is created without its time to live.
const accountTable = {
  name: 'Accounts',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    inverted: {
      type: 'global',
      partitionKey: { name: 'sk', type: 'string' },
      sortKey: { name: 'pk', type: 'string' },
    },
    byEmail: { type: 'global', partitionKey: { name: 'gsi1pk', type: 'string' } },
  },
} as const
const Created = defineTable(accountTable)
const Accounts = defineTable({ ...accountTable, timeToLive: 'expiresAt' })
const User = defineEntity({
  name: 'User',
  table: Accounts,
  attributes: {
    tenantId: z.string(),
    userId: z.string(),
    email: z.string().optional(),
    handle: z.string().nullable().optional(),
    badge: z.number().optional(),
    name: z.string().default('Ada'),
    labels: z.set(z.string()).optional(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.number() })).optional(),
    address: z.object({ city: z.string(), zip: z.string().optional() }).optional(),
    joinedAt: isoDate().optional(),
    expiresAt: epochSeconds().optional(),
  },
  key: { partitionKey: 'TENANT#{tenantId}', sortKey: 'USER#{userId}' },
  indexes: { byEmail: { partitionKey: 'EMAIL#{email}#{handle}' } },
  unique: { email: ['tenantId', 'email'], badge: ['badge'] },
  timestamps: true,
  version: true,
})
type User = EntityItem<typeof User>

const Handles = defineTable({ name: 'Handles', partitionKey: { name: 'id', type: 'string' } })
const Handle = defineEntity({
  name: 'Handle',
  table: Handles,
  attributes: {
    id: z.string(),
    text: z.string(),
    size: z.bigint().optional(),
    when: isoDate().optional(),
    isMain: z.boolean().optional(),
    bytes: z.instanceof(Uint8Array).optional(),
    note: z.string().optional(),
    extra: z.any().optional(),
  },
  unique: {
    text: ['text'],
    size: ['size'],
    when: ['when'],
    main: ['isMain', 'note'],
    bytes: ['bytes'],
    extra: ['extra'],
  },
})

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(Created, Handles)
})
afterAll(() => tables.drop())
beforeEach(() => tables.reset())

const users = () => tables.db.repository(User)
const handles = () => tables.db.repository(Handle)
const ada = { tenantId: 't1', userId: 'ada', email: 'ada@example.com' }
const bob = { tenantId: 't1', userId: 'bob', email: 'bob@example.com' }

async function markers(tableName = 'Accounts'): Promise<NativeItem[]> {
  const all = await tables.db.table(tableName).query().where('_entity', '=', '_unique').allowScan().execute()
  return [...all]
}

/** The texts of the markers, sorted. */
async function markerTexts(): Promise<unknown[]> {
  return (await markers()).map(({ pk }) => pk).sort()
}

describe('create', () => {
  test('keeps the values in an item of its own, without the keys of other indexes', async () => {
    await users().create({ ...ada, badge: 7 })
    expect(await markers()).toEqual(
      expect.arrayContaining([
        {
          pk: '_unique#User#email#St1#Sada@example.com',
          sk: '_unique#User#email#St1#Sada@example.com',
          _entity: '_unique',
          _owner: { pk: 'TENANT#t1', sk: 'USER#ada' },
        },
        {
          pk: '_unique#User#badge#N7',
          sk: '_unique#User#badge#N7',
          _entity: '_unique',
          _owner: { pk: 'TENANT#t1', sk: 'USER#ada' },
        },
      ]),
    )
    expect(await users().get(ada)).toMatchObject({ ...ada, version: 1 })
  })

  test('refuses values another item has, naming the constraint and no value', async () => {
    await users().create(ada)
    const error = await failure(() => users().create({ ...bob, email: ada.email }))
    expect(UniqueConstraintError.is(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'UniqueConstraint',
      entity: 'User',
      constraint: 'email',
      tableName: 'Accounts',
      operation: 'TransactWriteItems',
      retryable: false,
    })
    expect(error.message).toBe(
      "User: another item has the same tenantId and email (unique constraint 'email'), nothing was written. " +
        'Choose another value, or change or delete that item first.',
    )
    expect(JSON.stringify(error)).not.toContain('ada@')
    expect(await users().get(bob)).toBeUndefined()
    expect(await markerTexts()).toEqual(['_unique#User#email#St1#Sada@example.com'])
  })

  test('values of another tenant, and items that lack a field, are no conflict', async () => {
    await users().create(ada)
    await users().create({ ...ada, tenantId: 't2' })
    await users().create({ tenantId: 't1', userId: 'x' })
    await users().create({ tenantId: 't1', userId: 'y' })
    expect(await markerTexts()).toHaveLength(2)
  })

  test('an item whose key is taken says so, also when it has the same values', async () => {
    await users().create(ada)
    expect(ItemAlreadyExistsError.is(await failure(() => users().create(ada)))).toBe(true)
    expect(await failure(() => users().create({ ...ada, email: 'other@example.com' }))).toMatchObject({
      code: 'ItemAlreadyExists',
    })
    expect(await markerTexts()).toEqual(['_unique#User#email#St1#Sada@example.com'])
  })

  test('of twenty at once with the same value one wins', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => users().create({ ...ada, userId: `u${String(at)}` })),
    )
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(lost).toHaveLength(19)
    expect(lost.every(({ reason }) => UniqueConstraintError.is(reason))).toBe(true)
    expect((await users().query().where('tenantId', '=', 't1').execute()).items).toHaveLength(1)
    expect(await markers()).toHaveLength(1)
  })

  test('sends one transaction and reads nothing', async () => {
    const names: OperationName[] = []
    await interposed(tables.db, recorded(names)).repository(User).create(ada)
    expect(names).toEqual(['TransactWriteItems'])
  })

  test('goes on when the item in its way is deleted at the same moment', async () => {
    await users().create({ ...ada, email: 'old@example.com' })
    const db = interposed(
      tables.db,
      once('GetItem', () => users().delete(ada)),
    )
    await db.repository(User).create(ada)
    expect(await markerTexts()).toEqual(['_unique#User#email#St1#Sada@example.com'])
  })
})

describe('values', () => {
  test('of different types and shapes never share a marker', async () => {
    const values = [
      { id: '1', text: '1#2' },
      { id: '2', text: '1\\#2' },
      { id: '3', text: '1\\' },
      { id: '4', text: '1', size: 1n },
      { id: '5', text: 'S1', size: 2n ** 60n },
      { id: '6', text: '', size: 2n ** 60n + 1n, when: new Date(0) },
      { id: '7', text: 'T', isMain: true, note: 'x' },
      { id: '8', text: 'F', isMain: false, note: 'x' },
      { id: '9', text: 'B', bytes: new Uint8Array([0]) },
      { id: '10', text: 'BAA==', bytes: new Uint8Array([0, 0]) },
      { id: '11', text: 'é'.repeat(2000) },
      { id: '12', text: `${'é'.repeat(2000)}!` },
    ]
    for (const value of values) await handles().create(value)
    for (const { id, ...value } of values) {
      const error = await failure(() => handles().create({ id: `${id}'`, ...value }))
      expect(UniqueConstraintError.is(error)).toBe(true)
    }
    expect(await markers('Handles')).toHaveLength(20)
    for (const { id } of values) await handles().delete({ id })
    expect(await markers('Handles')).toEqual([])
  })

  test('are compared as they are stored', async () => {
    await handles().create({ id: '1', text: 'a', when: new Date('2026-01-01T00:00:00Z') })
    const same = { id: '2', text: 'b', when: new Date('2026-01-01T01:00:00+01:00') }
    expect(await failure(() => handles().create(same))).toMatchObject({ constraint: 'when' })
  })

  test('that cannot be compared are refused before anything is sent', async () => {
    const error = await failure(() => handles().create({ id: '1', text: 'a', extra: ['x'] }))
    expect(error).toMatchObject({
      code: 'Validation',
      rule: 'unique-value',
      field: 'extra',
      valueType: 'array',
    })
    expect(await handles().get({ id: '1' })).toBeUndefined()
    await handles().create({ id: '2', text: 'a', extra: null })
    await handles().create({ id: '3', text: 'b', extra: null })
  })

  test('keys that begin like those of markers are refused', async () => {
    await handles().create({ id: '1', text: 'a' })
    const key = { id: '_unique#Handle#text#Sa' }
    for (const run of [
      () => handles().put({ ...key, text: 'x' }),
      () => handles().get(key),
      () => handles().delete(key),
    ]) {
      expect(await failure(run)).toMatchObject({ code: 'Validation', rule: 'key-reserved', field: 'id' })
    }
    expect(await markers('Handles')).toHaveLength(1)
  })
})

describe('put', () => {
  test('of a new item, and of one with other values, moves the markers', async () => {
    const first = await users().put({ ...ada, badge: 1 })
    const second = await users().put({ ...first, email: 'new@example.com', badge: undefined })
    expect(second.version).toBe(2)
    expect(await markerTexts()).toEqual(['_unique#User#email#St1#Snew@example.com'])
    await users().create({ ...bob, email: ada.email, badge: 1 })
  })

  test('refuses values another item has, and changes nothing', async () => {
    const first = await users().create({ ...ada, badge: 1 })
    await users().create({ ...bob, badge: 2 })
    expect(await failure(() => users().put({ ...first, badge: 2 }))).toMatchObject({ constraint: 'badge' })
    expect(await users().get(ada)).toEqual(first)
    expect(await markerTexts()).toHaveLength(4)
  })

  test('under the version and under a condition', async () => {
    const first = await users().create(ada)
    await users().put({ ...first, email: 'b@example.com' })
    const stale = await failure(() =>
      users().put({ ...first, email: 'c@example.com' }, { returnItemOnConditionFailure: true }),
    )
    expect(ConditionalCheckFailedError.is(stale)).toBe(true)
    expect(stale.item).toMatchObject({ email: 'b@example.com', version: 2 })
    expect(await failure(() => users().put(ada))).toMatchObject({ code: 'ConditionalCheckFailed' })
    const current = await users().getOrThrow(ada)
    const refused = await failure(() => users().put(current, { where: (e) => e('name', '=', 'Eve') }))
    expect(refused).toMatchObject({ code: 'ConditionalCheckFailed', item: undefined })
    await users().put(current, { where: (e) => e('name', '=', 'Ada') })
    expect(await failure(() => users().put({ ...bob, version: 3 }))).toMatchObject({
      code: 'ConditionalCheckFailed',
    })
    expect(await markerTexts()).toEqual(['_unique#User#email#St1#Sb@example.com'])
  })

  test('starts again when the stored values change between its read and its write', async () => {
    await handles().create({ id: '1', text: 'a' })
    const change = () => handles().update({ id: '1' }).set({ text: 'b' }).execute()
    await interposed(tables.db, once('TransactWriteItems', change))
      .repository(Handle)
      .put({ id: '1', text: 'c' })
    expect((await markers('Handles')).map(({ id }) => id)).toEqual(['_unique#Handle#text#Sc'])
  })

  test('starts again when the item is deleted between its read and its write', async () => {
    await handles().create({ id: '1', text: 'a' })
    const change = () => handles().delete({ id: '1' })
    await interposed(tables.db, once('TransactWriteItems', change))
      .repository(Handle)
      .put({ id: '1', text: 'c' })
    expect((await markers('Handles')).map(({ id }) => id)).toEqual(['_unique#Handle#text#Sc'])
  })

  test('gives up, typed and retryable, when the item never stands still', async () => {
    await handles().create({ id: '1', text: 'a' })
    let count = 0
    const db = interposed(tables.db, async (operation) => {
      if (operation !== 'TransactWriteItems') return
      count += 1
      await handles()
        .update({ id: '1' })
        .set({ text: `a${String(count)}` })
        .execute()
    })
    // Without it, the waits between the tries would take a while.
    const random = vi.spyOn(Math, 'random').mockReturnValue(0)
    const error = await failure(() => db.repository(Handle).put({ id: '1', text: 'c' }))
    random.mockRestore()
    expect(error).toMatchObject({ code: 'ConditionalCheckFailed', retryable: true })
    expect(error.message).toContain('40 tries')
    expect(count).toBe(40)
    expect(await markers('Handles')).toHaveLength(1)
  })

  test('brings items that were stored before the constraint under it', async () => {
    const old = { id: '1', _entity: 'Handle', text: 'a' }
    await tables.db.table('Handles').putMany([old, { ...old, id: '2' }, { ...old, id: '3', text: 'b' }])
    await handles().put({ id: '1', text: 'a' })
    expect(await failure(() => handles().put({ id: '2', text: 'a' }))).toMatchObject({ constraint: 'text' })
    expect(await failure(() => handles().update({ id: '3' }).set({ text: 'a' }).execute())).toMatchObject({
      constraint: 'text',
    })
  })

  test('leaves alone the marker of another item that had the same value before', async () => {
    const old = { id: '2', _entity: 'Handle', text: 'a' }
    await tables.db.table('Handles').put(old)
    await handles().create({ id: '1', text: 'a' })
    await handles().put({ id: '2', text: 'b' })
    await handles().update({ id: '2' }).set({ text: 'c' }).execute()
    expect(await failure(() => handles().create({ id: '3', text: 'a' }))).toMatchObject({
      constraint: 'text',
    })
    await handles().delete({ id: '2' })
    expect((await markers('Handles')).map(({ id }) => id)).toEqual(['_unique#Handle#text#Sa'])
  })
})

describe('update', () => {
  test('of a field of a constraint moves the marker and gives the item', async () => {
    const first = await users().create({ ...ada, badge: 1 })
    const after = await users().update(ada).set({ email: 'new@example.com' }).add({ badge: 2 }).execute()
    expect(after).toEqual({
      ...first,
      email: 'new@example.com',
      badge: 3,
      version: 2,
      updatedAt: after.updatedAt,
    })
    expect(await users().get(ada)).toEqual(after)
    expect(await markerTexts()).toEqual(['_unique#User#badge#N3', '_unique#User#email#St1#Snew@example.com'])
    await users().update(ada).remove('email').execute()
    expect(await markerTexts()).toEqual(['_unique#User#badge#N3'])
    await users().update(ada).setIfNotExists({ email: 'x@example.com', badge: 9 }).execute()
    expect(await markerTexts()).toEqual(['_unique#User#badge#N3', '_unique#User#email#St1#Sx@example.com'])
  })

  test('of another field is a plain UpdateItem; of a field that stays the same takes no transaction', async () => {
    await users().create(ada)
    const names: OperationName[] = []
    const repository = interposed(tables.db, recorded(names)).repository(User)
    await repository.update(ada).set({ name: 'Eve' }).execute()
    expect(names.splice(0)).toEqual(['UpdateItem'])
    await repository.update(ada).set({ email: ada.email }).returning('none').execute()
    expect(names).toEqual(['GetItem', 'UpdateItem'])
  })

  test('refuses values another item has, and changes nothing', async () => {
    const first = await users().create(ada)
    await users().create(bob)
    const error = await failure(() => users().update(ada).set({ email: bob.email, name: 'Eve' }).execute())
    expect(error).toMatchObject({ code: 'UniqueConstraint', constraint: 'email' })
    expect(await users().get(ada)).toEqual(first)
    expect(await markerTexts()).toHaveLength(2)
  })

  test('keeps index keys right that are made of the same field', async () => {
    await users().create({ ...ada, handle: 'a' })
    await users().update(ada).set({ email: 'new@example.com' }).execute()
    const stored = await tables.db.table('Accounts').get({ pk: 'TENANT#t1', sk: 'USER#ada' })
    expect(stored).toMatchObject({ gsi1pk: 'EMAIL#new@example.com#a' })
  })

  test('of an item that does not exist, or under a false condition', async () => {
    expect(ItemNotFoundError.is(await failure(() => users().update(ada).set({ email: 'x' }).execute()))).toBe(
      true,
    )
    await users().create(ada)
    const update = users().update(ada).set({ email: 'x' }).where('name', '=', 'Eve')
    const error = await failure(() => update.returnItemOnConditionFailure().execute())
    expect(error).toMatchObject({ code: 'ConditionalCheckFailed', item: { name: 'Ada', email: ada.email } })
    expect((await failure(() => update.execute())).item).toBeUndefined()
    expect(await markerTexts()).toEqual(['_unique#User#email#St1#Sada@example.com'])
  })

  test('createIfMissing takes and refuses values as create does', async () => {
    const made = await users().update(ada).set({ email: ada.email }).createIfMissing().execute()
    expect(made).toMatchObject({ ...ada, name: 'Ada', version: 1 })
    const upsert = users().update(bob).set({ email: ada.email }).createIfMissing()
    expect(await failure(() => upsert.execute())).toMatchObject({ constraint: 'email' })
    expect(await users().get(bob)).toBeUndefined()
    await users().update(ada).set({ email: 'b@example.com' }).createIfMissing().returning('none').execute()
    expect(await markerTexts()).toEqual(['_unique#User#email#St1#Sb@example.com'])
  })

  test('starts again when the stored values change between its read and its write', async () => {
    await users().create({ ...ada, badge: 1 })
    const add = () => users().update(ada).add({ badge: 10 }).execute()
    const db = interposed(tables.db, once('TransactWriteItems', add))
    expect((await db.repository(User).update(ada).add({ badge: 1 }).execute()).badge).toBe(12)
    expect(await markerTexts()).toContain('_unique#User#badge#N12')
    expect(await markers()).toHaveLength(2)
  })

  test('fails when the item is deleted between its read and its write', async () => {
    await users().create(ada)
    const db = interposed(
      tables.db,
      once('TransactWriteItems', () => users().delete(ada)),
    )
    const error = await failure(() => db.repository(User).update(ada).set({ email: 'x' }).execute())
    expect(ItemNotFoundError.is(error)).toBe(true)
    expect(await markers()).toEqual([])
  })

  test('says that it was carried out when the item cannot be read afterwards', async () => {
    await users().create(ada)
    let sent = 0
    const afterwards = (run: () => Promise<unknown>) =>
      interposed(tables.db, async (operation) => {
        if (operation === 'TransactWriteItems') sent += 1
        else if (sent > 0) await run()
      }).repository(User)
    const deleted = afterwards(() => users().delete(ada))
    const gone = await failure(() => deleted.update(ada).set({ email: 'x' }).execute())
    expect(gone).toMatchObject({ code: 'ItemNotFound' })
    expect(gone.message).toContain('was carried out')
    await users().create(ada)
    sent = 0
    const broken = createAdapter({ ...tables.clientConfig, endpoint: 'http://127.0.0.1:9', maxAttempts: 1 })
    const unreachable = afterwards(() => broken.table('Accounts').exists({ pk: 'x', sk: 'y' }))
    const unread = await failure(() => unreachable.update(ada).set({ email: 'y' }).execute())
    expect(unread).toMatchObject({ code: 'Network', outcomeUnknown: true, retryable: false })
    expect((await users().getOrThrow(ada)).email).toBe('y')
    await broken.close()
  })

  test('fifty additions from five writers add up', async () => {
    await users().create({ ...ada, badge: 0 })
    const writer = async (): Promise<void> => {
      for (let at = 0; at < 10; at++) await users().update(ada).add({ badge: 1 }).returning('none').execute()
    }
    await Promise.all(Array.from({ length: 5 }, writer))
    expect((await users().getOrThrow(ada)).badge).toBe(50)
    expect(await markerTexts()).toEqual(['_unique#User#badge#N50', '_unique#User#email#St1#Sada@example.com'])
  })

  test('of two items that want each other’s value takes three steps', async () => {
    await users().create(ada)
    await users().create(bob)
    expect(await failure(() => users().update(ada).set({ email: bob.email }).execute())).toMatchObject({
      constraint: 'email',
    })
    await users().update(ada).remove('email').execute()
    await users().update(bob).set({ email: ada.email }).execute()
    await users().update(ada).set({ email: bob.email }).execute()
    expect(await markers()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          pk: '_unique#User#email#St1#Sbob@example.com',
          _owner: { pk: 'TENANT#t1', sk: 'USER#ada' },
        }),
        expect.objectContaining({
          pk: '_unique#User#email#St1#Sada@example.com',
          _owner: { pk: 'TENANT#t1', sk: 'USER#bob' },
        }),
      ]),
    )
  })

  test('gives back what a plain update would', async () => {
    const start = {
      name: 'Ada',
      labels: new Set(['a', 'b']),
      lines: [
        { sku: 'x', quantity: 1 },
        { sku: 'y', quantity: 2 },
      ],
      address: { city: 'Bern', zip: '3000' },
    }
    await users().create({ ...ada, ...start, badge: 1 })
    await users().create({ ...bob, ...start })
    const withoutOwn = (item: Partial<User> | undefined) => {
      const own = new Set(['userId', 'email', 'badge', 'createdAt', 'updatedAt'])
      return Object.fromEntries(Object.entries(item ?? {}).filter(([name]) => !own.has(name)))
    }
    for (const choice of ['old', 'new', 'updated-old', 'updated-new', 'none'] as const) {
      // Of nested changes, DynamoDB Local gives back more than DynamoDB does.
      const isWhole = choice.startsWith('updated')
      const nested = { 'address.zip': `zip ${choice}`, 'lines[1].sku': choice }
      const change = (key: typeof ada) =>
        users()
          .update(key)
          .set(isWhole ? { address: { city: choice } } : nested)
          .set({ joinedAt: new Date(0) })
          .add({ labels: [choice] })
          .remove('handle')
          .returning(choice)
      const plain = (await change(bob).execute()) as Partial<User> | undefined
      const unique = (await change(ada).add({ badge: 5 }).execute()) as Partial<User> | undefined
      expect(withoutOwn(unique)).toEqual(withoutOwn(plain))
    }
  })

  test('createParents and document paths are as without a transaction', async () => {
    await users().create(ada)
    const update = users().update(ada).set({ email: 'x', 'address.city': 'Bern' })
    expect(await failure(() => update.execute())).toMatchObject({ code: 'Validation', rule: 'document-path' })
    const after = await update.createParents().execute()
    expect(after).toMatchObject({ email: 'x', address: { city: 'Bern' } })
    expect(await markerTexts()).toEqual(['_unique#User#email#St1#Sx'])
  })
})

describe('delete', () => {
  test('releases the values', async () => {
    await users().create({ ...ada, badge: 1 })
    await users().delete(ada)
    expect(await markers()).toEqual([])
    await users().delete(ada)
    await users().create({ ...bob, email: ada.email, badge: 1 })
  })

  test('gives the item back, or undefined when there is none', async () => {
    const first = await users().create(ada)
    expect(await users().deleteAndReturn(ada)).toEqual(first)
    expect(await users().deleteAndReturn(ada)).toBeUndefined()
    expect(await markers()).toEqual([])
  })

  test('gives the very item that was deleted, without a version too', async () => {
    await handles().create({ id: '1', text: 'a' })
    const change = () => handles().update({ id: '1' }).set({ note: 'changed' }).execute()
    const db = interposed(tables.db, once('TransactWriteItems', change))
    expect(await db.repository(Handle).deleteAndReturn({ id: '1' })).toMatchObject({ note: 'changed' })
  })

  test('under a condition', async () => {
    await users().create(ada)
    const error = await failure(() =>
      users().delete(ada, { where: (e) => e('name', '=', 'Eve'), returnItemOnConditionFailure: true }),
    )
    expect(error).toMatchObject({ code: 'ConditionalCheckFailed', item: { name: 'Ada' } })
    await users().delete(ada, { where: (e) => e('name', '=', 'Ada') })
    expect(await failure(() => users().delete(ada, { where: (e) => e('name', '=', 'Ada') }))).toMatchObject({
      code: 'ConditionalCheckFailed',
    })
    await users().delete(ada, { where: (e) => e('name', 'not_exists') })
  })

  test('starts again when the stored values change between its read and its write', async () => {
    await users().create(ada)
    const change = () => users().update(ada).set({ email: 'new@example.com' }).execute()
    await interposed(tables.db, once('TransactWriteItems', change)).repository(User).delete(ada)
    expect(await users().get(ada)).toBeUndefined()
    expect(await markers()).toEqual([])
  })
})

describe('items that expire', () => {
  const past = new Date(Date.now() - 60_000)
  const future = new Date(Date.now() + 3_600_000)

  test('take their markers with them, also when their time changes', async () => {
    await users().create({ ...ada, badge: 1, expiresAt: future })
    const seconds = Math.floor(future.getTime() / 1000)
    expect((await markers()).map(({ expiresAt }) => expiresAt)).toEqual([seconds, seconds])
    await users()
      .update(ada)
      .set({ expiresAt: new Date(future.getTime() + 1000) })
      .execute()
    expect((await markers()).map(({ expiresAt }) => expiresAt)).toEqual([seconds + 1, seconds + 1])
    await users().update(ada).remove('expiresAt').set({ email: 'x' }).execute()
    expect((await markers()).map(({ expiresAt }) => expiresAt)).toEqual([undefined, undefined])
    await users().put({ ...(await users().getOrThrow(ada)), expiresAt: future })
    expect((await markers()).map(({ expiresAt }) => expiresAt)).toEqual([seconds, seconds])
  })

  test('no longer keep their values once they have expired, before DynamoDB deletes them', async () => {
    await users().create({ ...ada, expiresAt: past })
    await users().create({ ...bob, email: ada.email })
    // The expired item cannot come back to life with a value that another item has now.
    expect(await failure(() => users().update(ada).set({ expiresAt: future }).execute())).toMatchObject({
      constraint: 'email',
    })
    await users().delete(ada)
    expect(await markers()).toMatchObject([{ _owner: { sk: 'USER#bob' } }])
  })
})

describe('beside the items', () => {
  test('queries, scans and unions of entities do not see markers', async () => {
    await users().create(ada)
    expect((await users().query().allowScan().execute()).items).toHaveLength(1)
    expect((await users().query().index('inverted').allowScan().execute()).items).toHaveLength(1)
    expect((await tables.db.table('Accounts').query().allowScan().execute()).items).toHaveLength(2)
  })

  test('batches are refused with the reason and the way out', async () => {
    expect(await failure(() => users().putMany([ada]))).toMatchObject({ rule: 'batch-version' })
    const put = await failure(() => handles().putMany([{ id: '1', text: 'a' }]))
    expect(put).toMatchObject({ code: 'Validation', rule: 'batch-unique', field: 'text' })
    expect(put.message).toContain('one by one with put')
    const deleted = await failure(() => users().deleteMany([ada]))
    expect(deleted).toMatchObject({ code: 'Validation', rule: 'batch-unique', field: 'tenantId' })
    expect(deleted.message).toContain('one by one with delete')
  })

  test('numbers that are read rounded are still compared exactly', async () => {
    const db = createAdapter({ ...tables.clientConfig, numbers: 'rounded' })
    const large = 2n ** 60n + 1n
    const rounded = db.repository(Handle)
    await rounded.create({ id: '1', text: 'a', size: large })
    expect(await failure(() => rounded.create({ id: '2', text: 'b', size: large }))).toMatchObject({
      constraint: 'size',
    })
    await rounded.update({ id: '1' }).add({ size: 1n }).returning('none').execute()
    expect((await markers('Handles')).map(({ id }) => id).sort()).toEqual([
      '_unique#Handle#size#N1152921504606846978',
      '_unique#Handle#text#Sa',
    ])
    await rounded.delete({ id: '1' })
    expect(await markers('Handles')).toEqual([])
    await db.close()
  })

  test('through the AWS SDK too', async () => {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb')
    const { sdkTransport } = await import('dynakit')
    const client = new DynamoDBClient(tables.clientConfig)
    const db = createAdapter({ transport: sdkTransport(client) })
    await db.repository(User).create(ada)
    expect(await failure(() => db.repository(User).create({ ...bob, email: ada.email }))).toMatchObject({
      code: 'UniqueConstraint',
      constraint: 'email',
    })
    await db.repository(User).update(ada).set({ email: 'x' }).execute()
    await db.repository(User).delete(ada)
    expect(await markers()).toEqual([])
    client.destroy()
  })

  test('a transaction that is sent twice is carried out once', async () => {
    const executor = tables.db['~executor']
    const plan = transactionOf([
      {
        operation: 'UpdateItem',
        tableName: 'Handles',
        key: { id: 'n' },
        actions: { ...noActions, add: [{ path: parsePath('count'), value: 1 }] },
        returns: 'none',
        returnItemOnConditionFailure: false,
      },
      {
        operation: 'ConditionCheck',
        tableName: 'Handles',
        key: { id: 'other' },
        condition: fieldCondition('id', 'not_exists', undefined),
        returnItemOnConditionFailure: false,
      },
    ])
    for (let at = 0; at < 2; at++) await executor.run(transactWriteItems, plan, executor.start(undefined))
    expect(await tables.db.table('Handles').get({ id: 'n' })).toEqual({ id: 'n', count: 1 })
  })

  test('the capacity of a transaction is counted', async () => {
    const { CapacityMeter } = await import('dynakit')
    const meter = new CapacityMeter()
    await users().create(ada, { capacity: meter })
    expect(meter).toMatchObject({ requests: 1 })
    expect(meter.writeUnits).toBeGreaterThanOrEqual(4)
  })
})
