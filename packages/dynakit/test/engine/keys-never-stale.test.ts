import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  ConditionalCheckFailedError,
  createAdapter,
  type DynamoDBAdapter,
  type Entity,
  ItemAlreadyExistsError,
  ItemNotFoundError,
  type NativeItem,
  TransactionCanceledError,
  ValidationError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { propertyRuns } from '../property-runs.ts'
import { canonical } from './keys/canonical.ts'
import { carryOut } from './keys/carry-out.ts'
import { checkIndexes } from './keys/index-contents.ts'
import { givenIds, storedIds } from './keys/item-ids.ts'
import { type Fields, madeKeys } from './keys/model-keys.ts'
import type { Subject } from './keys/affected-keys.ts'
import { type Outcome, predict, type Prediction, someTime } from './keys/model-steps.ts'
import { entityOf, tableOf } from './keys/define-schema.ts'
import { type EntitySpec, randomSchema, type SchemaSpec } from './keys/random-schema.ts'
import { type Step, stepsOf } from './keys/random-steps.ts'

let tables: TestTables
let db: DynamoDBAdapter
let client: DynamoDBClient
beforeAll(async () => {
  tables = await createTestTables()
  db = createAdapter(tables.clientConfig)
  client = new DynamoDBClient(tables.clientConfig)
})
afterAll(async () => {
  client.destroy()
  await db.close()
  await tables.drop()
})

const itemsPerEntity = 6
const stepsPerItem = 14

/** The writes of one item. */
interface Sequence {
  readonly entity: EntitySpec
  /** Tells items of one table apart. */
  readonly number: number
  readonly steps: readonly Step[]
}

const scenario = randomSchema.chain((schema) =>
  fc
    .tuple(
      ...schema.entities.flatMap((entity, at) =>
        Array.from({ length: itemsPerEntity }, (_, item) =>
          stepsOf(entity, stepsPerItem).map((steps): Sequence => ({
            entity,
            number: at * itemsPerEntity + item,
            steps,
          })),
        ),
      ),
    )
    .map((sequences) => ({ schema, sequences })),
)

const counts = new Map<string, number>()
const count = (what: string): void => {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

function outcomeOf(error: unknown, { isLate, outcomes }: Prediction): Outcome {
  if (ItemAlreadyExistsError.is(error)) return 'exists'
  if (ItemNotFoundError.is(error)) return 'missing'
  if (ConditionalCheckFailedError.is(error)) return 'condition'
  // Of a transaction, only the operation that failed is told.
  if (TransactionCanceledError.is(error)) {
    const isInvalid = error.reasons.some(({ code }) => code === 'ValidationError')
    if (isInvalid ? !isLate : !error.isConditionFailure) throw error
    if (isInvalid) return 'invalid'
    return outcomes.find((outcome) => outcome !== 'ok' && outcome !== 'invalid') ?? 'condition'
  }
  if (!ValidationError.is(error)) throw error
  const isByDynamoDB = error.rule === 'service' || error.rule === 'document-path'
  // Whatever can be known before is refused before, with the name of the field.
  if (isByDynamoDB ? !isLate : error.field === undefined) throw error
  count(`refused as ${error.rule}`)
  return 'invalid'
}

async function runSequence(
  tableName: string,
  schema: SchemaSpec,
  entity: Entity,
  sequence: Sequence,
): Promise<NativeItem | undefined> {
  const given = givenIds(sequence.entity, sequence.number)
  const ids = storedIds(sequence.entity, given)
  const subject: Subject = { schema, entity: sequence.entity, ids }
  const made = { ...ids, ...madeKeys(schema, sequence.entity, ids) }
  const key = Object.fromEntries(
    (schema.hasSortKey ? ['pk', 'sk'] : ['pk']).map((name) => [name, made[name]]),
  )
  let state: Fields | undefined
  let stored: NativeItem | undefined
  for (const step of sequence.steps) {
    const prediction = predict(subject, state, step)
    const startedAt = new Date().toISOString()
    const version = sequence.entity.version ? { current: state?.version } : undefined
    let failure: unknown
    try {
      const outcome = await carryOut(db, { entity, key: given, version }, step).then(
        (): Outcome => 'ok',
        (error: unknown) => {
          failure = error
          return outcomeOf(error, prediction)
        },
      )
      expect(prediction.outcomes).toContain(outcome)
      stored = await db.table(tableName).get(key, { consistent: true })
      if (outcome === 'ok') state = withTimes(prediction.after, stored, startedAt)
      expect(canonical(stored)).toEqual(state && canonical(storedOf(subject, key, state)))
      count(`${step.type}${step.isTransaction ? ' in a transaction' : ''} ${outcome}`)
    } catch (error) {
      throw new Error(describe(step, state, sequence.entity, failure, error), { cause: error })
    }
  }
  return stored
}

/** Times are the only thing that cannot be predicted. */
function withTimes(
  after: Fields | undefined,
  stored: NativeItem | undefined,
  startedAt: string,
): Fields | undefined {
  if (!after || !stored) return after
  const times = Object.entries(after).filter(([, value]) => value === someTime)
  const read = times.map(([name]) => [name, stored[name] as string] as const)
  for (const [, time] of read) {
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/)
    expect(startedAt <= time).toBe(true)
  }
  return { ...after, ...Object.fromEntries(read) }
}

