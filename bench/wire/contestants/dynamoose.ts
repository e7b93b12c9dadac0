import dynamoose from 'dynamoose'
import type { Item } from 'dynamoose/dist/Item.js'
import { type Contestant, lookAtPlain, type PlainUser } from '../contestant.ts'
import { partitionKey, sortKey, tableName, type User, type UserKey } from '../items.ts'
import { type Connect, operationsOf } from '../works.ts'

export const connect: Connect = (target) => {
  dynamoose.aws.ddb.set(new dynamoose.aws.ddb.DynamoDB(target))
  return operationsOf(dynamooseContestant())
}

/** Dynamoose makes no keys, so they are made here. */
const schema = new dynamoose.Schema({
  pk: { type: String, hashKey: true },
  sk: { type: String, rangeKey: true },
  _type: { type: String, required: true },
  tenant: { type: String, required: true },
  id: { type: String, required: true },
  name: { type: String, required: true },
  email: { type: String, required: true },
  bio: { type: String, required: true },
  status: { type: String, required: true, enum: ['active', 'suspended'] },
  age: { type: Number, required: true },
  balance: { type: Number, required: true },
  createdAt: { type: String, required: true },
  updatedAt: { type: String, required: true },
  active: { type: Boolean, required: true },
  address: {
    type: Object,
    required: true,
    schema: {
      street: { type: String, required: true },
      city: { type: String, required: true },
      zip: { type: String, required: true },
      geo: {
        type: Object,
        required: true,
        schema: { lat: { type: Number, required: true }, lng: { type: Number, required: true } },
      },
    },
  },
  tags: { type: Array, required: true, schema: [String] },
  scores: { type: Set, required: true, schema: [Number] },
  avatar: { type: Buffer, required: true },
})

type StoredUser = Item & PlainUser

function dynamooseContestant(): Contestant<PlainUser> {
  const users = dynamoose.model<StoredUser>('User', schema, { tableName })
  new dynamoose.Table(tableName, [users], { create: false, waitForActive: false, update: false })
  return {
    get: (key) => users.get(keyOf(key)),
    put: (user) => new users(stored(user)).save(),
    query: (tenant) => users.query('pk').eq(partitionKey(tenant)).exec(),
    batchWrite: (batch) => users.batchPut(batch.map(stored)),
    batchGet: (keys) => users.batchGet(keys.map(keyOf)),
    look: lookAtPlain,
  }
}

function keyOf(key: UserKey): { pk: string; sk: string } {
  return { pk: partitionKey(key.tenant), sk: sortKey(key.id) }
}

function stored(user: User): Record<string, unknown> {
  return { ...keyOf(user), _type: 'User', ...user, avatar: Buffer.from(user.avatar.buffer) }
}
