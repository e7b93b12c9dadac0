import type { TableDefinition } from '../tables/table-definition.ts'
import { TableStore } from './table-store.ts'
import type { Owner } from './tree-node.ts'

/**
 * A value that is part of a database besides its tables, and is copied and restored with it. Values are never
 * changed in place: a change puts another value, though that may share an OrderedMap given the database's owner.
 */
export interface Slot<Value> {
  readonly name: string
  /** Makes the value of a new database. */
  initial(owner: Owner): Value
}

/** The tables of one region and account, and what else belongs to them. Copies share everything until written. */
export class Database {
  #owner: Owner = {}
  #tables: ReadonlyMap<string, TableStore> = new Map()
  #names: readonly string[] | undefined
  #slots: ReadonlyMap<Slot<unknown>, unknown> = new Map()

  /** Says which nodes of ordered maps this database may change in place. Changes with every copy. */
  get owner(): Owner {
    return this.#owner
  }

  /** The tables by name. */
  get tables(): ReadonlyMap<string, TableStore> {
    return this.#tables
  }

  /** The names of the tables, in order. */
  get tableNames(): readonly string[] {
    this.#names ??= [...this.#tables.keys()].sort()
    return this.#names
  }

  /** Finds a table, to read. */
  table(name: string): TableStore | undefined {
    return this.#tables.get(name)
  }

  /** Finds a table that exists, to write. */
  tableForWrite(name: string): TableStore {
    const table = this.#tables.get(name)
    if (table === undefined) throw new TypeError('There is no such table.')
    const owned = table.withOwner(this.#owner)
    if (owned !== table) this.#tables = new Map(this.#tables).set(name, owned)
    return owned
  }

  /** Adds an empty table. */
  addTable(definition: TableDefinition): TableStore {
    const table = new TableStore(definition, this.#owner)
    this.#tables = new Map(this.#tables).set(definition.name, table)
    this.#names = undefined
    return table
  }

  /** Takes a table out. */
  removeTable(name: string): void {
    const tables = new Map(this.#tables)
    tables.delete(name)
    this.#tables = tables
    this.#names = undefined
  }

  /** Reads a slot. */
  get<Value>(slot: Slot<Value>): Value {
    return this.#slots.has(slot) ? (this.#slots.get(slot) as Value) : slot.initial(this.#owner)
  }

  /** Puts another value into a slot. */
  set<Value>(slot: Slot<Value>, value: Value): void {
    this.#slots = new Map(this.#slots).set(slot, value)
  }

  /** Makes a copy. It costs nothing: what either changes afterwards is copied then. */
  copy(): Database {
    const copy = new Database()
    copy.become(this)
    return copy
  }

  /** Takes over the state of another database, of which this becomes a copy. */
  become(source: Database): void {
    this.#tables = source.#tables
    this.#names = source.#names
    this.#slots = source.#slots
    this.#owner = {}
    source.#owner = {}
  }
}
