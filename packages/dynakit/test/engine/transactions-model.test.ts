import {
  createAdapter,
  defineEntity,
  defineTable,
  type NativeItem,
  type TransactionBuilder,
  TransactionCanceledError,
  type Transport,
  UniqueConstraintError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { propertyRuns } from '../property-runs.ts'

const Store = defineTable({
  name: 'Store',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    gsi1: {
      type: 'global',
      projection: 'all',
      partitionKey: { name: 'gsi1pk', type: 'string' },
      sortKey: { name: 'gsi1sk', type: 'string' },
    },
  },
})
/** Each run has a group of its own, so that runs do not meet in the table. */
const Thing = defineEntity({
  name: 'Thing',
  table: Store,
  attributes: {
    run: z.string(),
    id: z.string(),
    rank: z.number(),
    kind: z.string(),
    code: z.string().optional(),
  },
  key: { partitionKey: 'RUN#{run}', sortKey: 'THING#{id}' },
  // An update of one of the two fields needs the other.
  indexes: { gsi1: { partitionKey: 'RUN#{run}', sortKey: '{kind}#{rank:6}' } },
  unique: { code: ['run', 'code'] },
  version: true,
})

/** A thing without its key, as the model keeps it. */
interface Fields {
  readonly rank: number
  readonly kind: string
  readonly code?: string | undefined
  readonly version: number
}
type Model = ReadonlyMap<string, Fields>
type Whole = Omit<Fields, 'version'>

type Step =
  | { readonly type: 'create'; readonly id: string; readonly fields: Whole }
  | { readonly type: 'put'; readonly id: string; readonly fields: Whole; readonly isCurrent: boolean }
  | { readonly type: 'rank'; readonly id: string; readonly by: number; readonly least: number }
  | { readonly type: 'code'; readonly id: string; readonly code: string | undefined }
  | { readonly type: 'kind'; readonly id: string; readonly kind: string }
  | { readonly type: 'delete'; readonly id: string }
  | { readonly type: 'check'; readonly id: string; readonly least: number }

const id = fc.constantFrom('a', 'b', 'c', 'd')
const codes = ['x', 'y', 'z'] as const
const code = fc.constantFrom(...codes)
const kind = fc.constantFrom('k', 'l')
const small = fc.integer({ min: 0, max: 5 })
const fields: fc.Arbitrary<Whole> = fc.record({ rank: small, kind, code }, { requiredKeys: ['rank', 'kind'] })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('create' as const), id, fields }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('put' as const),
      id,
      fields,
      isCurrent: fc.integer({ max: 4, min: 0 }).map((n) => n > 0),
    }),
  },
  fc.record({ type: fc.constant('rank' as const), id, by: small, least: fc.constantFrom(0, 0, 2) }),
  fc.record({ type: fc.constant('code' as const), id, code: fc.option(code, { nil: undefined }) }),
  fc.record({ type: fc.constant('kind' as const), id, kind }),
  fc.record({ type: fc.constant('delete' as const), id }),
  fc.record({ type: fc.constant('check' as const), id, least: fc.constantFrom(0, 3) }),
)
/** What goes wrong on the way to DynamoDB, for each request that writes. */
const fault = fc.constantFrom('none', 'none', 'lost answer', 'conflict' as const)
const transaction = fc.record({
  steps: fc.uniqueArray(step, { selector: (one) => one.id, minLength: 1, maxLength: 4 }),
  faults: fc.array(fault, { maxLength: 3 }),
})

/** The thing after a step; `undefined` when there is none, `false` when the step's condition is false. */
function applied(before: Fields | undefined, next: Step): Fields | undefined | false {
  switch (next.type) {
    case 'create':
      return before ? false : { ...next.fields, version: 1 }
    case 'put':
      if (before === undefined) return { ...next.fields, version: 1 }
      return next.isCurrent && { ...next.fields, version: before.version + 1 }
    case 'delete':
      return undefined
    case 'check':
      return before !== undefined && before.rank >= next.least && before
    case 'rank':
      if (before === undefined || before.rank < next.least) return false
      return { ...before, rank: before.rank + next.by, version: before.version + 1 }
    case 'kind':
      return before !== undefined && { ...before, kind: next.kind, version: before.version + 1 }
    case 'code': {
      if (before === undefined) return false
      const { code: _code, ...rest } = before
      const version = before.version + 1
      return next.code === undefined ? { ...rest, version } : { ...rest, code: next.code, version }
    }
  }
}

interface Expected {
  readonly model: Model
  /** Positions of the steps whose conditions are false. */
  readonly refused: readonly number[]
  readonly isDuplicate: boolean
  /** Whether two steps want the same code, also when the condition of one is false. */
  readonly isWantedTwice: boolean
}

function wantedCode(next: Step): readonly string[] {
  const wanted = 'fields' in next ? next.fields.code : next.type === 'code' ? next.code : undefined
  return wanted === undefined ? [] : [wanted]
}

function expectedOf(model: Model, steps: readonly Step[]): Expected {
  const after = new Map(model)
  const refused: number[] = []
  for (const [at, next] of steps.entries()) {
    const made = applied(model.get(next.id), next)
    if (made === false) refused.push(at)
    else if (made === undefined) after.delete(next.id)
    else after.set(next.id, made)
  }
  const held = [...after.values()].flatMap((thing) => (thing.code === undefined ? [] : [thing.code]))
  const isDuplicate = new Set(held).size < held.length
  const wanted = steps.flatMap(wantedCode)
  const isWantedTwice = new Set(wanted).size < wanted.length
  return { model: refused.length > 0 || isDuplicate ? model : after, refused, isDuplicate, isWantedTwice }
}

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(Store)
})
afterAll(() => tables.drop())

