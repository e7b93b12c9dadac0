import { createAdapter, defineTable, directTransport } from 'dynakit'
import { partitionKey, sortKey, tableName } from '../../wire/items.ts'
import { endpoint, reportCost } from '../cost.ts'
import { firstKey } from '../first-key.ts'

const table = defineTable({
  name: tableName,
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
const db = createAdapter({ transport: directTransport({ endpoint }), table, capacityDetail: 'none' })
void db.get({ pk: partitionKey(firstKey.tenant), sk: sortKey(firstKey.id) }).then((item) => {
  reportCost(item?.email)
})
