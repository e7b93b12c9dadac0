import { startLocalEngine } from 'dynakit/testing'

/** Starts one engine for the whole test run; the workers find it in their environment. */
export default async function startEngine(): Promise<() => Promise<void>> {
  const engine = await startLocalEngine()
  process.env.DYNAMODB_ENDPOINT = engine.endpoint
  return () => engine.stop()
}
