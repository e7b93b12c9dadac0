import type { IndexDefinition, TableDefinition } from '../tables/table-definition.ts'
import { equalMaps } from '../values/compare.ts'
import type { Item } from '../values/attribute-value.ts'
import { itemSize } from '../values/size.ts'
import { comparePositions, IndexStore } from './index-store.ts'
import { OrderedMap } from './ordered-map.ts'
import type { IndexEntry, ItemPosition, StoredItem } from './stored-item.ts'
import type { Owner } from './tree-node.ts'

/** What a write does to one index. At least one of the two is there. */
export interface IndexChange {
  readonly index: string
  readonly removed: IndexEntry | undefined
  readonly added: IndexEntry | undefined
}

/** A write of one item, worked out but not carried out. */
export interface ItemWrite {
  readonly before: StoredItem | undefined
  readonly after: StoredItem | undefined
  /** Indexes the write changes, in the table's order. */
  readonly indexChanges: readonly IndexChange[]
}

/** The items of one table and its indexes. Read it freely; write it through Database.tableForWrite only. */
export class TableStore {
  readonly #owner: Owner
  readonly #items: OrderedMap<ItemPosition, StoredItem>
  #definition: TableDefinition
  #indexes: ReadonlyMap<string, IndexStore>
  #sizeBytes = 0

  /** Makes an empty table, or a copy of another one that shares its items. */
  constructor(definition: TableDefinition, owner: Owner, source?: TableStore) {
    this.#definition = definition
    this.#owner = owner
    if (source === undefined) {
      this.#items = new OrderedMap(comparePositions, owner)
      this.#indexes = new Map(definition.indexes.map((index) => [index.name, this.#emptyIndex(index)]))
    } else {
      this.#items = source.#items.withOwner(owner)
      this.#indexes = new Map([...source.#indexes].map(([name, index]) => [name, index.copy(owner)]))
      this.#sizeBytes = source.#sizeBytes
    }
  }

  get definition(): TableDefinition {
    return this.#definition
  }

  /** The items in order. */
  get items(): OrderedMap<ItemPosition, StoredItem> {
    return this.#items
  }

  /** The indexes by name, in the order they were defined. */
  get indexes(): ReadonlyMap<string, IndexStore> {
    return this.#indexes
  }

  /** Bytes of all items. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** The table for an owner: itself if it is its own, or a copy. */
  withOwner(owner: Owner): TableStore {
    return owner === this.#owner ? this : new TableStore(this.#definition, owner, this)
  }

  /** Changes the definition: new indexes are filled from the items, indexes it no longer has are dropped. */
  define(definition: TableDefinition): void {
    this.#definition = definition
    this.#indexes = new Map(
      definition.indexes.map((index) => [
        index.name,
        this.#indexes.get(index.name)?.copy(this.#owner, index) ?? this.#filledIndex(index),
      ]),
    )
  }

  /** Works out what writing an item, or deleting it, would change. */
  plan(position: ItemPosition, item: Item | undefined): ItemWrite {
    const before = this.#items.get(position)
    const { hash, partition, sort } = position
    const after = item && { hash, partition, sort, item, size: itemSize(item) }
    return { before, after, indexChanges: this.#indexes.size === 0 ? [] : this.#indexChanges(before, after) }
  }

  /** Carries a write out. */
  apply({ before, after, indexChanges }: ItemWrite): void {
    if (after !== undefined) this.#items.set(after)
    else if (before !== undefined) this.#items.delete(before)
    this.#sizeBytes += (after?.size ?? 0) - (before?.size ?? 0)
    for (const [name, index] of this.#indexes) {
      // Entries lead to the item itself, so those the write leaves as they were are renewed too.
      const change = indexChanges.find((one) => one.index === name)
      const removed = change === undefined ? undefined : change.removed
      const added = change === undefined ? after && index.entryOf(after) : change.added
      if (removed !== undefined) index.remove(removed)
      if (added !== undefined) index.add(added)
    }
  }

  #indexChanges(before: StoredItem | undefined, after: StoredItem | undefined): IndexChange[] {
    const changes: IndexChange[] = []
    for (const [name, index] of this.#indexes) {
      const removed = before && index.entryOf(before)
      const added = after && index.entryOf(after)
      if (removed === undefined && added === undefined) continue
      const isSame =
        removed !== undefined &&
        added !== undefined &&
        equalMaps(index.project(removed.base.item), index.project(added.base.item))
      if (!isSame) changes.push({ index: name, removed, added })
    }
    return changes
  }

  #emptyIndex(definition: IndexDefinition): IndexStore {
    return new IndexStore(definition, this.#definition.key, this.#owner)
  }

  #filledIndex(definition: IndexDefinition): IndexStore {
    const index = this.#emptyIndex(definition)
    for (const stored of this.#items.entries()) {
      const entry = index.entryOf(stored)
      if (entry !== undefined) index.add(entry)
    }
    return index
  }
}
