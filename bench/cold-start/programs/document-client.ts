import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { partitionKey, sortKey, tableName } from '../../wire/items.ts'
import { endpoint, reportCost } from '../cost.ts'
import { firstKey } from '../first-key.ts'

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint }))
const Key = { pk: partitionKey(firstKey.tenant), sk: sortKey(firstKey.id) }
void client.send(new GetCommand({ TableName: tableName, Key })).then(({ Item }) => {
  reportCost(Item?.email)
})
