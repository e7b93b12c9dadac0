import type { NativeItem } from '../codec/native-value.ts'
import { ConditionalCheckFailedError, ItemNotFoundError } from '../errors/item-errors.ts'
import type { CallOptions } from '../execution/call.ts'
import type { Executor } from '../execution/executor.ts'
import { deleteUnique } from '../execution/unique-delete.ts'
import { conditionWasFalse } from '../execution/unique-write.ts'
import { updateEntity } from '../execution/update.ts'
import { updateSubject } from '../execution/update-subject.ts'
import { evaluate } from '../expressions/evaluate.ts'
import { deleteItem } from '../operations/write/delete-item.ts'
import { encodeConditions } from '../planner/encode-conditions.ts'
import { planDelete } from '../planner/plan-delete.ts'
import { prepareRestore, prepareSoftDelete } from '../planner/plan-soft-delete.ts'
import { noSoftDelete } from '../planner/visibility.ts'
import type { WriteRequest } from '../planner/write-options.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import { fromStored, primaryKeyOf, storedKeyFields } from '../schema/entity-item.ts'
import { failureFacts, withAppItem } from './write-failure.ts'
import { toWriteRequest, type WriteOptions } from './write-options.ts'

/**
 * Deletes an item of an entity: softly where the entity says so.
 *
 * @returns The stored item as it was, when it is asked for and was there.
 * @internal
 */
export async function deleteEntity(
  executor: Executor,
  entity: CompiledEntity,
  key: AppItem,
  options: WriteOptions<never> | undefined,
  returnOld: boolean,
): Promise<NativeItem | undefined> {
  if (entity.deletedAt === undefined) return deletePermanently(executor, entity, key, options, returnOld)
  const call = executor.start(options)
  const keyFields = await storedKeyFields(entity, key)
  const request = toWriteRequest(options, returnOld)
  const prepared = prepareSoftDelete(entity, keyFields, request, new Date())
  try {
    return await updateEntity(executor, prepared, updateSubject(entity), call)
  } catch (error) {
    if (!ItemNotFoundError.is(error)) throw error
    checkMissing(entity, request, error)
    return undefined
  }
}

/** A condition may be true of an item that is not there; deleting that is no error. */
function checkMissing(entity: CompiledEntity, request: WriteRequest, error: ItemNotFoundError): void {
  const conditions = encodeConditions(request.conditions, [entity])
  if (conditions.every((condition) => evaluate(condition, {}))) return
  throw new ConditionalCheckFailedError(conditionWasFalse(entity), failureFacts(error))
}

/**
 * Deletes an item of an entity for good, soft-deleted or not.
 *
 * @returns The stored item as it was, when it is asked for and was there.
 * @internal
 */
export async function deletePermanently(
  executor: Executor,
  entity: CompiledEntity,
  key: AppItem,
  options: WriteOptions<never> | undefined,
  returnOld: boolean,
): Promise<NativeItem | undefined> {
  const call = executor.start(options)
  const keyFields = await storedKeyFields(entity, key)
  const stored = primaryKeyOf(entity, keyFields)
  const plan = planDelete(entity.table.name, entity, stored, toWriteRequest(options, returnOld))
  if (entity.unique.length > 0) {
    return withAppItem(entity, deleteUnique(executor, entity, keyFields, plan, call))
  }
  return (await withAppItem(entity, executor.run(deleteItem, plan, call))).attributes
}

/**
 * Brings a soft-deleted item back. One that is not deleted stays as it is, so that a restoration may be
 * repeated.
 *
 * @returns The item in the application's form.
 * @throws ItemNotFoundError when there is no item.
 * @internal
 */
export async function restoreEntity(
  executor: Executor,
  entity: CompiledEntity,
  key: AppItem,
  options: CallOptions | undefined,
): Promise<AppItem> {
  if (entity.deletedAt === undefined) throw noSoftDelete(entity.table, [entity])
  const call = executor.start(options)
  const keyFields = await storedKeyFields(entity, key)
  const { name } = entity
  const decode = (item: NativeItem): Record<string, unknown> => fromStored(entity, item)
  try {
    const prepared = prepareRestore(entity, keyFields, new Date())
    // A deleted item is what is looked for, so none is hidden.
    return decode((await updateEntity(executor, prepared, { name, decode }, call)) ?? {})
  } catch (error) {
    if (ConditionalCheckFailedError.is(error) && error.item) return error.item
    if (!ItemNotFoundError.is(error)) throw error
    throw new ItemNotFoundError(
      `${entity.name}: there is no item with this key to restore.`,
      failureFacts(error),
    )
  }
}
