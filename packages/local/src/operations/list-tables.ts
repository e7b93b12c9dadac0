import type { OperationContext } from '../engine/operation-context.ts'
import { readInput } from '../validation/read-input.ts'
import { integer, structure } from '../validation/shape.ts'
import { tableName } from '../tables/table-shapes.ts'

const pageSize = 100
const shape = structure({
  ExclusiveStartTableName: tableName,
  Limit: integer({ minimum: 1, maximum: pageSize }),
})

/**
 * Lists the names of tables in order, a page at a time.
 *
 * @internal
 */
export function listTables({ database }: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const { ExclusiveStartTableName: after, Limit: limit = pageSize } = readInput(shape, input)
  const names = database.tableNames
  const start = after === undefined ? 0 : names.findIndex((name) => name > after)
  if (start < 0) return { TableNames: [] }
  const page = names.slice(start, start + limit)
  return {
    TableNames: page,
    ...(start + limit < names.length && { LastEvaluatedTableName: page.at(-1) }),
  }
}
