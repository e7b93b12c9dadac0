import type { CallOptions } from '../execution/call.ts'
import type { Condition } from '../expressions/condition.ts'
import type { WriteRequest } from '../planner/write-options.ts'
import { type ConditionCallback, toCondition } from '../query-builder/condition-builder.ts'

/** Options of a put or delete. */
export interface WriteOptions<Item> extends CallOptions {
  /** Must be true of the stored item, or nothing is written. */
  readonly where?: ConditionCallback<Item> | undefined
  /** Puts the stored item into the error when the condition is false. */
  readonly returnItemOnConditionFailure?: boolean | undefined
}

/**
 * Reads the options of a put or delete.
 *
 * @internal
 */
export function toWriteRequest<Item>(
  options: WriteOptions<Item> | undefined,
  returnOld: boolean,
): WriteRequest {
  const conditions: readonly Condition[] = options?.where ? [toCondition([options.where])] : []
  return {
    conditions,
    returnOld,
    returnItemOnConditionFailure: options?.returnItemOnConditionFailure ?? false,
  }
}
