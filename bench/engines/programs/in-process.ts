/** What the engine does inside of a process: requests a second through dynakit's transport, memory, forks. */
import { createAdapter } from 'dynakit'
import { createEngine } from 'dynakit-local'

const count = Number(process.argv[2])
const engine = createEngine({ shared: true })
const db = createAdapter({ region: 'us-east-1', tableName: 'Bench', transport: engine.transport() })
const caller = { accessKeyId: 'dynakit', region: 'us-east-1' }

await engine.call(
  'CreateTable',
  {
    TableName: 'Bench',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  },
  caller,
)
const itemOf = (at: number): Record<string, object> => ({
  pk: { S: `user#${String(at)}` },
  name: { S: `Name ${String(at)}` },
  age: { N: String(at % 90) },
  active: { BOOL: true },
})

const memoryBefore = process.memoryUsage().rss
const puts = rate(
  await timed(count, (at) => engine.call('PutItem', { TableName: 'Bench', Item: itemOf(at) }, caller)),
  count,
)
globalThis.gc?.()
const { rss, heapUsed } = process.memoryUsage()

const forkBegun = performance.now()
const copy = engine.fork()
const fork = performance.now() - forkBegun
await copy.call('PutItem', { TableName: 'Bench', Item: itemOf(0) }, caller)

const reads = Math.min(count, 200_000)
const spread = 7919
const gets = rate(await timed(reads, (at) => db.get({ pk: `user#${String((at * spread) % count)}` })), reads)
process.send?.({
  count,
  puts,
  gets,
  fork,
  rss: rss / 1e6,
  grown: (rss - memoryBefore) / 1e6,
  heap: heapUsed / 1e6,
})
process.disconnect()

async function timed(times: number, work: (at: number) => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  for (let at = 0; at < times; at += 1) await work(at)
  return performance.now() - begun
}

function rate(milliseconds: number, times: number): number {
  return (times / milliseconds) * 1000
}
