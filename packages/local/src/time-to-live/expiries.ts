import type { ItemChange } from '../engine/operation-context.ts'
import type { Database, Slot } from '../storage/database.ts'
import { comparePositions } from '../storage/index-store.ts'
import { OrderedMap } from '../storage/ordered-map.ts'
import type { ItemPosition, StoredItem } from '../storage/stored-item.ts'
import type { Owner } from '../storage/tree-node.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import { getAttribute } from '../values/attribute-value.ts'

/** Finds an item by when it expires. */
interface ExpiryPosition {
  /** Epoch milliseconds. */
  readonly at: number
  readonly item: ItemPosition
}

/** An item that expires. */
export interface Expiry extends ExpiryPosition {
  /** When it was written, or time to live was switched on: before that it could not be found expired. */
  readonly since: number
}

const compare = (left: ExpiryPosition, right: ExpiryPosition): number =>
  left.at - right.at || comparePositions(left.item, right.item)

interface TableExpiries {
  readonly attribute: string
  readonly entries: OrderedMap<ExpiryPosition, Expiry>
}

/** Which items of a database expire, in the order of their time. Changed in place by their owner only. */
export class Expiries {
  readonly #owner: Owner
  /** By table id. */
  readonly #tables: Map<string, TableExpiries>
  /** When there may be items to delete; not later than there are. */
  nextSweep: number

  constructor(owner: Owner, source?: Expiries) {
    this.#owner = owner
    this.#tables = new Map(
      source &&
        [...source.#tables].map(([id, { attribute, entries }]) => [
          id,
          { attribute, entries: entries.withOwner(owner) },
        ]),
    )
    this.nextSweep = source?.nextSweep ?? Infinity
  }

  /** The expiries for an owner: themselves if they are its own, or a copy. */
  withOwner(owner: Owner): Expiries {
    return owner === this.#owner ? this : new Expiries(owner, this)
  }

  /** Looks through the tables whose time to live was switched on, and forgets the others. */
  settle(tables: Database['tables'], now: number): void {
    const ids = new Set<string>()
    for (const { definition, items } of tables.values()) {
      const attribute = definition.timeToLive?.attribute
      if (attribute === undefined) continue
      ids.add(definition.id)
      if (this.#tables.get(definition.id)?.attribute === attribute) continue
      const entries = this.#begin(definition.id, attribute)
      for (const stored of items.entries()) add(entries, attribute, stored, now)
      this.nextSweep = now
    }
    for (const id of this.#tables.keys()) {
      if (!ids.has(id)) this.#tables.delete(id)
    }
  }

  /** Follows a change of an item of a table with time to live, and gives when the item expires now. */
  change({ table, before, after }: ItemChange, now: number): number | undefined {
    const one = this.#tables.get(table.id)
    if (one === undefined) return undefined
    const { attribute, entries } = one
    const expiredAt = before && expiryOf(before, attribute)
    if (before !== undefined && expiredAt !== undefined) entries.delete({ at: expiredAt, item: before })
    return after && add(entries, attribute, after, now)
  }

  /** Since when an item could be found expired; undefined when it does not expire. */
  sinceOf(table: TableDefinition, stored: StoredItem): number | undefined {
    const one = this.#tables.get(table.id)
    const at = one && expiryOf(stored, one.attribute)
    return at === undefined ? undefined : one?.entries.get({ at, item: stored })?.since
  }

  /** The items of a table that expire up to a time, in order. */
  upTo(table: TableDefinition, time: number): Expiry[] {
    const found: Expiry[] = []
    const cursor = this.#tables.get(table.id)?.entries.seek(() => false)
    while (cursor?.entry !== undefined && cursor.entry.at <= time) {
      found.push(cursor.entry)
      cursor.next()
    }
    return found
  }

  /** The first expiry of any table after a time. */
  firstAfter(time: number): number {
    let first = Infinity
    for (const { entries } of this.#tables.values()) {
      const entry = entries.seek((one) => one.at <= time).entry
      if (entry !== undefined) first = Math.min(first, entry.at)
    }
    return first
  }

  #begin(id: string, attribute: string): TableExpiries['entries'] {
    const entries: TableExpiries['entries'] = new OrderedMap(compare, this.#owner)
    this.#tables.set(id, { attribute, entries })
    return entries
  }
}

function add(
  entries: TableExpiries['entries'],
  attribute: string,
  stored: StoredItem,
  since: number,
): number | undefined {
  const at = expiryOf(stored, attribute)
  if (at === undefined) return undefined
  const { hash, partition, sort } = stored
  entries.set({ at, item: { hash, partition, sort }, since })
  return at
}

/** When an item expires; undefined when its attribute is no number. */
function expiryOf({ item }: StoredItem, attribute: string): number | undefined {
  const value = getAttribute(item, attribute)
  if (value === undefined || !('N' in value)) return undefined
  return Math.trunc(Number(value.N)) * 1000
}

/** Owned by no database. */
const noExpiries = new Expiries({})
const slot: Slot<Expiries> = { name: 'expiries', initial: () => noExpiries }

/**
 * Tells when there may be items of a database to delete.
 *
 * @internal
 */
export function nextSweep(database: Database): number {
  return database.get(slot).nextSweep
}

/**
 * Gives the expiries of a database, to change them.
 *
 * @internal
 */
export function expiriesOf(database: Database): Expiries {
  const expiries = database.get(slot)
  const owned = expiries.withOwner(database.owner)
  if (owned !== expiries) database.set(slot, owned)
  return owned
}
