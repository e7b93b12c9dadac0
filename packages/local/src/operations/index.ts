import type { Operation } from '../engine/operation-context.ts'
import { createTable } from './create-table.ts'
import { deleteTable } from './delete-table.ts'
import { describeTableOperation } from './describe-table.ts'
import { listTables } from './list-tables.ts'
import { updateTable } from './update-table.ts'

/** The operations of DynamoDB's API by name. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['CreateTable', createTable],
  ['DeleteTable', deleteTable],
  ['DescribeTable', describeTableOperation],
  ['ListTables', listTables],
  ['UpdateTable', updateTable],
])
