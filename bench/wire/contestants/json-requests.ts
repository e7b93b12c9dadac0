import { keyAttributes, toJson, userAttributes } from '../attribute-values.ts'
import type { Contestant, SeenFields } from '../contestant.ts'
import { makeUsers, partitionKey, tableName, type User } from '../items.ts'

/** An item as `JSON.parse` leaves it. */
interface JsonItem {
  readonly id: { readonly S: string }
  readonly email: { readonly S: string }
  readonly address: { readonly M: { readonly geo: { readonly M: { readonly lat: { readonly N: string } } } } }
  readonly scores: { readonly NS: readonly string[] }
  readonly avatar: { readonly B: string }
}

interface Answer {
  readonly Item?: JsonItem
  readonly Items?: readonly JsonItem[]
  readonly Responses?: Readonly<Record<string, readonly JsonItem[]>>
}

/** Sends a signed request and parses the answer. */
export type Send = (operation: string, body: string) => Promise<Answer>

// Made beforehand, binary as base64: what is measured is the way there and back.
const ready = new Map(
  makeUsers('hundred').map((user) => [user.id, JSON.parse(toJson(userAttributes(user))) as object]),
)

/** The least a client can do: JSON without any conversion of values. */
export function jsonContestant(send: Send): Contestant<JsonItem> {
  const attributesOf = (user: User): object | undefined => ready.get(user.id)
  return {
    get: async (key) =>
      (await send('GetItem', JSON.stringify({ TableName: tableName, Key: keyAttributes(key) }))).Item,
    put: (user) => send('PutItem', JSON.stringify({ TableName: tableName, Item: attributesOf(user) })),
    query: async (tenant) => {
      const request = {
        TableName: tableName,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': 'pk' },
        ExpressionAttributeValues: { ':pk': { S: partitionKey(tenant) } },
      }
      return (await send('Query', JSON.stringify(request))).Items ?? []
    },
    batchWrite: (users) => {
      const puts = users.map((user) => ({ PutRequest: { Item: attributesOf(user) } }))
      return send('BatchWriteItem', JSON.stringify({ RequestItems: { [tableName]: puts } }))
    },
    batchGet: async (keys) => {
      const request = { RequestItems: { [tableName]: { Keys: keys.map(keyAttributes) } } }
      return (await send('BatchGetItem', JSON.stringify(request))).Responses?.[tableName] ?? []
    },
    look,
  }
}

function look(item: JsonItem): SeenFields {
  return {
    id: item.id.S,
    email: item.email.S,
    latitude: Number(item.address.M.geo.M.lat.N),
    scoreCount: item.scores.NS.length,
    avatarLength: (item.avatar.B.length / 4) * 3,
  }
}
