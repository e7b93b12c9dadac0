import { equalValues } from '../codec/compare.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import type { DynamoDBError, DynamoDBErrorOptions } from '../errors/dynamodb-error.ts'
import {
  ConditionalCheckFailedError,
  ItemAlreadyExistsError,
  ItemNotFoundError,
} from '../errors/item-errors.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { allOf, type Condition } from '../expressions/condition.ts'
import { ancestorOf, attributePath, type Path } from '../expressions/path.ts'
import type { SetAction } from '../expressions/update-actions.ts'
import { updateItem, type UpdateItemPlan } from '../operations/write/update-item.ts'
import { type PreparedUpdate, planUpdate } from '../planner/plan-update.ts'
import type { UpdateRequest } from '../planner/update-request.ts'
import type { Call } from './call.ts'
import { ConflictRetry } from './conflict-retry.ts'
import { asOrdinaryRead, readExactly } from './exact-reads.ts'
import type { Executor } from './executor.ts'

/** What an update needs to know of the item's kind, for its errors. */
export interface UpdateSubject {
  /** Entity or table name. */
  readonly name: string
  /** Makes the application's form of a stored item. */
  decode(item: NativeItem): Readonly<Record<string, unknown>>
  /** Tells whether a stored item counts as missing, because it is soft-deleted. */
  isHidden?(item: NativeItem): boolean
}

/**
 * Carries out an update of an entity's item, reading fields that index keys depend on where needed.
 *
 * What was read becomes a condition of the write, so that a key is never made from values that have
 * changed since; when they have, the update starts again from the new values.
 *
 * @param executor - Carries the requests.
 * @param prepared - The checked update.
 * @param subject - The item's kind.
 * @param call - The call it belongs to.
 * @returns The attributes asked for.
 * @throws ItemNotFoundError, ConditionalCheckFailedError, ValidationError.
 * @internal
 */
export async function updateEntity(
  executor: Executor,
  prepared: PreparedUpdate,
  subject: UpdateSubject,
  call: Call,
): Promise<NativeItem | undefined> {
  const { plan, needed } = planUpdate(prepared, undefined)
  if (plan) return sendUpdate(executor, plan, prepared.request, subject, call)
  const retry = new ConflictRetry(call)
  for (;;) {
    const before = await readFields(executor, prepared, needed, subject, call)
    try {
      // With an item to look at, nothing more is needed.
      const known = planUpdate(prepared, before).plan as UpdateItemPlan
      return await sendUpdate(
        executor,
        underCondition(known, needed, before),
        prepared.request,
        subject,
        call,
      )
    } catch (error) {
      if (!(await haveChanged(error, executor, prepared, needed, before, call))) throw error
      if (!(await retry.wait())) throw keepChanging(error, prepared, needed, retry)
    }
  }
}

function keepChanging(
  error: unknown,
  { entity }: PreparedUpdate,
  needed: readonly string[],
  { tries }: ConflictRetry,
): ConditionalCheckFailedError {
  return new ConditionalCheckFailedError(
    `${entity.name}: others changed the fields its index keys are made of (${needed.join(', ')}) during each of ${String(tries)} tries to update them. ` +
      'Try again later, or set those fields in the same update.',
    { operation: 'UpdateItem', tableName: entity.table.name, retryable: true, cause: error },
  )
}

async function readFields(
  executor: Executor,
  { entity, key, request }: PreparedUpdate,
  needed: readonly string[],
  subject: UpdateSubject,
  call: Call,
): Promise<NativeItem> {
  const { name: tableName, partitionKey } = entity.table
  const item = await readExactly(executor, tableName, key, [partitionKey.name, ...needed], call)
  if (!item && !request.createIfMissing) throw itemMissing(subject, { operation: 'UpdateItem', tableName })
  return item ?? {}
}

function underCondition(plan: UpdateItemPlan, fields: readonly string[], before: NativeItem): UpdateItemPlan {
  const conditions = fields.map((field): Condition => {
    const value = before[field]
    return value === undefined
      ? { type: 'field', path: attributePath(field), operator: 'not_exists', operands: [] }
      : { type: 'field', path: attributePath(field), operator: '=', operands: [{ value }] }
  })
  return { ...plan, condition: allOf([...(plan.condition ? [plan.condition] : []), ...conditions]) }
}

const itemOnFailure = new WeakMap<object, NativeItem>()

