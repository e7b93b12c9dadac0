import { startLocalEngine } from '../../src/testing/local-engine.ts'

/** Started by a test that expects this process to end by itself. */
const engine = await startLocalEngine()
process.stdout.write(String(engine.pid))
