import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/index.ts'
import { ServiceError } from '../../src/protocol/service-error.ts'
import { startOracle, type Ask, type Oracle } from './oracle.ts'
import { compareEngines } from './run.ts'

/** `DYNAKIT_DIFFERENTIAL=50000` asks that many requests; `DYNAKIT_DIFFERENTIAL_SEED` begins elsewhere. */
const count = Number(process.env.DYNAKIT_DIFFERENTIAL ?? 1500)
const seed = Number(process.env.DYNAKIT_DIFFERENTIAL_SEED ?? 1)

const engine = createEngine()
const ours: Ask = async (operation, input) => {
  try {
    const request = JSON.parse(JSON.stringify(input)) as Record<string, unknown>
    const output = await engine.call(operation, request, { accessKeyId: 'differential', region: 'us-east-1' })
    return { output: JSON.parse(JSON.stringify(output)) as Record<string, unknown> }
  } catch (error) {
    if (error instanceof ServiceError) return { error: { name: error.name, message: error.message } }
    throw error
  }
}

let oracle: Oracle | undefined
beforeAll(async () => {
  oracle = await startOracle()
}, 60_000)
afterAll(() => oracle?.stop())

describe('against DynamoDB Local', () => {
  test(
    `${String(count)} random requests are answered alike`,
    async ({ skip }) => {
      if (oracle === undefined) return skip('needs Java 17, which is not installed')
      const { requests, differences, known } = await compareEngines(count, seed, ours, oracle.ask)
      expect(requests).toBeGreaterThanOrEqual(count)
      if (known.size > 0) process.stderr.write(`known differences: ${JSON.stringify([...known])}\n`)
      expect(differences.slice(0, 5)).toEqual([])
    },
    60_000 + count * 100,
  )
})
