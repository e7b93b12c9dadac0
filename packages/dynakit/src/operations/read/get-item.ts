import type { NativeItem } from '../../codec/native-value.ts'
import { compileExpressions } from '../../expressions/compile.ts'
import type { Path } from '../../expressions/path.ts'
import { alwaysRepeatable, type ItemOutput, type Operation, returnConsumedCapacity } from '../operation.ts'

/** Reads one item by its key. */
export interface GetItemPlan {
  readonly operation: 'GetItem'
  readonly tableName: string
  readonly key: NativeItem
  /** Attributes to read; all when left out. */
  readonly projection?: readonly Path[] | undefined
  readonly consistentRead: boolean
}

/** The stored item, if there is one. */
export interface GetItemResult {
  readonly item: NativeItem | undefined
}

/** GetItem. */
export const getItem: Operation<GetItemPlan, GetItemResult> = {
  name: 'GetItem',
  isRead: true,
  isRepeatable: alwaysRepeatable,
  toInput: (plan, settings) => ({
    TableName: settings.tablePrefix + plan.tableName,
    Key: plan.key,
    ConsistentRead: plan.consistentRead || undefined,
    ReturnConsumedCapacity: returnConsumedCapacity(settings),
    ...(plan.projection && compileExpressions({ projection: plan.projection })),
  }),
  toResult: (output: ItemOutput) => ({ item: output.Item }),
}
