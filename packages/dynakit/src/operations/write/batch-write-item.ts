import type { NativeItem } from '../../codec/native-value.ts'
import type { WireOutput } from '../../transport/transport.ts'
import { groupByTable } from '../group-by-table.ts'
import {
  alwaysRepeatable,
  type Operation,
  type OperationSettings,
  returnConsumedCapacity,
} from '../operation.ts'

/** Most writes DynamoDB takes in one BatchWriteItem. */
export const maximumBatchWrites = 25

/** Stores an item, replacing the one with the same key. */
interface BatchPut {
  readonly tableName: string
  readonly item: NativeItem
  readonly key?: undefined
}

/** Deletes an item. */
interface BatchDelete {
  readonly tableName: string
  readonly key: NativeItem
  readonly item?: undefined
}

/** One write of a batch. */
export type BatchWrite = BatchPut | BatchDelete

/**
 * Stores and deletes up to 25 items of any tables, without conditions and each by itself: some may be
 * carried out and others not. No two may be of the same item.
 *
 * Source: Amazon DynamoDB API Reference, BatchWriteItem.
 */
export interface BatchWriteItemPlan {
  readonly operation: 'BatchWriteItem'
  readonly writes: readonly BatchWrite[]
}

/** What was not carried out. */
export interface BatchWriteItemResult {
  /** Writes DynamoDB did not get to. */
  readonly unprocessed: readonly BatchWrite[]
}

type WireWrite =
  | { readonly PutRequest: { readonly Item: NativeItem }; readonly DeleteRequest?: undefined }
  | { readonly DeleteRequest: { readonly Key: NativeItem }; readonly PutRequest?: undefined }

interface BatchWriteItemOutput extends WireOutput {
  readonly UnprocessedItems?: Readonly<Record<string, readonly WireWrite[]>>
}

/** BatchWriteItem. */
export const batchWriteItem: Operation<BatchWriteItemPlan, BatchWriteItemResult> = {
  name: 'BatchWriteItem',
  isRead: false,
  isRepeatable: alwaysRepeatable,
  toInput: (plan, settings) => ({
    RequestItems: groupByTable(plan.writes, toWire, (writes) => writes, settings),
    ReturnConsumedCapacity: returnConsumedCapacity(settings),
  }),
  toResult,
}

function toWire({ item, key }: BatchWrite): WireWrite {
  return item ? { PutRequest: { Item: item } } : { DeleteRequest: { Key: key } }
}

function toResult(output: BatchWriteItemOutput, { tablePrefix }: OperationSettings): BatchWriteItemResult {
  const unprocessed: BatchWrite[] = []
  for (const [name, writes] of Object.entries(output.UnprocessedItems ?? {})) {
    const tableName = name.slice(tablePrefix.length)
    for (const { PutRequest, DeleteRequest } of writes) {
      unprocessed.push(
        PutRequest ? { tableName, item: PutRequest.Item } : { tableName, key: DeleteRequest.Key },
      )
    }
  }
  return { unprocessed }
}
