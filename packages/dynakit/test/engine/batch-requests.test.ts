import {
  BatchIncompleteError,
  CapacityMeter,
  createAdapter,
  defineEntity,
  defineTable,
  type DynamoDBAdapter,
  epochSeconds,
  ValidationError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ScriptedTable } from '../scripted-table.ts'
import { failure, Order, ShopTable } from './shop.ts'

const Plain = defineTable({ name: 'Plain', partitionKey: { name: 'id', type: 'string' } })
const Pairs = defineTable({
  name: 'Pairs',
  partitionKey: { name: 'zone', type: 'string' },
  sortKey: { name: 'at', type: 'number' },
})
const Note = defineEntity({
  name: 'Note',
  table: ShopTable,
  attributes: { customerId: z.string(), noteId: z.string(), text: z.string().max(20).default('') },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'NOTE#{noteId}' },
})
const Thing = defineEntity({ name: 'Thing', table: Plain, attributes: { id: z.string() } })
const Session = defineEntity({
  name: 'Session',
  table: defineTable({
    name: 'Sessions',
    partitionKey: { name: 'id', type: 'string' },
    timeToLive: 'endsAt',
  }),
  attributes: { id: z.string(), endsAt: epochSeconds().optional() },
  excludeExpired: true,
})

let tables: TestTables
let db: DynamoDBAdapter
beforeAll(async () => {
  tables = await createTestTables(ShopTable, Plain, Pairs, Session.table)
  db = createAdapter({ ...tables.clientConfig, tableName: 'Plain' })
})
afterAll(async () => {
  await db.close()
  await tables.drop()
})

const note = (noteId: string, text = '') => ({ customerId: 'c', noteId, text })

