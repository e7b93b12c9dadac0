import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import type { DynamoDBErrorOptions } from '../errors/dynamodb-error.ts'
import { errorFromService } from '../errors/from-service.ts'
import { ConditionalCheckFailedError, UniqueConstraintError } from '../errors/item-errors.ts'
import { TransactionCanceledError } from '../errors/transaction-errors.ts'
import { allOf, type Condition } from '../expressions/condition.ts'
import { evaluate } from '../expressions/evaluate.ts'
import { attributePath } from '../expressions/path.ts'
import { deleteItem, type DeleteItemPlan } from '../operations/write/delete-item.ts'
import { putItem, type PutItemPlan } from '../operations/write/put-item.ts'
import { transactionOf, transactWriteItems } from '../operations/write/transact-write-items.ts'
import { updateItem, type UpdateItemPlan } from '../operations/write/update-item.ts'
import { claimMarker, releaseMarker, type UniqueMarker } from '../planner/unique-markers.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import type { Call } from './call.ts'
import { ConflictRetry, isConflict } from './conflict-retry.ts'
import { readExactly } from './exact-reads.ts'
import type { Executor } from './executor.ts'

type ItemWrite = PutItemPlan | UpdateItemPlan | DeleteItemPlan

/** A write and the markers that change with it. */
export interface UniquePlan {
  readonly write: ItemWrite
  readonly claims: readonly UniqueMarker[]
  readonly releases: readonly UniqueMarker[]
  /** When the item expires afterwards. */
  readonly expiresAt: NativeValue | undefined
}

/** A write of an item with unique fields. */
export interface UniqueWrite {
  readonly entity: CompiledEntity
  readonly key: NativeItem
  readonly now: Date
  /** Attributes to read first; `all` of them, or none. */
  readonly reads: readonly string[] | 'all'
  /** Attributes that must still be as they were read when the write happens. */
  readonly pins: readonly string[]
  /** Plans the write of an item as read; `undefined` when there is nothing to write. */
  plan(before: NativeItem | undefined): UniquePlan | undefined
  /** The error when the condition of the write is false of the stored item. */
  refuse(stored: NativeItem | undefined, facts: DynamoDBErrorOptions): unknown
}

/**
 * Writes an item together with the markers of its unique fields, as one transaction.
 *
 * Markers are found from the item as it was read before, under the condition that it has not changed since;
 * when it has, everything starts again from the new item.
 *
 * @param executor - Carries the requests.
 * @param job - The write.
 * @param call - The call it belongs to.
 * @returns The item as it was before, as far as it was read.
 * @throws UniqueConstraintError when another item has the values; what `refuse` gives when the condition of
 *   the write is false.
 * @internal
 */
export async function writeUnique(
  executor: Executor,
  job: UniqueWrite,
  call: Call,
): Promise<NativeItem | undefined> {
  const retry = new ConflictRetry(call)
  /** Values the item has and another one keeps: it was stored before the constraint was declared. */
  const foreign = new Set<string>()
  const read = (names: UniqueWrite['reads']): Promise<NativeItem | undefined> =>
    readExactly(executor, job.entity.table.name, job.key, names === 'all' ? undefined : names, call)

  let before = job.reads.length === 0 ? undefined : await read(job.reads)
  for (;;) {
    const attempt = makeAttempt(job, before, foreign)
    if (!attempt) return before
    const failure = await send(executor, job, attempt, call)
    if (!failure) return before
    if (failure.type === 'foreign') {
      for (const text of failure.texts) foreign.add(text)
      continue
    }
    if (failure.type === 'changed') {
      const stored = await read('all')
      const isSame = evaluate(allOf(pinned(job.pins, before)) ?? always, stored ?? {})
      // Where the outcome is not known, it may be this write itself that has changed the item.
      const isFinal =
        failure.facts.outcomeUnknown === true || (isSame && !isTrueOf(attempt.plan.write, stored))
      if (isFinal) throw job.refuse(stored, failure.facts)
      before = job.reads.length === 0 ? undefined : stored
    }
    if (!(await retry.wait()))
      throw failure.type === 'changed' ? keepsChanging(job, retry, failure.facts) : failure.error
  }
}

/** True of every item. */
const always: Condition = Object.freeze({ type: 'and', conditions: Object.freeze([]) })

function isTrueOf({ condition }: ItemWrite, stored: NativeItem | undefined): boolean {
  return condition === undefined || evaluate(condition, stored ?? {})
}

/** A plan with what is sent of it. */
interface Attempt {
  readonly plan: UniquePlan
  readonly write: ItemWrite
  readonly claims: readonly UniqueMarker[]
  readonly releases: readonly UniqueMarker[]
}

function makeAttempt(
  job: UniqueWrite,
  before: NativeItem | undefined,
  foreign: ReadonlySet<string>,
): Attempt | undefined {
  const plan = job.plan(before)
  if (!plan) return undefined
  const isKnownMissing = before === undefined && job.reads.length > 0
  if (isKnownMissing && !isTrueOf(plan.write, undefined)) throw job.refuse(undefined, factsOf(job))
  const conditions = [...(plan.write.condition ? [plan.write.condition] : []), ...pinned(job.pins, before)]
  return {
    plan,
    write: { ...plan.write, condition: allOf(conditions) },
    claims: plan.claims,
    releases: plan.releases.filter(({ text }) => !foreign.has(text)),
  }
}

