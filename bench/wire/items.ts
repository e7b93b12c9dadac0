/**
 * What every contestant stores and reads: a user with 15 attributes, about 1 KB. Nothing is readonly,
 * because the types of some libraries take nothing that is.
 */
export interface User {
  tenant: string
  id: string
  name: string
  email: string
  bio: string
  status: 'active' | 'suspended'
  age: number
  balance: number
  createdAt: string
  updatedAt: string
  active: boolean
  address: {
    street: string
    city: string
    zip: string
    geo: { lat: number; lng: number }
  }
  tags: string[]
  scores: Set<number>
  avatar: Uint8Array<ArrayBuffer>
}

/** The fields that identify a user. */
export interface UserKey {
  readonly tenant: string
  readonly id: string
}

export const tableName = 'Bench'
/** The attribute that holds the entity's name; the libraries that need one are told to share it. */
export const entityAttribute = '_type'
export const entityName = 'User'

/** Tenants, and how many users the stub's page of each has. */
export const pageSizes = { hundred: 100, megabyte: 900 } as const
export type Tenant = keyof typeof pageSizes

const prose =
  'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore. '

export const avatarLength = 48
export const scoreCount = 4

/** Identity of the user at a place of a tenant's page. */
export function userId(at: number): string {
  return `usr-${String(at).padStart(6, '0')}`
}

/** Partition key of a tenant, as every contestant makes it. */
export function partitionKey(tenant: string): string {
  return `TENANT#${tenant}`
}

/** Sort key of a user, as every contestant makes it. */
export function sortKey(id: string): string {
  return `USER#${id}`
}

/** A user; every fifth has text beyond ASCII and text that JSON escapes. */
export function makeUser(at: number, tenant: Tenant): User {
  return {
    tenant,
    id: userId(at),
    name: `Ada Lovelace ${String(at)}`,
    email: `ada.${String(at)}@example.com`,
    bio: (prose + prose).slice(at % 7, 590 + (at % 13)) + (at % 5 === 0 ? ' "quoted" café \n' : ''),
    status: at % 3 === 0 ? 'suspended' : 'active',
    age: 20 + (at % 60),
    balance: 12345.67 + at,
    createdAt: '2026-01-02T03:04:05.678Z',
    updatedAt: '2026-02-03T04:05:06.789Z',
    active: at % 2 === 0,
    address: {
      street: '12 Analytical Way',
      city: 'London',
      zip: `NW1 ${String(at)}`,
      geo: { lat: latitude(at), lng: -0.12 },
    },
    tags: ['alpha', 'beta', 'gamma', `delta-${String(at % 10)}`],
    scores: new Set([1, 2.5, 3, 100 + at]),
    avatar: Uint8Array.from({ length: avatarLength }, (_, byte) => (byte * 7 + at) & 255),
  }
}

/** Latitude of the user at a place: the nested number the checks compare. */
export function latitude(at: number): number {
  return 51.5 + at / 1000
}

/** All users of a tenant's page. */
export function makeUsers(tenant: Tenant, count: number = pageSizes[tenant]): readonly User[] {
  return Array.from({ length: count }, (_, at) => makeUser(at, tenant))
}
