import { describe, expect, test } from 'vitest'
import * as v from 'valibot'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { parsePath } from '../expressions/path.ts'
import { noActions, type SetKind, type UpdateActions } from '../expressions/update-actions.ts'
import { isoDate } from '../schema/attribute-codec.ts'
import { defineEntity, type Entity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import { planUntypedUpdate, planUpdate, prepareUpdate, type UpdateStep } from './plan-update.ts'
import type { UpdateRequest } from './update-request.ts'

const Shop = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  indexes: {
    gsi1: {
      type: 'global',
      partitionKey: { name: 'gsi1pk', type: 'string' },
      sortKey: { name: 'gsi1sk', type: 'string' },
    },
    byScore: {
      type: 'global',
      partitionKey: [
        { name: 'team', type: 'string' },
        { name: 'league', type: 'string' },
      ],
      sortKey: { name: 'score', type: 'number' },
    },
    byAge: { type: 'global', partitionKey: { name: 'age', type: 'number' } },
  },
})

const define = (name: string, more: object = {}): Entity =>
  (defineEntity as (options: unknown) => Entity)({
    name,
    table: Shop,
    attributes: {
      id: v.string(),
      owner: v.any(),
      done: v.any(),
      count: v.any(),
      team: v.any(),
      league: v.any(),
      score: v.any(),
      tags: v.any(),
      list: v.any(),
      map: v.any(),
      when: isoDate().optional(),
      years: v.any(),
    },
    key: { partitionKey: `${name}#{id}` },
    indexes: {
      gsi1: { partitionKey: 'O#{owner}#{done}', sortKey: '{count:5}' },
      byAge: { partitionKey: '{years}' },
    },
    ...more,
  })
const Task = define('Task')

const set = (changes: Record<string, unknown>, kind: SetKind = 'value'): UpdateActions => ({
  ...noActions,
  set: Object.entries(changes).map(([path, value]) => ({
    path: parsePath(path),
    kind,
    value: value as NativeValue,
  })),
})
const change = (type: 'add' | 'delete', changes: Record<string, unknown>): UpdateActions => ({
  ...noActions,
  [type]: Object.entries(changes).map(([path, value]) => ({ path: parsePath(path), value })),
})
const remove = (...paths: readonly string[]): UpdateActions => ({
  ...noActions,
  remove: paths.map(parsePath),
})
const join = (...list: readonly UpdateActions[]): UpdateActions => ({
  set: list.flatMap((actions) => actions.set),
  remove: list.flatMap((actions) => actions.remove),
  add: list.flatMap((actions) => actions.add),
  delete: list.flatMap((actions) => actions.delete),
})

const request = (actions: UpdateActions, more: Partial<UpdateRequest> = {}): UpdateRequest => ({
  actions,
  conditions: [],
  returns: 'none',
  createIfMissing: false,
  createParents: false,
  returnItemOnConditionFailure: false,
  ...more,
})

async function plan(
  actions: UpdateActions,
  before?: NativeItem,
  entity: Entity = Task,
  more?: Partial<UpdateRequest>,
): Promise<UpdateStep> {
  const prepared = await prepareUpdate(entity['~compiled'], { id: '1' }, request(actions, more), new Date(0))
  return planUpdate(prepared, before)
}

/** What the update sets and removes, by attribute. */
async function written(actions: UpdateActions, before?: NativeItem, entity?: Entity): Promise<unknown> {
  const { plan: made } = await plan(actions, before, entity)
  const sets = made?.actions.set.map(({ path, value }) => [path.text, value])
  return { ...Object.fromEntries(sets ?? []), removed: made?.actions.remove.map(({ text }) => text) }
}

