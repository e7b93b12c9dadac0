import type { Operation } from '../engine/operation-context.ts'
import { batchExecuteStatement } from './batch-execute-statement.ts'
import { batchGetItem } from './batch-get-item.ts'
import { batchWriteItem } from './batch-write-item.ts'
import { createTable } from './create-table.ts'
import { deleteItem } from './delete-item.ts'
import { deleteTable } from './delete-table.ts'
import { describeContinuousBackupsOperation } from './describe-continuous-backups.ts'
import { describeEndpoints } from './describe-endpoints.ts'
import { describeLimits } from './describe-limits.ts'
import { describeStream } from './describe-stream.ts'
import { describeTableOperation } from './describe-table.ts'
import { describeTimeToLive } from './describe-time-to-live.ts'
import { executeStatement } from './execute-statement.ts'
import { executeTransaction } from './execute-transaction.ts'
import { getItem } from './get-item.ts'
import { getRecords } from './get-records.ts'
import { getShardIterator } from './get-shard-iterator.ts'
import { listStreams } from './list-streams.ts'
import { listTables } from './list-tables.ts'
import { listTagsOfResource } from './list-tags-of-resource.ts'
import { putItem } from './put-item.ts'
import { query } from './query.ts'
import { scan } from './scan.ts'
import { tagResource } from './tag-resource.ts'
import { untagResource } from './untag-resource.ts'
import { updateContinuousBackups } from './update-continuous-backups.ts'
import { updateItem } from './update-item.ts'
import { transactGetItems } from './transact-get-items.ts'
import { transactWriteItems } from './transact-write-items.ts'
import { updateTable } from './update-table.ts'
import { updateTimeToLive } from './update-time-to-live.ts'

/** The operations of DynamoDB's API by name. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['BatchExecuteStatement', batchExecuteStatement],
  ['BatchGetItem', batchGetItem],
  ['BatchWriteItem', batchWriteItem],
  ['CreateTable', createTable],
  ['DeleteItem', deleteItem],
  ['DeleteTable', deleteTable],
  ['DescribeContinuousBackups', describeContinuousBackupsOperation],
  ['DescribeEndpoints', describeEndpoints],
  ['DescribeLimits', describeLimits],
  ['DescribeStream', describeStream],
  ['DescribeTable', describeTableOperation],
  ['DescribeTimeToLive', describeTimeToLive],
  ['ExecuteStatement', executeStatement],
  ['ExecuteTransaction', executeTransaction],
  ['GetItem', getItem],
  ['GetRecords', getRecords],
  ['GetShardIterator', getShardIterator],
  ['ListStreams', listStreams],
  ['ListTables', listTables],
  ['ListTagsOfResource', listTagsOfResource],
  ['PutItem', putItem],
  ['Query', query],
  ['Scan', scan],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateContinuousBackups', updateContinuousBackups],
  ['UpdateItem', updateItem],
  ['TransactGetItems', transactGetItems],
  ['TransactWriteItems', transactWriteItems],
  ['UpdateTable', updateTable],
  ['UpdateTimeToLive', updateTimeToLive],
])
