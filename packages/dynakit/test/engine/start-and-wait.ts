import { startLocalEngine } from '../../src/testing/local-engine.ts'

/** Started by a test that then kills this process. */
const engine = await startLocalEngine()
process.stdout.write(String(engine.pid))
setInterval(() => undefined, 1000)
