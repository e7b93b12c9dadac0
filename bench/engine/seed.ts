import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { userAttributes } from '../wire/attribute-values.ts'
import type { Target } from '../wire/contestant.ts'
import { makeUsers, tableName } from '../wire/items.ts'

const batchSize = 25

/** Creates the table on a real engine and stores the users that the contestants ask for. */
export async function seedEngine(target: Target): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const client = new DynamoDBClient(target)
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  )
  const puts = makeUsers('hundred').map((user) => ({ PutRequest: { Item: userAttributes(user) } }))
  for (let at = 0; at < puts.length; at += batchSize) {
    const RequestItems = { [tableName]: puts.slice(at, at + batchSize) }
    await client.send(new BatchWriteItemCommand({ RequestItems }))
  }
  client.destroy()
}
