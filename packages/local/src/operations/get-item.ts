import { readUnits } from '../capacity/capacity-units.ts'
import { consumedCapacity, returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import {
  checkExpressionParameters,
  type ExpressionParameters,
} from '../expressions/check-expression-parameters.ts'
import { checkScalarKeys } from '../expressions/check-key-paths.ts'
import { project } from '../expressions/project.ts'
import { readExpressions } from '../expressions/read-expressions.ts'
import { attributeMap, attributesToGet, expressionAttributeNames } from '../items/item-shapes.ts'
import { locateKey } from '../items/locate-item.ts'
import { readProjection } from '../items/read-projection.ts'
import { findTable } from '../tables/find-table.ts'
import { tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { boolean, required, string, structure } from '../validation/shape.ts'
import { checkItem } from '../values/check-value.ts'

const shape = structure({
  TableName: required(tableName),
  Key: required(attributeMap),
  AttributesToGet: attributesToGet,
  ConsistentRead: boolean,
  ReturnConsumedCapacity: returnConsumedCapacity,
  ProjectionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNames,
})

const parameters: ExpressionParameters = {
  expressions: ['ProjectionExpression'],
  legacy: ['AttributesToGet'],
}

/**
 * Reads one item.
 *
 * @internal
 */
export function getItem(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const request = readInput(shape, input)
  checkExpressionParameters(request, parameters)
  const key = checkItem(request.Key)
  const paths = readProjection(readExpressions(request).projection, request.AttributesToGet)
  const { definition } = findTable(context, request.TableName)
  const position = locateKey(definition.key, key)
  checkScalarKeys(paths ?? [], definition)
  const isConsistent = request.ConsistentRead === true
  const seen = isConsistent ? context.database : context.eventual
  const stored = seen.table(definition.name)?.items.get(position)
  const units = readUnits(stored?.size ?? 0, isConsistent)
  const charges = [{ table: definition, kind: 'read', units, hash: position.hash }] as const
  context.charge(charges)
  return {
    ...(stored !== undefined && { Item: paths === undefined ? stored.item : project(paths, stored.item) }),
    ...consumedCapacity(request.ReturnConsumedCapacity, charges),
  }
}