/** The whole item as it must be stored. */
function storedOf({ schema, entity }: Subject, key: NativeItem, fields: Fields): NativeItem {
  const item = { ...fields, ...madeKeys(schema, entity, fields), ...key }
  return schema.entityAttribute === false ? item : { ...item, [schema.entityAttribute]: entity.name }
}

function describe(
  step: Step,
  state: Fields | undefined,
  entity: EntitySpec,
  failure: unknown,
  error: unknown,
): string {
  const show = (value: unknown): string => inspect(value, { depth: 9, maxStringLength: 60 })
  return `after ${show(step)} of ${show(state)} of entity ${show(entity)}, which ended with ${String(failure)}: ${String(error)}`
}

function report<Value>({
  failed,
  seed,
  counterexamplePath,
  errorInstance,
}: fc.RunDetails<Value>): Promise<void> {
  if (!failed) return Promise.resolve()
  throw new Error(`seed ${String(seed)}, path ${String(counterexamplePath)}: ${String(errorInstance)}`)
}

let tableCount = 0

async function runScenario(schema: SchemaSpec, sequences: readonly Sequence[]): Promise<void> {
  const name = `Random${String(tableCount++)}`
  const table = tableOf(schema, name)
  await db.tables.create(table)
  const entities = new Map(schema.entities.map((spec) => [spec.name, entityOf(schema, table, spec)]))
  const ended = await Promise.allSettled(
    sequences.map((sequence) =>
      runSequence(name, schema, entities.get(sequence.entity.name) as Entity, sequence),
    ),
  )
  const items: NativeItem[] = []
  for (const one of ended) {
    if (one.status === 'rejected') throw one.reason
    if (one.value) items.push(one.value)
  }
  await checkIndexes(client, name, schema, items)
  await db.tables.delete(name)
}

test(
  'every index key is the one its item leads to, after each of thousands of writes (toolbox#1058, onetable#301, electrodb#572)',
  { timeout: 1_800_000 },
  async ({ annotate }) => {
    const runs = propertyRuns(16)
    await fc.assert(
      fc.asyncProperty(scenario, ({ schema, sequences }) => runScenario(schema, sequences)),
      // The error names the one write that went wrong; to find a smaller scenario would take minutes.
      { ...runs, endOnFailure: true, asyncReporter: report },
    )
    const lines = [...counts].sort().map(([what, times]) => `${what}: ${String(times)}`)
    await annotate(`${String(tableCount)} tables; ${lines.join(', ')}`)
    // Every kind of write came to every end it can have.
    const endings = {
      create: ['ok', 'exists', 'invalid'],
      put: ['ok', 'condition', 'invalid'],
      putMany: ['ok', 'invalid'],
      update: ['ok', 'missing', 'exists', 'condition', 'invalid'],
      'update in a transaction': ['ok', 'missing', 'condition', 'invalid'],
      'put in a transaction': ['ok'],
      delete: ['ok'],
      'delete in a transaction': ['ok'],
      restore: ['ok', 'missing', 'invalid'],
    }
    for (const [write, ends] of Object.entries(endings)) {
      for (const end of ends)
        expect([`${write} ${end}`, counts.get(`${write} ${end}`)]).not.toContain(undefined)
    }
    expect(counts.get('update ok')).toBeGreaterThan(50 * runs.numRuns)
  },
)
