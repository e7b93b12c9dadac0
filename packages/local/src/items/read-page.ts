import type { ConditionNode } from '../expressions/condition-node.ts'
import { evaluateCondition } from '../expressions/evaluate-condition.ts'
import type { Cursor } from '../storage/cursor.ts'
import type { IndexEntry, StoredItem } from '../storage/stored-item.ts'
import type { Item } from '../values/attribute-value.ts'

/**
 * How much a Query or Scan evaluates for a page.
 *
 * @internal
 */
export const maximumPageBytes: number = 1024 * 1024

/** An item of a table, or an entry of an index. */
export type ReadEntry = StoredItem | IndexEntry

/** What a page is read from, and how. */
export interface PageRequest {
  readonly cursor: Cursor<ReadEntry>
  readonly isForward: boolean
  /** Whether an entry is beyond what is to be read. */
  readonly isPast: (entry: ReadEntry) => boolean
  /** Entries to evaluate at most. */
  readonly limit: number
  /** What of an item the filter sees, and the answer is made from. */
  readonly visible: (item: Item) => Item
  readonly filter: ConditionNode | undefined
}

/** A page of a Query or Scan. */
export interface Page {
  readonly items: readonly Item[]
  /** Entries evaluated, whether the filter let them through or not. */
  readonly evaluated: readonly ReadEntry[]
  readonly bytes: number
  /** Whether the page ended at its limits, and not at the end of what is to be read. */
  readonly isFull: boolean
}

/**
 * Gives the item of an entry.
 *
 * @internal
 */
export function itemOf(entry: ReadEntry): StoredItem {
  return 'base' in entry ? entry.base : entry
}

/**
 * Reads a page: up to its limit, or until 1 MB was evaluated, whatever the filter lets through.
 *
 * @internal
 */
export function readPage(request: PageRequest): Page {
  const { cursor, isForward, limit, filter } = request
  const items: Item[] = []
  const evaluated: ReadEntry[] = []
  let bytes = 0
  let isThere = isForward ? cursor.entry !== undefined : cursor.previous()
  while (isThere) {
    const entry = cursor.entry
    if (entry === undefined || request.isPast(entry)) break
    evaluated.push(entry)
    bytes += entry.size
    const item = request.visible(itemOf(entry).item)
    if (filter === undefined || evaluateCondition(filter, item)) items.push(item)
    if (evaluated.length === limit || bytes >= maximumPageBytes)
      return { items, evaluated, bytes, isFull: true }
    if (isForward) cursor.next()
    isThere = isForward || cursor.previous()
  }
  return { items, evaluated, bytes, isFull: false }
}
