import type { NativeItem } from '../../codec/native-value.ts'
import type { WireOutput } from '../../transport/transport.ts'
import { alwaysRepeatable, type Operation, returnConsumedCapacity } from '../operation.ts'
import type { BatchKey } from './batch-get-item.ts'

/**
 * Reads up to 100 items of any tables as they are at one moment. No two keys may be of the same item.
 *
 * Source: Amazon DynamoDB API Reference, TransactGetItems.
 */
export interface TransactGetItemsPlan {
  readonly operation: 'TransactGetItems'
  readonly keys: readonly BatchKey[]
}

/** The stored item of each key, in their order; `undefined` where there is none. */
export interface TransactGetItemsResult {
  readonly items: readonly (NativeItem | undefined)[]
}

interface TransactGetItemsOutput extends WireOutput {
  readonly Responses?: readonly { readonly Item?: NativeItem }[]
}

/** TransactGetItems. */
export const transactGetItems: Operation<TransactGetItemsPlan, TransactGetItemsResult> = {
  name: 'TransactGetItems',
  isRead: true,
  isRepeatable: alwaysRepeatable,
  toInput: (plan, settings) => ({
    TransactItems: plan.keys.map(({ tableName, key }) => ({
      Get: { TableName: settings.tablePrefix + tableName, Key: key },
    })),
    ReturnConsumedCapacity: returnConsumedCapacity(settings),
  }),
  toResult: (output: TransactGetItemsOutput, _settings) => ({
    items: (output.Responses ?? []).map(({ Item }) => Item),
  }),
}
