import {
  type AdapterOptions,
  ConditionalCheckFailedError,
  createAdapter,
  Decimal,
  defineEntity,
  defineTable,
  directTransport,
  type DynamoDBAdapter,
  ItemNotFoundError,
  TimeoutError,
  type Transport,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { failure, storedItem } from './shop.ts'

const Counters = defineTable({
  name: 'Counters',
  partitionKey: { name: 'pk', type: 'string' },
  indexes: {
    byCount: {
      type: 'global',
      partitionKey: { name: 'countPk', type: 'string' },
      sortKey: { name: 'countSk', type: 'string' },
    },
    byExact: { type: 'global', partitionKey: { name: 'exactPk', type: 'number' } },
  },
})
const aNumber = z.custom<number | bigint | Decimal>(
  (value) => typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value),
)
const Counter = defineEntity({
  name: 'Counter',
  table: Counters,
  attributes: {
    id: z.string(),
    count: aNumber,
    label: z.string(),
    owner: z.string().optional(),
    details: z.object({ note: z.string().optional() }).optional(),
  },
  key: { partitionKey: 'C#{id}' },
  indexes: {
    byCount: { partitionKey: 'OWNER#{owner}', sortKey: '{count:25}#{label}' },
    byExact: { partitionKey: '{count}' },
  },
})

let tables: TestTables
const open: DynamoDBAdapter[] = []
beforeAll(async () => {
  tables = await createTestTables(Counters)
})
afterAll(async () => {
  for (const db of open) await db.close()
  await tables.drop()
})

const counters = () => tables.db.repository(Counter)
const stored = (id: string) => storedItem(tables.db, Counter, { pk: `C#${id}` })

/** An adapter that lets something happen before each write of an item. */
function interrupted(
  before: (write: number) => Promise<unknown>,
  options: AdapterOptions = {},
): DynamoDBAdapter {
  const direct = directTransport(tables.clientConfig)
  let writes = 0
  const transport: Transport = {
    async send(operation, input, sending) {
      if (operation === 'UpdateItem') await before(writes++)
      return direct.send(operation, input, sending)
    },
    close: () => direct.close(),
  }
  const db = createAdapter({ ...options, transport })
  open.push(db)
  return db
}

describe('a writer between the read and the write', () => {
  test('is noticed, and the key is made from what it wrote', async () => {
    await counters().put({ id: 'between', count: 1, label: 'a', owner: 'ada' })
    const db = interrupted(async (write) => {
      if (write === 0) await counters().update({ id: 'between' }).set({ label: 'b', count: 10 }).execute()
      if (write === 1) await counters().update({ id: 'between' }).remove('owner').execute()
    })
    const after = await db.repository(Counter).update({ id: 'between' }).add({ count: 1 }).execute()
    expect(after).toEqual({ id: 'between', count: 11, label: 'b' })
    expect(await stored('between')).toEqual({
      ...after,
      pk: 'C#between',
      _entity: 'Counter',
      countSk: '0000000000000000000000011#b',
      exactPk: 11,
    })
  })

  test('that gives a field back its value is none', async () => {
    await counters().put({ id: 'same', count: 1, label: 'a', owner: 'ada' })
    let requests = 0
    const db = interrupted(async (write) => {
      requests = write + 1
      await counters().update({ id: 'same' }).set({ label: 'a' }).execute()
    })
    await db.repository(Counter).update({ id: 'same' }).add({ count: 1 }).execute()
    expect(requests).toBe(1)
  })

  test('that deletes the item ends an update, and makes an upsert start anew', async () => {
    const fields = { count: 5, label: 'a', owner: 'ada' }
    await counters().put({ id: 'gone', ...fields })
    const once = () =>
      interrupted(async (write) => {
        if (write === 0) await counters().delete({ id: 'gone' })
      }).repository(Counter)
    const error = await failure(() => once().update({ id: 'gone' }).add({ count: 1 }).execute())
    expect(ItemNotFoundError.is(error)).toBe(true)
    await counters().put({ id: 'gone', ...fields })
    const made = await once()
      .update({ id: 'gone' })
      .add({ count: 1 })
      .set({ label: 'new' })
      .createIfMissing()
      .execute()
    expect(made).toEqual({ id: 'gone', count: 1, label: 'new' })
    expect(await stored('gone')).toMatchObject({ countSk: '0000000000000000000000001#new', exactPk: 1 })
    expect(await stored('gone')).not.toHaveProperty('countPk')
  })

  test('that makes a condition of the caller false is not waited for', async () => {
    await counters().put({ id: 'condition', count: 1, label: 'a' })
    const db = interrupted(async () => {
      await counters().update({ id: 'condition' }).set({ owner: 'eve' }).execute()
    })
    const update = db.repository(Counter).update({ id: 'condition' }).add({ count: 1 })
    const error = await failure(() => update.where('owner', 'not_exists').execute())
    expect(ConditionalCheckFailedError.is(error)).toBe(true)
    expect(error.retryable).toBe(false)
    expect(await stored('condition')).toMatchObject({ count: 1, countPk: 'OWNER#eve' })
  })

  test('is noticed also while parents are created', async () => {
    await counters().put({ id: 'parents', count: 1, label: 'a', owner: 'ada' })
    const db = interrupted(async (write) => {
      if (write === 1) await counters().update({ id: 'parents' }).set({ label: 'b' }).execute()
    })
    const after = await db
      .repository(Counter)
      .update({ id: 'parents' })
      .add({ count: 1 })
      .set({ 'details.note': 'x' })
      .createParents()
      .execute()
    expect(after).toMatchObject({ count: 2, label: 'b', details: { note: 'x' } })
    expect(await stored('parents')).toMatchObject({ countSk: '0000000000000000000000002#b' })
  })
})

