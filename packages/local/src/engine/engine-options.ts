import type { FaultOptions } from '../faults/faults.ts'
import type { Duration } from './clock.ts'
import type { StateDelayOptions } from './state-delays.ts'

/** How an engine behaves. All options may be left out. */
export interface EngineOptions {
  /** Gives all regions and access keys one database. Default: each pair has a database of its own. */
  readonly shared?: boolean | undefined
  /** How long tables and indexes stay in their transitional states. Default: `'none'`. */
  readonly delays?: StateDelayOptions | undefined
  /**
   * How long an item is still there after its time to live has passed (or after it was written with a time in
   * the past). DynamoDB takes up to a few days. Default: 10 minutes.
   */
  readonly expiryDelay?: Duration | undefined
  /** Shards that a stream begins with; DynamoDB has one for each partition of the table. Default: 1. */
  readonly streamShards?: number | undefined
  /** What goes wrong from the start; see {@link Engine.faults}. Default: nothing. */
  readonly faults?: FaultOptions | undefined
  /**
   * A file that keeps what the engine holds: every write is in it before it is answered, and survives the end of
   * the process, SIGKILL included. Only one engine at a time can have it. Default: nothing is kept.
   */
  readonly file?: string | undefined
  /** Waits for the disk with each write, so that also the end of the machine loses nothing. Default: false. */
  readonly sync?: boolean | undefined
}
