import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { BatchOptions } from '../execution/batch-options.ts'
import type { Executor } from '../execution/executor.ts'
import { readBatch } from '../execution/read-batch.ts'
import { writeBatch } from '../execution/write-batch.ts'
import { listMembers, planMembers } from '../planner/batch-members.ts'
import { keyShapeOf } from '../planner/key-shape.ts'
import { planPut } from '../planner/plan-put.ts'
import { entityVisibility, isVisible } from '../planner/visibility.ts'
import type { WriteRequest } from '../planner/write-options.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import { storedKey } from '../schema/entity-item.ts'
import { isOther } from './entity-reads.ts'
import type { EntityBatchGetOptions } from './read-options.ts'

const plainPut: WriteRequest = Object.freeze({
  conditions: Object.freeze([]),
  returnOld: false,
  returnItemOnConditionFailure: false,
})

/**
 * Reads the stored items of an entity's keys.
 *
 * @returns The stored item of each key, in their order; `undefined` where there is none to be shown.
 * @internal
 */
export async function getEntities(
  executor: Executor,
  entity: CompiledEntity,
  keys: Iterable<AppItem>,
  options: EntityBatchGetOptions | undefined,
): Promise<readonly (NativeItem | undefined)[]> {
  const call = executor.start(options)
  const visibility = entityVisibility(entity, options)
  const given = listMembers(keys, 'keys')
  const planned = planMembers(given, 'keys', (key) => storedKey(entity, key))
  const stored = planned instanceof Promise ? await planned : planned
  const shape = keyShapeOf(entity.table)
  const items = await readBatch(executor, { shape, keys: stored, given }, options, call)
  return items.map((item) =>
    item && !isOther(entity, item) && isVisible(visibility, item) ? item : undefined,
  )
}

/**
 * Stores items of an entity.
 *
 * @returns The items as they are stored, in the application's form.
 * @internal
 */
export async function putEntities(
  executor: Executor,
  entity: CompiledEntity,
  items: Iterable<AppItem>,
  options: BatchOptions | undefined,
): Promise<AppItem[]> {
  const call = executor.start(options)
  refuseVersion(entity)
  refuseUnique(entity, 'putMany', 'Put the items one by one with put')
  const given = listMembers(items, 'items')
  const now = Date.now()
  const planned = planMembers(given, 'items', (item) => planPut(entity, item, 'put', plainPut, new Date(now)))
  const puts = planned instanceof Promise ? await planned : planned
  const values = puts.map(({ plan }) => plan.item)
  await writeBatch(executor, { name: 'items', shape: keyShapeOf(entity.table), values, given }, options, call)
  return puts.map(({ item }) => item)
}

function refuseVersion({ name, version, table }: CompiledEntity): void {
  if (version === undefined) return
  throw new ValidationError(
    `${name}: putMany cannot check '${version}', because DynamoDB's BatchWriteItem takes no conditions, and a put without the check could undo a change of another writer. Put the items one by one with put, or define the entity without version.`,
    { rule: 'batch-version', field: version, tableName: table.name },
  )
}

function refuseUnique({ name, unique, table }: CompiledEntity, call: string, remedy: string): void {
  const [constraint] = unique
  if (!constraint) return
  throw new ValidationError(
    `${name}: ${call} cannot keep the unique constraint '${constraint.name}', because that takes a transaction for each item, and DynamoDB's BatchWriteItem is none. ${remedy}, or define the entity without unique.`,
    { rule: 'batch-unique', field: constraint.fields[0], tableName: table.name },
  )
}

function refuseSoftDelete({ name, deletedAt, table }: CompiledEntity): void {
  if (deletedAt === undefined) return
  throw new ValidationError(
    `${name}: deleteMany cannot set '${deletedAt}', because DynamoDB's BatchWriteItem changes no items, it only replaces or removes them. Delete the items one by one with delete, or with deletePermanently.`,
    { rule: 'batch-soft-delete', field: deletedAt, tableName: table.name },
  )
}

/**
 * Deletes items of an entity by their keys.
 *
 * @internal
 */
export async function deleteEntities(
  executor: Executor,
  entity: CompiledEntity,
  keys: Iterable<AppItem>,
  options: BatchOptions | undefined,
): Promise<void> {
  const call = executor.start(options)
  refuseSoftDelete(entity)
  refuseUnique(entity, 'deleteMany', 'Delete the items one by one with delete')
  const given = listMembers(keys, 'keys')
  const planned = planMembers(given, 'keys', (key) => storedKey(entity, key))
  const values = planned instanceof Promise ? await planned : planned
  await writeBatch(executor, { name: 'keys', shape: keyShapeOf(entity.table), values, given }, options, call)
}
