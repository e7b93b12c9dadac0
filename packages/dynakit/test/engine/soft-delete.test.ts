import {
  ConditionalCheckFailedError,
  defineEntity,
  defineTable,
  type EntityItem,
  ItemAlreadyExistsError,
  ItemNotFoundError,
  ScanNotAllowedError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { interposed, once } from './interposed.ts'
import { failure } from './shop.ts'

const Papers = defineTable({
  name: 'Papers',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    byTitle: {
      type: 'global',
      partitionKey: { name: 'title', type: 'string' },
      projection: ['_entity', 'folder', 'id'],
    },
    byOwner: { type: 'global', partitionKey: { name: 'owner', type: 'string' } },
    trash: {
      type: 'global',
      partitionKey: { name: 'folder', type: 'string' },
      sortKey: { name: 'removedAt', type: 'string' },
    },
    byState: {
      type: 'global',
      partitionKey: { name: 'gsi1pk', type: 'string' },
      sortKey: { name: 'gsi1sk', type: 'string' },
    },
  },
})
const Paper = defineEntity({
  name: 'Paper',
  table: Papers,
  attributes: {
    folder: z.string(),
    id: z.string(),
    title: z.string(),
    owner: z.string().default('ada'),
    slug: z.string().optional(),
    pages: z.number().default(0),
  },
  key: { partitionKey: 'FOLDER#{folder}', sortKey: 'PAPER#{id}' },
  indexes: { byState: { partitionKey: 'F#{folder}', sortKey: 'DELETED#{removedAt}' } },
  unique: { slug: ['folder', 'slug'] },
  softDelete: 'removedAt',
  timestamps: true,
  version: true,
})
type Paper = EntityItem<typeof Paper>
const Note = defineEntity({
  name: 'Note',
  table: Papers,
  attributes: { folder: z.string(), id: z.string(), text: z.string(), removedAt: z.string().optional() },
  key: { partitionKey: 'FOLDER#{folder}', sortKey: 'NOTE#{id}' },
})
const Simple = defineTable({ name: 'Simple', partitionKey: { name: 'id', type: 'string' } })
const Thing = defineEntity({
  name: 'Thing',
  table: Simple,
  attributes: { id: z.string(), name: z.string().default('lamp') },
  softDelete: true,
})

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(Papers, Simple)
})
afterAll(() => tables.drop())
beforeEach(() => tables.reset())

const papers = () => tables.db.repository(Paper)
const things = () => tables.db.repository(Thing)
const key = { folder: 'f', id: 'p1' }
const storedPaper = () => tables.db.table('Papers').get({ pk: 'FOLDER#f', sk: 'PAPER#p1' })

