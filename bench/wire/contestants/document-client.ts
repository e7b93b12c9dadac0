import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb'
import { type Contestant, lookAtPlain, type PlainUser } from '../contestant.ts'
import {
  entityAttribute,
  entityName,
  partitionKey,
  sortKey,
  tableName,
  type User,
  type UserKey,
} from '../items.ts'
import { type Connect, operationsOf } from '../works.ts'

export const connect: Connect = (target) =>
  operationsOf(documentContestant(DynamoDBDocumentClient.from(new DynamoDBClient(target))))

function documentContestant(client: DynamoDBDocumentClient): Contestant<PlainUser> {
  return {
    get: async (key) => {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: keyOf(key) }))
      return Item as PlainUser | undefined
    },
    put: (user) => client.send(new PutCommand({ TableName: tableName, Item: stored(user) })),
    query: async (tenant) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': 'pk' },
          ExpressionAttributeValues: { ':pk': partitionKey(tenant) },
        }),
      )
      return Items as PlainUser[]
    },
    batchWrite: (users) => {
      const puts = users.map((user) => ({ PutRequest: { Item: stored(user) } }))
      return client.send(new BatchWriteCommand({ RequestItems: { [tableName]: puts } }))
    },
    batchGet: async (keys) => {
      const { Responses } = await client.send(
        new BatchGetCommand({ RequestItems: { [tableName]: { Keys: keys.map(keyOf) } } }),
      )
      return (Responses?.[tableName] ?? []) as PlainUser[]
    },
    look: lookAtPlain,
  }
}

function keyOf(key: UserKey): { pk: string; sk: string } {
  return { pk: partitionKey(key.tenant), sk: sortKey(key.id) }
}

function stored(user: User): Record<string, unknown> {
  return { ...keyOf(user), [entityAttribute]: entityName, ...user }
}
