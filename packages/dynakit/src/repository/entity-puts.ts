import { ConditionalCheckFailedError } from '../errors/item-errors.ts'
import type { CallOptions } from '../execution/call.ts'
import type { Executor } from '../execution/executor.ts'
import { itemExistsError } from '../execution/item-exists-error.ts'
import { putUnique } from '../execution/unique-put.ts'
import { putItem } from '../operations/write/put-item.ts'
import { planPut } from '../planner/plan-put.ts'
import type { WriteRequest } from '../planner/write-options.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import { failureFacts, withAppItem } from './write-failure.ts'
import { toWriteRequest, type WriteOptions } from './write-options.ts'

/**
 * Stores a new item of an entity.
 *
 * @returns The item as it is stored, in the application's form.
 * @internal
 */
export async function createEntity(
  executor: Executor,
  entity: CompiledEntity,
  input: AppItem,
  options: CallOptions | undefined,
): Promise<AppItem> {
  const call = executor.start(options)
  const now = new Date()
  const { plan, item } = await planPut(entity, input, 'create', createRequest(entity), now)
  try {
    if (entity.unique.length === 0) await executor.run(putItem, plan, call)
    else await putUnique(executor, entity, plan, 'create', now, call)
  } catch (error) {
    if (!ConditionalCheckFailedError.is(error)) throw error
    throw itemExistsError(entity, error.item, failureFacts(error))
  }
  return item
}

/** Only the item that is in the way tells whether it is soft-deleted. */
function createRequest({ deletedAt }: CompiledEntity): WriteRequest {
  const request = toWriteRequest(undefined, false)
  return deletedAt === undefined ? request : { ...request, returnItemOnConditionFailure: true }
}

/**
 * Stores an item of an entity, replacing the one with the same key.
 *
 * @returns The item as it is stored, in the application's form.
 * @internal
 */
export async function putEntity(
  executor: Executor,
  entity: CompiledEntity,
  input: AppItem,
  options: WriteOptions<never> | undefined,
): Promise<AppItem> {
  const call = executor.start(options)
  const now = new Date()
  const { plan, item } = await planPut(entity, input, 'put', toWriteRequest(options, false), now)
  const isPlain = entity.unique.length === 0
  await withAppItem<unknown>(
    entity,
    isPlain ? executor.run(putItem, plan, call) : putUnique(executor, entity, plan, 'put', now, call),
  )
  return item
}