describe('delete', () => {
  test('keeps the item with the time of its deletion, version and updatedAt follow', async () => {
    const created = await papers().create({ ...key, title: 'A', slug: 'a' })
    const before = Date.now()
    await papers().delete(key)
    const deleted = (await papers().get(key, { withDeleted: true })) as Paper
    expect(deleted.removedAt?.getTime()).toBeGreaterThanOrEqual(before)
    expect(deleted).toEqual({
      ...created,
      removedAt: deleted.removedAt,
      updatedAt: deleted.removedAt,
      version: 2,
    })
    expect(await storedPaper()).toMatchObject({
      removedAt: deleted.removedAt?.toISOString(),
      title: 'A',
      gsi1pk: 'F#f',
      gsi1sk: `DELETED#${deleted.removedAt?.toISOString() ?? ''}`,
    })
  })

  test('of an item that does not exist, or is deleted already, is no error and changes nothing', async () => {
    await papers().delete(key)
    expect(await storedPaper()).toBeUndefined()
    await papers().create({ ...key, title: 'A' })
    await papers().delete(key)
    const deleted = await storedPaper()
    await papers().delete(key)
    expect(await storedPaper()).toEqual(deleted)
  })

  test('under a condition', async () => {
    await papers().create({ ...key, title: 'A' })
    const error = await failure(() =>
      papers().delete(key, { where: (e) => e('title', '=', 'B'), returnItemOnConditionFailure: true }),
    )
    expect(ConditionalCheckFailedError.is(error)).toBe(true)
    expect(error.item).toMatchObject({ title: 'A' })
    const silent = await failure(() => papers().delete(key, { where: (e) => e('title', '=', 'B') }))
    expect(silent.item).toBeUndefined()
    await papers().delete(key, { where: (e) => e('title', '=', 'A') })
    // As of an item that is not there: a comparison is false, the lack of a field is true.
    const gone = await failure(() => papers().delete(key, { where: (e) => e('title', '=', 'A') }))
    expect(ConditionalCheckFailedError.is(gone)).toBe(true)
    await papers().delete(key, { where: (e) => e('title', 'not_exists') })
  })

  test('deleteAndReturn gives the item as it was, once', async () => {
    const created = await papers().create({ ...key, title: 'A' })
    expect(await papers().deleteAndReturn(key)).toEqual(created)
    expect(await papers().deleteAndReturn(key)).toBeUndefined()
    expect(await papers().deleteAndReturn({ folder: 'f', id: 'none' })).toBeUndefined()
  })

  test('deletePermanently removes it, deleted or not, with its unique values', async () => {
    await papers().create({ ...key, title: 'A', slug: 'a' })
    await papers().delete(key)
    await papers().deletePermanently(key)
    expect(await storedPaper()).toBeUndefined()
    await papers().create({ ...key, title: 'A', slug: 'a' })
    await papers().deletePermanently(key, { where: (e) => e('title', '=', 'A') })
    await papers().deletePermanently(key)
    expect((await tables.db.table('Papers').query().allowScan().execute()).items).toEqual([])
    await things().create({ id: 't' })
    await things().deletePermanently({ id: 't' })
    expect(await tables.db.table('Simple').get({ id: 't' })).toBeUndefined()
    const notes = tables.db.repository(Note)
    await notes.create({ folder: 'f', id: 'n', text: 'x' })
    await notes.deletePermanently({ folder: 'f', id: 'n' })
    expect(await notes.exists({ folder: 'f', id: 'n' })).toBe(false)
  })

  test('of many is refused with the way out', async () => {
    const error = await failure(() => things().deleteMany([{ id: 't' }]))
    expect(error).toMatchObject({ code: 'Validation', rule: 'batch-soft-delete', field: 'deletedAt' })
    expect(error.message).toContain('deletePermanently')
  })
})

