import { toJson, userAttributes } from './attribute-values.ts'
import { makeUser, makeUsers, pageSizes, tableName, type Tenant, type User } from './items.ts'

/** Names of the answers the stub has ready. */
export type AnswerName = 'GetItem' | 'PutItem' | 'BatchWriteItem' | 'BatchGetItem' | Tenant

/** The bodies of all answers. */
export function answerBodies(): ReadonlyMap<AnswerName, Buffer> {
  const bodies: Record<AnswerName, string> = {
    GetItem: toJson({ Item: userAttributes(makeUser(1, 'hundred')) }),
    PutItem: '{}',
    BatchWriteItem: '{"UnprocessedItems":{}}',
    BatchGetItem: toJson({ Responses: { [tableName]: shuffled() }, UnprocessedKeys: {} }),
    hundred: page(makeUsers('hundred')),
    megabyte: page(makeUsers('megabyte')),
  }
  return new Map(Object.entries(bodies).map(([name, text]) => [name as AnswerName, Buffer.from(text)]))
}

function page(users: readonly User[]): string {
  const items = users.map(userAttributes)
  return toJson({ Count: items.length, Items: items, ScannedCount: items.length })
}

/** Pages of a megabyte that have nothing but their kind of items in common. */
export function differentPages(count: number): readonly Buffer[] {
  const size = pageSizes.megabyte
  return Array.from({ length: count }, (_, turn) => {
    const users = Array.from({ length: size }, (_none, at) => makeUser(turn * size + at, 'megabyte'))
    return Buffer.from(page(users))
  })
}

/** DynamoDB answers BatchGetItem in no order of the request's. */
function shuffled(): unknown[] {
  const items = makeUsers('hundred').map(userAttributes)
  return [...items.filter((_, at) => at % 2 === 1), ...items.filter((_, at) => at % 2 === 0)]
}

/** Which answer a request gets; pages are told apart by the tenant in the request. */
export function chooseAnswer(operation: string, request: Buffer): AnswerName | undefined {
  if (operation === 'Query') return request.includes('megabyte') ? 'megabyte' : 'hundred'
  return known.has(operation) ? (operation as AnswerName) : undefined
}

const known = new Set(['GetItem', 'PutItem', 'BatchWriteItem', 'BatchGetItem'])
