import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import { fromStored } from '../../../packages/dynakit/src/schema/entity-item.ts'
import { UserEntity } from '../../wire/contestants/dynakit-user.ts'
import { electroUsers } from '../../wire/contestants/electrodb-user.ts'
import { toolboxUsers } from '../../wire/contestants/toolbox-user.ts'
import { entityAttribute, entityName, makeUsers, partitionKey, sortKey, type User } from '../../wire/items.ts'
import { reportSeries } from '../report-series.ts'

const stored = makeUsers('hundred', 5).map((user: User) => ({
  pk: partitionKey(user.tenant),
  sk: sortKey(user.id),
  [entityAttribute]: entityName,
  __edb_e__: entityName,
  __edb_v__: '1',
  ...user,
}))
type Stored = (typeof stored)[0]
const entity = UserEntity['~compiled']
const formatter = toolboxUsers.build(EntityFormatter)
let turn = 0

reportSeries({
  dynakit: () => fromStored(entity, stored[turn++ % 5] as Stored),
  ElectroDB: () => electroUsers.parse({ Item: stored[turn++ % 5] as Stored }),
  'dynamodb-toolbox': () => formatter.format(stored[turn++ % 5] as Stored),
})
