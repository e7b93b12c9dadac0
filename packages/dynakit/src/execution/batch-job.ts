import { pause } from '../transport/pause.ts'
import type { BatchEntry } from './batch-entry.ts'
import type { Call } from './call.ts'

/** What a batch does. */
export interface BatchJob<Entry extends BatchEntry> {
  readonly operation: 'BatchGetItem' | 'BatchWriteItem'
  /** Most entries of one request. */
  readonly size: number
  /** What stands before the names of tables in DynamoDB. */
  readonly tablePrefix: string
  /**
   * Sends one request.
   *
   * @param call - The call it belongs to.
   * @returns What DynamoDB did not get to.
   */
  send(entries: readonly Entry[], call: Call): Promise<BatchAnswer<Entry>>
  /** Counts the bytes an entry takes in a request exactly, which costs writing it. */
  wireBytes(entry: Entry): number
  /** Capacity units an entry takes, as far as can be told beforehand. */
  units(entry: Entry): number
  /** Bytes of the item that was read or written. */
  itemBytes(entry: Entry): number
}

/** What came of one request. */
export interface BatchAnswer<Entry> {
  /** Entries DynamoDB did not get to. */
  readonly left: readonly Entry[]
  /** Whether that is because an answer cannot hold more, and not for want of capacity. */
  readonly isFull: boolean
}

/** What waits are made of; tests put their own in its place. */
export interface BatchClock {
  /** A number from 0 up to 1. */
  random(): number
  /** Milliseconds, of any beginning. */
  now(): number
  /** Waits for milliseconds; ends early, without an error, when the signal fires. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** Real time and chance. */
export const systemClock: BatchClock = { random: Math.random, now: () => performance.now(), pause }
