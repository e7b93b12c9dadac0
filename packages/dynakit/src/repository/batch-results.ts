import type { BatchRemainder } from '../execution/batch-ending.ts'

/**
 * What became of many writes: the result of a call with `partial`, and of one that takes its items from an
 * async iterable.
 *
 * @typeParam Given - What was given: items, keys or requests.
 */
export type BatchWriteResult<Given> = BatchRemainder<Given>

/**
 * What became of many reads: the result of a call with `partial`.
 *
 * @typeParam Item - What was read.
 * @typeParam Given - What was given: keys or requests.
 */
export interface BatchGetResult<Item, Given> extends BatchRemainder<Given> {
  /**
   * The item of each key, in the order of the keys; `undefined` where there is none, and for the keys in
   * `unprocessed`.
   */
  readonly items: (Item | undefined)[]
}
