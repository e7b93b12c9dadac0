import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'

/** Where this run keeps its files; every run has its own, so that two can go on at once. */
export const runFolder = path.join(import.meta.dirname, `temp/run-${String(process.pid)}`)

mkdirSync(runFolder, { recursive: true })
process.once('exit', () => {
  rmSync(runFolder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
