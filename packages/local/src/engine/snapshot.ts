import type { Database } from '../storage/database.ts'

/** The state of an engine at one moment. Making one costs nothing; it can be restored any number of times. */
export class Snapshot {
  readonly #databases: ReadonlyMap<string, SavedDatabase>

  /** @internal */
  constructor(databases: ReadonlyMap<string, SavedDatabase>) {
    this.#databases = databases
  }

  /** @internal */
  get databases(): ReadonlyMap<string, SavedDatabase> {
    return this.#databases
  }
}

/** A database as it was. */
export interface SavedDatabase {
  readonly region: string
  readonly database: Database
}
