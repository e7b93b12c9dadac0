import type { NativeItem } from '../../codec/native-value.ts'
import type { Condition } from '../../expressions/condition.ts'
import type { Operation } from '../operation.ts'
import { conditionalWriteInput, isRepeatableWrite } from './put-item.ts'
import { toWriteResult, type WriteResult } from './write-result.ts'

/** Deletes an item by its key. */
export interface DeleteItemPlan {
  readonly operation: 'DeleteItem'
  readonly tableName: string
  readonly key: NativeItem
  /** Must be true of the stored item, or nothing is deleted. */
  readonly condition?: Condition | undefined
  /** Gives the deleted item back. */
  readonly returnOld: boolean
  /** Puts the stored item into the error when the condition is false. */
  readonly returnItemOnConditionFailure: boolean
}

/** DeleteItem. */
export const deleteItem: Operation<DeleteItemPlan, WriteResult> = {
  name: 'DeleteItem',
  isRead: false,
  isRepeatable: isRepeatableWrite,
  toInput: (plan, settings) => ({ Key: plan.key, ...conditionalWriteInput(plan, settings) }),
  toResult: toWriteResult,
}
