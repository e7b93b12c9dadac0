import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { BatchGetRequest } from 'dynamodb-toolbox/entity/actions/batchGet'
import { BatchPutRequest } from 'dynamodb-toolbox/entity/actions/batchPut'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { BatchGetCommand, execute as executeGet } from 'dynamodb-toolbox/table/actions/batchGet'
import { BatchWriteCommand, execute as executeWrite } from 'dynamodb-toolbox/table/actions/batchWrite'
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query'
import { type Contestant, lookAtPlain, type PlainUser } from '../contestant.ts'
import { partitionKey } from '../items.ts'
import { type Connect, operationsOf } from '../works.ts'
import { toolboxUsers as users } from './toolbox-user.ts'

export const connect: Connect = (target) =>
  operationsOf(toolboxContestant(DynamoDBDocumentClient.from(new DynamoDBClient(target))))

function toolboxContestant(client: DynamoDBDocumentClient): Contestant<PlainUser> {
  const { table } = users
  table.documentClient = client
  return {
    get: async (key) => (await users.build(GetItemCommand).key(key).send()).Item,
    put: (user) => users.build(PutItemCommand).item(user).send(),
    query: async (tenant) => {
      const command = table
        .build(QueryCommand)
        .query({ partition: partitionKey(tenant) })
        .entities(users)
      return (await command.send()).Items ?? []
    },
    batchWrite: (batch) => {
      const puts = batch.map((user) => users.build(BatchPutRequest).item(user))
      return executeWrite(table.build(BatchWriteCommand).requests(...puts))
    },
    batchGet: async (keys) => {
      const gets = keys.map((key) => users.build(BatchGetRequest).key(key))
      const { Responses } = await executeGet(table.build(BatchGetCommand).requests(...gets))
      return Responses[0]
    },
    look: lookAtPlain,
  }
}
