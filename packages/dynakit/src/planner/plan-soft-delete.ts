import type { NativeItem } from '../codec/native-value.ts'
import type { Condition } from '../expressions/condition.ts'
import { attributePath } from '../expressions/path.ts'
import { noActions } from '../expressions/update-actions.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import { encodeField, primaryKeyOf } from '../schema/entity-item.ts'
import { encodeConditions } from './encode-conditions.ts'
import { itemExists } from './plan-put.ts'
import { notDeleted, type PreparedUpdate, withKeptAttributes } from './plan-update.ts'
import type { UpdateRequest } from './update-request.ts'
import type { WriteRequest } from './write-options.ts'

/**
 * Prepares the soft deletion of an item: an update of an item that is there and not deleted.
 *
 * @param entity - The entity.
 * @param keyFields - Stored values of the fields that identify the item.
 * @param request - Conditions and what to return.
 * @param now - Time of the deletion.
 * @returns The update in stored values.
 * @internal
 */
export function prepareSoftDelete(
  entity: CompiledEntity,
  keyFields: NativeItem,
  request: WriteRequest,
  now: Date,
): PreparedUpdate {
  const { deletedAt = '' } = entity
  const path = attributePath(deletedAt)
  const value = encodeField(entity, deletedAt, now)
  const actions = { ...noActions, set: [{ path, kind: 'value', value }] } as const
  const conditions = [...notDeleted(entity), ...encodeConditions(request.conditions, [entity])]
  const { returnItemOnConditionFailure } = request
  const returns = request.returnOld ? 'old' : 'none'
  return prepared(entity, keyFields, { actions, conditions, returns, returnItemOnConditionFailure }, now)
}

/**
 * Prepares the restoration of a soft-deleted item.
 *
 * @param entity - The entity.
 * @param keyFields - Stored values of the fields that identify the item.
 * @param now - Time of the restoration.
 * @returns The update in stored values.
 * @internal
 */
export function prepareRestore(entity: CompiledEntity, keyFields: NativeItem, now: Date): PreparedUpdate {
  const path = attributePath(entity.deletedAt ?? '')
  const isDeleted: Condition = { type: 'field', path, operator: 'exists', operands: [] }
  const actions = { ...noActions, remove: [path] }
  return prepared(
    entity,
    keyFields,
    // The item tells why the condition was false.
    { actions, conditions: [isDeleted], returns: 'new', returnItemOnConditionFailure: true },
    now,
  )
}

type Change = Pick<UpdateRequest, 'actions' | 'conditions' | 'returns' | 'returnItemOnConditionFailure'>

function prepared(entity: CompiledEntity, keyFields: NativeItem, change: Change, now: Date): PreparedUpdate {
  return {
    entity,
    key: primaryKeyOf(entity, keyFields),
    keyFields,
    actions: withKeptAttributes(entity, change.actions, now),
    conditions: [itemExists(entity.table.partitionKey.name), ...change.conditions],
    request: { ...change, createIfMissing: false, createParents: false },
  }
}
