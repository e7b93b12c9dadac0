import type { NativeItem } from '../../codec/native-value.ts'
import { compileExpressions } from '../../expressions/compile.ts'
import type { Condition } from '../../expressions/condition.ts'
import type { UpdateActions } from '../../expressions/update-actions.ts'
import { type Operation, returnConsumedCapacity } from '../operation.ts'
import { isRepeatableUpdate } from './repeatable-update.ts'
import { toWriteResult, type WriteResult } from './write-result.ts'

/** Which attributes an update gives back. */
export type UpdateReturn = 'none' | 'old' | 'new' | 'updated-old' | 'updated-new'

/** Changes attributes of an item. */
export interface UpdateItemPlan {
  readonly operation: 'UpdateItem'
  readonly tableName: string
  readonly key: NativeItem
  readonly actions: UpdateActions
  /** Must be true of the stored item, or nothing is changed. */
  readonly condition?: Condition | undefined
  readonly returns: UpdateReturn
  /** Puts the stored item into the error when the condition is false. */
  readonly returnItemOnConditionFailure: boolean
}

const returnValues: Readonly<Record<UpdateReturn, string | undefined>> = {
  none: undefined,
  old: 'ALL_OLD',
  new: 'ALL_NEW',
  'updated-old': 'UPDATED_OLD',
  'updated-new': 'UPDATED_NEW',
}

/** UpdateItem. */
export const updateItem: Operation<UpdateItemPlan, WriteResult> = {
  name: 'UpdateItem',
  isRead: false,
  isRepeatable: isRepeatableUpdate,
  toInput: (plan, settings) => ({
    TableName: settings.tablePrefix + plan.tableName,
    Key: plan.key,
    ReturnValues: returnValues[plan.returns],
    ReturnValuesOnConditionCheckFailure: plan.returnItemOnConditionFailure ? 'ALL_OLD' : undefined,
    ReturnConsumedCapacity: returnConsumedCapacity(settings),
    ...compileExpressions({ condition: plan.condition, update: plan.actions }),
  }),
  toResult: toWriteResult,
}