function pinned(names: readonly string[], before: NativeItem | undefined): readonly Condition[] {
  return names.map((name): Condition => {
    const value = before?.[name]
    return value === undefined
      ? { type: 'field', path: attributePath(name), operator: 'not_exists', operands: [] }
      : { type: 'field', path: attributePath(name), operator: '=', operands: [{ value }] }
  })
}

/** Why an attempt failed, when something can be done about it. */
type Failure =
  | { readonly type: 'changed'; readonly facts: DynamoDBErrorOptions }
  | { readonly type: 'foreign'; readonly texts: readonly string[] }
  | { readonly type: 'conflict'; readonly error: unknown }

async function send(
  executor: Executor,
  job: UniqueWrite,
  attempt: Attempt,
  call: Call,
): Promise<Failure | undefined> {
  try {
    if (attempt.claims.length + attempt.releases.length === 0) await sendAlone(executor, attempt.write, call)
    else await executor.run(transactWriteItems, transactionOf(partsOf(job, attempt)), call)
    return undefined
  } catch (error) {
    return failureOf(error, job, attempt)
  }
}

async function sendAlone(executor: Executor, write: ItemWrite, call: Call): Promise<void> {
  if (write.operation === 'PutItem') await executor.run(putItem, write, call)
  else if (write.operation === 'UpdateItem') await executor.run(updateItem, write, call)
  else await executor.run(deleteItem, write, call)
}

function partsOf(
  { entity, key, now }: UniqueWrite,
  { plan, write, claims, releases }: Attempt,
): readonly ItemWrite[] {
  const owner = { entity, key, now, expiresAt: plan.expiresAt }
  return [
    write,
    ...claims.map((marker) => claimMarker(owner, marker)),
    ...releases.map((marker) => releaseMarker(owner, marker)),
  ]
}

function failureOf(error: unknown, job: UniqueWrite, attempt: Attempt): Failure {
  if (ConditionalCheckFailedError.is(error)) return { type: 'changed', facts: factsOf(job, error) }
  if (isConflict(error)) return { type: 'conflict', error }
  if (!TransactionCanceledError.is(error)) throw error
  throwInvalid(error)
  const hasFailed = (at: number): boolean => error.reasons[at]?.code === 'ConditionalCheckFailed'
  if (hasFailed(0)) return { type: 'changed', facts: factsOf(job, error) }
  const { claims, releases } = attempt
  const taken = claims.find((_, at) => hasFailed(1 + at))
  if (taken) throw alreadyKept(job.entity, taken, factsOf(job, error))
  const foreign = releases.filter((_, at) => hasFailed(1 + claims.length + at))
  if (foreign.length === 0) throw error
  return { type: 'foreign', texts: foreign.map(({ text }) => text) }
}

/** What DynamoDB would refuse of the write alone is refused in the same words. */
function throwInvalid(error: TransactionCanceledError): void {
  const reason = error.reasons.find(({ code }) => code === 'ValidationError')
  if (!reason) return
  const { statusCode, requestId, operation = 'TransactWriteItems', tableName } = error
  throw errorFromService(
    { name: 'ValidationException', message: reason.message ?? '', statusCode, requestId, cause: error },
    { operation, tableName },
  )
}

/**
 * Makes the error of a value that another item keeps.
 *
 * @internal
 */
export function alreadyKept(
  entity: CompiledEntity,
  { constraint }: UniqueMarker,
  facts: DynamoDBErrorOptions,
): UniqueConstraintError {
  const fields = entity.unique.find(({ name }) => name === constraint)?.fields ?? []
  return new UniqueConstraintError(
    `${entity.name}: another item has the same ${fields.join(' and ')} (unique constraint '${constraint}'), nothing was written. ` +
      'Choose another value, or change or delete that item first.',
    { ...facts, entity: entity.name, constraint },
  )
}

/**
 * What the error of a false condition says.
 *
 * @internal
 */
export function conditionWasFalse({ name }: CompiledEntity): string {
  return `${name}: the condition was false, nothing was written. Read the item again and decide whether to retry.`
}

/**
 * Attributes that make sure the whole item is as it was read: its version where it has one.
 *
 * @param entity - The entity.
 * @param fields - Attributes to pin in any case.
 * @internal
 */
export function exactPins(
  { version, attributes }: CompiledEntity,
  fields: readonly string[],
): readonly string[] {
  const whole = version === undefined ? attributes.map(({ name }) => name) : [version]
  return [...new Set([...fields, ...whole])]
}

function keepsChanging(job: UniqueWrite, { tries }: ConflictRetry, facts: DynamoDBErrorOptions): unknown {
  return new ConditionalCheckFailedError(
    `${job.entity.name}: the item was changed by others during each of ${String(tries)} tries to write it with its unique fields. Try again later.`,
    { ...facts, retryable: true },
  )
}

function factsOf(
  { entity }: UniqueWrite,
  error?: ConditionalCheckFailedError | TransactionCanceledError,
): DynamoDBErrorOptions {
  return {
    cause: error,
    operation: error?.operation,
    tableName: entity.table.name,
    statusCode: error?.statusCode,
    requestId: error?.requestId,
    outcomeUnknown: error?.outcomeUnknown,
  }
}
