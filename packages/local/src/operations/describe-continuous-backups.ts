import type { OperationContext } from '../engine/operation-context.ts'
import { ServiceError } from '../protocol/service-error.ts'
import { describeContinuousBackups } from '../tables/continuous-backups.ts'
import { tableNameOf } from '../tables/table-arn.ts'
import { tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { required, structure } from '../validation/shape.ts'

const shape = structure({ TableName: required(tableName) })

/**
 * Describes whether a table can be restored to an earlier time.
 *
 * @internal
 */
export function describeContinuousBackupsOperation(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const { TableName } = readInput(shape, input)
  const name = tableNameOf(context, TableName)
  const table = context.database.table(name)
  if (table === undefined) throw new ServiceError('TableNotFoundException', `Table not found: ${name}`)
  return describeContinuousBackups(table.definition, context.clock.now())
}
