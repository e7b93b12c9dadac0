import { consumedCapacity, returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import {
  checkExpressionParameters,
  type ExpressionParameters,
} from '../expressions/check-expression-parameters.ts'
import { checkScalarKeys } from '../expressions/check-key-paths.ts'
import { conditionPaths } from '../expressions/expression-paths.ts'
import { readExpressions } from '../expressions/read-expressions.ts'
import { checkCondition, readCondition } from '../items/check-condition.ts'
import {
  attributeMap,
  conditionalOperator,
  expected,
  expressionAttributeNames,
  expressionAttributeValues,
  returnItemCollectionMetrics,
  returnValues,
  returnValuesOnFailure,
} from '../items/item-shapes.ts'
import { locateKey } from '../items/locate-item.ts'
import { writeItem } from '../items/write-item.ts'
import { validationError } from '../protocol/service-error.ts'
import { findTable } from '../tables/find-table.ts'
import { tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { required, string, structure } from '../validation/shape.ts'
import { checkItem } from '../values/check-value.ts'

const shape = structure({
  TableName: required(tableName),
  Key: required(attributeMap),
  Expected: expected,
  ConditionalOperator: conditionalOperator,
  ConditionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNames,
  ExpressionAttributeValues: expressionAttributeValues,
  ReturnValues: returnValues,
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: returnItemCollectionMetrics,
  ReturnValuesOnConditionCheckFailure: returnValuesOnFailure,
})

const parameters: ExpressionParameters = { expressions: ['ConditionExpression'], legacy: ['Expected'] }

/**
 * Deletes an item, if there is one.
 *
 * @internal
 */
export function deleteItem(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const request = readInput(shape, input)
  checkExpressionParameters(request, parameters)
  const key = checkItem(request.Key)
  if (request.ReturnValues !== undefined && !['ALL_OLD', 'NONE'].includes(request.ReturnValues)) {
    throw validationError('ReturnValues can only be ALL_OLD or NONE')
  }
  const condition = readCondition(readExpressions(request).condition, request)
  const table = findTable(context, request.TableName)
  if (condition !== undefined) checkScalarKeys(conditionPaths(condition), table.definition)
  const position = locateKey(table.definition.key, key)
  const { before, charges, collection } = writeItem(context, table, position, request, (stored) => {
    checkCondition(condition, stored, request.ReturnValuesOnConditionCheckFailure)
    return undefined
  })
  return {
    ...(request.ReturnValues === 'ALL_OLD' && before !== undefined && { Attributes: before.item }),
    ...consumedCapacity(request.ReturnConsumedCapacity, charges),
    ...collection,
  }
}
