import type { NativeItem } from '../codec/native-value.ts'
import { evaluate } from '../expressions/evaluate.ts'
import { keyShapeOf } from '../planner/key-shape.ts'
import type { Completion } from '../planner/plan-request.ts'
import type { Table } from '../schema/table.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'
import { readBatch } from './read-batch.ts'

/** Items, and the same items as the index has them. */
interface CompletedItems {
  readonly items: readonly NativeItem[]
  readonly keys: readonly NativeItem[]
}

/**
 * Reads the whole items of what an index found. Those that are gone, or that the table has changed so that
 * they do not meet the conditions any more, are left out: an index is always a little behind.
 *
 * @internal
 */
export async function completeItems(
  executor: Executor,
  table: Table,
  found: readonly NativeItem[],
  completion: Completion,
  call: Call,
): Promise<CompletedItems> {
  if (found.length === 0) return { items: found, keys: found }
  const shape = keyShapeOf(table)
  const tableKeys = found.map((item) =>
    Object.fromEntries(shape.attributes.map(({ name }) => [name, item[name]])),
  )
  const batch = { shape, keys: tableKeys, given: tableKeys, projection: completion.projection }
  const read = await readBatch(executor, batch, undefined, call)
  const items: NativeItem[] = []
  const keys: NativeItem[] = []
  for (const [at, item] of read.entries()) {
    if (!item || (completion.condition && !evaluate(completion.condition, item))) continue
    items.push(item)
    keys.push(found[at] as NativeItem)
  }
  return { items, keys }
}
