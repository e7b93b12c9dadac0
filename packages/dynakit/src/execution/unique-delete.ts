import type { NativeItem } from '../codec/native-value.ts'
import { ConditionalCheckFailedError } from '../errors/item-errors.ts'
import type { DeleteItemPlan } from '../operations/write/delete-item.ts'
import { changingFields, storedMarkers } from '../planner/unique-markers.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import type { Call } from './call.ts'
import { asOrdinaryRead } from './exact-reads.ts'
import type { Executor } from './executor.ts'
import { conditionWasFalse, exactPins, type UniqueWrite, writeUnique } from './unique-write.ts'

/**
 * Deletes an item of an entity with unique fields, and its markers with it.
 *
 * @param executor - Carries the requests.
 * @param entity - The entity.
 * @param keyFields - Stored values of the fields that identify the item.
 * @param plan - The planned deletion.
 * @param call - The call it belongs to.
 * @returns The deleted item when the plan asks for it.
 * @throws ConditionalCheckFailedError, with the stored item when the plan asks for it.
 * @internal
 */
export async function deleteUnique(
  executor: Executor,
  entity: CompiledEntity,
  keyFields: NativeItem,
  plan: DeleteItemPlan,
  call: Call,
): Promise<NativeItem | undefined> {
  const before = await writeUnique(executor, uniqueDelete(executor, entity, keyFields, plan), call)
  return plan.returnOld && before ? asOrdinaryRead(executor, before) : undefined
}

/**
 * What is read, required and written when an item of an entity with unique fields is deleted.
 *
 * @internal
 */
export function uniqueDelete(
  executor: Executor,
  entity: CompiledEntity,
  keyFields: NativeItem,
  plan: DeleteItemPlan,
): UniqueWrite {
  const fields = changingFields(entity, entity.unique)
  return {
    entity,
    key: plan.key,
    now: new Date(),
    reads: plan.returnOld ? 'all' : [entity.table.partitionKey.name, ...fields],
    pins: plan.returnOld ? exactPins(entity, fields) : fields,
    plan: (stored) => {
      const isNothing = stored === undefined && plan.condition === undefined
      if (isNothing) return undefined
      const releases = stored ? storedMarkers(entity, { ...stored, ...keyFields }) : []
      return { write: { ...plan, returnOld: false }, claims: [], releases, expiresAt: undefined }
    },
    refuse: (stored, facts) =>
      new ConditionalCheckFailedError(conditionWasFalse(entity), {
        operation: plan.operation,
        ...facts,
        item: plan.returnItemOnConditionFailure && stored ? asOrdinaryRead(executor, stored) : undefined,
      }),
  }
}
