import type { WireShape } from '../codec/wire-shape.ts'
import type { OperationName } from './transport.ts'

const items: WireShape = { list: 'item' }
const keysByTable: WireShape = { each: { members: { Keys: items } } }
const writesByTable: WireShape = {
  each: {
    list: {
      members: { PutRequest: { members: { Item: 'item' } }, DeleteRequest: { members: { Key: 'item' } } },
    },
  },
}

const request: WireShape = {
  members: { Key: 'item', Item: 'item', ExclusiveStartKey: 'item', ExpressionAttributeValues: 'item' },
}
const answer: WireShape = {
  members: { Item: 'item', Attributes: 'item', Items: items, LastEvaluatedKey: 'item' },
}

/**
 * Where attribute values stand in an answer that reports a failure.
 *
 * @internal
 */
export const failureShape: WireShape = {
  members: { Item: 'item', CancellationReasons: { list: { members: { Item: 'item' } } } },
}

const requests: Partial<Record<OperationName, WireShape>> = {
  BatchGetItem: { members: { RequestItems: keysByTable } },
  BatchWriteItem: { members: { RequestItems: writesByTable } },
  // Each part has one member, named after what is done.
  TransactGetItems: { members: { TransactItems: { list: { each: request } } } },
  TransactWriteItems: { members: { TransactItems: { list: { each: request } } } },
}
const answers: Partial<Record<OperationName, WireShape>> = {
  BatchGetItem: { members: { Responses: { each: items }, UnprocessedKeys: keysByTable } },
  BatchWriteItem: { members: { UnprocessedItems: writesByTable } },
  TransactGetItems: { members: { Responses: { list: { members: { Item: 'item' } } } } },
}

/**
 * Where attribute values stand in the request of an operation.
 *
 * @internal
 */
export function requestShape(operation: OperationName): WireShape {
  return requests[operation] ?? request
}

/**
 * Where attribute values stand in the answer of an operation.
 *
 * @internal
 */
export function answerShape(operation: OperationName): WireShape {
  return answers[operation] ?? answer
}
