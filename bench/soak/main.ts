/**
 * Works for a minute over one direct transport, with calls that are aborted and calls that time out, and
 * fails when memory grows or a connection is left behind.
 *
 *   npm run bench:soak [-- --seconds=60]
 */
import { fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { buildPrograms, program } from '../programs.ts'
import { startStub, type Stub } from '../wire/start-stub.ts'
import type { Sample, SoakEnd } from './program.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const seconds = Number(values.seconds)
/** Seconds between two samples; the comparison begins at the third, when code is compiled and pools are full. */
const every = seconds / 12
const settled = 3
const allowedGrowth = 1.2

await buildPrograms()
const stub = await startStub()
try {
  const samples: Sample[] = []
  const { failure } = await soak(stub, samples)
  await sleep(500)
  const { open } = await stub.statistics()
  const faults = [failure, growth(samples), open > 0 ? `${String(open)} connections left open` : undefined]
  const found = faults.filter((fault) => fault !== undefined)
  console.log(found.length === 0 ? 'ok' : found.join('\n'))
  process.exitCode = found.length === 0 ? 0 : 1
} finally {
  stub.stop()
}

function soak({ tls, trust }: Stub, samples: Sample[]): Promise<SoakEnd> {
  const child = fork(program('soak/program.ts'), [JSON.stringify(tls), String(seconds), String(every)], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, ...trust, NODE_OPTIONS: '' },
  })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`the soak ended with code ${String(code)}`))
    })
    child.on('message', (message: Sample | SoakEnd) => {
      if ('heap' in message) {
        samples.push(message)
        console.log(describe(message))
        return
      }
      resolve(message)
      child.disconnect()
    })
  })
}

function describe({ second, done, aborted, timedOut, heap, rss, sockets }: Sample): string {
  const calls = `${String(done)} calls done, ${String(aborted)} aborted, ${String(timedOut)} timed out`
  return `${String(second)} s: ${calls}; heap ${heap.toFixed(1)} MB, RSS ${rss.toFixed(0)} MB, ${String(sockets)} sockets`
}

function growth(samples: readonly Sample[]): string | undefined {
  const early = samples[settled - 1]
  const late = samples.at(-1)
  if (!early || !late || late.heap <= early.heap * allowedGrowth) return undefined
  return `the heap grew from ${early.heap.toFixed(1)} MB to ${late.heap.toFixed(1)} MB`
}
