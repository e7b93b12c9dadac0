import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { remainderOf, throwIncomplete } from '../execution/batch-ending.ts'
import type { BatchOptions, WithPartial } from '../execution/batch-options.ts'
import type { Executor } from '../execution/executor.ts'
import { type ReadList, readMembers } from '../execution/read-batch.ts'
import { type WriteList, type WriteMember, writeMembers } from '../execution/write-batch.ts'
import {
  areAllThere,
  isAsyncIterable,
  listMembers,
  type Members,
  planMembers,
} from '../planner/batch-members.ts'
import { keyShapeOf } from '../planner/key-shape.ts'
import { type PlannedPut, planPut } from '../planner/plan-put.ts'
import { entityVisibility, isVisible } from '../planner/visibility.ts'
import type { WriteRequest } from '../planner/write-options.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import { isOther, storedKey } from '../schema/entity-item.ts'
import type { BatchGetResult, BatchWriteResult } from './batch-results.ts'
import type { EntityBatchGetOptions } from './read-options.ts'

const plainPut: WriteRequest = Object.freeze({
  conditions: Object.freeze([]),
  returnOld: false,
  returnItemOnConditionFailure: false,
})

/**
 * Reads the stored items of an entity's keys.
 *
 * @returns The stored item of each key, in their order; `undefined` where there is none to be shown. What is
 *   left, with `partial`.
 * @internal
 */
export async function getEntities(
  executor: Executor,
  entity: CompiledEntity,
  keys: Members<AppItem>,
  options: WithPartial<EntityBatchGetOptions> | undefined,
): Promise<BatchGetResult<NativeItem, AppItem>> {
  const call = executor.start(options)
  const visibility = entityVisibility(entity, options)
  const list = isAsyncIterable(keys) ? lazyReads(entity, keys) : await listReads(entity, keys)
  const { items, outcome } = await readMembers(executor, list, { ...options, partial: undefined }, call)
  if (options?.partial !== true) throwIncomplete(outcome)
  const visible = items.map((item) =>
    item && !isOther(entity, item) && isVisible(visibility, item) ? item : undefined,
  )
  return { ...remainderOf<AppItem>(outcome), items: visible }
}

async function listReads(entity: CompiledEntity, keys: Iterable<AppItem>): Promise<ReadList> {
  const given = listMembers(keys, 'keys')
  const shape = keyShapeOf(entity.table)
  const planned = planMembers(given, 'keys', (key) => storedKey(entity, key))
  const stored = planned instanceof Promise ? await planned : planned
  return { name: 'keys', members: stored.map((key, at) => ({ shape, key, given: given[at] })) }
}

function lazyReads(entity: CompiledEntity, keys: AsyncIterable<object>): ReadList {
  const shape = keyShapeOf(entity.table)
  return {
    name: 'keys',
    members: keys,
    toMember: (given) => whenStored(storedKey(entity, given as AppItem), (key) => ({ shape, key, given })),
  }
}

/** Goes on at once where no schema answers later. */
function whenStored<Stored, Made>(
  stored: Stored | Promise<Stored>,
  make: (stored: Stored) => Made,
): Made | Promise<Made> {
  return stored instanceof Promise ? stored.then(make) : make(stored)
}

/**
 * Plans the storing of an item in a batch.
 *
 * @throws ValidationError for an entity whose puts must be checked, besides refused values.
 * @internal
 */
export function planBatchPut(
  entity: CompiledEntity,
  item: AppItem,
  now: number,
): PlannedPut | Promise<PlannedPut> {
  return planPut(entity, item, 'put', plainPut, new Date(now))
}

/**
 * Refuses entities whose items cannot be stored without a condition or a transaction.
 *
 * @internal
 */
export function refuseBatchPut(entity: CompiledEntity): void {
  refuseVersion(entity)
  refuseUnique(entity, 'putMany', 'Put the items one by one with put')
}

/**
 * Refuses entities whose items cannot be deleted by DeleteItem alone.
 *
 * @internal
 */
export function refuseBatchDelete(entity: CompiledEntity): void {
  refuseSoftDelete(entity)
  refuseUnique(entity, 'deleteMany', 'Delete the items one by one with delete')
}

/**
 * Stores items of an entity.
 *
 * @returns The items as they are stored, in the application's form, where they are all there; what is left
 *   with `partial` and of an async iterable.
 * @internal
 */
export async function putEntities(
  executor: Executor,
  entity: CompiledEntity,
  items: Members<AppItem>,
  options: WithPartial<BatchOptions> | undefined,
): Promise<AppItem[] | BatchWriteResult<AppItem>> {
  const call = executor.start(options)
  const isPartial = options?.partial === true
  refuseBatchPut(entity)
  const plain = { ...options, partial: undefined }
  if (isAsyncIterable(items) || (isPartial && !areAllThere(items, 'items'))) {
    const outcome = await writeMembers(executor, lazyPuts(entity, items), plain, call)
    if (!isPartial) throwIncomplete(outcome)
    return remainderOf(outcome)
  }
  const given = listMembers(items, 'items')
  const now = Date.now()
  const planned = planMembers(given, 'items', (item) => planBatchPut(entity, item, now))
  const puts = planned instanceof Promise ? await planned : planned
  const shape = keyShapeOf(entity.table)
  const members = puts.map(({ plan }, at) => ({ shape, item: plan.item, given: given[at] }))
  const outcome = await writeMembers(executor, { name: 'items', members }, plain, call)
  if (isPartial) return remainderOf(outcome)
  throwIncomplete(outcome)
  return puts.map(({ item }) => item)
}

function lazyPuts(entity: CompiledEntity, items: Members<object>): WriteList {
  const shape = keyShapeOf(entity.table)
  return {
    name: 'items',
    members: items,
    toMember: (given) =>
      whenStored(planBatchPut(entity, given as AppItem, Date.now()), ({ plan }) => ({
        shape,
        item: plan.item,
        given,
      })),
  }
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
 * @returns What is left.
 * @internal
 */
export async function deleteEntities(
  executor: Executor,
  entity: CompiledEntity,
  keys: Members<AppItem>,
  options: WithPartial<BatchOptions> | undefined,
): Promise<BatchWriteResult<AppItem>> {
  const call = executor.start(options)
  refuseBatchDelete(entity)
  const list = areAllThere(keys, 'keys') ? await listDeletes(entity, keys) : lazyDeletes(entity, keys)
  const outcome = await writeMembers(executor, list, { ...options, partial: undefined }, call)
  if (options?.partial !== true) throwIncomplete(outcome)
  return remainderOf(outcome)
}

async function listDeletes(entity: CompiledEntity, keys: readonly AppItem[]): Promise<WriteList> {
  const given = listMembers(keys, 'keys')
  const shape = keyShapeOf(entity.table)
  const planned = planMembers(given, 'keys', (key) => storedKey(entity, key))
  const stored = planned instanceof Promise ? await planned : planned
  return { name: 'keys', members: stored.map((key, at) => ({ shape, key, given: given[at] })) }
}

function lazyDeletes(entity: CompiledEntity, keys: Members<object>): WriteList {
  const shape = keyShapeOf(entity.table)
  const toMember = (given: object): WriteMember | Promise<WriteMember> =>
    whenStored(storedKey(entity, given as AppItem), (key): WriteMember => ({ shape, key, given }))
  return { name: 'keys', members: keys, toMember }
}
