import {
  createAdapter,
  defineEntity,
  defineTable,
  type EntityItem,
  epochSeconds,
  type OperationName,
  ScanNotAllowedError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { interposed, recorded } from './interposed.ts'
import { failure } from './shop.ts'

// DynamoDB Local deletes expired items within seconds, so tables are created without their time to live.
const sessionTable = {
  name: 'Sessions',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    byTime: {
      type: 'global',
      partitionKey: { name: 'userId', type: 'string' },
      sortKey: { name: 'expiresAt', type: 'number' },
    },
    byDevice: {
      type: 'global',
      partitionKey: { name: 'device', type: 'string' },
      projection: ['_entity', 'userId', 'id'],
    },
  },
} as const
const Created = defineTable(sessionTable)
const Sessions = defineTable({ ...sessionTable, timeToLive: 'expiresAt' })
const attributes = {
  userId: z.string(),
  id: z.string(),
  device: z.string().default('phone'),
  expiresAt: epochSeconds().optional(),
}
const Session = defineEntity({
  name: 'Session',
  table: Sessions,
  attributes,
  key: { partitionKey: 'USER#{userId}', sortKey: 'SESSION#{id}' },
  excludeExpired: true,
})
type Session = EntityItem<typeof Session>
const Token = defineEntity({
  name: 'Token',
  table: Sessions,
  attributes,
  key: { partitionKey: 'USER#{userId}', sortKey: 'TOKEN#{id}' },
})
const Timeless = defineTable({ name: 'Timeless', partitionKey: { name: 'id', type: 'string' } })

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(Created, Timeless)
  for (const entity of [Session, Token]) {
    const repository = tables.db.repository(entity)
    await repository.create({ userId: 'u', id: 'never' })
    await repository.create({ userId: 'u', id: 'past', expiresAt: new Date(Date.now() - 60_000) })
    await repository.create({ userId: 'u', id: 'future', expiresAt: new Date(Date.now() + 3_600_000) })
    await repository.create({ userId: 'u', id: 'ancient', expiresAt: new Date('2001-01-01T00:00:00Z') })
  }
})
afterAll(() => tables.drop())

const sessions = () => tables.db.repository(Session)
const tokens = () => tables.db.repository(Token)
const session = (id: string) => ({ userId: 'u', id })
const idsOf = (items: readonly ({ readonly id: string } | undefined)[]) => items.map((item) => item?.id)
const sorted = (items: readonly { readonly id: string }[]) => idsOf(items).sort()

describe('an entity with excludeExpired', () => {
  test('get, exists, getMany and getOrThrow leave expired items out unless asked', async () => {
    const all = { excludeExpired: false }
    expect(await sessions().get(session('past'))).toBeUndefined()
    expect(await sessions().get(session('past'), all)).toMatchObject({ id: 'past' })
    expect(await sessions().exists(session('past'))).toBe(false)
    expect(await sessions().exists(session('past'), all)).toBe(true)
    expect(await sessions().exists(session('future'))).toBe(true)
    expect(await failure(() => sessions().getOrThrow(session('past')))).toMatchObject({
      code: 'ItemNotFound',
    })
    const keys = ['never', 'past', 'future', 'ancient'].map(session)
    expect(idsOf(await sessions().getMany(keys))).toEqual(['never', undefined, 'future', 'ancient'])
    expect(idsOf(await sessions().getMany(keys, all))).toEqual(['never', 'past', 'future', 'ancient'])
  })

  test('so do queries, by table, by index and by full key; counts and pages are exact', async () => {
    const query = sessions().query().where('userId', '=', 'u')
    expect(sorted((await query.execute()).items)).toEqual(['ancient', 'future', 'never'])
    expect(sorted((await query.includeExpired().execute()).items)).toEqual([
      'ancient',
      'future',
      'never',
      'past',
    ])
    expect((await query.count()).count).toBe(3)
    expect((await query.take(3).pageSize(1).execute()).items).toHaveLength(3)
    expect(await query.where('id', '=', 'past').first()).toBeUndefined()
    expect(await query.where('id', '=', 'past').select('device').first()).toBeUndefined()
    expect(idsOf((await query.where('id', 'in', ['past', 'future']).execute()).items)).toEqual(['future'])
    expect((await sessions().findAll({ userId: 'u' })).items).toHaveLength(3)
  })

  test('an index ordered by the time itself serves: DynamoDB’s filter does not take its own key', async () => {
    const query = sessions().query().where('userId', '=', 'u').index('byTime')
    expect(query.explain().checkedByDynakit).toContain('expiresAt')
    expect(idsOf((await query.execute()).items)).toEqual(['ancient', 'future'])
    expect((await query.count()).count).toBe(2)
    expect((await query.includeExpired().count()).count).toBe(3)
  })

  test('an index that does not hold the time is passed over', async () => {
    const query = sessions().query().where('device', '=', 'phone').select('id')
    expect(ScanNotAllowedError.is(await failure(() => query.execute()))).toBe(true)
    expect(sorted((await query.completeItems().execute()).items)).toEqual(['ancient', 'future', 'never'])
    expect((await query.includeExpired().execute()).items).toHaveLength(4)
  })
})

