import type { NativeItem } from '../codec/native-value.ts'
import { remainderOf, throwIncomplete } from '../execution/batch-ending.ts'
import type { BatchGetOptions, BatchOptions, WithPartial } from '../execution/batch-options.ts'
import type { Call } from '../execution/call.ts'
import type { Executor } from '../execution/executor.ts'
import { type ReadBatchResult, readMembers } from '../execution/read-batch.ts'
import { type WriteList, type WriteMember, writeMembers } from '../execution/write-batch.ts'
import {
  areAllThere,
  isAsyncIterable,
  listMembers,
  mapMembers,
  type Members,
} from '../planner/batch-members.ts'
import { type KeyShape, keyShapeLike, keyShapeOf } from '../planner/key-shape.ts'
import { isVisible } from '../planner/visibility.ts'
import type { BatchGetResult, BatchWriteResult } from './batch-results.ts'
import type { TableSource } from './table-repository.ts'
import { tableVisibility } from './table-visibility.ts'

/**
 * Reads the items of a table by their keys.
 *
 * @returns The item of each key, in their order, and with `partial` what is left.
 * @internal
 */
export async function getItems(
  executor: Executor,
  source: TableSource,
  keys: Members<NativeItem>,
  options: WithPartial<BatchGetOptions> | undefined,
): Promise<readonly (NativeItem | undefined)[] | BatchGetResult<NativeItem, NativeItem>> {
  const call = executor.start(options)
  const plain = { ...options, partial: undefined }
  const visibility = await tableVisibility(source, options)
  const { items, outcome } = await readKeys(executor, source, keys, plain, call)
  if (options?.partial !== true) throwIncomplete(outcome)
  const visible = items.map((item) => (item && isVisible(visibility, item) ? item : undefined))
  return options?.partial === true ? { ...remainderOf<NativeItem>(outcome), items: visible } : visible
}

function readKeys(
  executor: Executor,
  source: TableSource,
  keys: Members<NativeItem>,
  options: BatchGetOptions,
  call: Call,
): Promise<ReadBatchResult> {
  if (isAsyncIterable(keys)) {
    let shape: KeyShape | undefined
    const toMember = (key: object): { shape: KeyShape; key: NativeItem; given: unknown } => {
      shape ??= shapeLike(source, key as NativeItem)
      return { shape, key: key as NativeItem, given: key }
    }
    return readMembers(executor, { name: 'keys', members: keys, toMember }, options, call)
  }
  const given = listMembers(keys, 'keys')
  const shape = keyShapeIn(source, given)
  const members = shape ? given.map((key) => ({ shape, key, given: key })) : []
  return readMembers(executor, { name: 'keys', members }, options, call)
}

/**
 * Stores items of a table; keys are read from DynamoDB once when the table is not declared.
 *
 * @returns The items, where they are all there; what is left with `partial` and of an async iterable.
 * @internal
 */
export async function putItems(
  executor: Executor,
  source: TableSource,
  items: Members<NativeItem>,
  options: WithPartial<BatchOptions> | undefined,
): Promise<readonly NativeItem[] | BatchWriteResult<NativeItem>> {
  const call = executor.start(options)
  const isPartial = options?.partial === true
  const isLazy = isAsyncIterable(items) || (isPartial && !areAllThere(items, 'items'))
  const given = isLazy ? [] : listMembers(items as Iterable<NativeItem>, 'items')
  if (!isLazy && given.length === 0 && !isPartial) return given
  const shape = keyShapeOf(source.table ?? (await source.load()))
  const toMember = (item: object): WriteMember => ({ shape, item: item as NativeItem, given: item })
  const list: WriteList = isLazy
    ? { name: 'items', members: items, toMember }
    : { name: 'items', members: given.map(toMember) }
  const outcome = await writeMembers(executor, list, { ...options, partial: undefined }, call)
  if (!isPartial) throwIncomplete(outcome)
  return isPartial || isLazy ? remainderOf(outcome) : given
}

/**
 * Deletes items of a table by their keys.
 *
 * @returns What is left.
 * @internal
 */
export async function deleteItems(
  executor: Executor,
  source: TableSource,
  keys: Members<NativeItem>,
  options: WithPartial<BatchOptions> | undefined,
): Promise<BatchWriteResult<NativeItem>> {
  const call = executor.start(options)
  let shape: KeyShape | undefined
  const toMember = (key: object): WriteMember => {
    shape ??= shapeLike(source, key as NativeItem)
    return { shape, key: key as NativeItem, given: key }
  }
  const list: WriteList = areAllThere(keys, 'keys')
    ? { name: 'keys', members: mapMembers(listMembers(keys, 'keys'), 'keys', toMember) }
    : { name: 'keys', members: keys, toMember }
  const outcome = await writeMembers(executor, list, { ...options, partial: undefined }, call)
  if (options?.partial !== true) throwIncomplete(outcome)
  return remainderOf(outcome)
}

function keyShapeIn(source: TableSource, keys: readonly NativeItem[]): KeyShape | undefined {
  return mapMembers(keys.slice(0, 1), 'keys', (key) => shapeLike(source, key))[0]
}

/** A key says enough of a table that is not declared: when it is wrong, DynamoDB refuses every request. */
function shapeLike({ table, name }: TableSource, key: NativeItem): KeyShape {
  return table ? keyShapeOf(table) : keyShapeLike(name, key)
}
