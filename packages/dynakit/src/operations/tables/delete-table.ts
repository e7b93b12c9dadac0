import { neverRepeatable, type Operation } from '../operation.ts'
import { toTableDescription, type TableDescription } from './describe-table.ts'

/** Deletes a table with everything in it. */
export interface DeleteTablePlan {
  readonly operation: 'DeleteTable'
  readonly tableName: string
}

/** DeleteTable. */
export const deleteTable: Operation<DeleteTablePlan, TableDescription> = {
  name: 'DeleteTable',
  isRead: false,
  isRepeatable: neverRepeatable,
  toInput: (plan, settings) => ({ TableName: settings.tablePrefix + plan.tableName }),
  toResult: (output) => toTableDescription(output.TableDescription),
}
