import { consumedCapacities, returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import { BatchCharges, checkDistinct } from '../items/batch-charges.ts'
import { itemCollection, type ItemCollection } from '../items/item-collection-metrics.ts'
import { attributeMap, returnItemCollectionMetrics } from '../items/item-shapes.ts'
import { locateItem, locateKey } from '../items/locate-item.ts'
import { carryOut, planWrite, writeCharges } from '../items/write-item.ts'
import { validationError } from '../protocol/service-error.ts'
import type { ItemPosition } from '../storage/stored-item.ts'
import type { TableStore } from '../storage/table-store.ts'
import { findTable } from '../tables/find-table.ts'
import { showValue } from '../validation/show-value.ts'
import { readInput } from '../validation/read-input.ts'
import { list, map, required, structure, type TypeOf } from '../validation/shape.ts'
import type { Item } from '../values/attribute-value.ts'
import { checkItem } from '../values/check-value.ts'

const maximumRequests = 25

const writeRequest = structure(
  {
    PutRequest: structure({ Item: required(attributeMap) }, 'PutRequest'),
    DeleteRequest: structure({ Key: required(attributeMap) }, 'DeleteRequest'),
  },
  'WriteRequest',
)
const requestItems = map(list(writeRequest))
const shape = structure({
  RequestItems: required(requestItems),
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: returnItemCollectionMetrics,
})

type WriteRequest = TypeOf<typeof writeRequest>

/** A write of a batch, checked. */
interface BatchWrite {
  readonly table: string
  readonly request: WriteRequest
  readonly position: ItemPosition
  /** The item to put; undefined to delete. */
  readonly item: Item | undefined
  readonly key: Item
}

/**
 * Puts and deletes up to 25 items, each by itself. What is throttled is handed back.
 *
 * @internal
 */
export function batchWriteItem(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const request = readInput(shape, input)
  checkRequests(request.RequestItems)
  const checked = Object.entries(request.RequestItems).map(
    ([table, requests]) => [table, requests.map(checkRequest)] as const,
  )
  const writes = checked.flatMap(([table, requests]) => locate(context, table, requests))
  const batch = new BatchCharges(context)
  const unprocessed = new Map<string, WriteRequest[]>()
  const collections = new Map<string, ItemCollection[]>()
  for (const write of writes) {
    const table = findTable(context, write.table)
    const planned = planWrite(table, write.position, write.item)
    if (!batch.charge(writeCharges(table.definition, write.position, planned))) {
      add(unprocessed, write.table, write.request)
      continue
    }
    carryOut(context, table.definition, planned)
    if (request.ReturnItemCollectionMetrics === 'SIZE') measure(context, write, collections)
  }
  batch.checkProgress()
  return {
    UnprocessedItems: Object.fromEntries(unprocessed),
    ...(collections.size > 0 && { ItemCollectionMetrics: Object.fromEntries(collections) }),
    ...consumedCapacities(request.ReturnConsumedCapacity, batch.charges),
  }
}

function checkRequests(requests: Readonly<Record<string, readonly WriteRequest[]>>): void {
  const counts = Object.values(requests).map(({ length }) => length)
  if (counts.length === 0) throw validationError('The requestItems parameter is required for BatchWriteItem')
  if (counts.some((count) => count < 1 || count > maximumRequests)) {
    throw validationError(
      `1 validation error detected: Value '${showValue(requestItems, requests)}' at 'requestItems' failed to ` +
        'satisfy constraint: Map value must satisfy constraint: ' +
        `[Member must have length less than or equal to ${String(maximumRequests)}, ` +
        'Member must have length greater than or equal to 1]',
    )
  }
  if (counts.reduce((sum, count) => sum + count, 0) > maximumRequests) {
    throw validationError('Too many items requested for the BatchWriteItem call')
  }
}

function checkRequest(request: WriteRequest): WriteRequest {
  const { PutRequest, DeleteRequest } = request
  if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    )
  }
  return PutRequest === undefined
    ? { DeleteRequest: { Key: checkItem(DeleteRequest?.Key ?? {}) } }
    : { PutRequest: { Item: checkItem(PutRequest.Item) } }
}

function locate(
  context: OperationContext,
  table: string,
  requests: readonly WriteRequest[],
): readonly BatchWrite[] {
  const store: TableStore = findTable(context, table)
  const writes = requests.map((request): BatchWrite => {
    const item = request.PutRequest?.Item
    const key = item ?? request.DeleteRequest?.Key ?? {}
    const position =
      item === undefined ? locateKey(store.definition.key, key) : locateItem(store.definition, item)
    // Items too large refuse the whole batch, before anything is written.
    planWrite(store, position, item)
    return { table, request, position, item, key }
  })
  checkDistinct(writes.map(({ position }) => position))
  return writes
}

function measure(
  context: OperationContext,
  { table, position, key }: BatchWrite,
  collections: Map<string, ItemCollection[]>,
): void {
  const collection = itemCollection(findTable(context, table), position, key)
  if (collection !== undefined) add(collections, table, collection)
}

function add<Value>(lists: Map<string, Value[]>, name: string, value: Value): void {
  const known = lists.get(name)
  if (known === undefined) lists.set(name, [value])
  else known.push(value)
}
