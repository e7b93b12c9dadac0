import type { OperationContext } from '../engine/operation-context.ts'
import { describeTable } from '../tables/describe-table.ts'
import { findAnyTable } from '../tables/find-table.ts'
import { tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { required, structure } from '../validation/shape.ts'

const shape = structure({ TableName: required(tableName) })

/**
 * Describes a table.
 *
 * @internal
 */
export function describeTableOperation(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const { TableName } = readInput(shape, input)
  return { Table: describeTable(findAnyTable(context, TableName)) }
}
