import type { BillingMode, StreamView, Table } from '../../schema/table.ts'
import { neverRepeatable, type Operation } from '../operation.ts'
import { type KnownTable, toTableDescription } from './describe-table.ts'
import {
  allKeyAttributes,
  attributeDefinitions,
  billingInput,
  indexInput,
  streamInput,
} from './table-input.ts'

/** One change of a table; DynamoDB adds or removes one index at a time. */
export interface TableChange {
  /** Name of the index to create; it must be declared in the table. */
  readonly createIndex?: string
  /** Name of the index to delete. */
  readonly deleteIndex?: string
  /** New billing mode or capacity. */
  readonly billing?: BillingMode
  /** Turns the stream on with a view, or off. */
  readonly stream?: StreamView | false
  /** Protects the table from DeleteTable, or no longer. */
  readonly deletionProtection?: boolean
}

/** Changes a table. */
export interface UpdateTablePlan {
  readonly operation: 'UpdateTable'
  readonly table: Table
  readonly change: TableChange
}

/** UpdateTable. */
export const updateTable: Operation<UpdateTablePlan, KnownTable> = {
  name: 'UpdateTable',
  isRead: false,
  isRepeatable: neverRepeatable,
  toInput: ({ table, change }, settings) => ({
    TableName: settings.tablePrefix + table.name,
    ...(change.billing && billingInput(change.billing)),
    StreamSpecification: streamInput(change.stream),
    DeletionProtectionEnabled: change.deletionProtection,
    ...indexChange(table, change),
  }),
  toResult: (output) => toTableDescription(output.TableDescription),
}

function indexChange(table: Table, change: TableChange): Readonly<Record<string, unknown>> {
  if (change.deleteIndex !== undefined) {
    return { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: change.deleteIndex } }] }
  }
  const index = table.indexes.find((candidate) => candidate.name === change.createIndex)
  if (!index) return {}
  return {
    AttributeDefinitions: attributeDefinitions(allKeyAttributes(table)),
    GlobalSecondaryIndexUpdates: [{ Create: indexInput(index, table.options.billing ?? 'on-demand') }],
  }
}
