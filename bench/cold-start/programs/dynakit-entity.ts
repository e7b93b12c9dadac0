import { createAdapter, directTransport } from 'dynakit'
import { UserEntity } from '../../wire/contestants/dynakit-user.ts'
import { endpoint, reportCost } from '../cost.ts'
import { firstKey } from '../first-key.ts'

const db = createAdapter({ transport: directTransport({ endpoint }), capacityDetail: 'none' })
void db
  .repository(UserEntity)
  .get(firstKey)
  .then((user) => {
    reportCost(user?.email)
  })