describe('batchWrite and batchGet of requests', () => {
  test('go to several entities and tables at once', async () => {
    const capacity = new CapacityMeter()
    const result = await db.batchWrite(
      [
        { entity: Note, put: note('1', 'one') },
        { entity: Note, put: note('2') },
        { table: 'Pairs', put: { zone: 'z', at: 1, n: 1 } },
        { table: Plain, put: { id: 'p', n: 2 } },
        { entity: Note, delete: { customerId: 'c', noteId: '2' } },
        { table: 'Pairs', delete: { at: 2, zone: 'z' } },
      ],
      { capacity },
    )
    expect(result).toEqual({ processedCount: 6, unprocessed: [], isSourceDone: true, error: undefined })
    const items = await db.batchGet(
      [
        { entity: Note, key: { customerId: 'c', noteId: '1' } },
        { entity: Note, key: { customerId: 'c', noteId: '2' } },
        { table: 'Pairs', key: { at: 1, zone: 'z' } },
        { table: 'Plain', key: { id: 'p' } },
        { table: 'Shop', key: { pk: 'CUSTOMER#c', sk: 'NOTE#1' } },
      ],
      { consistent: true, capacity },
    )
    expect(items).toEqual([
      note('1', 'one'),
      undefined,
      { zone: 'z', at: 1, n: 1 },
      { id: 'p', n: 2 },
      { ...note('1', 'one'), pk: 'CUSTOMER#c', sk: 'NOTE#1', _entity: 'Note' },
    ])
    // The second write of a note waits for the first; the same item is read once.
    expect(capacity.requests).toBe(3)
    expect(capacity.readUnits).toBe(3 + (await unitsOfMissingKey()))
  })

  test('are as many as there are, in requests that are shared', async () => {
    const capacity = new CapacityMeter()
    const ids = Array.from({ length: 300 }, (_, at) => String(at))
    await db.batchWrite(
      ids.flatMap((id) => [
        { entity: Note, put: note(`many${id}`) },
        { table: Plain, put: { id } },
      ]),
      { capacity },
    )
    expect(capacity).toMatchObject({ requests: 24 })
    const found = await db.batchGet(ids.map((id) => ({ entity: Note, key: note(`many${id}`) })))
    expect(found).toEqual(ids.map((id) => note(`many${id}`)))
  })

  test('come one by one too, mixed with items of the adapter’s own table', async () => {
    async function* requests() {
      for (let at = 0; at < 60; at++) {
        yield { entity: Note, put: note(`lazy${String(at)}`) }
        yield { table: 'Pairs', put: { zone: 'lazy', at } }
        await Promise.resolve()
      }
    }
    expect(await db.batchWrite(requests())).toMatchObject({ processedCount: 120 })
    async function* items() {
      await Promise.resolve()
      yield { id: 'lazy1', n: 1 }
      yield { id: 'lazy2', n: 2 }
    }
    expect(await db.batchWrite(items())).toMatchObject({ processedCount: 2, isSourceDone: true })
    expect(await db.batchGet([{ id: 'lazy2' }, { id: 'lazy1' }])).toEqual([
      { id: 'lazy2', n: 2 },
      { id: 'lazy1', n: 1 },
    ])
    const pairs = await db.batchGet([{ table: 'Pairs', key: { zone: 'lazy', at: 59 } }])
    expect(pairs).toEqual([{ zone: 'lazy', at: 59 }])
  })

  test('hide what the entity hides', async () => {
    const endsAt = new Date(Math.floor(Date.now() / 1000) * 1000 - 5000)
    await db.batchWrite([
      { entity: Session, put: { id: 'over', endsAt } },
      { entity: Session, put: { id: 'on' } },
      { table: Session.table, put: { id: 'other', _entity: 'Robot' } },
    ])
    const keys = [{ id: 'over' }, { id: 'on' }, { id: 'other' }]
    expect(await db.batchGet(keys.map((key) => ({ entity: Session, key })))).toEqual([
      undefined,
      { id: 'on' },
      undefined,
    ])
    expect(await db.batchGet(keys.map((key) => ({ table: Session.table, key })))).toHaveLength(3)
  })

  test('an item that looks like a request is stored through its table', async () => {
    await db.table('Plain').putMany([{ id: 'odd', table: 'Pairs', put: { x: 1 } }])
    expect(await db.batchWrite([{ id: 'odd2', table: 'Pairs', put: { x: 1 } }])).toHaveLength(1)
    expect(await db.batchGet([{ id: 'odd' }, { id: 'odd2' }])).toMatchObject([
      { put: { x: 1 } },
      { table: 'Pairs' },
    ])
  })

  test.each<[string, (adapter: DynamoDBAdapter) => Promise<unknown>, string, string]>([
    [
      'a value the schema refuses',
      (adapter) => adapter.batchWrite([{ entity: Note, put: note('x', 'x'.repeat(21)) }]),
      'requests[0].text',
      'schema',
    ],
    [
      'a put that needs a condition',
      (adapter) =>
        adapter.batchWrite([
          { table: 'Plain', delete: { id: 'x' } },
          { entity: Order, put: { customerId: 'c', orderId: 'o' } },
        ] as never),
      'requests[1].version',
      'batch-version',
    ],
    [
      'an item among requests',
      (adapter) => adapter.batchWrite([{ table: 'Plain', put: { id: 'x' } }, { id: 'y' } as never]),
      'requests[1]',
      'batch-members',
    ],
    [
      'a key among requests',
      (adapter) => adapter.batchGet([{ table: 'Plain', key: { id: 'x' } }, { id: 'y' } as never]),
      'requests[1]',
      'batch-members',
    ],
    [
      'an incomplete key',
      (adapter) => adapter.batchGet([{ entity: Note, key: { customerId: 'c' } as never }]),
      'requests[0].noteId',
      'schema',
    ],
    [
      'an item that is too large',
      (adapter) => adapter.batchWrite([{ table: Plain, put: { id: 'x', pad: 'x'.repeat(410_000) } }]),
      'requests[0]',
      'item-size',
    ],
  ])('%s is refused by its place', async (_, run, field, rule) => {
    const error = await failure(() => run(db))
    expect(ValidationError.is(error)).toBe(true)
    expect(error).toMatchObject({ field, rule })
  })

  test('give what is left as it was given', async () => {
    const table = new ScriptedTable(({ members }) => members.filter(({ tableName }) => tableName === 'Full'))
    const scripted = createAdapter({ transport: table })
    const Full = defineTable({ name: 'Full', partitionKey: { name: 'id', type: 'string' } })
    const requests = [
      { table: Plain, put: { id: 'a' } },
      { table: Full, put: { id: 'b' } },
      { table: Full, delete: { id: 'c' } },
    ]
    const result = await scripted.batchWrite(requests, { partial: true, maxIdleRounds: 1 })
    expect(result).toMatchObject({ processedCount: 1, isSourceDone: true })
    expect(result.unprocessed).toEqual(requests.slice(1))
    expect(result.unprocessed[0]).toBe(requests[1])
    expect(BatchIncompleteError.is(result.error)).toBe(true)
    const reads = [
      { table: Plain, key: { id: 'a' } },
      { table: Full, key: { id: 'b' } },
    ]
    const read = await scripted.batchGet(reads, { partial: true, maxIdleRounds: 1 })
    expect(read).toMatchObject({ items: [{ id: 'a' }, undefined], unprocessed: [reads[1]] })
  })
})

