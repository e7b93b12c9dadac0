import type { OperationContext } from '../engine/operation-context.ts'
import { ServiceError } from '../protocol/service-error.ts'
import { describeContinuousBackups } from '../tables/continuous-backups.ts'
import { redefineTable } from '../tables/settle-tables.ts'
import { tableNameOf } from '../tables/table-arn.ts'
import { tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { boolean, integer, required, structure } from '../validation/shape.ts'

const shape = structure({
  TableName: required(tableName),
  PointInTimeRecoverySpecification: required(
    structure({
      PointInTimeRecoveryEnabled: required(boolean),
      RecoveryPeriodInDays: integer({ minimum: 1, maximum: 35 }),
    }),
  ),
})

/**
 * Switches point-in-time recovery of a table on or off. Nothing can be restored; it is only described.
 *
 * @internal
 */
export function updateContinuousBackups(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const { TableName, PointInTimeRecoverySpecification: specification } = readInput(shape, input)
  const name = tableNameOf(context, TableName)
  const table = context.database.table(name)
  if (table === undefined) throw new ServiceError('TableNotFoundException', `Table not found: ${name}`)
  const { recovery, ...rest } = table.definition
  const now = context.clock.now()
  redefineTable(context.database, {
    ...rest,
    ...(specification.PointInTimeRecoveryEnabled && {
      recovery: {
        since: recovery?.since ?? now,
        days: specification.RecoveryPeriodInDays ?? recovery?.days ?? 35,
      },
    }),
  })
  return describeContinuousBackups((context.database.table(name) ?? table).definition, now)
}
