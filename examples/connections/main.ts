/**
 * Connections: warm-up, a cluster with a node that is down, attempts as they happen, an unknown outcome.
 *
 *   npm run example connections
 */
import { type AttemptEvent, createAdapter, defineTable, DynamoDBError } from 'dynakit'
import { startLocalEngine } from 'dynakit/testing'

const Counters = defineTable({ name: 'Counters', partitionKey: { name: 'id', type: 'string' } })

const engine = await startLocalEngine()
const describe = (event: AttemptEvent): void => {
  if (event.type === 'start') return
  const { operation, attempt, endpoint, duration, errorCode, retryReason } = event
  const outcome = errorCode === undefined ? 'answered' : `failed (${errorCode})`
  const next = retryReason === undefined ? '' : `, sent again: ${retryReason}`
  console.log(
    `  ${operation}, attempt ${String(attempt)} at ${String(endpoint)}: ${outcome} in ${duration.toFixed(1)} ms${next}`,
  )
}

console.log('A cluster of two, one of them down:')
const cluster = createAdapter({
  ...engine.clientConfig,
  endpoint: ['http://127.0.0.1:9', engine.endpoint],
  table: Counters,
  onAttempt: describe,
})
await cluster.tables.create(Counters)
await cluster.put({ id: 'visits', count: 1 })
console.log('  connections:', cluster.connections())
await cluster.close()

console.log('Nobody there: sent again, within limits, then a typed error:')
const lonely = createAdapter({
  ...engine.clientConfig,
  endpoint: 'http://127.0.0.1:9',
  table: Counters,
  onAttempt: describe,
})
try {
  await lonely.get({ id: 'visits' })
} catch (error) {
  if (!DynamoDBError.is(error)) throw error
  console.log(`  ${error.code}, retryable: ${String(error.retryable)}`)
}
await lonely.close()

console.log('Too little time for an addition: the error says whether it may have been carried out:')
const hurried = createAdapter({ ...engine.clientConfig, table: Counters })
await hurried.warmUp()
try {
  await hurried.update({ id: 'visits' }).add({ count: 1 }).execute({ timeout: 1 })
  console.log('  it was fast enough')
} catch (error) {
  if (!DynamoDBError.is(error)) throw error
  console.log(`  ${error.code}, outcome unknown: ${String(error.outcomeUnknown === true)}`)
}
await hurried.close()
await engine.stop()
