import { Entity } from 'dynamodb-toolbox/entity'
import { binary } from 'dynamodb-toolbox/schema/binary'
import { boolean } from 'dynamodb-toolbox/schema/boolean'
import { item } from 'dynamodb-toolbox/schema/item'
import { list } from 'dynamodb-toolbox/schema/list'
import { map } from 'dynamodb-toolbox/schema/map'
import { number } from 'dynamodb-toolbox/schema/number'
import { set } from 'dynamodb-toolbox/schema/set'
import { string } from 'dynamodb-toolbox/schema/string'
import { Table } from 'dynamodb-toolbox/table'
import { entityAttribute, entityName, partitionKey, sortKey, tableName } from '../items.ts'

const table = new Table({
  name: tableName,
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  entityAttributeSavedAs: entityAttribute,
})

/** The model of a user in dynamodb-toolbox; its table gets a client from who uses it. */
export const toolboxUsers = new Entity({
  name: entityName,
  table,
  timestamps: false,
  schema: item({
    tenant: string().key(),
    id: string().key(),
    name: string(),
    email: string(),
    bio: string(),
    status: string().enum('active', 'suspended'),
    age: number(),
    balance: number(),
    createdAt: string(),
    updatedAt: string(),
    active: boolean(),
    address: map({
      street: string(),
      city: string(),
      zip: string(),
      geo: map({ lat: number(), lng: number() }),
    }),
    tags: list(string()),
    scores: set(number()),
    avatar: binary(),
  }),
  computeKey: (key: { tenant: string; id: string }) => ({
    pk: partitionKey(key.tenant),
    sk: sortKey(key.id),
  }),
})
