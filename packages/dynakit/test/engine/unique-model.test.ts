import { defineEntity, defineTable, DynamoDBError, type NativeItem } from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { propertyRuns } from '../property-runs.ts'

const Members = defineTable({
  name: 'Members',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
/** Each run has a group of its own, so that runs do not meet in the table. */
const Member = defineEntity({
  name: 'Member',
  table: Members,
  attributes: {
    run: z.string(),
    id: z.string(),
    email: z.string().optional(),
    first: z.number().optional(),
    second: z.string().nullable().optional(),
    note: z.string().optional(),
  },
  key: { partitionKey: 'RUN#{run}', sortKey: 'MEMBER#{id}' },
  unique: { email: ['run', 'email'], pair: ['run', 'first', 'second'] },
})

/** A member without its key, as the model keeps it. */
interface Fields {
  readonly email?: string | undefined
  readonly first?: number | undefined
  readonly second?: string | null | undefined
  readonly note?: string | undefined
}

type Change =
  | { readonly kind: 'set' | 'setIfNotExists'; readonly fields: Fields }
  | { readonly kind: 'add'; readonly amount: number }
  | { readonly kind: 'remove'; readonly names: readonly (keyof Fields)[] }

interface Whole {
  readonly type: 'create' | 'put'
  readonly id: string
  readonly fields: Fields
}

interface Partly {
  readonly type: 'update' | 'upsert'
  readonly id: string
  readonly changes: readonly Change[]
}

type Step = Whole | Partly | { readonly type: 'delete'; readonly id: string }

const id = fc.constantFrom('a', 'b', 'c')
const email = fc.constantFrom('x', 'y', 'x#y', '')
const first = fc.constantFrom(0, 1, 2)
const second = fc.constantFrom('1', '2', null)
const fields: fc.Arbitrary<Fields> = fc.record(
  { email, first, second, note: fc.constantFrom('m', 'n') },
  { requiredKeys: [] },
)
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom('set' as const, 'setIfNotExists' as const), fields }),
  fc.record({ kind: fc.constant('add' as const), amount: fc.constantFrom(-1, 1) }),
  fc.record({
    kind: fc.constant('remove' as const),
    names: fc.subarray(['email', 'first', 'second', 'note'] as const, { minLength: 1 }),
  }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constantFrom('create' as const, 'put' as const), id, fields }),
  fc.record({
    type: fc.constantFrom('update' as const, 'upsert' as const),
    id,
    changes: fc.array(change, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ type: fc.constant('delete' as const), id }),
)

/** What the model expects of a step: an outcome and the members afterwards. */
interface Expected {
  readonly outcome: 'done' | 'ItemAlreadyExists' | 'ItemNotFound' | 'UniqueConstraint' | 'Validation'
  readonly members: ReadonlyMap<string, Fields>
}

function expectedOf(members: ReadonlyMap<string, Fields>, next: Step): Expected {
  const current = members.get(next.id)
  if (next.type === 'create' && current) return { outcome: 'ItemAlreadyExists', members }
  if (next.type === 'update' && !current) return { outcome: 'ItemNotFound', members }
  if (next.type === 'delete') {
    return { outcome: 'done', members: new Map([...members].filter(([other]) => other !== next.id)) }
  }
  const after = 'fields' in next ? next.fields : next.changes.reduce<Fields>(applied, current ?? {})
  const taken = new Set([...members].flatMap(([other, held]) => (other === next.id ? [] : keptBy(held))))
  if (keptBy(after).some((text) => taken.has(text))) return { outcome: 'UniqueConstraint', members }
  return { outcome: 'done', members: new Map([...members, [next.id, after]]) }
}

function applied(before: Fields, { kind, ...rest }: Change): Fields {
  const {
    fields: given = {},
    amount = 0,
    names = [],
  } = rest as {
    fields?: Fields
    amount?: number
    names?: readonly (keyof Fields)[]
  }
  switch (kind) {
    case 'set':
      return { ...before, ...given }
    case 'setIfNotExists':
      return { ...given, ...before }
    case 'add':
      return { ...before, first: (before.first ?? 0) + amount }
    case 'remove':
      return Object.fromEntries(
        Object.entries(before).filter(([name]) => !names.includes(name as keyof Fields)),
      )
  }
}

/** The values a member keeps, in a notation of the test. */
function keptBy({ email: mail, first: one, second: two }: Fields): readonly string[] {
  return [
    ...(mail === undefined ? [] : [JSON.stringify(['email', mail])]),
    ...(one === undefined || two === undefined || two === null ? [] : [JSON.stringify(['pair', one, two])]),
  ]
}

