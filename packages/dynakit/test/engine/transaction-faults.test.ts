import { createAdapter, defineEntity, defineTable, type DynamoDBAdapter, DynamoDBError } from 'dynakit'
import { createEngine, type FaultRule } from 'dynakit-local'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { propertyRuns } from '../property-runs.ts'

const Ledger = defineTable({
  name: 'Ledger',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
const Account = defineEntity({
  name: 'Account',
  table: Ledger,
  attributes: { id: z.string(), entries: z.number(), sum: z.number() },
  key: { partitionKey: 'ACCOUNT#{id}', sortKey: 'ACCOUNT' },
})
const Entry = defineEntity({
  name: 'Entry',
  table: Ledger,
  attributes: { account: z.string(), id: z.string(), amount: z.number() },
  key: { partitionKey: 'ACCOUNT#{account}', sortKey: 'ENTRY#{id}' },
  unique: { id: ['id'] },
})

const transact = { operations: ['TransactWriteItems'] }
const faults: readonly FaultRule[] = [
  { fault: { kind: 'latency', latency: { from: '0ms', to: '3ms' } } },
  { ...transact, probability: 0.2, fault: { kind: 'throttle' } },
  { ...transact, probability: 0.1, fault: { kind: 'transaction-conflict' } },
  { ...transact, probability: 0.05, fault: { kind: 'lost-answer', when: 'after' } },
  { ...transact, probability: 0.05, fault: { kind: 'lost-answer', when: 'before' } },
  { ...transact, probability: 0.05, fault: { kind: 'error', name: 'InternalServerError', when: 'after' } },
]
const accounts = ['a', 'b', 'c']
const writers = 4
const rounds = 3
/** As many as are carried out at once. */
const lanes = 10

/** What a schedule came to. */
interface Outcome {
  readonly unknown: number
  readonly carriedOut: number
}

/* A thousand schedules: DYNAKIT_PROPERTY_RUNS=25. */
test('through throttles, conflicts, resets and faults, each transaction is carried out once', async () => {
  const { numRuns, seed } = propertyRuns(40)
  let next = seed
  const end = seed + numRuns
  let unknown = 0
  const lane = async (): Promise<void> => {
    while (next < end) {
      const outcome = await carryOut(next++)
      expect(outcome.carriedOut).toBe(writers * rounds)
      unknown += outcome.unknown
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  // Some answers are lost for good: then the same token tells, and not a second transaction.
  expect(unknown).toBeGreaterThan(0)
}, 900_000)

async function carryOut(seed: number): Promise<Outcome> {
  const engine = createEngine({ faults: { seed } })
  const { endpoint, close } = await engine.listen({ keepsProcessAlive: false })
  const db = createAdapter({
    ...{ endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } },
    retry: { maxAttempts: 2, baseDelay: 1, throttlingDelay: 1, budget: Infinity },
  })
  try {
    await db.tables.create(Ledger)
    for (const id of accounts) await db.repository(Account).create({ id, entries: 0, sum: 0 })
    for (const rule of faults) engine.faults.add(rule)
    const unknown = await Promise.all(Array.from({ length: writers }, (_, writer) => write(db, seed, writer)))
    engine.faults.clear()
    return { unknown: unknown.reduce((sum, one) => sum + one, 0), carriedOut: await check(db) }
  } finally {
    await db.close()
    await close()
  }
}

/** @returns How often an answer was lost for good. */
async function write(db: DynamoDBAdapter, seed: number, writer: number): Promise<number> {
  let unknown = 0
  for (let round = 0; round < rounds; round++) {
    const id = `${String(writer)}-${String(round)}`
    const account = accounts[(seed + writer + round) % accounts.length] ?? ''
    const transaction = db
      .transaction()
      .create({ entity: Entry, item: { account, id, amount: round + 1 } })
      .update({
        entity: Account,
        key: { id: account },
        updates: (stored) => stored.add({ entries: 1, sum: round + 1 }),
      })
    unknown += await untilDone(() => transaction.execute({ idempotencyToken: id }))
  }
  return unknown
}

/** @returns How often an answer was lost for good. */
async function untilDone(run: () => Promise<unknown>): Promise<number> {
  for (let unknown = 0; ;) {
    try {
      await run()
      return unknown
    } catch (error) {
      // A cancellation that is final would be a transaction that met itself.
      if (!DynamoDBError.is(error) || !(error.retryable || error.outcomeUnknown === true)) throw error
      if (error.outcomeUnknown === true) unknown += 1
    }
  }
}

/** Entries, sums and markers must agree. */
async function check(db: DynamoDBAdapter): Promise<number> {
  let count = 0
  for (const id of accounts) {
    const stored = await db.repository(Account).getOrThrow({ id }, { consistent: true })
    const { items } = await db.repository(Entry).query().where('account', '=', id).consistent().execute()
    expect([stored.entries, stored.sum]).toEqual([
      items.length,
      items.reduce((sum, { amount }) => sum + amount, 0),
    ])
    count += items.length
  }
  const markers = await db.table(Ledger).query().where('pk', 'begins_with', '_unique#').allowScan().count()
  expect(markers.count).toBe(count)
  return count
}
