import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { keyAttributes } from '../../wire/attribute-values.ts'
import { tableName } from '../../wire/items.ts'
import { endpoint, reportCost } from '../cost.ts'
import { firstKey } from '../first-key.ts'

const client = new DynamoDBClient({ endpoint })
const request = new GetItemCommand({ TableName: tableName, Key: keyAttributes(firstKey) })
void client.send(request).then(({ Item }) => {
  reportCost(Item?.email?.S)
})