/** Sends writes again after the answer is lost, as a transport does, or reports a conflict before. */
function faulty(faults: readonly string[]): Transport {
  const { transport } = tables.db['~executor']
  const left = [...faults]
  return {
    send: async (operation, input, options) => {
      const next = operation === 'TransactWriteItems' ? left.shift() : undefined
      if (next === 'conflict') throw conflictOf(input.TransactItems as readonly unknown[])
      const answer = await transport.send(operation, input, options)
      if (next !== 'lost answer') return answer
      expect(options.isRepeatable).toBe(true)
      return transport.send(operation, input, options)
    },
    close: () => Promise.resolve(),
  }
}

function conflictOf(items: readonly unknown[]): TransactionCanceledError {
  const at = items.length - 1
  return new TransactionCanceledError('conflict', {
    reasons: items.map((_, index) => ({
      index,
      code: index === at ? 'TransactionConflict' : 'None',
      message: undefined,
    })),
    retryable: true,
  })
}

function build(
  run: string,
  model: Model,
  steps: readonly Step[],
  faults: readonly string[],
): TransactionBuilder {
  let made: TransactionBuilder = createAdapter({ transport: faulty(faults) }).transaction()
  for (const next of steps) made = withStep(made, run, model, next)
  return made
}

function withStep(made: TransactionBuilder, run: string, model: Model, next: Step): TransactionBuilder {
  const key = { run, id: next.id }
  const entity = Thing
  switch (next.type) {
    case 'create':
      return made.create({ entity, item: { ...key, ...next.fields } })
    case 'put': {
      const before = model.get(next.id)
      const version = before && (next.isCurrent ? before.version : before.version + 7)
      return made.put({ entity, item: { ...key, ...next.fields, ...(version !== undefined && { version }) } })
    }
    case 'rank':
      return made.update({
        entity,
        key,
        updates: (thing) => thing.add({ rank: next.by }).where('rank', '>=', next.least),
      })
    case 'kind':
      return made.update({ entity, key, updates: { kind: next.kind } })
    case 'code': {
      const { code: wanted } = next
      return made.update({
        entity,
        key,
        updates: (thing) => (wanted === undefined ? thing.remove('code') : thing.set({ code: wanted })),
      })
    }
    case 'delete':
      return made.delete({ entity, key })
    case 'check':
      return made.check({ entity, key, where: (e) => e('rank', '>=', next.least) })
  }
}

async function stored(run: string): Promise<Model> {
  const { items } = await tables.db
    .table('Store')
    .query()
    .where('pk', '=', `RUN#${run}`)
    .consistent()
    .execute()
  return new Map(items.map((item) => [item.id as string, readThing(item)]))
}

/** Index keys must follow from the fields, whatever wrote them. */
function readThing(item: NativeItem): Fields {
  const { rank, kind: stem, code: held, version } = item as unknown as Fields
  expect(item.gsi1sk).toBe(`${stem}#${String(rank).padStart(6, '0')}`)
  return { rank, kind: stem, version, ...(held !== undefined && { code: held }) }
}

/** The markers of all codes there are, each with the thing that owns it. */
async function markers(run: string): Promise<readonly string[]> {
  const texts = codes.map((held) => `_unique#Thing#code#S${run}#S${held}`)
  const items = await tables.db.table('Store').getMany(
    texts.map((text) => ({ pk: text, sk: text })),
    { consistent: true },
  )
  return items.flatMap((item, at) =>
    item ? [`${codes[at] ?? ''} ${(item._owner as { sk: string }).sk.slice('THING#'.length)}`] : [],
  )
}

function markersOf(model: Model): readonly string[] {
  return [...model]
    .flatMap(([owner, thing]) => (thing.code === undefined ? [] : [`${thing.code} ${owner}`]))
    .sort()
}

function checkError(error: unknown, { refused, isDuplicate, isWantedTwice }: Expected): void {
  if (UniqueConstraintError.is(error)) {
    expect(isWantedTwice || (isDuplicate && refused.length === 0)).toBe(true)
  } else {
    if (!TransactionCanceledError.is(error)) throw error
    const failed = error.failures.filter((one) => one.error?.code !== 'UniqueConstraint')
    expect(failed.map(({ index }) => index)).toEqual(refused)
    expect(error.isConditionFailure).toBe(true)
  }
}

test('transactions are carried out as a whole once or not at all, as by a model', async () => {
  let number = 0
  let done = 0
  let cancelled = 0
  await fc.assert(
    fc.asyncProperty(fc.array(transaction, { minLength: 4, maxLength: 12 }), async (sequence) => {
      const run = `r${String((number += 1))}`
      let model: Model = new Map()
      for (const { steps, faults } of sequence) {
        const expected = expectedOf(model, steps)
        const isFine = expected.refused.length === 0 && !expected.isDuplicate
        const outcome: unknown = await build(run, model, steps, faults)
          .execute()
          .then(() => undefined)
          .catch((error: unknown) => error)
        if (isFine) expect([steps, outcome]).toEqual([steps, undefined])
        else checkError(outcome, expected)
        model = expected.model
        expect(await stored(run)).toEqual(model)
        expect(await markers(run)).toEqual(markersOf(model))
        if (isFine) done += 1
        else cancelled += 1
      }
    }),
    propertyRuns(120),
  )
  expect(done).toBeGreaterThan(150)
  expect(cancelled).toBeGreaterThan(100)
})
