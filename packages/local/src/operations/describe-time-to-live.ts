import type { OperationContext } from '../engine/operation-context.ts'
import { findAnyTable } from '../tables/find-table.ts'
import { tableName } from '../tables/table-shapes.ts'
import { timeToLiveStatus } from '../tables/time-to-live.ts'
import { readInput } from '../validation/read-input.ts'
import { required, structure } from '../validation/shape.ts'

const shape = structure({ TableName: required(tableName) })

/**
 * Describes when a table's items expire.
 *
 * @internal
 */
export function describeTimeToLive(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const { TableName } = readInput(shape, input)
  const { definition } = findAnyTable(context, TableName)
  const status = timeToLiveStatus(definition, context)
  const setting = status === 'DISABLED' ? undefined : (definition.timeToLive ?? definition.formerTimeToLive)
  return {
    TimeToLiveDescription: {
      TimeToLiveStatus: status,
      ...(setting !== undefined && { AttributeName: setting.attribute }),
    },
  }
}