async function refusal(run: () => unknown): Promise<ValidationError> {
  try {
    await run()
  } catch (error) {
    if (ValidationError.is(error)) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('keys made by templates', () => {
  test('follow what the update says, and what is stored', async () => {
    expect((await plan(set({ owner: 'ada' }))).needed).toEqual(['done'])
    expect(await written(set({ owner: 'ada', done: true }))).toMatchObject({ gsi1pk: 'O#ada#true' })
    expect(await written(set({ owner: 'ada' }), { done: false })).toMatchObject({ gsi1pk: 'O#ada#false' })
    expect(await written(remove('owner'), { done: false })).toMatchObject({ removed: ['owner', 'gsi1pk'] })
  })

  test('take a stored null for a value, as DynamoDB does', async () => {
    const error = await refusal(() =>
      plan(set({ owner: 'ada' }, 'if-not-exists'), { owner: null, done: true }),
    )
    expect(error).toMatchObject({ rule: 'key-value-type', field: 'owner', valueType: 'null' })
    expect(await written(set({ owner: 'ada' }, 'if-not-exists'), { done: true })).toMatchObject({
      gsi1pk: 'O#ada#true',
    })
  })

  test('follow additions, which become assignments', async () => {
    expect(await written(change('add', { count: 5 }), { count: 7 })).toMatchObject({
      count: 12,
      gsi1sk: '00012',
    })
    expect(await written(change('add', { count: 5 }), {})).toMatchObject({ count: 5, gsi1sk: '00005' })
  })

  test('refuse additions DynamoDB would refuse', async () => {
    expect(await refusal(() => plan(change('add', { count: 5 }), { count: '7' }))).toMatchObject({
      rule: 'update-operand',
      field: 'count',
      valueType: 'string',
    })
    expect(await refusal(() => plan(change('add', { years: 0.01 }), { years: 10n ** 37n }))).toMatchObject({
      rule: 'number-precision',
      field: 'years',
    })
  })

  test('refuse to read when the entity does, with what is missing', async () => {
    const strict = define('Strict', { onPartialKey: 'refuse', version: true })
    const error = await refusal(() => plan(set({ owner: 'ada' }), undefined, strict))
    expect(error).toMatchObject({ rule: 'partial-key', field: 'done' })
    expect(error.message).toBe(
      "Strict: the update changes a part of the index keys gsi1pk, which also need done. Give done with set as well, or define the entity with onPartialKey: 'read'.",
    )
    const kept = define('Kept', {
      onPartialKey: 'refuse',
      version: true,
      indexes: { gsi1: { partitionKey: 'V#{version}', sortKey: '{count:5}' } },
    })
    expect((await refusal(() => plan(set({ team: 'a' }), undefined, kept))).message).toContain(
      'The entity keeps version itself, so define it with',
    )
  })
})

describe('refused before anything is sent, naming the field', () => {
  test.each<[string, UpdateActions, string, string]>([
    ['a list made of a field of a template', set({ owner: ['x'] }, 'append'), 'key-value-type', 'owner'],
    ['the same at its beginning', set({ owner: ['x'] }, 'prepend'), 'key-value-type', 'owner'],
    ['a set made of it', change('add', { owner: new Set(['x']) }), 'key-value-type', 'owner'],
    ['members taken out of it', change('delete', { owner: new Set(['x']) }), 'key-value-type', 'owner'],
    ['something inside it', set({ 'owner.name': 'x' }), 'key-nested-path', 'owner.name'],
    ['something removed inside it', remove('owner[0]'), 'key-nested-path', 'owner[0]'],
    ['something added inside it', change('add', { 'owner.n': 1 }), 'key-nested-path', 'owner.n'],
    ['something inside an index key', set({ 'team.name': 'x' }), 'key-nested-path', 'team.name'],
    ['a list made of an index key', set({ team: ['x'] }, 'append'), 'key-value-type', 'team'],
    ['a number added to a text key', change('add', { team: 1 }), 'key-value-type', 'team'],
    ['an index key of another type', set({ team: 5 }), 'key-value-type', 'team'],
    [
      'an index key of another type, if missing',
      set({ score: '5' }, 'if-not-exists'),
      'key-value-type',
      'score',
    ],
    ['an empty index key', set({ team: '' }), 'key-empty', 'team'],
    ['an index key that is too long', set({ team: 'x'.repeat(2049) }), 'key-size', 'team'],
    [
      'attributes of one key that are too long together',
      set({ team: 'x'.repeat(2000), league: 'y'.repeat(49) }),
      'key-size',
      'team',
    ],
    ['a copy of another type', set({ years: 'x' }), 'key-value-type', 'years'],
    ['text added', change('add', { tags: 'x' }), 'update-operand', 'tags'],
    ['a number taken out', change('delete', { tags: 5 }), 'update-operand', 'tags'],
    ['elements put into a codec’s text', set({ when: ['x'] }, 'append'), 'codec', 'when'],
    ['a path twice', join(set({ list: [] }), change('add', { list: new Set([1]) })), 'path-overlap', 'list'],
    ['a path and one inside it', join(set({ 'map.a': 1 }), remove('map')), 'path-overlap', 'map'],
    [
      'elements of the same place',
      join(set({ 'list[0]': 1 }), remove('list[0].a')),
      'path-overlap',
      'list[0].a',
    ],
  ])('%s', async (_name, actions, rule, field) => {
    expect(await refusal(() => plan(actions))).toMatchObject({ rule, field })
  })

  test('but not what only looks like it', async () => {
    const actions = join(
      set({ 'list[0]': 1, 'list[1]': 2, 'map.a': 1, 'map.b.c': 2, team: 'x'.repeat(2048) }),
      change('add', { score: 1, tags: new Set(['x']) }),
    )
    expect((await plan(actions)).plan).toBeDefined()
  })

  test('of an untyped table too', async () => {
    const run = (actions: UpdateActions) =>
      refusal(() => planUntypedUpdate('Shop', { pk: 'x' }, request(actions)))
    expect(await run(change('add', { a: 'x' }))).toMatchObject({ rule: 'update-operand', field: 'a' })
    expect(await run(join(set({ a: 1 }), remove('a')))).toMatchObject({ rule: 'path-overlap', field: 'a' })
  })
})

describe('an update that may create the item', () => {
  const strictly = define('Draft', {
    attributes: { id: v.string(), lines: v.array(v.any()), list: v.optional(v.array(v.any()), []) },
    indexes: {},
  })
  const upsert = (actions: UpdateActions) => plan(actions, {}, strictly, { createIfMissing: true })

  test('adds no default below which it removes something', async () => {
    const { plan: made } = await upsert(join(set({ lines: [] }), remove('list[0]')))
    expect(made?.actions.set.map(({ path }) => path.text)).not.toContain('list')
    const other = await upsert(set({ lines: [] }))
    expect(other.plan?.actions.set.map(({ path }) => path.text)).toContain('list')
  })

  test('needs every required field', async () => {
    expect(await refusal(() => upsert(set({ list: [] })))).toMatchObject({
      rule: 'incomplete-upsert',
      field: 'lines',
    })
  })
})
