import { readUnits } from '../capacity/capacity-units.ts'
import { consumedCapacities, returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { Charge, OperationContext } from '../engine/operation-context.ts'
import {
  checkExpressionParameters,
  type ExpressionParameters,
} from '../expressions/check-expression-parameters.ts'
import { checkScalarKeys } from '../expressions/check-key-paths.ts'
import { projector } from '../expressions/project.ts'
import { readExpressions } from '../expressions/read-expressions.ts'
import { attributeMap, attributesToGet, expressionAttributeNames } from '../items/item-shapes.ts'
import { BatchCharges, checkDistinct } from '../items/batch-charges.ts'
import { locateKey } from '../items/locate-item.ts'
import { readProjection } from '../items/read-projection.ts'
import { validationError } from '../protocol/service-error.ts'
import type { ItemPosition } from '../storage/stored-item.ts'
import { findTable } from '../tables/find-table.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import { readInput } from '../validation/read-input.ts'
import { boolean, list, map, required, string, structure, type TypeOf } from '../validation/shape.ts'
import type { Item } from '../values/attribute-value.ts'
import { checkItem } from '../values/check-value.ts'

const maximumKeys = 100
const maximumBytes = 16 * 1024 * 1024

const keysAndAttributes = structure({
  Keys: required(list(attributeMap, { minimum: 1 })),
  AttributesToGet: attributesToGet,
  ConsistentRead: boolean,
  ProjectionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNames,
})

const shape = structure({
  RequestItems: required(map(keysAndAttributes)),
  ReturnConsumedCapacity: returnConsumedCapacity,
})

type KeysAndAttributes = TypeOf<typeof keysAndAttributes>

const parameters: ExpressionParameters = {
  expressions: ['ProjectionExpression'],
  legacy: ['AttributesToGet'],
}

/** What a request wants of one table. */
interface TableRequest {
  readonly name: string
  readonly input: KeysAndAttributes
  readonly table: TableDefinition
  readonly positions: readonly ItemPosition[]
  readonly give: (item: Item) => Item
}

/**
 * Reads up to 100 items by their keys. What would make the answer larger than 16 MB, or is throttled, is handed
 * back.
 *
 * @internal
 */
export function batchGetItem(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const request = readInput(shape, input)
  const requests = checkRequests(Object.entries(request.RequestItems)).map(([name, part, keys]) =>
    locate(context, name, part, keys),
  )
  const batch = new BatchCharges(context)
  const responses: [string, Item[]][] = []
  const unprocessed: [string, KeysAndAttributes][] = []
  let bytes = 0
  for (const { name, input: part, table, positions, give } of requests) {
    const items: Item[] = []
    const remaining: Item[] = []
    positions.forEach((position, at) => {
      const isConsistent = part.ConsistentRead === true
      const seen = isConsistent ? context.database : context.eventual
      const stored = seen.table(table.name)?.items.get(position)
      const size = stored?.size ?? 0
      const charge: Charge = {
        table,
        kind: 'read',
        units: readUnits(size, isConsistent),
        hash: position.hash,
      }
      if (bytes + size > maximumBytes || !batch.charge([charge])) {
        remaining.push(part.Keys[at] as Item)
        return
      }
      bytes += size
      if (stored !== undefined) items.push(give(stored.item))
    })
    responses.push([name, items])
    if (remaining.length > 0) unprocessed.push([name, { ...part, Keys: remaining }])
  }
  batch.checkProgress()
  return {
    Responses: Object.fromEntries(responses),
    UnprocessedKeys: Object.fromEntries(unprocessed),
    ...consumedCapacities(request.ReturnConsumedCapacity, batch.charges),
  }
}

/** Checks everything that needs no table. */
function checkRequests(
  requests: readonly [string, KeysAndAttributes][],
): readonly [string, KeysAndAttributes, readonly Item[]][] {
  if (requests.length === 0) {
    throw validationError('The requestItems parameter is required for BatchGetItem')
  }
  for (const [name, { Keys }] of requests) {
    if (Keys.length <= maximumKeys) continue
    throw validationError(
      `1 validation error detected: Value at 'RequestItems.${name}.member.Keys' failed to satisfy constraint: ` +
        `Member must have length less than or equal to ${String(maximumKeys)}`,
    )
  }
  if (requests.reduce((sum, [, { Keys }]) => sum + Keys.length, 0) > maximumKeys) {
    throw validationError('Too many items requested for the BatchGetItem call')
  }
  return requests.map(([name, part]) => {
    checkExpressionParameters(part, parameters)
    return [name, part, part.Keys.map(checkItem)]
  })
}

function locate(
  context: OperationContext,
  name: string,
  input: KeysAndAttributes,
  keys: readonly Item[],
): TableRequest {
  const paths = readProjection(readExpressions(input).projection, input.AttributesToGet)
  const { definition: table } = findTable(context, name)
  checkScalarKeys(paths ?? [], table)
  const positions = keys.map((key) => locateKey(table.key, key))
  checkDistinct(positions)
  return { name, input, table, positions, give: paths === undefined ? (item) => item : projector(paths) }
}
