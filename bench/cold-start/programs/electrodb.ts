import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { electroUsers } from '../../wire/contestants/electrodb-user.ts'
import { endpoint, reportCost } from '../cost.ts'
import { firstKey } from '../first-key.ts'

electroUsers.setClient(new DynamoDBClient({ endpoint }))
void electroUsers
  .get(firstKey)
  .go()
  .then(({ data }) => {
    reportCost(data?.email)
  })
