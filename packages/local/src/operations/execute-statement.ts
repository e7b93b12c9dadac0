import { consumedCapacity, returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import { returnValuesOnFailure } from '../items/item-shapes.ts'
import { checkParameters } from '../partiql/check-parameters.ts'
import {
  misplacedExists,
  readStatement,
  statementParameters,
  statementText,
} from '../partiql/read-statement.ts'
import { runSelect } from '../partiql/run-select.ts'
import { placeStatement, runWriteStatement } from '../partiql/run-write-statement.ts'
import { findTable } from '../tables/find-table.ts'
import { readInput } from '../validation/read-input.ts'
import { boolean, integer, required, string, structure } from '../validation/shape.ts'

const shape = structure({
  Statement: required(statementText),
  Parameters: statementParameters,
  ConsistentRead: boolean,
  NextToken: string({ minimum: 1, maximum: 32_768 }),
  ReturnConsumedCapacity: returnConsumedCapacity,
  Limit: integer({ minimum: 1 }),
  ReturnValuesOnConditionCheckFailure: returnValuesOnFailure,
})

/**
 * Carries out a PartiQL statement: reads a page, or writes one item.
 *
 * @internal
 */
export function executeStatement(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const request = readInput(shape, input)
  const statement = readStatement(request.Statement, checkParameters(request.Parameters))
  if (statement.kind === 'exists') throw misplacedExists()
  if (statement.kind === 'select') {
    const { items, next, charges } = runSelect(context, statement, {
      isConsistent: request.ConsistentRead === true,
      limit: request.Limit ?? Infinity,
      token: request.NextToken,
    })
    return {
      Items: items,
      ...(next !== undefined && { NextToken: next.token }),
      ...(next?.key !== undefined && { LastEvaluatedKey: next.key }),
      ...consumedCapacity(request.ReturnConsumedCapacity, charges),
    }
  }
  const table = findTable(context, statement.table)
  const onFailure = request.ReturnValuesOnConditionCheckFailure
  const placed = placeStatement(statement, table.definition, onFailure)
  const { item, charges } = runWriteStatement(context, table, placed)
  return {
    Items: item === undefined ? [] : [item],
    ...consumedCapacity(request.ReturnConsumedCapacity, charges),
  }
}
