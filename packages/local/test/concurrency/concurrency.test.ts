import { describe, expect, test } from 'vitest'
import { type Call, createEngine, type Engine, type FaultRule } from '../../src/index.ts'
import { type HistoryOperation, isLinearizable } from './check-history.ts'
import { createNumbers, initialNumbers, type Numbers, recordHistory } from './record-history.ts'

const runs = Number(process.env.DYNAKIT_HISTORIES ?? 40)
const firstSeed = Number(process.env.DYNAKIT_HISTORIES_SEED ?? 1)

const keyOf = (items: Numbers): string => JSON.stringify(Object.entries(items).sort())
const holds = (history: readonly HistoryOperation<Numbers>[]): boolean =>
  isLinearizable(history, initialNumbers, keyOf)

const latency: FaultRule = { fault: { kind: 'latency', latency: { from: 0, to: 4 } } }
const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems']
const faults: readonly FaultRule[] = [
  latency,
  { probability: 0.04, fault: { kind: 'lost-answer', when: 'before' } },
  { probability: 0.04, fault: { kind: 'lost-answer', when: 'after' } },
  {
    probability: 0.04,
    operations: writes,
    fault: { kind: 'error', name: 'InternalServerError', when: 'after' },
  },
  { probability: 0.04, fault: { kind: 'error', name: 'InternalServerError', when: 'before' } },
  { probability: 0.05, fault: { kind: 'throttle' } },
  { probability: 0.05, fault: { kind: 'transaction-conflict' } },
]

async function engineWith(rules: readonly FaultRule[], seed: number): Promise<Engine> {
  const engine = createEngine({ faults: { seed } })
  await createNumbers(engine.call)
  for (const rule of rules) engine.faults.add(rule)
  return engine
}

describe('histories of concurrent clients', () => {
  test(
    `${String(runs)} of them are linearizable, transactions included, whatever goes wrong`,
    async () => {
      const seen = new Map<string, number>()
      for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
        const engine = await engineWith(faults, seed)
        const { history, outcomes } = await recordHistory(engine.call, seed, 5, 12)
        if (!holds(history))
          throw new Error(`seed ${String(seed)}:\n${history.map(({ label }) => label).join('\n')}`)
        for (const [kind, count] of outcomes) seen.set(kind, (seen.get(kind) ?? 0) + count)
      }
      // Each of them happened, or the above would mean little.
      for (const kind of ['done', 'refused', 'rejected', 'unknown'])
        expect(seen.get(kind)).toBeGreaterThan(runs)
    },
    10_000 + runs * 1500,
  )

  test('of a table that is behind are found not to be', async () => {
    let found = 0
    for (let seed = 1; seed <= 10; seed += 1) {
      const engine = await engineWith([latency], seed)
      engine.faults.setLag({ eventualReads: 10 })
      const stale: Call = (operation, input, context) =>
        engine.call(operation, operation === 'GetItem' ? { ...input, ConsistentRead: false } : input, context)
      const { history } = await recordHistory(stale, seed, 5, 12)
      if (!holds(history)) found += 1
    }
    expect(found).toBeGreaterThan(0)
  })

  test('of transactions that are carried out in two parts are found not to be', async () => {
    let found = 0
    for (let seed = 1; seed <= 20; seed += 1) {
      const engine = await engineWith([latency], seed)
      const split: Call = async (operation, input, context) => {
        if (operation !== 'TransactWriteItems') return engine.call(operation, input, context)
        const parts = input.TransactItems as readonly { Update: Record<string, unknown> }[]
        let output: object = {}
        for (const { Update } of parts) output = await engine.call('UpdateItem', Update, context)
        return output
      }
      const { history } = await recordHistory(split, seed, 5, 12)
      if (!holds(history)) found += 1
    }
    expect(found).toBeGreaterThan(0)
  })

  test('that repeat writes without an answer are found not to be', async () => {
    let found = 0
    for (let seed = 1; seed <= 10; seed += 1) {
      const engine = await engineWith(
        [latency, { probability: 0.2, operations: writes, fault: { kind: 'lost-answer' } }],
        seed,
      )
      const repeating: Call = (operation, input, context) =>
        engine.call(operation, input, context).catch(() => engine.call(operation, input, context))
      const { history } = await recordHistory(repeating, seed, 5, 12)
      if (!holds(history)) found += 1
    }
    expect(found).toBeGreaterThan(0)
  })
})
