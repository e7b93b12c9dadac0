import type { OperationContext } from '../engine/operation-context.ts'
import { ServiceError, validationError } from '../protocol/service-error.ts'
import type { TableStore } from '../storage/table-store.ts'
import { tableArn, tableNameOf } from './table-arn.ts'

/**
 * Finds the table that a request names by its ARN.
 *
 * @param context - What the operation works with.
 * @param arn - `ResourceArn`
 * @throws ServiceError when it is no ARN of a table, or of none of the caller's.
 * @internal
 */
export function findResource(context: OperationContext, arn: string): TableStore {
  const name = tableNameOf(context, arn)
  if (name === arn) throw validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`)
  const table = context.database.table(name)
  if (table?.definition.arn !== arn) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: ResourceArn: ${tableArn(context, name)} not found`,
    )
  }
  return table
}
