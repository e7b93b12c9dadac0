import type { NativeItem } from '../../codec/native-value.ts'
import { compileExpressions } from '../../expressions/compile.ts'
import type { Condition } from '../../expressions/condition.ts'
import { type Operation, type OperationSettings, returnConsumedCapacity } from '../operation.ts'
import { toWriteResult, type WriteResult } from './write-result.ts'

/** Stores an item, replacing the one with the same key. */
export interface PutItemPlan {
  readonly operation: 'PutItem'
  readonly tableName: string
  readonly item: NativeItem
  /** Must be true of the stored item, or nothing is written. */
  readonly condition?: Condition | undefined
  /** Gives the replaced item back. */
  readonly returnOld: boolean
  /** Puts the stored item into the error when the condition is false. */
  readonly returnItemOnConditionFailure: boolean
}

/** PutItem. */
export const putItem: Operation<PutItemPlan, WriteResult> = {
  name: 'PutItem',
  isRead: false,
  isRepeatable: isRepeatableWrite,
  toInput: (plan, settings) => ({ Item: plan.item, ...conditionalWriteInput(plan, settings) }),
  toResult: toWriteResult,
}

/**
 * Tells whether a put or delete may be sent again: a condition could be false the second time, and the
 * item given back would be another.
 *
 * @internal
 */
export function isRepeatableWrite(plan: Pick<PutItemPlan, 'condition' | 'returnOld'>): boolean {
  return plan.condition === undefined && !plan.returnOld
}

/**
 * The members PutItem and DeleteItem have in common.
 *
 * @internal
 */
export function conditionalWriteInput(
  plan: Omit<PutItemPlan, 'operation' | 'item'>,
  settings: OperationSettings,
): Readonly<Record<string, unknown>> {
  return {
    TableName: settings.tablePrefix + plan.tableName,
    ReturnValues: plan.returnOld ? 'ALL_OLD' : undefined,
    ReturnValuesOnConditionCheckFailure: plan.returnItemOnConditionFailure ? 'ALL_OLD' : undefined,
    ReturnConsumedCapacity: returnConsumedCapacity(settings),
    ...(plan.condition && compileExpressions({ condition: plan.condition })),
  }
}
