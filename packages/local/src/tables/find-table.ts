import type { OperationContext } from '../engine/operation-context.ts'
import { resourceNotFound, ServiceError } from '../protocol/service-error.ts'
import type { TableStore } from '../storage/table-store.ts'
import { tableNameOf } from './table-arn.ts'

/**
 * Finds the table of a request for items.
 *
 * @param context - What the operation works with.
 * @param nameOrArn - `TableName`
 * @throws ServiceError (`ResourceNotFoundException`) when there is none, or it is being created or deleted.
 * @internal
 */
export function findTable(context: OperationContext, nameOrArn: string): TableStore {
  const table = context.database.table(tableNameOf(context, nameOrArn))
  const status = table?.definition.transition?.status
  if (table === undefined || status === 'CREATING' || status === 'DELETING') throw resourceNotFound()
  return table
}

/**
 * Finds the table of a request about a table, in whatever state it is.
 *
 * @param context - What the operation works with.
 * @param nameOrArn - `TableName`
 * @throws ServiceError (`ResourceNotFoundException`) when there is none.
 * @internal
 */
export function findAnyTable(context: OperationContext, nameOrArn: string): TableStore {
  const name = tableNameOf(context, nameOrArn)
  const table = context.database.table(name)
  if (table === undefined) throw resourceNotFound(`Requested resource not found: Table: ${name} not found`)
  return table
}

/**
 * Finds the table of a request that changes a table.
 *
 * @param context - What the operation works with.
 * @param nameOrArn - `TableName`
 * @throws ServiceError when there is none, or it is in a transitional state.
 * @internal
 */
export function findTableToChange(context: OperationContext, nameOrArn: string): TableStore {
  const table = findAnyTable(context, nameOrArn)
  const { name, transition } = table.definition
  if (transition !== undefined) {
    const doing = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted' }[transition.status]
    throw new ServiceError(
      'ResourceInUseException',
      `Attempt to change a resource which is still in use: Table is being ${doing}: ${name}`,
    )
  }
  return table
}
