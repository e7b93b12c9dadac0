import { consumedCapacity, returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import {
  checkExpressionParameters,
  type ExpressionParameters,
} from '../expressions/check-expression-parameters.ts'
import { checkScalarKeys, checkUpdatedKeys } from '../expressions/check-key-paths.ts'
import { conditionPaths } from '../expressions/expression-paths.ts'
import { readExpressions } from '../expressions/read-expressions.ts'
import type { UpdateNode } from '../expressions/update-node.ts'
import { updatedAttributes } from '../expressions/updated-attributes.ts'
import { checkCondition, readCondition } from '../items/check-condition.ts'
import {
  attributeMap,
  attributeUpdates,
  conditionalOperator,
  expected,
  expressionAttributeNames,
  expressionAttributeValues,
  returnItemCollectionMetrics,
  returnValues,
  returnValuesOnFailure,
  type ReturnValues,
} from '../items/item-shapes.ts'
import { locateKey } from '../items/locate-item.ts'
import { readUpdate, updatedItem } from '../items/update-stored-item.ts'
import { writeItem } from '../items/write-item.ts'
import { findTable } from '../tables/find-table.ts'
import { tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { required, string, structure } from '../validation/shape.ts'
import type { Item } from '../values/attribute-value.ts'
import { checkItem } from '../values/check-value.ts'

const shape = structure({
  TableName: required(tableName),
  Key: required(attributeMap),
  AttributeUpdates: attributeUpdates,
  Expected: expected,
  ConditionalOperator: conditionalOperator,
  UpdateExpression: string(),
  ConditionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNames,
  ExpressionAttributeValues: expressionAttributeValues,
  ReturnValues: returnValues,
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: returnItemCollectionMetrics,
  ReturnValuesOnConditionCheckFailure: returnValuesOnFailure,
})

const parameters: ExpressionParameters = {
  expressions: ['UpdateExpression', 'ConditionExpression'],
  legacy: ['AttributeUpdates', 'Expected'],
}

/**
 * Changes attributes of an item, which is made from its key when there is none.
 *
 * @internal
 */
export function updateItem(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const request = readInput(shape, input)
  checkExpressionParameters(request, parameters)
  const key = checkItem(request.Key)
  const expressions = readExpressions(request)
  const update = readUpdate(expressions.update, request.AttributeUpdates)
  const condition = readCondition(expressions.condition, request)
  const table = findTable(context, request.TableName)
  const position = locateKey(table.definition.key, key)
  checkUpdatedKeys(update, table.definition)
  if (condition !== undefined) checkScalarKeys(conditionPaths(condition), table.definition)
  const { before, after, charges, collection } = writeItem(context, table, position, request, (stored) => {
    checkCondition(condition, stored, request.ReturnValuesOnConditionCheckFailure)
    return updatedItem(update, table.definition, stored?.item, key)
  })
  const attributes = returned(request.ReturnValues, update, before?.item, after?.item)
  return {
    ...(attributes !== undefined && { Attributes: attributes }),
    ...consumedCapacity(request.ReturnConsumedCapacity, charges),
    ...collection,
  }
}

function returned(
  values: ReturnValues | undefined,
  update: UpdateNode,
  before: Item | undefined,
  after: Item | undefined,
): Item | undefined {
  switch (values) {
    case 'ALL_OLD':
      return before
    case 'ALL_NEW':
      return after
    case 'UPDATED_OLD':
      return before && updatedAttributes(update, before, 'before')
    case 'UPDATED_NEW':
      return after && updatedAttributes(update, after, 'after')
    default:
      return undefined
  }
}
