import {
  ConditionalCheckFailedError,
  defineEntity,
  defineTable,
  type Entity,
  ItemNotFoundError,
  ValidationError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { anOrder, failure, Order, ShopTable, storedItem } from './shop.ts'

const Tasks = defineTable({
  name: 'Tasks',
  partitionKey: { name: 'pk', type: 'string' },
  indexes: {
    gsi1: {
      type: 'global',
      partitionKey: { name: 'gsi1pk', type: 'string' },
      sortKey: { name: 'gsi1sk', type: 'string' },
    },
    byTeam: { type: 'global', partitionKey: { name: 'team', type: 'string' } },
  },
})
const attributes = {
  id: z.string(),
  title: z.string(),
  team: z.string().optional(),
  owner: z.string().optional(),
  priority: z.number(),
  done: z.boolean().default(false),
}
const indexes = { gsi1: { partitionKey: 'OWNER#{owner}#{done}', sortKey: '{priority:4}#{title}' } } as const
const Task = defineEntity({
  name: 'Task',
  table: Tasks,
  attributes,
  key: { partitionKey: 'T#{id}' },
  indexes,
})
const StrictTask = defineEntity({
  name: 'StrictTask',
  table: Tasks,
  attributes,
  key: { partitionKey: 'S#{id}' },
  indexes,
  onPartialKey: 'refuse',
})

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(ShopTable, Tasks)
})
afterAll(() => tables.drop())

const key = { customerId: 'update', orderId: 'o1' }
const orders = () => tables.db.repository(Order)

