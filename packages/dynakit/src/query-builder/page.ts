import type { Cursor } from '../execution/cursor.ts'
import type { BudgetName } from '../execution/read-meter.ts'
import type { ConsumedCapacity } from '../operations/capacity.ts'

/** The items a query found, and where to go on. Iterates over its items. */
export interface Page<Item> extends Iterable<Item> {
  /** The items. */
  readonly items: Item[]
  /** Pass to `.after()` to go on; `undefined` when there is nothing more. */
  readonly cursor: Cursor | undefined
  /**
   * Pass to `.before()` to get the page before this one; `undefined` when there is none: the read began at
   * the beginning, or reached it going back.
   */
  readonly previousCursor: Cursor | undefined
  /** Capacity consumed by all requests of the call. */
  readonly capacity: ConsumedCapacity
  /** Items DynamoDB evaluated, before filters; they are what is paid for. */
  readonly evaluated: number
  /** The budget that ended the read early, if one did; `cursor` then goes on from there. */
  readonly stoppedBy: BudgetName | undefined
}

/** How many items meet the conditions. */
export interface CountResult {
  /** Number of items; when a budget stopped the count, those counted so far. */
  readonly count: number
  /** Pass to `.after()` to count on; `undefined` when all were counted. */
  readonly cursor: Cursor | undefined
  /** Capacity consumed by all requests of the call. */
  readonly capacity: ConsumedCapacity
  /** Items DynamoDB evaluated, before filters. */
  readonly evaluated: number
  /** The budget that ended the count early, if one did. */
  readonly stoppedBy: BudgetName | undefined
}

/**
 * Makes a page.
 *
 * @internal
 */
export function makePage<Item>(page: Omit<Page<Item>, typeof Symbol.iterator>): Page<Item> {
  return Object.assign(Object.create(iteratesItems) as Iterable<Item>, page)
}

const iteratesItems = {
  [Symbol.iterator](this: Page<unknown>): Iterator<unknown> {
    return this.items[Symbol.iterator]()
  },
}
