import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { planPut } from '../../../packages/dynakit/src/planner/plan-put.ts'
import { UserEntity } from '../../wire/contestants/dynakit-user.ts'
import { electroInput, electroUsers } from '../../wire/contestants/electrodb-user.ts'
import { toolboxUsers } from '../../wire/contestants/toolbox-user.ts'
import { makeUsers } from '../../wire/items.ts'
import { reportSeries } from '../report-series.ts'

const users = makeUsers('hundred', 5)
const electroInputs = users.map(electroInput)
const entity = UserEntity['~compiled']
const request = { conditions: [], returnOld: false, returnItemOnConditionFailure: false }
let turn = 0

reportSeries({
  dynakit: () => planPut(entity, { ...users[turn++ % 5] }, 'put', request, new Date()),
  ElectroDB: () => electroUsers.put(electroInputs[turn++ % 5] as (typeof electroInputs)[0]).params(),
  'dynamodb-toolbox': () =>
    toolboxUsers
      .build(PutItemCommand)
      .item(users[turn++ % 5] as (typeof users)[0])
      .params(),
})
