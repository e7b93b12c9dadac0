import type { User, UserKey } from './items.ts'

/** Where the requests go. */
export interface Target {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** What the checks look at in an item, whatever form a library gives it. */
export interface SeenFields {
  readonly id: string
  readonly email: string
  /** A number inside a map inside a map. */
  readonly latitude: number
  readonly scoreCount: number
  readonly avatarLength: number
}

/** A way to talk to DynamoDB, doing the same work as all others. */
export interface Contestant<Item = unknown> {
  readonly get: (key: UserKey) => Promise<Item | undefined>
  readonly put: (user: User) => Promise<unknown>
  /** All users of a tenant. */
  readonly query: (tenant: string) => Promise<readonly Item[]>
  readonly batchWrite: (users: readonly User[]) => Promise<unknown>
  readonly batchGet: (keys: readonly UserKey[]) => Promise<readonly (Item | undefined)[]>
  readonly look: (item: Item) => SeenFields
}

/** Looks at an item that has its fields as JavaScript values, under their own names. */
export function lookAtPlain(item: PlainUser): SeenFields {
  const { scores } = item
  return {
    id: item.id,
    email: item.email,
    latitude: item.address.geo.lat,
    scoreCount: 'size' in scores ? scores.size : scores.length,
    avatarLength: item.avatar.length,
  }
}

/** A user as most libraries read it; ElectroDB reads sets as arrays. */
export interface PlainUser {
  readonly id: string
  readonly email: string
  readonly address: { readonly geo: { readonly lat: number } }
  readonly scores: ReadonlySet<number> | readonly number[]
  readonly avatar: { readonly length: number }
}
