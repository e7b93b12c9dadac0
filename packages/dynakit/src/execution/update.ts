import { equalValues } from '../codec/compare.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { ConditionalCheckFailedError, ItemNotFoundError } from '../errors/item-errors.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { allOf, type Condition } from '../expressions/condition.ts'
import { ancestorOf, attributePath, type Path } from '../expressions/path.ts'
import type { SetAction } from '../expressions/update-actions.ts'
import { getItem } from '../operations/read/get-item.ts'
import { updateItem, type UpdateItemPlan } from '../operations/write/update-item.ts'
import { type PreparedUpdate, planUpdate } from '../planner/plan-update.ts'
import type { UpdateRequest } from '../planner/update-request.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'

/** What an update needs to know of the item's kind, for its errors. */
export interface UpdateSubject {
  /** Entity or table name. */
  readonly name: string
  /** Makes the application's form of a stored item. */
  decode(item: NativeItem): Readonly<Record<string, unknown>>
}

const maximumConflicts = 10

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
  const step = planUpdate(prepared, undefined)
  if (step.plan) return sendUpdate(executor, step.plan, prepared.request, subject, call)
  let before = await readFields(executor, prepared, step.needed, call)
  for (let conflicts = 0; conflicts < maximumConflicts; conflicts++) {
    const { plan } = planUpdate(prepared, before)
    if (!plan) break
    try {
      return await sendUpdate(
        executor,
        underCondition(plan, step.needed, before),
        prepared.request,
        subject,
        call,
      )
    } catch (error) {
      const stored = conflictingItem(error, step.needed, before)
      if (!stored) throw error
      before = stored
    }
  }
  throw new ConditionalCheckFailedError(
    `${subject.name}: the fields its index keys are made of (${step.needed.join(', ')}) changed ${String(maximumConflicts)} times during the update. ` +
      'Try again later, or set those fields in the same update.',
    { operation: 'UpdateItem', tableName: prepared.entity.table.name, retryable: true },
  )
}

async function readFields(
  executor: Executor,
  prepared: PreparedUpdate,
  needed: readonly string[],
  call: Call,
): Promise<NativeItem> {
  const { table } = prepared.entity
  const { item } = await executor.run(
    getItem,
    {
      operation: 'GetItem',
      tableName: table.name,
      key: prepared.key,
      projection: [table.partitionKey.name, ...needed].map(attributePath),
      consistentRead: true,
    },
    call,
  )
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

/** The stored item, when the write failed because a field that was read has changed since. */
function conflictingItem(
  error: unknown,
  fields: readonly string[],
  before: NativeItem,
): NativeItem | undefined {
  const stored = typeof error === 'object' && error !== null ? itemOnFailure.get(error) : undefined
  const hasChanged = (field: string): boolean => {
    const now = stored?.[field]
    const then = before[field]
    if (now === undefined || then === undefined) return now !== then
    return !equalValues(now, then)
  }
  return stored && fields.some(hasChanged) ? stored : undefined
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
    if (request.createParents && ValidationError.is(error) && error.rule === 'document-path') {
      await createParents(executor, plan, call)
      return sendUpdate(executor, plan, { ...request, createParents: false }, subject, call)
    }
    throw toUpdateError(error, plan, request, subject)
  }
}

function toUpdateError(
  error: unknown,
  plan: UpdateItemPlan,
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
  }
  const stored = error.item as NativeItem | undefined
  if (!stored && !request.createIfMissing) {
    return new ItemNotFoundError(
      `${subject.name}: the item to update does not exist. Create it first, or call .createIfMissing().`,
      facts,
    )
  }
  const item = request.returnItemOnConditionFailure && stored ? subject.decode(stored) : undefined
  const failed = new ConditionalCheckFailedError(error.message, { ...facts, item })
  if (stored) itemOnFailure.set(failed, stored)
  return failed
}

/** Creates the maps on the way to every nested path, the outer ones first. */
async function createParents(executor: Executor, plan: UpdateItemPlan, call: Call): Promise<void> {
  const parents = new Map<string, Path>()
  for (const { path } of plan.actions.set) {
    for (let depth = 1; depth < path.segments.length; depth++) {
      if (typeof path.segments[depth] === 'number') break
      const parent = ancestorOf(path, depth)
      parents.set(parent.text, parent)
    }
  }
  const inOrder = [...parents.values()].sort((left, right) => left.segments.length - right.segments.length)
  for (const path of inOrder) {
    const set: SetAction = { path, kind: 'if-not-exists', value: {} }
    await executor.run(
      updateItem,
      {
        ...plan,
        actions: { set: [set], remove: [], add: [], delete: [] },
        returns: 'none',
        returnItemOnConditionFailure: false,
      },
      call,
    )
  }
}
