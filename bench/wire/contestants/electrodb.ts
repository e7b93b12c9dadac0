import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Contestant, lookAtPlain, type PlainUser } from '../contestant.ts'
import { type Connect, operationsOf } from '../works.ts'
import { electroInput, electroUsers as users } from './electrodb-user.ts'

export const connect: Connect = (target) => operationsOf(electroContestant(new DynamoDBClient(target)))

function electroContestant(client: DynamoDBClient): Contestant<PlainUser> {
  users.setClient(client)
  return {
    get: async (key) => (await users.get(key).go()).data ?? undefined,
    put: (user) => users.put(electroInput(user)).go(),
    query: async (tenant) => (await users.query.primary({ tenant }).go()).data,
    batchWrite: (batch) => users.put(batch.map(electroInput)).go(),
    batchGet: async (keys) => (await users.get([...keys]).go()).data,
    look: lookAtPlain,
  }
}
