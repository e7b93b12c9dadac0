import { isDeepStrictEqual } from 'node:util'
import { toJson, userAttributes } from './attribute-values.ts'
import { makeUsers, tableName } from './items.ts'

type Item = Readonly<Record<string, unknown>>

/** What libraries add for themselves, each under its own name. */
const ownNames = new Set(['__edb_e__', '__edb_v__', '_type'])

const expected = new Map(
  makeUsers('hundred').map((user) => [user.id, JSON.parse(toJson(userAttributes(user))) as Item]),
)

/**
 * Compares the items of a write request with what must be stored.
 *
 * @returns What is wrong, if anything.
 */
export function findFault(operation: string, body: string): string | undefined {
  const request = JSON.parse(body) as Record<string, unknown>
  const items = operation === 'PutItem' ? [request.Item as Item] : batchItems(request)
  if (items.length !== (operation === 'PutItem' ? 1 : 25)) return `${String(items.length)} items`
  for (const item of items) {
    const fault = itemFault(item)
    if (fault !== undefined) return fault
  }
  return undefined
}

function batchItems(request: Record<string, unknown>): readonly Item[] {
  const tables = request.RequestItems as Record<string, { PutRequest: { Item: Item } }[]>
  return (tables[tableName] ?? []).map(({ PutRequest }) => PutRequest.Item)
}

function itemFault(item: Item): string | undefined {
  const { S: id = '' } = (item.id ?? {}) as { S?: string }
  const right = expected.get(id)
  if (!right) return `an item of unknown id '${id}'`
  const names = new Set([...Object.keys(right), ...Object.keys(item)].filter((name) => !ownNames.has(name)))
  for (const name of names) {
    if (isDeepStrictEqual(item[name], right[name])) continue
    return `${name} is ${JSON.stringify(item[name])} and not ${JSON.stringify(right[name])}`
  }
  return undefined
}
