/**
 * Collections: several entities in one partition, read by one query; items nobody declared; the catalogue.
 *
 *   npm run example collections
 */
import { createAdapter, defineEntity, defineTable, isoDate, UnknownItemError } from 'dynakit'
import { startLocalEngine } from 'dynakit/testing'
import { z } from 'zod'

const Support = defineTable({
  name: 'Support',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    byAgent: {
      type: 'global',
      partitionKey: { name: 'agent', type: 'string' },
      sortKey: { name: 'at', type: 'string' },
    },
  },
})
const Customer = defineEntity({
  name: 'Customer',
  table: Support,
  attributes: { customerId: z.string(), name: z.string() },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'PROFILE' },
})
const contact = { customerId: z.string(), agent: z.string(), at: isoDate() }
const Call = defineEntity({
  name: 'Call',
  table: Support,
  attributes: { ...contact, minutes: z.number() },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'CALL#{at}' },
})
const Mail = defineEntity({
  name: 'Mail',
  table: Support,
  attributes: { ...contact, subject: z.string() },
  key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'MAIL#{at}' },
})

const engine = await startLocalEngine()
const db = createAdapter({ ...engine.clientConfig, entities: [Customer, Call, Mail] })
await db.tables.create(Support)

const customerId = 'ada'
const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 1, hour))
await db.repository(Customer).create({ customerId, name: 'Ada' })
await db.repository(Call).create({ customerId, agent: 'kim', at: at(9), minutes: 12 })
await db.repository(Mail).create({ customerId, agent: 'kim', at: at(11), subject: 'Thanks' })
await db.repository(Call).create({ customerId, agent: 'lee', at: at(14), minutes: 3 })

console.log('A customer with all that belongs to it, by one request:')
const page = await db.query(Customer, Call, Mail).where('customerId', '=', customerId).executeGrouped()
const { items, capacity } = page
console.log(
  `  ${String(items.Customer[0]?.name)}: ${String(items.Call.length)} calls, ${String(items.Mail.length)} mail; ` +
    `${String(capacity.requests)} request, ${String(page.evaluated)} items`,
)

console.log('What an agent did, in order, across kinds of items:')
for await (const row of db.query(Call, Mail).where('agent', '=', 'kim').where('at', '>=', at(8)).stream()) {
  const what = row.entity === 'Call' ? `call of ${String(row.item.minutes)} minutes` : row.item.subject
  console.log(`  ${row.item.at.toISOString()} ${row.entity}: ${what}`)
}

console.log('Something else writes into the partition, and is not dropped silently:')
await db.table(Support).put({ pk: 'CUSTOMER#ada', sk: 'NOTE#1', customerId, text: 'written by hand' })
const collection = db.query(Customer, Call, Mail).where('customerId', '=', customerId)
try {
  await collection.execute()
} catch (error) {
  if (!UnknownItemError.is(error)) throw error
  console.log(`  ${error.code}: ${error.message}`)
}
const raw = await collection.unknownItems('raw').executeGrouped()
console.log(
  '  as it is stored:',
  raw.unknown.map((item) => Object.keys(item)),
)
const known = await collection.unknownItems('skip').count()
console.log(`  without it: ${String(known.count)} items`)

console.log('What can be asked:')
console.log(String(db.accessPatterns(Call)))

await db.close()
await engine.stop()
