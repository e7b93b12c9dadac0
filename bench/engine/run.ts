import { startLocalEngine } from 'dynakit/testing'
import { type Effort, runWire, type WireResult } from '../wire/run.ts'
import { seedEngine } from './seed.ts'

/** Measures what is left of the difference when a real engine answers: DynamoDB Local on this machine. */
export async function runEngine(effort: Effort, onProgress: (message: string) => void): Promise<WireResult> {
  const engine = await startLocalEngine()
  try {
    await seedEngine(engine.clientConfig)
    return await runWire({
      target: engine.clientConfig,
      env: {},
      effort,
      contestants: ['raw', 'dynakit-sdk', 'dynakit-direct'],
      works: ['get', 'put', 'query100'],
      onProgress,
    })
  } finally {
    await engine.stop()
  }
}
