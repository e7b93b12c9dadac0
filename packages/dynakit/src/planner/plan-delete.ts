import type { NativeItem } from '../codec/native-value.ts'
import { allOf } from '../expressions/condition.ts'
import type { DeleteItemPlan } from '../operations/write/delete-item.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import { encodeConditions } from './encode-conditions.ts'
import type { WriteRequest } from './write-options.ts'

/**
 * Plans the deletion of an item.
 *
 * @param tableName - The table.
 * @param entity - The entity, if the item is of one.
 * @param key - The stored key.
 * @param request - Conditions and what to return.
 * @returns The plan.
 * @internal
 */
export function planDelete(
  tableName: string,
  entity: CompiledEntity | undefined,
  key: NativeItem,
  request: WriteRequest,
): DeleteItemPlan {
  return {
    operation: 'DeleteItem',
    tableName,
    key,
    condition: allOf(encodeConditions(request.conditions, entity ? [entity] : [])),
    returnOld: request.returnOld,
    returnItemOnConditionFailure: request.returnItemOnConditionFailure,
  }
}
