import type { ConsumedCapacity } from '../operations/capacity.ts'

/** How far a call is that reads or writes many items. */
export interface BatchProgress {
  /** How many items there are; `undefined` while they are still being taken from an iterable. */
  readonly total: number | undefined
  /** Items that have been read or written. */
  readonly done: number
  /** How many of the first items are done without a gap: where a job that is cut off can go on. */
  readonly settled: number
  /** Items that are given up; 0 before the end. */
  readonly failed: number
  /** Items that had to be sent again, each time counted. */
  readonly retried: number
  /** Bytes of the items that have been read or written, as DynamoDB counts them. */
  readonly bytes: number
  /** Capacity the call has consumed. */
  readonly capacity: ConsumedCapacity
  /** Milliseconds since the start. */
  readonly elapsed: number
  /** Milliseconds to the end at the speed so far; `undefined` where the total is not known. */
  readonly remaining: number | undefined
}

/** What a batch has done so far. */
export type BatchCounts = Omit<BatchProgress, 'remaining'>

/**
 * Adds to counts how long the rest will take.
 *
 * @internal
 */
export function toProgress(counts: BatchCounts): BatchProgress {
  const { total, done, elapsed } = counts
  const isKnown = total !== undefined && done > 0
  return { ...counts, remaining: isKnown ? Math.round(((total - done) * elapsed) / done) : undefined }
}