describe('an entity without it', () => {
  test('leaves them out when asked', async () => {
    const live = { excludeExpired: true }
    expect(await tokens().get(session('past'))).toMatchObject({ id: 'past' })
    expect(await tokens().get(session('past'), live)).toBeUndefined()
    expect(await tokens().exists(session('past'), live)).toBe(false)
    expect(idsOf(await tokens().getMany(['past', 'future'].map(session), live))).toEqual([
      undefined,
      'future',
    ])
    const query = tokens().query().where('userId', '=', 'u')
    expect((await query.execute()).items).toHaveLength(4)
    expect(sorted((await query.excludeExpired().execute()).items)).toEqual(['ancient', 'future', 'never'])
  })

  test('a query for several entities hides by the rule of each, or as it is told', async () => {
    const query = tables.db.query(Session, Token).where('userId', '=', 'u')
    const names = async (chosen: typeof query) =>
      (await chosen.execute()).items.filter(({ item }) => item.id === 'past').map(({ entity }) => entity)
    expect(await names(query)).toEqual(['Token'])
    expect(await names(query.includeExpired())).toEqual(['Session', 'Token'])
    expect(await names(query.excludeExpired())).toEqual([])
  })
})

describe('what counts as expired', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('from the second on, up to five years back, and only numbers', async () => {
    const raw = tables.db.table(Sessions)
    const now = new Date('2026-11-25T12:00:00.900Z')
    const seconds = Math.floor(now.getTime() / 1000)
    const fiveYearsAgo = Date.parse('2021-11-25T12:00:00.900Z') / 1000
    const times = {
      now: seconds,
      fraction: seconds + 0.5,
      next: seconds + 1,
      fiveYears: Math.floor(fiveYearsAgo),
      older: Math.floor(fiveYearsAgo) - 1,
    }
    for (const [id, expiresAt] of Object.entries(times)) await raw.put({ pk: 'RULE', sk: id, expiresAt })
    await raw.put({ pk: 'RULE', sk: 'text', device: String(seconds - 10) })
    vi.useFakeTimers({ now, toFake: ['Date'] })
    const page = await raw.query().where('pk', '=', 'RULE').excludeExpired().execute()
    const shown = page.items.map(({ sk }) => sk)
    expect(shown).toEqual(['fraction', 'next', 'older', 'text'])
    for (const sk of [...Object.keys(times), 'text']) {
      const isShown = (await raw.get({ pk: 'RULE', sk }, { excludeExpired: true })) !== undefined
      expect([sk, isShown]).toEqual([sk, shown.includes(sk)])
    }
  })

  test('a query that is kept asks for the time anew', async () => {
    const query = sessions().query().where('userId', '=', 'u')
    expect((await query.execute()).items).toHaveLength(3)
    vi.useFakeTimers({ now: Date.now() + 2 * 3_600_000, toFake: ['Date'] })
    expect(sorted((await query.execute()).items)).toEqual(['ancient', 'never'])
    expect(await sessions().get(session('future'))).toBeUndefined()
  })

  test('a cursor goes on although time has passed', async () => {
    const query = sessions().query().where('userId', '=', 'u').take(1)
    const { cursor } = await query.execute()
    vi.useFakeTimers({ now: Date.now() + 5000, toFake: ['Date'] })
    expect((await query.after(cursor).execute()).items).toHaveLength(1)
  })
})

