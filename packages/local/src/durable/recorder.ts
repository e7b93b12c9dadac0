import type { ItemChange } from '../engine/operation-context.ts'
import type { Database } from '../storage/database.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import { newestToken, type SavedToken } from '../transactions/request-tokens.ts'
import type { LogEntry } from './log-entry.ts'

/** What happened to a database at one time. */
export interface Recorded {
  readonly at: number
  readonly entries: readonly LogEntry[]
}

/** Collects what happens to a database, for its log. */
export class Recorder {
  readonly #streamShards: number
  readonly #tables = new Map<string, TableDefinition>()
  #token: SavedToken | undefined
  #entries: LogEntry[] = []
  #at = 0

  /**
   * @param streamShards - Shards that streams begin with.
   */
  constructor(streamShards: number) {
    this.#streamShards = streamShards
  }

  /** Takes note of a change of an item. */
  change({ table, key, after, byTimeToLive = false }: ItemChange, now: number): void {
    this.#add(
      now,
      after === undefined
        ? { kind: 'delete', table: table.name, key, byTimeToLive }
        : { kind: 'put', table: table.name, item: after.item },
    )
  }

  /** Takes note of a split of a stream's shards. */
  split(streamArn: string, now: number): void {
    this.#add(now, { kind: 'split', streamArn })
  }

  /** Takes note of the tables that are not as they were, and of a token that was not there. */
  compare(database: Database, now: number): void {
    for (const [name, { definition }] of database.tables) {
      if (this.#tables.get(name) === definition) continue
      this.#add(now, { kind: 'table', definition, streamShards: this.#streamShards })
    }
    for (const name of this.#tables.keys()) {
      if (!database.tables.has(name)) this.#add(now, { kind: 'drop', table: name })
    }
    const token = newestToken(database)
    if (token !== undefined && token !== this.#token) this.#add(now, { kind: 'token', token })
    this.accept(database)
  }

  /** Takes the database as it is for what the log has. */
  accept(database: Database): void {
    this.#tables.clear()
    for (const [name, { definition }] of database.tables) this.#tables.set(name, definition)
    this.#token = newestToken(database)
  }

  /** Gives what was collected, if anything, and begins anew. */
  take(): Recorded | undefined {
    if (this.#entries.length === 0) return undefined
    const recorded = { at: this.#at, entries: this.#entries }
    this.#entries = []
    return recorded
  }

  #add(now: number, entry: LogEntry): void {
    this.#at = now
    this.#entries.push(entry)
  }
}