/** Whether a write failed because a field that was read has changed since, not by a condition of the caller. */
async function haveChanged(
  error: unknown,
  executor: Executor,
  { entity, key }: PreparedUpdate,
  needed: readonly string[],
  before: NativeItem,
  call: Call,
): Promise<boolean> {
  if (!ConditionalCheckFailedError.is(error)) return false
  // It may be this update itself that has changed them.
  if (error.outcomeUnknown === true) return false
  const differ = (then: NativeItem, now: NativeItem): boolean =>
    needed.some((field) => !isSame(then[field], now[field]))
  // There is none when another writer has deleted the item.
  const stored = itemOnFailure.get(error) ?? {}
  if (differ(asOrdinaryRead(executor, before), stored)) return true
  if (executor.settings.numbers !== 'rounded') return false
  const now = await readExactly(executor, entity.table.name, key, needed, call)
  return differ(before, now ?? {})
}

function isSame(then: NativeValue | undefined, now: NativeValue | undefined): boolean {
  return then === undefined || now === undefined ? then === now : equalValues(then, now)
}

/**
 * Sends an update and tells a missing item from a false condition.
 *
 * @internal
 */
export async function sendUpdate(
  executor: Executor,
  plan: UpdateItemPlan,
  request: UpdateRequest,
  subject: UpdateSubject,
  call: Call,
): Promise<NativeItem | undefined> {
  try {
    return (await executor.run(updateItem, plan, call)).attributes
  } catch (error) {
    const lacksParents = ValidationError.is(error) && error.rule === 'document-path'
    if (!lacksParents || !request.createParents) throw toUpdateError(error, plan, request, subject)
  }
  await createParents(executor, plan, request, subject, call)
  return sendUpdate(executor, plan, { ...request, createParents: false }, subject, call)
}

/**
 * Makes the error of an update whose condition was false.
 *
 * @internal
 */
export function toUpdateError(
  error: unknown,
  plan: Pick<UpdateItemPlan, 'operation' | 'tableName'>,
  request: UpdateRequest,
  subject: UpdateSubject,
): unknown {
  if (!ConditionalCheckFailedError.is(error)) return error
  const facts = {
    cause: error.cause,
    operation: plan.operation,
    tableName: plan.tableName,
    statusCode: error.statusCode,
    requestId: error.requestId,
    outcomeUnknown: error.outcomeUnknown,
  }
  const stored = error.item as NativeItem | undefined
  if (!stored && !request.createIfMissing) return itemMissing(subject, facts)
  if (stored && subject.isHidden?.(stored) === true) return softDeleted(request, subject, facts)
  const item = request.returnItemOnConditionFailure && stored ? subject.decode(stored) : undefined
  const failed = new ConditionalCheckFailedError(error.message, { ...facts, item })
  if (stored) itemOnFailure.set(failed, stored)
  return failed
}

function itemMissing({ name }: UpdateSubject, facts: DynamoDBErrorOptions): ItemNotFoundError {
  return new ItemNotFoundError(
    `${name}: the item to update does not exist. Create it first, or call .createIfMissing().`,
    facts,
  )
}

function softDeleted(
  { createIfMissing }: UpdateRequest,
  { name }: UpdateSubject,
  facts: DynamoDBErrorOptions,
): DynamoDBError {
  if (!createIfMissing) {
    return new ItemNotFoundError(`${name}: the item to update is soft-deleted. Call restore() first.`, facts)
  }
  return new ItemAlreadyExistsError(softDeletedKey(name), facts)
}

/**
 * What the error says when a new item meets a soft-deleted one.
 *
 * @internal
 */
export function softDeletedKey(name: string): string {
  return `${name}: a soft-deleted item has this key. Call restore() to bring it back, or deletePermanently() first.`
}

/**
 * Creates the maps on the way to every nested path, the outer ones first.
 *
 * @internal
 */
export async function createParents(
  executor: Executor,
  plan: UpdateItemPlan,
  request: UpdateRequest,
  subject: UpdateSubject,
  call: Call,
): Promise<void> {
  for (const path of parentsOf(plan)) {
    const set: SetAction = { path, kind: 'if-not-exists', value: {} }
    const actions = { set: [set], remove: [], add: [], delete: [] }
    try {
      await executor.run(updateItem, { ...plan, actions, returns: 'none' }, call)
    } catch (error) {
      throw toUpdateError(error, plan, request, subject)
    }
  }
}

function parentsOf({ actions }: UpdateItemPlan): readonly Path[] {
  const parents = new Map<string, Path>()
  for (const { path } of [...actions.set, ...actions.add]) {
    for (let depth = 1; depth < path.segments.length; depth++) {
      if (typeof path.segments[depth] === 'number') break
      const parent = ancestorOf(path, depth)
      parents.set(parent.text, parent)
    }
  }
  return [...parents.values()].sort((left, right) => left.segments.length - right.segments.length)
}
