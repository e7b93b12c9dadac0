import { consumedCapacity, returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import {
  checkExpressionParameters,
  type ExpressionParameters,
} from '../expressions/check-expression-parameters.ts'
import { checkScalarKeys } from '../expressions/check-key-paths.ts'
import { conditionPaths } from '../expressions/expression-paths.ts'
import { readFilter } from '../expressions/legacy/read-filter.ts'
import { readExpressions } from '../expressions/read-expressions.ts'
import { answerPage } from '../items/answer-page.ts'
import {
  attributeMap,
  attributesToGet,
  conditionalOperator,
  expressionAttributeNames,
  expressionAttributeValues,
  legacyConditions,
} from '../items/item-shapes.ts'
import { attributeList, readProjection } from '../items/read-projection.ts'
import { checkSelect, readSelection, select } from '../items/read-select.ts'
import { readSource } from '../items/read-source.ts'
import { segmentRange } from '../items/segment-range.ts'
import { readStartKey } from '../items/start-key.ts'
import { validationError } from '../protocol/service-error.ts'
import { findTable } from '../tables/find-table.ts'
import { newName, tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { boolean, integer, required, string, structure } from '../validation/shape.ts'

const maximumSegments = 1_000_000

const shape = structure({
  TableName: required(tableName),
  IndexName: newName,
  AttributesToGet: attributesToGet,
  Limit: integer({ minimum: 1 }),
  Select: select,
  ScanFilter: legacyConditions,
  ConditionalOperator: conditionalOperator,
  ExclusiveStartKey: attributeMap,
  ReturnConsumedCapacity: returnConsumedCapacity,
  TotalSegments: integer({ minimum: 1, maximum: maximumSegments }),
  Segment: integer({ minimum: 0, maximum: maximumSegments - 1 }),
  ProjectionExpression: string(),
  FilterExpression: string(),
  ExpressionAttributeNames: expressionAttributeNames,
  ExpressionAttributeValues: expressionAttributeValues,
  ConsistentRead: boolean,
})

const parameters: ExpressionParameters = {
  expressions: ['ProjectionExpression', 'FilterExpression'],
  legacy: ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
}

/**
 * Reads all items of a table or index, or of a segment of it, a page at a time.
 *
 * @internal
 */
export function scan(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const request = readInput(shape, input)
  checkExpressionParameters(request, parameters)
  const segment = readSegment(request.Segment, request.TotalSegments)
  const expressions = readExpressions(request)
  const filter = expressions.filter ?? readFilter(request.ScanFilter, request.ConditionalOperator)
  const paths = readProjection(expressions.projection, request.AttributesToGet)
  checkSelect(request.Select, attributeList(request), request.IndexName !== undefined)
  const { definition } = findTable(context, request.TableName)
  const isConsistent = request.ConsistentRead === true
  const { index, entries } = readSource(context, definition, request.IndexName, isConsistent)
  checkScalarKeys([...(paths ?? []), ...(filter === undefined ? [] : conditionPaths(filter))], definition)
  const selection = readSelection(request.Select, paths, index)
  const startKey = readStartKey(definition, index?.definition, request.ExclusiveStartKey)
  const part = segmentRange(segment, startKey)
  const { answer, charges } = answerPage({
    table: definition,
    index: index?.definition,
    page: {
      cursor: part.open(entries),
      isForward: true,
      isPast: part.isPast,
      limit: request.Limit ?? Infinity,
      visible: selection.visible,
      filter,
    },
    selection,
    isConsistent,
    hash: startKey?.hash ?? part.firstHash,
  })
  context.charge(charges)
  return { ...answer, ...consumedCapacity(request.ReturnConsumedCapacity, charges) }
}

/** A part of a scan that is one of several. */
interface Segment {
  readonly segment: number
  readonly total: number
}

function readSegment(segment: number | undefined, total: number | undefined): Segment {
  if (segment === undefined && total === undefined) return { segment: 0, total: 1 }
  if (total === undefined) {
    throw validationError(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    )
  }
  if (segment === undefined) {
    throw validationError(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    )
  }
  if (segment >= total) {
    throw validationError(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${String(segment)} is not less than TotalSegments: ${String(total)}`,
    )
  }
  return { segment, total }
}
