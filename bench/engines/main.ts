/**
 * Compares the embedded engine with dynalite and DynamoDB Local: start, PutItem and GetItem over HTTP; and says
 * what it does in process: start, GetItem through dynakit, memory of many items, forks.
 *
 *   npm run bench:engines [-- --seconds=3 --items=1000000]
 */
import { fork } from 'node:child_process'
import { parseArgs } from 'node:util'
import { buildPrograms, program } from '../programs.ts'
import { contestants } from './contestants.ts'
import { createTable, measureThroughput } from './load.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '3' }, items: { type: 'string', default: '1000000' } },
})
const milliseconds = Number(values.seconds) * 1000

await buildPrograms()

console.log('over HTTP, 16 connections, items of about 200 bytes')
for (const contestant of contestants) {
  const engine = await contestant.start()
  try {
    await createTable(engine.endpoint)
    const { put, get } = await measureThroughput(engine.endpoint, milliseconds)
    console.log(
      `  ${`${contestant.name} ${contestant.version}`.padEnd(24)} first answer ${engine.started.toFixed(0).padStart(5)} ms` +
        `  PutItem ${put.toFixed(0).padStart(6)}/s  GetItem ${get.toFixed(0).padStart(6)}/s`,
    )
  } finally {
    engine.stop()
  }
}

console.log('in process')
const starts = []
for (let run = 0; run < 9; run += 1) {
  const { firstAnswer } = await runProgram<{ firstAnswer: number }>('engines/programs/first-answer.ts')
  starts.push(firstAnswer)
}
starts.sort((left, right) => left - right)
console.log(`  import to first answer, median of 9: ${(starts[4] ?? 0).toFixed(1)} ms`)
const found = await runProgram<Record<'puts' | 'gets' | 'fork' | 'rss' | 'heap', number>>(
  'engines/programs/in-process.ts',
  [values.items],
  ['--expose-gc', '--max-old-space-size=4000'],
)
console.log(
  `  GetItem through dynakit: ${found.gets.toFixed(0)}/s; PutItem of the engine: ${found.puts.toFixed(0)}/s`,
)
console.log(
  `  ${values.items} items: ${found.rss.toFixed(0)} MB resident, ${found.heap.toFixed(0)} MB of heap`,
)
console.log(`  a fork of them: ${found.fork.toFixed(2)} ms`)

function runProgram<Result>(source: string, args: string[] = [], execArgv: string[] = []): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(program(source), args, { execArgv, env: { ...process.env, NODE_OPTIONS: '' } })
    child.once('message', (message) => {
      resolve(message as Result)
    })
    child.once('exit', (code) => {
      reject(new Error(`${source} ended with code ${String(code)}`))
    })
  })
}
