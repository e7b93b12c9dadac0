import { setAttribute } from '../values/attribute-value.ts'

/**
 * Where attribute values stand in a request or an answer: at `item` is a map of attributes, `list` and `each`
 * are lists and maps of what they name, and of `members` those not named hold none.
 */
type WireShape =
  | 'item'
  | { readonly list: WireShape }
  | { readonly each: WireShape }
  | { readonly members: Readonly<Record<string, WireShape>> }

const items: WireShape = { list: 'item' }
const keysByTable: WireShape = { each: { members: { Keys: items } } }
const writesByTable: WireShape = {
  each: {
    list: {
      members: { PutRequest: { members: { Item: 'item' } }, DeleteRequest: { members: { Key: 'item' } } },
    },
  },
}
const oneItem: WireShape = {
  members: { Key: 'item', Item: 'item', ExclusiveStartKey: 'item', ExpressionAttributeValues: 'item' },
}
const transaction: WireShape = {
  members: {
    TransactItems: {
      list: {
        members: { Put: oneItem, Update: oneItem, Delete: oneItem, ConditionCheck: oneItem, Get: oneItem },
      },
    },
  },
}
const oneAnswer: WireShape = {
  members: { Item: 'item', Attributes: 'item', Items: items, LastEvaluatedKey: 'item' },
}

const requests: ReadonlyMap<string, WireShape> = new Map([
  ['BatchGetItem', { members: { RequestItems: keysByTable } }],
  ['BatchWriteItem', { members: { RequestItems: writesByTable } }],
  ['TransactGetItems', transaction],
  ['TransactWriteItems', transaction],
])
const answers: ReadonlyMap<string, WireShape> = new Map<string, WireShape>([
  ['BatchGetItem', { members: { Responses: { each: items }, UnprocessedKeys: keysByTable } }],
  ['BatchWriteItem', { members: { UnprocessedItems: writesByTable } }],
  ['TransactGetItems', { members: { Responses: { list: { members: { Item: 'item' } } } } }],
])

/** Converts a map of attributes. */
export type ConvertItem = (item: never) => unknown

/**
 * Converts the attribute maps of a request, and leaves out what is undefined.
 *
 * @internal
 */
export function convertRequest(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  convertItem: ConvertItem,
): Readonly<Record<string, unknown>> {
  return convert(input, requests.get(operation) ?? oneItem, convertItem) as Readonly<Record<string, unknown>>
}

/**
 * Converts the attribute maps of an answer.
 *
 * @internal
 */
export function convertAnswer(
  operation: string,
  output: object,
  convertItem: ConvertItem,
): Readonly<Record<string, unknown>> {
  return convert(output, answers.get(operation) ?? oneAnswer, convertItem) as Readonly<
    Record<string, unknown>
  >
}

function convert(value: unknown, shape: WireShape, convertItem: ConvertItem): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (shape === 'item') return convertItem(value as never)
  if ('list' in shape) {
    return (value as readonly unknown[]).map((member) => convert(member, shape.list, convertItem))
  }
  const converted: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name]
    if (member === undefined) continue
    const inner = 'each' in shape ? shape.each : memberOf(shape.members, name)
    const result = inner === undefined ? member : convert(member, inner, convertItem)
    // Table names cannot be __proto__, but a wrong request can have anything.
    setAttribute(converted as never, name, result as never)
  }
  return converted
}

function memberOf(members: Readonly<Record<string, WireShape>>, name: string): WireShape | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}
