import type { Table } from '../../schema/table.ts'
import { neverRepeatable, type Operation } from '../operation.ts'
import { type KnownTable, toTableDescription } from './describe-table.ts'
import {
  allKeyAttributes,
  attributeDefinitions,
  billingInput,
  indexInput,
  keySchema,
  streamInput,
} from './table-input.ts'

/** Creates a table with its indexes and stream. */
export interface CreateTablePlan {
  readonly operation: 'CreateTable'
  readonly table: Table
}

/** CreateTable. */
export const createTable: Operation<CreateTablePlan, KnownTable> = {
  name: 'CreateTable',
  isRead: false,
  isRepeatable: neverRepeatable,
  toInput: ({ table }, settings) => {
    const billing = table.options.billing ?? 'on-demand'
    const inputs = (type: 'global' | 'local'): readonly unknown[] | undefined => {
      const indexes = table.indexes.filter((index) => index.type === type)
      return indexes.length === 0 ? undefined : indexes.map((index) => indexInput(index, billing))
    }
    return {
      TableName: settings.tablePrefix + table.name,
      AttributeDefinitions: attributeDefinitions(allKeyAttributes(table)),
      KeySchema: keySchema([table.partitionKey], table.sortKey ? [table.sortKey] : []),
      GlobalSecondaryIndexes: inputs('global'),
      LocalSecondaryIndexes: inputs('local'),
      StreamSpecification: streamInput(table.options.stream),
      ...billingInput(billing),
    }
  },
  toResult: (output) => toTableDescription(output.TableDescription),
}
