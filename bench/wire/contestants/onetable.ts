import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { Table } from 'dynamodb-onetable'
import { Dynamo } from 'dynamodb-onetable/Dynamo'
import { type Contestant, lookAtPlain, type PlainUser } from '../contestant.ts'
import { entityAttribute, tableName, type User } from '../items.ts'
import { type Connect, operationsOf } from '../works.ts'

export const connect: Connect = (target) => operationsOf(oneTableContestant(new DynamoDBClient(target)))

const schema = {
  version: '0.0.1',
  format: 'onetable:1.1.0',
  indexes: { primary: { hash: 'pk', sort: 'sk' } },
  params: { typeField: entityAttribute, timestamps: false, isoDates: false },
  models: {
    User: {
      pk: { type: 'string', value: 'TENANT#${tenant}' },
      sk: { type: 'string', value: 'USER#${id}' },
      tenant: { type: 'string', required: true },
      id: { type: 'string', required: true },
      name: { type: 'string', required: true },
      email: { type: 'string', required: true },
      bio: { type: 'string', required: true },
      status: { type: 'string', required: true, enum: ['active', 'suspended'] },
      age: { type: 'number', required: true },
      balance: { type: 'number', required: true },
      createdAt: { type: 'string', required: true },
      updatedAt: { type: 'string', required: true },
      active: { type: 'boolean', required: true },
      address: {
        type: 'object',
        required: true,
        schema: {
          street: { type: 'string', required: true },
          city: { type: 'string', required: true },
          zip: { type: 'string', required: true },
          geo: {
            type: 'object',
            required: true,
            schema: { lat: { type: 'number', required: true }, lng: { type: 'number', required: true } },
          },
        },
      },
      tags: { type: 'array', required: true, items: { type: 'string' } },
      scores: { type: 'set', required: true },
      avatar: { type: 'binary', required: true },
    },
  },
} as const

function oneTableContestant(client: DynamoDBClient): Contestant<PlainUser> {
  const table = new Table({ client: new Dynamo({ client }), name: tableName, schema, partial: false })
  const users = table.getModel('User')
  // Without it, `create` would add a condition that the others do not send.
  const replace = { exists: null }
  return {
    get: async (key) => await users.get({ ...key }),
    put: (user) => users.create(input(user), replace),
    query: async (tenant) => await users.find({ tenant }),
    batchWrite: async (batch) => {
      const requests = {}
      for (const user of batch) await users.create(input(user), { ...replace, batch: requests })
      return table.batchWrite(requests)
    },
    batchGet: async (keys) => {
      const requests = {}
      for (const key of keys) await users.get({ ...key }, { batch: requests })
      return table.batchGet<PlainUser>(requests, { parse: true })
    },
    look: lookAtPlain,
  }
}

/** The library's types have no binary, and none of nested objects. */
function input(user: User): never {
  return user as never
}