describe('a table nothing is declared for', () => {
  const key = { pk: 'USER#u', sk: 'SESSION#past' }
  const future = { pk: 'USER#u', sk: 'SESSION#future' }

  test('declared with its time to live', async () => {
    const raw = tables.db.table(Sessions)
    expect(await raw.get(key)).toBeDefined()
    expect(await raw.get(key, { excludeExpired: true })).toBeUndefined()
    expect(await raw.exists(key, { excludeExpired: true })).toBe(false)
    expect(await raw.exists(future, { excludeExpired: true })).toBe(true)
    const many = await raw.getMany([key, future], { excludeExpired: true })
    expect(many.map((item) => item?.sk)).toEqual([undefined, 'SESSION#future'])
    const query = raw.query().where('pk', '=', 'USER#u')
    expect((await query.execute()).items).toHaveLength(8)
    expect((await query.excludeExpired().execute()).items).toHaveLength(6)
  })

  test('without one is refused, naming the remedy', async () => {
    const options = { excludeExpired: true }
    for (const run of [
      () => tables.db.table(Created).get(key, options),
      () => tables.db.table('Timeless').get({ id: 'x' }, options),
      () => tables.db.table('Timeless').exists({ id: 'x' }, options),
      () => tables.db.table('Timeless').getMany([{ id: 'x' }], options),
      () => tables.db.table('Timeless').query().where('id', '=', 'x').excludeExpired().execute(),
      () => tables.db.table('Timeless').query().where('id', '=', 'x').excludeExpired().explain(),
    ]) {
      const error = await failure(run)
      expect(error).toMatchObject({ code: 'Validation', rule: 'time-to-live' })
      expect(error.message).toContain('timeToLive')
    }
    expect(() =>
      defineEntity({ name: 'X', table: Timeless, attributes: { id: z.string() }, excludeExpired: true }),
    ).toThrow('timeToLive')
  })

  test('asks DynamoDB for its time to live once, and only when it is needed', async () => {
    const Short = defineTable({
      name: 'Short',
      partitionKey: { name: 'id', type: 'string' },
      timeToLive: 'until',
    })
    await tables.db.tables.create(Short)
    const ahead = Math.floor(Date.now() / 1000) + 1000
    await tables.db.table('Short').putMany([{ id: 'a', until: ahead }, { id: 'b' }])
    const names: OperationName[] = []
    const raw = interposed(tables.db, recorded(names)).table('Short')
    await raw.query().where('id', '=', 'a').execute()
    expect(names).not.toContain('DescribeTimeToLive')
    vi.useFakeTimers({ now: (ahead + 1) * 1000, toFake: ['Date'] })
    expect((await raw.query().where('id', '=', 'a').excludeExpired().execute()).items).toEqual([])
    expect((await raw.query().where('id', '=', 'b').excludeExpired().execute()).items).toHaveLength(1)
    expect(await raw.get({ id: 'a' }, { excludeExpired: true })).toBeUndefined()
    vi.useRealTimers()
    expect(names.filter((name) => name === 'DescribeTimeToLive')).toHaveLength(1)
    expect(names.filter((name) => name === 'DescribeTable')).toHaveLength(1)
    const db = createAdapter({ ...tables.clientConfig, tableName: 'Short' })
    expect(await db.get({ id: 'a' }, { excludeExpired: true })).toMatchObject({ until: ahead })
    await db.close()
    await tables.db.tables.delete('Short')
  })
})
