import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { ConditionalCheckFailedError, ItemNotFoundError } from '../errors/item-errors.ts'
import { markWritten } from '../errors/outcome-unknown.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { UpdateActions } from '../expressions/update-actions.ts'
import { getItem } from '../operations/read/get-item.ts'
import type { UpdateItemPlan, UpdateReturn } from '../operations/write/update-item.ts'
import { changedAttributes, valueAfter } from '../planner/derived-keys.ts'
import { type PreparedUpdate, planUpdate } from '../planner/plan-update.ts'
import { changingFields, markersMissingIn, storedMarkers, uniqueMarkers } from '../planner/unique-markers.ts'
import type { UniqueConstraint } from '../schema/unique-constraint.ts'
import type { Call } from './call.ts'
import { asOrdinaryRead } from './exact-reads.ts'
import type { Executor } from './executor.ts'
import {
  conditionWasFalse,
  exactPins,
  type UniquePlan,
  type UniqueWrite,
  writeUnique,
} from './unique-write.ts'
import { createParents, toUpdateError, updateEntity, type UpdateSubject } from './update.ts'
import { updatedPaths } from './updated-paths.ts'

/**
 * Carries out an update of an item of an entity with unique fields.
 *
 * An update that cannot change markers is sent alone. In a transaction DynamoDB gives nothing back: old
 * values are those read before, under the condition that they have not changed; new ones are read afterwards.
 *
 * @param executor - Carries the requests.
 * @param prepared - The checked update.
 * @param subject - The item's kind.
 * @param call - The call it belongs to.
 * @returns The attributes asked for.
 * @throws UniqueConstraintError; and as {@link updateEntity} does.
 * @internal
 */
export async function updateUnique(
  executor: Executor,
  prepared: PreparedUpdate,
  subject: UpdateSubject,
  call: Call,
): Promise<NativeItem | undefined> {
  const job = uniqueUpdate(executor, prepared, subject)
  if (!job) return updateEntity(executor, prepared, subject, call)
  try {
    const before = await writeUnique(executor, job, call)
    return await returned(executor, prepared, before, subject, call)
  } catch (error) {
    const { request } = prepared
    if (!request.createParents || !ValidationError.is(error) || error.rule !== 'document-path') throw error
    const { plan } = planUpdate(prepared, {})
    if (plan) await createParents(executor, plan, request, subject, call)
    return updateUnique(
      executor,
      { ...prepared, request: { ...request, createParents: false } },
      subject,
      call,
    )
  }
}

/** An item that may be created, or that expires at another time, has all its markers written. */
function affectedConstraints({ entity, actions, request }: PreparedUpdate): readonly UniqueConstraint[] {
  const { unique, table } = entity
  const { timeToLive } = table.options
  const changed = changedAttributes(actions)
  const isAll = request.createIfMissing || (timeToLive !== undefined && changed.has(timeToLive))
  return isAll ? unique : unique.filter(({ fields }) => fields.some((field) => changed.has(field)))
}

/**
 * What is read, required and written when an item of an entity with unique fields is updated.
 *
 * @returns `undefined` when the update cannot change markers.
 * @internal
 */
export function uniqueUpdate(
  executor: Executor,
  prepared: PreparedUpdate,
  subject: UpdateSubject,
): UniqueWrite | undefined {
  const constraints = affectedConstraints(prepared)
  if (constraints.length === 0) return undefined
  const { entity, key, request } = prepared
  const { partitionKey, options } = entity.table
  const { needed = [] } = planUpdate(prepared, undefined)
  const fields = [
    ...changingFields(entity, constraints),
    ...needed,
    ...(options.timeToLive === undefined ? [] : [options.timeToLive]),
  ]
  const isOld = request.returns === 'old' || request.returns === 'updated-old'
  return {
    entity,
    key,
    now: new Date(),
    reads: isOld ? 'all' : [partitionKey.name, ...fields],
    pins: isOld ? exactPins(entity, fields) : fields,
    plan: (before) => planWithMarkers(prepared, constraints, before),
    refuse: (stored, facts) => {
      const item = stored && asOrdinaryRead(executor, stored)
      const failed = new ConditionalCheckFailedError(conditionWasFalse(entity), { ...facts, item })
      return toUpdateError(
        failed,
        { operation: 'UpdateItem', tableName: entity.table.name },
        request,
        subject,
      )
    },
  }
}

function planWithMarkers(
  prepared: PreparedUpdate,
  constraints: readonly UniqueConstraint[],
  before: NativeItem | undefined,
): UniquePlan {
  const { entity, keyFields, actions } = prepared
  const { timeToLive } = entity.table.options
  // With an item to look at, nothing more is needed.
  const plan = (planUpdate(prepared, undefined).plan ??
    planUpdate(prepared, before ?? {}).plan) as UpdateItemPlan
  const after = valuesAfter(constraints, { ...before, ...keyFields }, actions)
  const claimed = uniqueMarkers(entity, after, constraints)
  const kept = before ? storedMarkers(entity, { ...before, ...keyFields }, constraints) : []
  const expiresAt =
    timeToLive === undefined ? undefined : valueAfter(timeToLive, before?.[timeToLive], actions)
  const isTimeChanged = timeToLive !== undefined && changedAttributes(actions).has(timeToLive)
  return {
    write: { ...plan, returns: 'none', returnItemOnConditionFailure: false },
    claims: isTimeChanged ? claimed : markersMissingIn(kept, claimed),
    releases: markersMissingIn(claimed, kept),
    expiresAt,
  }
}

function valuesAfter(
  constraints: readonly UniqueConstraint[],
  before: NativeItem,
  actions: UpdateActions,
): NativeItem {
  const after: Record<string, NativeValue | undefined> = {}
  for (const { fields } of constraints) {
    for (const field of fields) after[field] = valueAfter(field, before[field], actions)
  }
  return after
}

async function returned(
  executor: Executor,
  prepared: PreparedUpdate,
  before: NativeItem | undefined,
  subject: UpdateSubject,
  call: Call,
): Promise<NativeItem | undefined> {
  const { request, actions } = prepared
  const chosen: UpdateReturn = request.returns
  if (chosen === 'none') return undefined
  const isOld = chosen === 'old' || chosen === 'updated-old'
  const item = isOld
    ? before && asOrdinaryRead(executor, before)
    : await readBack(executor, prepared, subject, call)
  if (!item || chosen === 'old' || chosen === 'new') return item
  return updatedPaths(item, actions, isOld ? 'old' : 'new')
}

async function readBack(
  executor: Executor,
  { entity, key }: PreparedUpdate,
  subject: UpdateSubject,
  call: Call,
): Promise<NativeItem> {
  const { name: tableName } = entity.table
  try {
    const plan = { operation: 'GetItem', tableName, key, consistentRead: true } as const
    const { item } = await executor.run(getItem, plan, call)
    if (item) return item
  } catch (error) {
    throw DynamoDBError.is(error) ? markWritten(error) : error
  }
  throw new ItemNotFoundError(
    `${subject.name}: the update was carried out, but the item was deleted before it could be read. Choose returning('none') when it is not needed.`,
    { operation: 'GetItem', tableName },
  )
}
