import type { NativeItem } from '../codec/native-value.ts'
import { ConditionalCheckFailedError } from '../errors/item-errors.ts'
import type { PutItemPlan } from '../operations/write/put-item.ts'
import { changingFields, markersMissingIn, storedMarkers, uniqueMarkers } from '../planner/unique-markers.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import { primaryKeyOf } from '../schema/entity-item.ts'
import type { Call } from './call.ts'
import { asOrdinaryRead } from './exact-reads.ts'
import type { Executor } from './executor.ts'
import { conditionWasFalse, type UniqueWrite, writeUnique } from './unique-write.ts'

/**
 * Stores an item of an entity with unique fields.
 *
 * A new item has no markers yet, so nothing is read for it. A put writes every marker, also those that have
 * not changed: that is how items stored before a constraint was declared come under it.
 *
 * @param executor - Carries the requests.
 * @param entity - The entity.
 * @param plan - The planned put.
 * @param mode - Whether an item with the key may exist.
 * @param now - Time of the write.
 * @param call - The call it belongs to.
 * @throws UniqueConstraintError; ConditionalCheckFailedError, with the stored item when the plan asks for it.
 * @internal
 */
export async function putUnique(
  executor: Executor,
  entity: CompiledEntity,
  plan: PutItemPlan,
  mode: 'create' | 'put',
  now: Date,
  call: Call,
): Promise<void> {
  await writeUnique(executor, uniquePut(executor, entity, plan, mode, now), call)
}

/**
 * What is read, required and written when an item of an entity with unique fields is stored.
 *
 * @internal
 */
export function uniquePut(
  executor: Executor,
  entity: CompiledEntity,
  plan: PutItemPlan,
  mode: 'create' | 'put',
  now: Date,
): UniqueWrite {
  const { table } = entity
  const { timeToLive } = table.options
  const fields = mode === 'create' ? [] : changingFields(entity, entity.unique)
  const claims = uniqueMarkers(entity, plan.item)
  return {
    entity,
    key: primaryKeyOf(entity, plan.item),
    now,
    reads: fields.length === 0 ? [] : [table.partitionKey.name, ...fields],
    pins: fields,
    plan: (before) => ({
      write: plan,
      claims,
      releases: before ? markersMissingIn(claims, storedMarkers(entity, withKey(entity, before, plan))) : [],
      expiresAt: timeToLive === undefined ? undefined : plan.item[timeToLive],
    }),
    refuse: (stored, facts) =>
      new ConditionalCheckFailedError(conditionWasFalse(entity), {
        operation: plan.operation,
        ...facts,
        item: plan.returnItemOnConditionFailure && stored ? asOrdinaryRead(executor, stored) : undefined,
      }),
  }
}

/** Fields of the key are not read: they are those of the new item. */
function withKey({ keyFields }: CompiledEntity, before: NativeItem, { item }: PutItemPlan): NativeItem {
  return { ...before, ...Object.fromEntries(keyFields.map((name) => [name, item[name]])) }
}
