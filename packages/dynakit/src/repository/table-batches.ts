import type { NativeItem } from '../codec/native-value.ts'
import type { BatchGetOptions, BatchOptions } from '../execution/batch-options.ts'
import type { Executor } from '../execution/executor.ts'
import { readBatch } from '../execution/read-batch.ts'
import { writeBatch } from '../execution/write-batch.ts'
import { listMembers, mapMembers } from '../planner/batch-members.ts'
import { type KeyShape, keyShapeLike, keyShapeOf } from '../planner/key-shape.ts'
import type { TableSource } from './table-repository.ts'
import { isVisible } from '../planner/visibility.ts'
import { tableVisibility } from './table-visibility.ts'

/**
 * Reads the items of a table by their keys.
 *
 * @returns The item of each key, in their order.
 * @internal
 */
export async function getItems(
  executor: Executor,
  source: TableSource,
  keys: Iterable<NativeItem>,
  options: BatchGetOptions | undefined,
): Promise<readonly (NativeItem | undefined)[]> {
  const call = executor.start(options)
  const given = listMembers(keys, 'keys')
  const shape = keyShapeIn(source, given)
  if (!shape) return []
  const visibility = await tableVisibility(source, options)
  const items = await readBatch(executor, { shape, keys: given, given }, options, call)
  return items.map((item) => (item && isVisible(visibility, item) ? item : undefined))
}

/**
 * Stores items of a table; keys are read from DynamoDB once when the table is not declared.
 *
 * @internal
 */
export async function putItems(
  executor: Executor,
  source: TableSource,
  items: Iterable<NativeItem>,
  options: BatchOptions | undefined,
): Promise<readonly NativeItem[]> {
  const call = executor.start(options)
  const given = listMembers(items, 'items')
  if (given.length === 0) return given
  const shape = keyShapeOf(source.table ?? (await source.load()))
  await writeBatch(executor, { name: 'items', shape, values: given, given }, options, call)
  return given
}

/**
 * Deletes items of a table by their keys.
 *
 * @internal
 */
export async function deleteItems(
  executor: Executor,
  source: TableSource,
  keys: Iterable<NativeItem>,
  options: BatchOptions | undefined,
): Promise<void> {
  const call = executor.start(options)
  const given = listMembers(keys, 'keys')
  const shape = keyShapeIn(source, given)
  if (shape) await writeBatch(executor, { name: 'keys', shape, values: given, given }, options, call)
}

/** A key says enough of a table that is not declared: when it is wrong, DynamoDB refuses every request. */
function keyShapeIn({ table, name }: TableSource, keys: readonly NativeItem[]): KeyShape | undefined {
  if (table) return keyShapeOf(table)
  return mapMembers(keys.slice(0, 1), 'keys', (key) => keyShapeLike(name, key))[0]
}
