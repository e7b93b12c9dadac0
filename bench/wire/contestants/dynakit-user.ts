import { defineEntity, defineTable, type DynamoDBAdapter, type EntityItem } from 'dynakit'
// So that bundlers leave out what is not used.
import * as z from 'zod'
import { type Contestant, lookAtPlain } from '../contestant.ts'
import { entityAttribute, entityName, tableName } from '../items.ts'

export const UserTable = defineTable({
  name: tableName,
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  entityAttribute,
})

export const UserEntity = defineEntity({
  name: entityName,
  table: UserTable,
  attributes: {
    tenant: z.string(),
    id: z.string(),
    name: z.string(),
    email: z.string(),
    bio: z.string(),
    status: z.enum(['active', 'suspended']),
    age: z.number(),
    balance: z.number(),
    createdAt: z.string(),
    updatedAt: z.string(),
    active: z.boolean(),
    address: z.object({
      street: z.string(),
      city: z.string(),
      zip: z.string(),
      geo: z.object({ lat: z.number(), lng: z.number() }),
    }),
    tags: z.array(z.string()),
    scores: z.set(z.number()),
    avatar: z.instanceof(Uint8Array),
  },
  key: { partitionKey: 'TENANT#{tenant}', sortKey: 'USER#{id}' },
})

/** The typed entity API over an adapter. */
export function dynakitContestant(db: DynamoDBAdapter): Contestant<EntityItem<typeof UserEntity>> {
  const users = db.repository(UserEntity)
  return {
    get: (key) => users.get(key),
    put: (user) => users.put(user),
    query: async (tenant) => (await users.query().where('tenant', '=', tenant).execute()).items,
    batchWrite: (batch) => users.putMany(batch),
    batchGet: (keys) => users.getMany(keys),
    look: lookAtPlain,
  }
}