describe('partial results of one table', () => {
  test('throw what ended the call before anything was carried out', async () => {
    const nowhere = db.table('Nowhere').deleteMany([{ id: 'x' }], { partial: true })
    await expect(nowhere).rejects.toMatchObject({ code: 'TableNotFound' })
  })

  test('name what is left, for reads, puts and deletes', async () => {
    const table = new ScriptedTable(({ members }) => members.filter(({ id }) => id === 'b'))
    const things = createAdapter({ transport: table }).repository(Thing)
    const options = { partial: true, maxIdleRounds: 1 } as const
    const keys = [{ id: 'a' }, { id: 'b' }, { id: 'a' }]
    const put = await things.putMany(keys, options)
    expect(put).toMatchObject({ processedCount: 2, unprocessed: [{ id: 'b' }], isSourceDone: true })
    const got = await things.getMany(new Set(keys), options)
    expect(got.items).toEqual([{ id: 'a' }, undefined, { id: 'a' }])
    expect(got.unprocessed[0]).toBe(keys[1])
    const deleted = await things.deleteMany(keys.values(), options)
    expect(deleted).toMatchObject({ processedCount: 2, unprocessed: [{ id: 'b' }] })
    expect(await things.putMany([{ id: 'c' }], { partial: true })).toEqual({
      processedCount: 1,
      unprocessed: [],
      isSourceDone: true,
      error: undefined,
    })
  })
})

/** DynamoDB charges a read unit for a key without an item, DynamoDB Local nothing. */
async function unitsOfMissingKey(): Promise<number> {
  const capacity = new CapacityMeter()
  await db.repository(Note).getMany([{ customerId: 'c', noteId: 'none' }], { consistent: true, capacity })
  return capacity.readUnits
}

describe('a loader', () => {
  test('reads what is asked for in one turn as one batch, each key once', async () => {
    const notes = db.repository(Note)
    await notes.putMany(['l1', 'l2', 'l3'].map((id) => note(id)))
    const capacity = new CapacityMeter()
    const loader = notes.loader({ capacity, consistent: true })
    const ask = async (noteId: string) => loader.get({ customerId: 'c', noteId })
    const found = await Promise.all(['l1', 'nothing', 'l3', 'l1'].map(ask))
    expect(found).toEqual([note('l1'), undefined, note('l3'), note('l1')])
    expect(capacity.requests).toBe(1)
    expect(capacity.readUnits).toBe(2 + (await unitsOfMissingKey()))
    await ask('l2')
    expect(capacity.requests).toBe(2)
  })

  test('of another consistency reads on its own', async () => {
    const capacity = new CapacityMeter()
    const notes = db.repository(Note)
    const weak = notes.loader({ capacity })
    const strong = notes.loader({ capacity, consistent: true })
    await Promise.all([weak.get(note('l1')), strong.get(note('l1'))])
    expect(capacity).toMatchObject({ requests: 2, readUnits: 1.5 })
  })

  test('refuses a bad key without touching the others, and tells all of a failure', async () => {
    const loader = db.repository(Note).loader()
    const [good, bad] = await Promise.allSettled([
      loader.get(note('l1')),
      loader.get({ customerId: 'c' } as never),
    ])
    expect(good).toMatchObject({ value: note('l1') })
    expect(bad).toMatchObject({ reason: { field: 'noteId' } })
    const lost = createAdapter({ ...tables.clientConfig, tablePrefix: 'lost-' })
    const results = await Promise.allSettled(
      ['1', '2'].map((id) => lost.repository(Note).loader().get(note(id))),
    )
    expect(results).toMatchObject([
      { reason: { code: 'TableNotFound' } },
      { reason: { code: 'TableNotFound' } },
    ])
    await lost.close()
  })

  test('gives what was read although some was not', async () => {
    const table = new ScriptedTable(({ members }) => members.filter(({ id }) => id === 'b'))
    table.items.set('a', { id: 'a' })
    const loader = createAdapter({ transport: table }).repository(Thing).loader({ maxIdleRounds: 1 })
    const [a, b] = await Promise.allSettled([loader.get({ id: 'a' }), loader.get({ id: 'b' })])
    expect(a).toMatchObject({ value: { id: 'a' } })
    expect(b).toMatchObject({ reason: { code: 'BatchIncomplete' } })
  })
})
