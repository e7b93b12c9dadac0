import type { Condition } from '../expressions/condition.ts'

/** What a put or delete asks for beside the item. */
export interface WriteRequest {
  /** Conditions on the stored item, in the application's values. */
  readonly conditions: readonly Condition[]
  /** Gives the replaced or deleted item back. */
  readonly returnOld: boolean
  /** Puts the stored item into the error when a condition is false. */
  readonly returnItemOnConditionFailure: boolean
}
