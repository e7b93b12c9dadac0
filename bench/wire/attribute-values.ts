import { entityAttribute, entityName, partitionKey, sortKey, type User, type UserKey } from './items.ts'

/** The AWS SDK's form of a value, as far as a user needs it. */
export type Value =
  | { S: string }
  | { N: string }
  | { BOOL: boolean }
  | { NS: string[] }
  | { B: Uint8Array<ArrayBuffer> }
  | { L: Value[] }
  | { M: Record<string, Value> }
export type Attributes = Record<string, Value>

/** The stored form of a key. */
export function keyAttributes(key: UserKey): { pk: { S: string }; sk: { S: string } } {
  return { pk: { S: partitionKey(key.tenant) }, sk: { S: sortKey(key.id) } }
}

/** The stored form of a user, written by hand: what a library that knows nothing would be given. */
export function userAttributes(user: User): Attributes {
  const { street, city, zip, geo } = user.address
  return {
    ...keyAttributes(user),
    [entityAttribute]: { S: entityName },
    // What ElectroDB looks for in every item.
    __edb_e__: { S: entityName },
    __edb_v__: { S: '1' },
    tenant: { S: user.tenant },
    id: { S: user.id },
    name: { S: user.name },
    email: { S: user.email },
    bio: { S: user.bio },
    status: { S: user.status },
    age: { N: String(user.age) },
    balance: { N: String(user.balance) },
    createdAt: { S: user.createdAt },
    updatedAt: { S: user.updatedAt },
    active: { BOOL: user.active },
    address: {
      M: {
        street: { S: street },
        city: { S: city },
        zip: { S: zip },
        geo: { M: { lat: { N: String(geo.lat) }, lng: { N: String(geo.lng) } } },
      },
    },
    tags: { L: user.tags.map((tag) => ({ S: tag })) },
    scores: { NS: Array.from(user.scores, String) },
    avatar: { B: user.avatar },
  }
}

/** Writes attributes as DynamoDB's JSON has them: binary as base64. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    member instanceof Uint8Array ? Buffer.from(member).toString('base64') : member,
  )
}