describe('actions', () => {
  beforeEach(async () => {
    await orders().delete(key)
    await orders().create(
      anOrder.build({
        ...key,
        labels: new Set(['a', 'b']),
        address: { city: 'Bern' },
        lines: [{ sku: 'x', quantity: 1 }],
      }),
    )
  })

  test('set, with codecs, timestamps and version', async () => {
    const before = await orders().getOrThrow(key)
    const expiresAt = new Date('2030-01-01T00:00:00Z')
    const after = await orders().update(key).set({ status: 'paid', expiresAt }).execute()
    expect(after).toEqual({ ...before, status: 'paid', expiresAt, version: 2, updatedAt: after.updatedAt })
    expect(after.updatedAt.getTime()).toBeGreaterThanOrEqual(before.updatedAt.getTime())
    expect(await orders().get(key)).toEqual(after)
  })

  test('a later set of the same field wins', async () => {
    expect(
      await orders().update(key).set({ status: 'paid' }).set({ status: 'shipped' }).execute(),
    ).toMatchObject({ status: 'shipped' })
  })

  test('setIfNotExists', async () => {
    const after = await orders()
      .update(key)
      .setIfNotExists({ status: 'paid', expiresAt: new Date(0) })
      .execute()
    expect(after).toMatchObject({ status: 'pending', expiresAt: new Date(0) })
  })

  test('add to a number and to a set, delete from a set', async () => {
    const after = await orders()
      .update(key)
      .add({ total: -2.5, labels: ['c'] })
      .execute()
    expect(after).toMatchObject({ total: 7.5, labels: new Set(['a', 'b', 'c']) })
    const smaller = await orders()
      .update(key)
      .deleteFromSet({ labels: new Set(['a', 'x']) })
      .execute()
    expect(smaller.labels).toEqual(new Set(['b', 'c']))
    const none = await orders()
      .update(key)
      .deleteFromSet({ labels: ['b', 'c'] })
      .execute()
    expect(none).not.toHaveProperty('labels')
  })

  test('append and prepend, also to a missing list', async () => {
    const y = { sku: 'y', quantity: 2 }
    const z = { sku: 'z', quantity: 3 }
    expect(
      (
        await orders()
          .update(key)
          .append({ lines: [y] })
          .execute()
      ).lines,
    ).toEqual([{ sku: 'x', quantity: 1 }, y])
    expect(
      (
        await orders()
          .update(key)
          .prepend({ lines: [z] })
          .execute()
      ).lines?.[0],
    ).toEqual(z)
    await orders().update(key).remove('lines').execute()
    expect(
      (
        await orders()
          .update(key)
          .append({ lines: [y] })
          .execute()
      ).lines,
    ).toEqual([y])
  })

  test('nested paths', async () => {
    const after = await orders().update(key).set({ 'address.zip': '3000', 'lines[0].quantity': 5 }).execute()
    expect(after).toMatchObject({
      address: { city: 'Bern', zip: '3000' },
      lines: [{ sku: 'x', quantity: 5 }],
    })
    const removed = await orders().update(key).remove('address.zip', 'lines[0]').execute()
    expect(removed).toMatchObject({ address: { city: 'Bern' }, lines: [] })
  })

  test('returning', async () => {
    const update = () => orders().update(key).add({ total: 1 })
    expect(await update().returning('none').execute()).toBeUndefined()
    expect(await update().returning('old').execute()).toMatchObject({ total: 11, version: 2 })
    expect(await update().returning('updated-new').execute()).toMatchObject({ total: 13 })
    expect(await update().returning('updated-old').execute()).not.toHaveProperty('customerId')
  })

  test('under conditions, which all must hold', async () => {
    const paid = () =>
      orders().update(key).set({ status: 'paid' }).where('status', '=', 'pending').where('total', '<', 100)
    expect(await paid().execute()).toMatchObject({ status: 'paid' })
    const error = await failure(() => paid().execute())
    expect(ConditionalCheckFailedError.is(error)).toBe(true)
    expect(error.item).toBeUndefined()
    const withItem = await failure(() => paid().returnItemOnConditionFailure().execute())
    expect(withItem.item).toMatchObject({ ...key, status: 'paid', placedAt: expect.any(Date) as Date })
  })

  test('an optimistic lock is a condition on the version', async () => {
    const lock = () => orders().update(key).set({ status: 'paid' }).where('version', '=', 1)
    await lock().execute()
    expect(ConditionalCheckFailedError.is(await failure(() => lock().execute()))).toBe(true)
  })

  test('a nested path without parent says what to do, or has its parents made (toolbox#868)', async () => {
    await orders().update(key).remove('address').execute()
    const update = orders().update(key).set({ 'address.city': 'Basel' })
    const error = await failure(() => update.execute())
    expect(error).toMatchObject({ code: 'Validation', rule: 'document-path' })
    expect(error.message).toContain('.createParents()')
    expect((await update.createParents().execute()).address).toEqual({ city: 'Basel' })
  })

  test('refused before anything is sent', async () => {
    const update = () =>
      orders().update(key) as unknown as Record<
        string,
        (...parameters: unknown[]) => { execute(): Promise<unknown> }
      >
    const refused: [string, () => unknown][] = [
      ['key-change', () => update().set!({ customerId: 'other' }).execute()],
      ['kept-attribute', () => update().set!({ version: 5 }).execute()],
      ['kept-attribute', () => update().remove!('updatedAt').execute()],
      ['unknown-attribute', () => update().set!({ statsu: 'paid' }).execute()],
      ['schema', () => update().set!({ status: 'lost' }).execute()],
      ['remove-required', () => update().remove!('status').execute()],
      ['undefined-change', () => update().set!({ status: undefined }).execute()],
      ['append-list', () => update().append!({ lines: { sku: 'x' } }).execute()],
      ['codec', () => update().add!({ expiresAt: 5 }).execute()],
      ['number-not-finite', () => update().add!({ total: Number.NaN }).execute()],
      ['class-instance', () => update().set!({ 'address.city': new Date() }).execute()],
      ['empty-update', () => (update() as unknown as { execute(): Promise<unknown> }).execute()],
      ['path-syntax', () => update().set!({ 'size(lines)': 1 }).execute()],
    ]
    for (const [rule, run] of refused) {
      const error = await failure(run)
      expect({ is: ValidationError.is(error), rule: error.rule }).toEqual({ is: true, rule })
    }
    expect(await orders().get(key)).toMatchObject({ version: 1 })
  })
})

test('an item that does not exist is not made by accident', async () => {
  const missing = { customerId: 'update', orderId: 'missing' }
  const error = await failure(() => orders().update(missing).set({ status: 'paid' }).execute())
  expect(ItemNotFoundError.is(error)).toBe(true)
  expect(await orders().exists(missing)).toBe(false)
})

describe('createIfMissing', () => {
  const counter = { customerId: 'upsert', orderId: 'o1' }

  test('makes a whole item, and changes it the next time', async () => {
    await orders().delete(counter)
    const upsert = () =>
      orders()
        .update(counter)
        .add({ total: 5 })
        .setIfNotExists({ status: 'pending', placedAt: new Date(0) })
        .createIfMissing()
        .execute()
    const first = await upsert()
    expect(first).toMatchObject({ ...counter, total: 5, status: 'pending', version: 1 })
    expect(await storedItem(tables.db, Order, { pk: 'CUSTOMER#upsert', sk: 'ORDER#o1' })).toMatchObject({
      _entity: 'Order',
      gsi1pk: 'TOTAL',
      gsi1sk: '0000000005',
    })
    const second = await upsert()
    expect(second).toMatchObject({ total: 10, version: 2, createdAt: first.createdAt })
    expect(await storedItem(tables.db, Order, { pk: 'CUSTOMER#upsert', sk: 'ORDER#o1' })).toMatchObject({
      gsi1sk: '0000000010',
    })
  })

  test('names what is missing', async () => {
    const error = await failure(() =>
      orders()
        .update({ customerId: 'upsert', orderId: 'o2' })
        .set({ status: 'paid' })
        .createIfMissing()
        .execute(),
    )
    expect(error).toMatchObject({ rule: 'incomplete-upsert', field: 'total' })
  })

  test('adds defaults', async () => {
    const tasks = tables.db.repository(Task)
    const made = await tasks
      .update({ id: 'defaults' })
      .set({ title: 't', priority: 1 })
      .createIfMissing()
      .execute()
    expect(made).toEqual({ id: 'defaults', title: 't', priority: 1, done: false })
  })
})

