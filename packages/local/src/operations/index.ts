import type { Operation } from '../engine/operation-context.ts'
import { batchExecuteStatement } from './batch-execute-statement.ts'
import { createTable } from './create-table.ts'
import { deleteTable } from './delete-table.ts'
import { describeStream } from './describe-stream.ts'
import { describeTableOperation } from './describe-table.ts'
import { executeStatement } from './execute-statement.ts'
import { executeTransaction } from './execute-transaction.ts'
import { getRecords } from './get-records.ts'
import { getShardIterator } from './get-shard-iterator.ts'
import { listStreams } from './list-streams.ts'
import { listTables } from './list-tables.ts'
import { transactGetItems } from './transact-get-items.ts'
import { transactWriteItems } from './transact-write-items.ts'
import { updateTable } from './update-table.ts'
import { deleteItem } from './delete-item.ts'
import { getItem } from './get-item.ts'
import { putItem } from './put-item.ts'
import { query } from './query.ts'
import { scan } from './scan.ts'
import { updateItem } from './update-item.ts'

/** The operations of DynamoDB's API by name. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['BatchExecuteStatement', batchExecuteStatement],
  ['CreateTable', createTable],
  ['DeleteTable', deleteTable],
  ['DescribeStream', describeStream],
  ['DescribeTable', describeTableOperation],
  ['ExecuteStatement', executeStatement],
  ['ExecuteTransaction', executeTransaction],
  ['GetRecords', getRecords],
  ['GetShardIterator', getShardIterator],
  ['ListStreams', listStreams],
  ['ListTables', listTables],
  ['TransactGetItems', transactGetItems],
  ['TransactWriteItems', transactWriteItems],
  ['UpdateTable', updateTable],
  ['DeleteItem', deleteItem],
  ['GetItem', getItem],
  ['PutItem', putItem],
  ['Query', query],
  ['Scan', scan],
  ['UpdateItem', updateItem],
])