test('two hundred increments at once of a field that makes a key: the sum is right, and so is the key', async () => {
  await counters().put({ id: 'many', count: 2n ** 60n, label: 'a', owner: 'ada' })
  const increments = Array.from({ length: 200 }, (_, at) =>
    counters()
      .update({ id: 'many' })
      .add({ count: at % 2 === 0 ? 1 : 3 })
      .returning('none')
      .execute({ timeout: 120_000 }),
  )
  await Promise.all(increments)
  const sum = 2n ** 60n + 400n
  expect(await stored('many')).toMatchObject({
    count: sum,
    countPk: 'OWNER#ada',
    countSk: `${String(sum).padStart(25, '0')}#a`,
    exactPk: sum,
  })
}, 130_000)

describe('an item that keeps changing', () => {
  const restless = (id: string) =>
    interrupted(async (write) => {
      await counters()
        .update({ id })
        .set({ label: `label ${String(write)}` })
        .returning('none')
        .execute()
    }).repository(Counter)

  test('is tried until the deadline, and no longer', async () => {
    await counters().put({ id: 'restless', count: 1, label: 'a', owner: 'ada' })
    const startedAt = Date.now()
    const error = await failure(() =>
      restless('restless').update({ id: 'restless' }).add({ count: 1 }).execute({ timeout: 1500 }),
    )
    expect(Date.now() - startedAt).toBeLessThan(3000)
    // On a slow machine the deadline may pass during a request.
    if (!TimeoutError.is(error)) {
      expect(error).toMatchObject({ code: 'ConditionalCheckFailed', retryable: true })
      expect(error.message).toMatch(/^Counter: others changed .*\(count, label\).* each of \d+ tries/)
    }
    expect(await stored('restless')).toMatchObject({ count: 1 })
  })

  test('is left alone when the caller aborts', async () => {
    await counters().put({ id: 'aborted', count: 1, label: 'a', owner: 'ada' })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    const error = await failure(() =>
      restless('aborted')
        .update({ id: 'aborted' })
        .add({ count: 1 })
        .execute({ signal: controller.signal, timeout: 20_000 }),
    )
    expect(error.code).toBe('Aborted')
  })
})

describe('numbers beyond 2^53', () => {
  test.each(['exact', 'decimal', 'rounded'] as const)(
    'make exact keys when an adapter reads numbers as %s',
    async (numbers) => {
      const id = `numbers ${numbers}`
      const count = 2n ** 60n + 1n
      await counters().put({ id, count, label: 'a', owner: 'ada' })
      const db = interrupted(
        async (write) => {
          // Rounded, the two are the same number.
          if (write === 0)
            await counters()
              .update({ id })
              .set({ count: count + 1n, label: 'a' })
              .execute()
        },
        { numbers },
      )
      await db.repository(Counter).update({ id }).set({ label: 'b' }).execute()
      expect(await stored(id)).toMatchObject({
        countSk: '0000001152921504606846978#b',
        exactPk: 2n ** 60n + 2n,
      })
      const error = await failure(() =>
        db.repository(Counter).update({ id }).add({ count: 1 }).where('owner', '=', 'eve').execute(),
      )
      expect(ConditionalCheckFailedError.is(error)).toBe(true)
    },
  )

  test('are added to without being rounded', async () => {
    const id = 'sum'
    const put = (count: number | bigint | Decimal) => counters().put({ id, count, label: 'a', owner: 'ada' })
    const add = (count: number | bigint | Decimal) => counters().update({ id }).add({ count }).execute()
    await put(Number.MAX_SAFE_INTEGER)
    expect(await add(2)).toMatchObject({ count: 9007199254740993n })
    expect(await stored(id)).toMatchObject({
      countSk: '0000000009007199254740993#a',
      exactPk: 9007199254740993n,
    })
    await put(0.1)
    await add(0.2)
    expect(await stored(id)).toMatchObject({
      count: 0.3,
      countSk: '0000000000000000000000000.3#a',
      exactPk: 0.3,
    })
    await put(Decimal.from('12345678901234567890.5'))
    await add(Decimal.from('0.000000001'))
    expect(await stored(id)).toMatchObject({ countSk: '0000012345678901234567890.500000001#a' })
    expect(await failure(() => add(Decimal.from('1e-30')))).toMatchObject({
      rule: 'number-precision',
      field: 'count',
    })
    expect(await failure(() => put(2 ** 60))).toMatchObject({ rule: 'number-unsafe-integer', field: 'count' })
  })
})
