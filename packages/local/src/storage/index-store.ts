import type { IndexDefinition, KeySchema } from '../tables/table-definition.ts'
import { getAttribute, type AttributeValue, type Item } from '../values/attribute-value.ts'
import { textSize, valueSize } from '../values/size.ts'
import { OrderedMap } from './ordered-map.ts'
import { partitionHash, sortTexts } from './sort-text.ts'
import type { IndexEntry, ItemPosition, StoredItem } from './stored-item.ts'
import type { Owner } from './tree-node.ts'

/** What finds an entry of an index: its place there and, where that is shared, the item's place in the table. */
export interface IndexPosition extends ItemPosition {
  readonly base: ItemPosition
}

/**
 * Orders items of a table: by hash of the partition key, partition key and sort key.
 *
 * @internal
 */
export function comparePositions(left: ItemPosition, right: ItemPosition): number {
  if (left.hash !== right.hash) return left.hash - right.hash
  if (left.partition !== right.partition) return left.partition < right.partition ? -1 : 1
  if (left.sort !== right.sort) return left.sort < right.sort ? -1 : 1
  return 0
}

/**
 * Orders entries of an index: as items, and those with the same index key by their place in the table.
 *
 * @internal
 */
export function compareIndexPositions(left: IndexPosition, right: IndexPosition): number {
  return comparePositions(left, right) || comparePositions(left.base, right.base)
}

/** The entries of one secondary index. */
export class IndexStore {
  readonly definition: IndexDefinition
  readonly #primaryKey: KeySchema
  readonly #entries: OrderedMap<IndexPosition, IndexEntry>
  #sizeBytes: number

  /** Makes an empty index, or a copy of another one that shares its entries. */
  constructor(definition: IndexDefinition, primaryKey: KeySchema, owner: Owner, source?: IndexStore) {
    this.definition = definition
    this.#primaryKey = primaryKey
    this.#entries = source?.entries.withOwner(owner) ?? new OrderedMap(compareIndexPositions, owner)
    this.#sizeBytes = source?.sizeBytes ?? 0
  }

  /** The entries in order. */
  get entries(): OrderedMap<IndexPosition, IndexEntry> {
    return this.#entries
  }

  /** Bytes of what the index holds. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** A copy for an owner, with a definition that may be another of the same index. */
  copy(owner: Owner, definition: IndexDefinition = this.definition): IndexStore {
    return new IndexStore(definition, this.#primaryKey, owner, this)
  }

  /** Makes the entry of an item; undefined when it lacks a key attribute of the index. */
  entryOf(base: StoredItem): IndexEntry | undefined {
    const { key } = this.definition
    const partition = keyText(key.partition, base.item)
    const sort = keyText(key.sort, base.item)
    if (partition === undefined || sort === undefined) return undefined
    const hash = this.definition.kind === 'local' ? base.hash : partitionHash(partition)
    return { hash, partition, sort, base, size: this.#projectedSize(base) }
  }

  add(entry: IndexEntry): void {
    const replaced = this.#entries.set(entry)
    this.#sizeBytes += entry.size - (replaced?.size ?? 0)
  }

  remove(entry: IndexEntry): void {
    const removed = this.#entries.delete(entry)
    this.#sizeBytes -= removed?.size ?? 0
  }

  /** The item as the index holds it. */
  project(item: Item): Item {
    const { type } = this.definition.projection
    if (type === 'ALL') return item
    const names = this.projectedNames
    return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)))
  }

  #projected: ReadonlySet<string> | undefined

  /** The attributes the index holds, unless it holds all. */
  get projectedNames(): ReadonlySet<string> {
    const { key, projection } = this.definition
    this.#projected ??= new Set([
      ...[...this.#primaryKey.partition, ...this.#primaryKey.sort, ...key.partition, ...key.sort].map(
        ({ name }) => name,
      ),
      ...projection.attributes,
    ])
    return this.#projected
  }

  #projectedSize({ item, size }: StoredItem): number {
    if (this.definition.projection.type === 'ALL') return size
    let total = 0
    for (const name of this.projectedNames) {
      const value = getAttribute(item, name)
      if (value !== undefined) total += textSize(name) + valueSize(value)
    }
    return total
  }
}

/** The sort text of a key's attributes; undefined when the item lacks one or has it with another type. */
function keyText(attributes: KeySchema['partition'], item: Item): string | undefined {
  if (attributes.length === 0) return ''
  const values: AttributeValue[] = []
  for (const { name, type } of attributes) {
    const value = getAttribute(item, name)
    if (value === undefined || !(type in value)) return undefined
    values.push(value)
  }
  return sortTexts(values)
}