describe('reads leave deleted items out unless they are asked for', () => {
  beforeEach(async () => {
    for (const id of ['p1', 'p2', 'p3']) await papers().create({ folder: 'f', id, title: `T${id}` })
    await papers().delete({ folder: 'f', id: 'p2' })
  })
  const ids = async (query: { execute(): Promise<{ items: readonly { id: string }[] }> }) =>
    (await query.execute()).items.map(({ id }) => id).sort()

  test('get, getOrThrow, findById, exists and getMany', async () => {
    const deleted = { folder: 'f', id: 'p2' }
    const shown = { withDeleted: true }
    expect(await papers().get(deleted)).toBeUndefined()
    expect(ItemNotFoundError.is(await failure(() => papers().getOrThrow(deleted)))).toBe(true)
    expect(await papers().getOrThrow(deleted, shown)).toMatchObject({ title: 'Tp2' })
    expect(await papers().findById(deleted)).toBeUndefined()
    expect(await papers().exists(deleted)).toBe(false)
    expect(await papers().exists(deleted, { ...shown, consistent: true })).toBe(true)
    expect(await papers().exists(key)).toBe(true)
    expect((await papers().getMany([deleted, key])).map((paper) => paper?.id)).toEqual([undefined, 'p1'])
    expect((await papers().getMany([deleted, key], shown)).map((paper) => paper?.id)).toEqual(['p2', 'p1'])
  })

  test('queries by the key, by an index, with a scan, with findAll, and by a full key', async () => {
    const query = papers().query()
    expect(await ids(query.where('folder', '=', 'f'))).toEqual(['p1', 'p3'])
    expect(await ids(query.where('folder', '=', 'f').withDeleted())).toEqual(['p1', 'p2', 'p3'])
    expect(await ids(query.where('owner', '=', 'ada'))).toEqual(['p1', 'p3'])
    expect(await ids(query.allowScan())).toEqual(['p1', 'p3'])
    expect(await ids(query.allowScan({ segments: 2 }).withDeleted())).toEqual(['p1', 'p2', 'p3'])
    expect((await papers().findAll({ owner: 'ada' })).items).toHaveLength(2)
    const whole = query.where('folder', '=', 'f').where('id', '=', 'p2')
    expect(whole.explain().operation).toBe('GetItem')
    expect(await whole.first()).toBeUndefined()
    expect(await whole.select('title').first()).toBeUndefined()
    expect(await whole.withDeleted().select('title').first()).toEqual({ title: 'Tp2' })
    const several = query.where('folder', '=', 'f').where('id', 'in', ['p1', 'p2'])
    expect(await ids(several)).toEqual(['p1'])
    expect(await ids(several.withDeleted())).toEqual(['p1', 'p2'])
  })

  test('counts, pages, streams and selected fields', async () => {
    const query = papers().query().where('folder', '=', 'f')
    expect((await query.count()).count).toBe(2)
    expect((await query.withDeleted().count()).count).toBe(3)
    const first = await query.select('title').take(1).execute()
    expect(first.items).toEqual([{ title: 'Tp1' }])
    expect((await query.select('title').after(first.cursor).take(5).execute()).items).toEqual([
      { title: 'Tp3' },
    ])
    const streamed: string[] = []
    for await (const { id } of query.stream()) streamed.push(id)
    expect(streamed).toEqual(['p1', 'p3'])
  })

  test('an index that does not hold the time of deletion is passed over', async () => {
    const query = papers().query().where('title', '=', 'Tp2').select('id')
    expect(ScanNotAllowedError.is(await failure(() => query.execute()))).toBe(true)
    expect((await query.withDeleted().execute()).items).toEqual([{ id: 'p2' }])
    expect((await query.completeItems().execute()).items).toEqual([])
  })

  test('the time of deletion is a field: queries can be about it, an index can list what is deleted', async () => {
    const trash = papers().query().where('folder', '=', 'f').where('removedAt', 'exists').withDeleted()
    expect(await ids(trash)).toEqual(['p2'])
    expect(trash.explain().indexName).toBeUndefined()
    expect(await ids(papers().query().index('trash').where('folder', '=', 'f').withDeleted())).toEqual(['p2'])
    expect(await ids(papers().query().index('trash').where('folder', '=', 'f'))).toEqual([])
  })

  test('a query for several entities hides by the rule of each', async () => {
    const notes = tables.db.repository(Note)
    await notes.create({ folder: 'f', id: 'n1', text: 'x', removedAt: 'a field of its own' })
    const query = tables.db.query(Paper, Note).where('folder', '=', 'f')
    const names = (rows: readonly { item: { id: string } }[]) => rows.map(({ item }) => item.id)
    expect(names((await query.execute()).items)).toEqual(['n1', 'p1', 'p3'])
    expect(names((await query.withDeleted().execute()).items)).toEqual(['n1', 'p1', 'p2', 'p3'])
  })
})

describe('writes to a deleted item', () => {
  beforeEach(async () => {
    await papers().create({ ...key, title: 'A', slug: 'a' })
    await papers().delete(key)
  })

  test('create says that the key belongs to a deleted item', async () => {
    const error = await failure(() => papers().create({ ...key, title: 'B' }))
    expect(ItemAlreadyExistsError.is(error)).toBe(true)
    expect(error.message).toContain('restore()')
    expect(error.message).toContain('soft-deleted')
    await things().create({ id: 't' })
    await things().delete({ id: 't' })
    expect((await failure(() => things().create({ id: 't' }))).message).toContain('soft-deleted')
    await things().create({ id: 'u' })
    expect((await failure(() => things().create({ id: 'u' }))).message).not.toContain('soft-deleted')
  })

  test('update treats it as not existing', async () => {
    const error = await failure(() => papers().update(key).set({ title: 'B' }).execute())
    expect(ItemNotFoundError.is(error)).toBe(true)
    expect(error.message).toContain('restore()')
    const unique = await failure(() => papers().update(key).set({ slug: 'b' }).execute())
    expect(ItemNotFoundError.is(unique)).toBe(true)
    const upsert = await failure(() => papers().update(key).set({ title: 'B' }).createIfMissing().execute())
    expect(ItemAlreadyExistsError.is(upsert)).toBe(true)
    expect(upsert.message).toContain('soft-deleted')
    expect(await papers().get(key, { withDeleted: true })).toMatchObject({ title: 'A', version: 2 })
  })

  test('the time of deletion cannot be changed by an update', async () => {
    const error = await failure(() =>
      papers()
        .update(key)
        .set({ removedAt: new Date() } as never)
        .execute(),
    )
    expect(error).toMatchObject({ code: 'Validation', rule: 'kept-attribute', field: 'removedAt' })
  })

  test('its unique values stay taken', async () => {
    const error = await failure(() => papers().create({ folder: 'f', id: 'p2', title: 'B', slug: 'a' }))
    expect(error).toMatchObject({ code: 'UniqueConstraint', constraint: 'slug' })
  })

  test('put replaces it, deleted or not as the item given', async () => {
    const deleted = await papers().getOrThrow(key, { withDeleted: true })
    const still = await papers().put({ ...deleted, title: 'B' })
    expect(still).toMatchObject({ title: 'B', removedAt: deleted.removedAt, version: 3 })
    expect(await papers().get(key)).toBeUndefined()
    const { removedAt: _removedAt, ...live } = still
    await papers().put(live)
    const alive = await papers().getOrThrow(key)
    expect(alive).not.toHaveProperty('removedAt')
    expect(await failure(() => papers().put({ ...alive, removedAt: 'x' as never }))).toMatchObject({
      rule: 'soft-delete',
      field: 'removedAt',
    })
    await things().put({ id: 't' })
    await things().delete({ id: 't' })
    await things().put({ id: 't', name: 'new' })
    expect(await things().get({ id: 't' })).toEqual({ id: 't', name: 'new' })
  })

  test('a stale item read before the deletion cannot be saved', async () => {
    const before = await papers().create({ folder: 'f', id: 'p9', title: 'A' })
    await papers().delete(before)
    expect(ConditionalCheckFailedError.is(await failure(() => papers().save(before)))).toBe(true)
  })

  test('create never stores a time of deletion', async () => {
    await things().create({ id: 'x', deletedAt: new Date() } as never)
    expect(await things().get({ id: 'x' })).toEqual({ id: 'x', name: 'lamp' })
  })
})

