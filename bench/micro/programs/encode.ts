import { writeItem } from '../../../packages/dynakit/src/codec/write-json.ts'
import { makeUser, partitionKey, sortKey } from '../../wire/items.ts'
import { reportSeries } from '../report-series.ts'

const users = [1, 2, 3, 4, 5].map((at) => makeUser(at, 'hundred'))
const stored = users.map((user) => ({ pk: partitionKey(user.tenant), sk: sortKey(user.id), ...user }))
// JSON.stringify knows neither sets nor binary; it is given what it writes best.
const plain = stored.map((item) => ({
  ...item,
  scores: [...item.scores],
  avatar: Buffer.from(item.avatar).toString('base64'),
}))
let turn = 0

reportSeries({
  dynakit: () => writeItem(stored[turn++ % 5] ?? {}),
  'JSON.stringify': () => JSON.stringify(plain[turn++ % 5]),
})
