import type { NativeItem } from '../../codec/native-value.ts'
import type { WireOutput } from '../../transport/transport.ts'
import { compileExpressions } from '../../expressions/compile.ts'
import type { Path } from '../../expressions/path.ts'
import { groupByTable } from '../group-by-table.ts'
import {
  alwaysRepeatable,
  type Operation,
  type OperationSettings,
  returnConsumedCapacity,
} from '../operation.ts'

/** Most keys DynamoDB takes in one BatchGetItem. */
export const maximumBatchKeys = 100

/** The key of one item and the table it is in. */
export interface BatchKey {
  readonly tableName: string
  readonly key: NativeItem
}

/**
 * Reads up to 100 items of any tables by their keys. The keys of one table differ.
 *
 * Source: Amazon DynamoDB API Reference, BatchGetItem.
 */
export interface BatchGetItemPlan {
  readonly operation: 'BatchGetItem'
  readonly keys: readonly BatchKey[]
  readonly consistentRead: boolean
  /** Attributes to read of each item; all when left out. */
  readonly projection?: readonly Path[] | undefined
}

/** The stored items, in no order; those that do not exist are missing. */
export interface BatchGetItemResult {
  /** Items by table. */
  readonly items: ReadonlyMap<string, readonly NativeItem[]>
  /** Keys DynamoDB did not get to. */
  readonly unprocessed: readonly BatchKey[]
}

interface BatchGetItemOutput extends WireOutput {
  readonly Responses?: Readonly<Record<string, readonly NativeItem[]>>
  readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys?: readonly NativeItem[] }>>
}

/** BatchGetItem. */
export const batchGetItem: Operation<BatchGetItemPlan, BatchGetItemResult> = {
  name: 'BatchGetItem',
  isRead: true,
  isRepeatable: alwaysRepeatable,
  toInput: (plan, settings) => ({
    RequestItems: groupByTable(
      plan.keys,
      ({ key }) => key,
      (keys) => ({
        Keys: keys,
        ConsistentRead: plan.consistentRead || undefined,
        ...(plan.projection && compileExpressions({ projection: plan.projection })),
      }),
      settings,
    ),
    ReturnConsumedCapacity: returnConsumedCapacity(settings),
  }),
  toResult,
}

function toResult(output: BatchGetItemOutput, { tablePrefix }: OperationSettings): BatchGetItemResult {
  const items = new Map<string, readonly NativeItem[]>()
  for (const [name, stored] of Object.entries(output.Responses ?? {})) {
    items.set(name.slice(tablePrefix.length), stored)
  }
  const unprocessed: BatchKey[] = []
  for (const [name, { Keys = [] }] of Object.entries(output.UnprocessedKeys ?? {})) {
    const tableName = name.slice(tablePrefix.length)
    for (const key of Keys) unprocessed.push({ tableName, key })
  }
  return { items, unprocessed }
}
