import type { ItemPosition } from '../storage/stored-item.ts'
import type { TableStore } from '../storage/table-store.ts'
import { getAttribute, type Item } from '../values/attribute-value.ts'

const gigabyte = 1024 ** 3

/** What `ItemCollectionMetrics` says of the items that share a partition key. */
export interface ItemCollection {
  readonly ItemCollectionKey: Item
  readonly SizeEstimateRangeGB: readonly [number, number]
}

/**
 * Estimates the size of the items that share a partition key, in the table and its local indexes.
 *
 * @param table - The table.
 * @param position - Where one of the items stands, or stood.
 * @param key - That item's key.
 * @returns The estimate; undefined for tables without local indexes, of which DynamoDB keeps none.
 * @internal
 */
export function itemCollection(
  table: TableStore,
  position: ItemPosition,
  key: Item,
): ItemCollection | undefined {
  const locals = [...table.indexes.values()].filter(({ definition }) => definition.kind === 'local')
  const name = table.definition.key.partition[0]?.name ?? ''
  const value = getAttribute(key, name)
  if (locals.length === 0 || value === undefined) return undefined
  const bytes = [table.items, ...locals.map(({ entries }) => entries)].reduce(
    (sum, entries) => sum + partitionSize(entries, position),
    0,
  )
  const low = Math.floor(bytes / gigabyte)
  return { ItemCollectionKey: { [name]: value }, SizeEstimateRangeGB: [low, low + 1] }
}

interface Sized extends ItemPosition {
  readonly size: number
}

function partitionSize(
  entries: { seek(isBefore: (entry: Sized) => boolean): { readonly entry: Sized | undefined; next(): void } },
  { hash, partition }: ItemPosition,
): number {
  const cursor = entries.seek(
    (entry) => entry.hash < hash || (entry.hash === hash && entry.partition < partition),
  )
  let bytes = 0
  while (cursor.entry?.partition === partition) {
    bytes += cursor.entry.size
    cursor.next()
  }
  return bytes
}
