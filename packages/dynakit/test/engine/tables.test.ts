import {
  createAdapter,
  defineTable,
  type DynamoDBAdapter,
  TableInUseError,
  TableNotFoundError,
  type Transport,
} from 'dynakit'
import { createTestTables, DynamoDBTestHarness, startLocalEngine, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure, ShopTable } from './shop.ts'

let tables: TestTables
let db: DynamoDBAdapter
beforeAll(async () => {
  tables = await createTestTables()
  db = tables.db
})
afterAll(() => tables.drop())

test('create makes keys, indexes, stream and time to live; describe reads them back', async () => {
  const Full = defineTable({
    name: 'Full',
    partitionKey: { name: 'pk', type: 'string' },
    sortKey: { name: 'sk', type: 'binary' },
    indexes: {
      multi: {
        type: 'global',
        partitionKey: [
          { name: 'a', type: 'string' },
          { name: 'b', type: 'number' },
        ],
        sortKey: [
          { name: 'c', type: 'string' },
          { name: 'd', type: 'number' },
        ],
        projection: ['x', 'y'],
      },
      keys: { type: 'global', partitionKey: { name: 'a', type: 'string' }, projection: 'keys-only' },
      local: { type: 'local', sortKey: { name: 'd', type: 'number' } },
    },
    timeToLive: 'expiresAt',
    stream: 'new-image',
    billing: { readCapacityUnits: 5, writeCapacityUnits: 6 },
  })
  await db.tables.create(Full)
  const description = await db.tables.describe('Full')
  const byName = (left: { name: string }, right: { name: string }): number =>
    left.name.localeCompare(right.name)
  expect([...description.table.indexes].sort(byName)).toEqual([...Full.indexes].sort(byName))
  expect(description.table).toMatchObject({
    name: 'Full',
    partitionKey: Full.partitionKey,
    sortKey: Full.sortKey,
  })
  expect(description).toMatchObject({
    status: 'ACTIVE',
    indexStatus: { multi: 'ACTIVE', keys: 'ACTIVE' },
    itemCount: 0,
  })
  expect(description.streamArn).toContain('stream')
  expect(await db.tables.timeToLive('Full')).toEqual({ attribute: 'expiresAt', status: 'ENABLED' })
  expect(TableInUseError.is(await failure(() => db.tables.create(Full)))).toBe(true)
  await db.tables.delete('Full')
  expect(await db.tables.exists('Full')).toBe(false)
})

test('every stream view is understood', async () => {
  for (const stream of ['keys-only', 'new-image', 'old-image', 'new-and-old-images'] as const) {
    const Streamed = defineTable({ name: 'Streamed', partitionKey: { name: 'id', type: 'string' }, stream })
    expect((await db.tables.create(Streamed)).streamArn).toBeDefined()
    await db.tables.delete('Streamed')
  }
})

test('update adds and removes an index, changes billing and stream', async () => {
  const partitionKey = { name: 'id', type: 'string' } as const
  const Before = defineTable({ name: 'Growing', partitionKey })
  const After = defineTable({
    name: 'Growing',
    partitionKey,
    indexes: { byName: { type: 'global', partitionKey: { name: 'name', type: 'string' } } },
  })
  await db.tables.create(Before)
  await db.table('Growing').put({ id: '1', name: 'Ada' })
  const grown = await db.tables.update(After, { createIndex: 'byName' })
  expect(grown.indexStatus).toEqual({ byName: 'ACTIVE' })
  const found = await createAdapter({ ...tables.clientConfig, table: After })
    .query()
    .where('name', '=', 'Ada')
    .execute()
  expect(found.items).toEqual([{ id: '1', name: 'Ada' }])
  expect((await db.tables.update(Before, { deleteIndex: 'byName' })).indexStatus).toEqual({})
  await db.tables.update(Before, { billing: { readCapacityUnits: 1, writeCapacityUnits: 1 } })
  expect((await db.tables.update(Before, { stream: 'new-image' })).streamArn).toBeDefined()
  await db.tables.update(Before, { stream: false })
  expect(await failure(() => db.tables.update(Before, { createIndex: 'nope' }))).toMatchObject({
    rule: 'unknown-index',
  })
  await db.tables.delete('Growing')
})

test('time to live can be turned on later', async () => {
  await db.tables.create(defineTable({ name: 'Expiring', partitionKey: { name: 'id', type: 'string' } }))
  expect(await db.tables.timeToLive('Expiring')).toEqual({ attribute: undefined, status: 'DISABLED' })
  await db.tables.setTimeToLive('Expiring', 'until')
  expect(await db.tables.timeToLive('Expiring')).toEqual({ attribute: 'until', status: 'ENABLED' })
  await db.tables.delete('Expiring')
})

test('list goes over all pages', async () => {
  const names = Array.from({ length: 105 }, (_, at) => `Many${String(at).padStart(3, '0')}`)
  for (const name of names)
    await db.tables.create(defineTable({ name, partitionKey: { name: 'id', type: 'string' } }))
  expect(await db.tables.list()).toEqual(expect.arrayContaining(names))
  await Promise.all(names.map((name) => db.tables.delete(name)))
})

test('what does not exist is named', async () => {
  const error = await failure(() => db.tables.describe('Nowhere'))
  expect(TableNotFoundError.is(error)).toBe(true)
  expect(error.message).toContain("'Nowhere'")
  expect(TableNotFoundError.is(await failure(() => db.tables.delete('Nowhere')))).toBe(true)
  expect(await db.tables.exists('Nowhere')).toBe(false)
})

test('waiting ends at the deadline and with the signal', async () => {
  const Slow = defineTable({ name: 'Slow', partitionKey: { name: 'id', type: 'string' } })
  expect(await failure(() => db.tables.create(Slow, { signal: AbortSignal.abort() }))).toMatchObject({
    code: 'Aborted',
  })
  expect(await db.tables.exists('Slow')).toBe(false)

  // A table that never becomes usable.
  const send: Transport['send'] = () =>
    Promise.resolve({
      Table: {
        TableName: 'Slow',
        TableStatus: 'CREATING',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    })
  const stuck = createAdapter({ transport: { send, close: () => Promise.resolve() } })
  const late = await failure(() => stuck.tables.waitUntilUsable('Slow', { timeout: 60 }))
  expect(late).toMatchObject({ code: 'Timeout', tableName: 'Slow' })
  const aborted = await failure(() =>
    stuck.tables.waitUntilUsable('Slow', { signal: AbortSignal.timeout(30) }),
  )
  expect(aborted).toMatchObject({ code: 'Aborted' })
})

test('a harness sets up, resets and tears down', async () => {
  const engine = await startLocalEngine()
  const harness = new DynamoDBTestHarness({ tables: [ShopTable], engine, adapter: { tablePrefix: 'test-' } })
  expect(() => harness.db).toThrow('setup()')
  expect(() => harness.clientConfig).toThrow('setup()')
  await harness.setup()
  await harness.db.table('Shop').put({ pk: 'a', sk: 'b' })
  await harness.reset()
  expect(await harness.db.table('Shop').get({ pk: 'a', sk: 'b' })).toBeUndefined()
  const other = createAdapter(harness.clientConfig)
  expect(await other.tables.list()).toEqual(['test-Shop'])
  await harness.db.tables.delete('Shop')
  await harness.teardown()
  await harness.teardown()
  expect(await other.tables.list()).toEqual([])
  await other.close()
})