describe('restore', () => {
  test('brings the item back as it was, with a new version', async () => {
    const created = await papers().create({ ...key, title: 'A', slug: 'a' })
    await papers().delete(key)
    const restored = await papers().restore(key)
    expect(restored).toEqual({ ...created, version: 3, updatedAt: restored.updatedAt })
    expect(await papers().get(key)).toEqual(restored)
    expect(await storedPaper()).not.toHaveProperty('gsi1sk')
    expect(
      (await papers().query().index('trash').where('folder', '=', 'f').withDeleted().execute()).items,
    ).toEqual([])
    await papers().update(key).set({ slug: 'b' }).execute()
  })

  test('of an item that is not deleted gives it unchanged, of none is an error', async () => {
    const created = await papers().create({ ...key, title: 'A' })
    expect(await papers().restore(key)).toEqual(created)
    const error = await failure(() => papers().restore({ folder: 'f', id: 'none' }))
    expect(ItemNotFoundError.is(error)).toBe(true)
    expect(error.message).toContain('to restore')
  })

  test('meets a permanent deletion at the same moment', async () => {
    await papers().create({ ...key, title: 'A' })
    await papers().delete(key)
    const db = interposed(
      tables.db,
      once('UpdateItem', () => papers().deletePermanently(key)),
    )
    expect(ItemNotFoundError.is(await failure(() => db.repository(Paper).restore(key)))).toBe(true)
    expect(await storedPaper()).toBeUndefined()
  })

  test('of twenty deletions and restorations at once each is whole', async () => {
    await papers().create({ ...key, title: 'A', slug: 'a' })
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? papers().delete(key) : papers().restore(key))),
    )
    const stored = await storedPaper()
    const isDeleted = stored?.removedAt !== undefined
    expect(stored?.gsi1sk !== undefined).toBe(isDeleted)
    expect(await papers().exists(key)).toBe(!isDeleted)
  })
})

test('an entity without softDelete says how to get it', async () => {
  const notes = tables.db.repository(Note)
  const noteKey = { folder: 'f', id: 'n' }
  for (const run of [
    () => notes.get(noteKey, { withDeleted: true }),
    () => notes.exists(noteKey, { withDeleted: true }),
    () => notes.getMany([noteKey], { withDeleted: true }),
    () => notes.restore(noteKey as never),
    () => notes.query().where('folder', '=', 'f').withDeleted().execute(),
    () => notes.query().where('folder', '=', 'f').withDeleted().explain(),
  ]) {
    const error = await failure(run)
    expect(error).toMatchObject({ code: 'Validation', rule: 'soft-delete' })
    expect(error.message).toContain('softDelete: true')
  }
  const untyped = tables.db.table('Papers').query().where('pk', '=', 'x').withDeleted()
  expect(await failure(() => untyped.execute())).toMatchObject({ rule: 'soft-delete' })
})
