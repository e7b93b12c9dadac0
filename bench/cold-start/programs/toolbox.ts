import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import { toolboxUsers } from '../../wire/contestants/toolbox-user.ts'
import { endpoint, reportCost } from '../cost.ts'
import { firstKey } from '../first-key.ts'

toolboxUsers.table.documentClient = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint }))
void toolboxUsers
  .build(GetItemCommand)
  .key(firstKey)
  .send()
  .then(({ Item }) => {
    reportCost(Item?.email)
  })