describe('index keys follow a partial update (toolbox#1058, onetable#301, electrodb#572)', () => {
  const stored = (entity: Entity, pk: string) => storedItem(tables.db, entity, { pk })
  const base = { id: 't1', title: 'write', team: 'a', owner: 'ada', priority: 3 }

  beforeEach(async () => {
    await tables.db.repository(Task).put(base)
  })

  test('when all fields of a template are given', async () => {
    await tables.db.repository(Task).update({ id: 't1' }).set({ priority: 7, title: 'read' }).execute()
    expect(await stored(Task, 'T#t1')).toMatchObject({ gsi1pk: 'OWNER#ada#false', gsi1sk: '0007#read' })
  })

  test('when some are given and the others must be read', async () => {
    const tasks = tables.db.repository(Task)
    await tasks.update({ id: 't1' }).set({ priority: 7 }).execute()
    expect(await stored(Task, 'T#t1')).toMatchObject({ gsi1sk: '0007#write' })
    await tasks.update({ id: 't1' }).add({ priority: 2 }).set({ done: true }).execute()
    expect(await stored(Task, 'T#t1')).toMatchObject({
      priority: 9,
      gsi1pk: 'OWNER#ada#true',
      gsi1sk: '0009#write',
    })
    await tasks.update({ id: 't1' }).setIfNotExists({ owner: 'eve', title: 'x' }).execute()
    expect(await stored(Task, 'T#t1')).toMatchObject({ gsi1pk: 'OWNER#ada#true', gsi1sk: '0009#write' })
  })

  test('when a field is removed, and when it comes back', async () => {
    const tasks = tables.db.repository(Task)
    await tasks.update({ id: 't1' }).remove('owner').execute()
    expect(await stored(Task, 'T#t1')).not.toHaveProperty('gsi1pk')
    await tasks.update({ id: 't1' }).setIfNotExists({ owner: 'eve' }).execute()
    expect(await stored(Task, 'T#t1')).toMatchObject({ gsi1pk: 'OWNER#eve#false' })
  })

  test('also while others change the same item', async () => {
    const tasks = tables.db.repository(Task)
    await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        at % 2 === 0
          ? tasks.update({ id: 't1' }).add({ priority: 1 }).execute()
          : tasks
              .update({ id: 't1' })
              .set({ title: `title${String(at)}` })
              .execute(),
      ),
    )
    const after = await tasks.getOrThrow({ id: 't1' })
    expect(after.priority).toBe(7)
    expect(await stored(Task, 'T#t1')).toMatchObject({ gsi1sk: `0007#${after.title}` })
  })

  test('a false condition of the caller is not taken for a change by others', async () => {
    const tasks = tables.db.repository(Task)
    const error = await failure(() =>
      tasks.update({ id: 't1' }).add({ priority: 1 }).where('team', '=', 'b').execute(),
    )
    expect(ConditionalCheckFailedError.is(error)).toBe(true)
    expect(
      ItemNotFoundError.is(await failure(() => tasks.update({ id: 'none' }).add({ priority: 1 }).execute())),
    ).toBe(true)
  })

  test('or is refused, naming the missing fields', async () => {
    const strict = tables.db.repository(StrictTask)
    await strict.put(base)
    const error = await failure(() => strict.update({ id: 't1' }).set({ priority: 7 }).execute())
    expect(error).toMatchObject({ rule: 'partial-key', field: 'title' })
    await strict.update({ id: 't1' }).set({ priority: 7, title: 'read' }).execute()
    expect(await stored(StrictTask, 'S#t1')).toMatchObject({ gsi1sk: '0007#read' })
  })

  test('a value that can be no key is refused, also for an index over own attributes', async () => {
    const tasks = tables.db.repository(Task)
    expect(
      await failure(() => tasks.update({ id: 't1' }).set({ title: 'a#b', priority: 1 }).execute()),
    ).toMatchObject({ rule: 'key-separator' })
    expect(await failure(() => tasks.update({ id: 't1' }).set({ team: '' }).execute())).toMatchObject({
      rule: 'key-empty',
    })
    expect(await failure(() => tasks.put({ ...base, team: '' }))).toMatchObject({ rule: 'key-empty' })
  })
})
