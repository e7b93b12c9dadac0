import type { Database } from '../storage/database.ts'

/** How far reads that are not strongly consistent are behind, in milliseconds. */
export interface Lag {
  readonly eventualReads: number
  readonly globalIndexes: number
}

/** States a database was in, as far back as reads may be behind. */
export class LagHistory {
  /** In order; the first was there before anything else. */
  #states: { readonly at: number; readonly database: Database }[] = []

  /** Whether nothing is known of the past. */
  get isEmpty(): boolean {
    return this.#states.length === 0
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#states.length > 0) this.#states = []
  }

  /** Begins anew: from here on the past looks like the present. */
  reset(database: Database): void {
    this.#states = [{ at: -Infinity, database: database.copy() }]
  }

  /**
   * Notes a state.
   *
   * @param database - The database, after a change.
   * @param now - The time.
   * @param longest - How far back states are kept, in milliseconds.
   */
  note(database: Database, now: number, longest: number): void {
    this.#states.push({ at: now, database: database.copy() })
    const needed = this.#states.findLastIndex(({ at }) => at <= now - longest)
    if (needed > 0) this.#states.splice(0, needed)
  }

  /**
   * Gives what is seen by a read that is behind.
   *
   * @param database - The database as it is.
   * @param now - The time.
   * @param lag - How far the read is behind, in milliseconds.
   */
  seen(database: Database, now: number, lag: number): Database {
    const states = this.#states
    if (lag === 0 || states.length === 0) return database
    const index = states.findLastIndex(({ at }) => at <= now - lag)
    // Nothing has changed since: the state is the database.
    if (index === states.length - 1) return database
    return states[Math.max(0, index)]?.database ?? database
  }
}
