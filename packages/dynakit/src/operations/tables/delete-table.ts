import { neverRepeatable, type Operation } from '../operation.ts'

/** Deletes a table with everything in it. */
export interface DeleteTablePlan {
  readonly operation: 'DeleteTable'
  readonly tableName: string
}

/** DeleteTable. */
export const deleteTable: Operation<DeleteTablePlan, void> = {
  name: 'DeleteTable',
  isRead: false,
  isRepeatable: neverRepeatable,
  toInput: (plan, settings) => ({ TableName: settings.tablePrefix + plan.tableName }),
  toResult: () => undefined,
}
