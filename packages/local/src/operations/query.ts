import { consumedCapacity, returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import {
  checkExpressionParameters,
  type ExpressionParameters,
} from '../expressions/check-expression-parameters.ts'
import { checkFilterKeys, checkScalarKeys } from '../expressions/check-key-paths.ts'
import { conditionPaths } from '../expressions/expression-paths.ts'
import { readFilter } from '../expressions/legacy/read-filter.ts'
import { readKeyConditions } from '../expressions/legacy/read-key-conditions.ts'
import { matchKeyConditions } from '../expressions/match-key-conditions.ts'
import { readExpressions } from '../expressions/read-expressions.ts'
import {
  attributeMap,
  attributesToGet,
  conditionalOperator,
  expressionAttributeNames,
  expressionAttributeValues,
  legacyConditions,
} from '../items/item-shapes.ts'
import { partitionRange } from '../items/partition-range.ts'
import { attributeList, readProjection } from '../items/read-projection.ts'
import { answerPage } from '../items/answer-page.ts'
import { checkFilteredAttributes, checkSelect, readSelection, select } from '../items/read-select.ts'
import { readSource } from '../items/read-source.ts'
import { readStartKey } from '../items/start-key.ts'
import { validationError } from '../protocol/service-error.ts'
import { findTable } from '../tables/find-table.ts'
import { newName, tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { boolean, integer, required, string, structure } from '../validation/shape.ts'

const shape = structure({
  TableName: required(tableName),
  IndexName: newName,
  Select: select,
  AttributesToGet: attributesToGet,
  Limit: integer(),
  ConsistentRead: boolean,
  KeyConditions: legacyConditions,
  QueryFilter: legacyConditions,
  ConditionalOperator: conditionalOperator,
  ScanIndexForward: boolean,
  ExclusiveStartKey: attributeMap,
  ReturnConsumedCapacity: returnConsumedCapacity,
  ProjectionExpression: string(),
  FilterExpression: string(),
  KeyConditionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNames,
  ExpressionAttributeValues: expressionAttributeValues,
})

const parameters: ExpressionParameters = {
  expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
  legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
}

/**
 * Reads items that share a partition key, in the order of their sort keys, a page at a time.
 *
 * @internal
 */
export function query(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const request = readInput(shape, input)
  if (request.Limit !== undefined && request.Limit < 1) {
    throw validationError(
      "1 validation error detected: Value at 'Limit' failed to satisfy constraint: " +
        'Member must have value greater than or equal to 1',
    )
  }
  checkExpressionParameters(request, parameters)
  const expressions = readExpressions(request)
  const conditions = expressions.keyConditions ?? legacyKeyConditions(request.KeyConditions)
  const filter = expressions.filter ?? readFilter(request.QueryFilter, request.ConditionalOperator)
  const paths = readProjection(expressions.projection, request.AttributesToGet)
  checkSelect(request.Select, attributeList(request), request.IndexName !== undefined)
  const { definition } = findTable(context, request.TableName)
  const isConsistent = request.ConsistentRead === true
  const { index, entries } = readSource(context, definition, request.IndexName, isConsistent)
  const key = index?.definition.key ?? definition.key
  const range = matchKeyConditions(conditions, { key, index: index?.definition.name })
  if (filter !== undefined) {
    checkFilterKeys(filter, key, expressions.filter === undefined ? 'QueryFilter' : 'Filter Expression')
  }
  checkScalarKeys([...(paths ?? []), ...(filter === undefined ? [] : conditionPaths(filter))], definition)
  checkFilteredAttributes(filter, index)
  const selection = readSelection(request.Select, paths, index)
  const startKey = readStartKey(definition, index?.definition, request.ExclusiveStartKey)
  const isForward = request.ScanIndexForward !== false
  const part = partitionRange(range, key.sort.length, isForward, startKey)
  const { answer, charges } = answerPage({
    table: definition,
    index: index?.definition,
    page: {
      cursor: part.open(entries),
      isForward,
      isPast: part.isPast,
      limit: request.Limit ?? Infinity,
      visible: selection.visible,
      filter,
    },
    selection,
    isConsistent,
    hash: part.hash,
    isSingle: index === undefined && key.sort.length === 0,
  })
  context.charge(charges)
  return { ...answer, ...consumedCapacity(request.ReturnConsumedCapacity, charges) }
}

function legacyKeyConditions(
  conditions: Parameters<typeof readKeyConditions>[0] | undefined,
): ReturnType<typeof readKeyConditions> {
  if (conditions !== undefined) return readKeyConditions(conditions)
  throw validationError(
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  )
}