/** Changes of one update are made at once, so two of the same field would depend on each other. */
function isUpdate(next: Step): boolean {
  if (next.type !== 'update' && next.type !== 'upsert') return true
  const names = next.changes.flatMap((one): readonly string[] =>
    one.kind === 'add' ? ['first'] : one.kind === 'remove' ? one.names : Object.keys(one.fields),
  )
  return names.length > 0 && new Set(names).size === names.length
}

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(Members)
})
afterAll(() => tables.drop())

async function carryOut(run: string, next: Step): Promise<Expected['outcome']> {
  const members = tables.db.repository(Member)
  const key = { run, id: next.id }
  try {
    if ('changes' in next) await updateOf(run, next)
    else if ('fields' in next) await members[next.type]({ ...key, ...next.fields })
    else await members.delete(key)
    return 'done'
  } catch (error) {
    if (DynamoDBError.is(error)) return error.code as Expected['outcome']
    throw error
  }
}

async function updateOf(run: string, next: Partly): Promise<void> {
  let update = tables.db.repository(Member).update({ run, id: next.id })
  for (const one of next.changes) {
    if (one.kind === 'add') update = update.add({ first: one.amount })
    else if (one.kind === 'remove') update = update.remove(...one.names)
    else update = update[one.kind](one.fields as { email: string })
  }
  await (next.type === 'upsert' ? update.createIfMissing() : update).execute()
}

async function stored(run: string): Promise<ReadonlyMap<string, Fields>> {
  const page = await tables.db.repository(Member).query().where('run', '=', run).consistent().execute()
  return new Map(page.items.map(({ id: name, run: _run, ...rest }) => [name, rest]))
}

/** Markers in the notation of the test, each with the member that owns it. */
async function storedMarkers(run: string): Promise<readonly string[]> {
  const all = await tables.db
    .table('Members')
    .query()
    .where('pk', 'begins_with', '_unique#')
    .where('pk', 'contains', `S${run}#`)
    .allowScan()
    .consistent()
    .execute()
  return all.items.map(readMarker).sort()
}

function readMarker(item: NativeItem): string {
  const [, , constraint, , ...values] = (item.pk as string)
    .split(/(?<!\\)#/)
    .map((part) => part.replace(/\\(.)/g, '$1'))
  const plain = values.map((value) => (value.startsWith('N') ? Number(value.slice(1)) : value.slice(1)))
  const { sk } = item._owner as { sk: string }
  return `${JSON.stringify([constraint, ...plain])} ${sk.slice('MEMBER#'.length)}`
}

function markersOf(members: ReadonlyMap<string, Fields>): readonly string[] {
  return [...members].flatMap(([owner, held]) => keptBy(held).map((text) => `${text} ${owner}`)).sort()
}

test('after any steps, items and markers are those of a model', async () => {
  let number = 0
  let steps = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step.filter(isUpdate), { minLength: 1, maxLength: 14 }), async (sequence) => {
      const run = `r${String((number += 1))}`
      let members: ReadonlyMap<string, Fields> = new Map()
      for (const next of sequence) {
        const expected = expectedOf(members, next)
        expect([next, await carryOut(run, next)]).toEqual([next, expected.outcome])
        members = expected.members
        expect(await stored(run)).toEqual(members)
        expect(await storedMarkers(run)).toEqual(markersOf(members))
        steps += 1
      }
      for (const owner of members.keys()) await tables.db.repository(Member).delete({ run, id: owner })
      expect(await storedMarkers(run)).toEqual([])
    }),
    propertyRuns(100),
  )
  expect(steps).toBeGreaterThan(100)
})

test('writers that work at the same time leave items and markers that agree', async () => {
  let number = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step.filter(isUpdate), { maxLength: 6 }), { minLength: 3, maxLength: 3 }),
      async (writers) => {
        const run = `c${String((number += 1))}`
        await Promise.all(
          writers.map(async (steps) => {
            for (const next of steps) await carryOut(run, next)
          }),
        )
        expect(await storedMarkers(run)).toEqual(markersOf(await stored(run)))
        for (const owner of (await stored(run)).keys())
          await tables.db.repository(Member).delete({ run, id: owner })
        expect(await storedMarkers(run)).toEqual([])
      },
    ),
    propertyRuns(80),
  )
})
