/** One contestant, in a process of its own: does the work it is told to and reports what it cost. */
import type { Target } from './contestant.ts'
import type { RunRequest, RunReport, StartReport } from './messages.ts'
import { type Connect, type Operations, type WorkName, works } from './works.ts'

const [file = '', target = '{}', workNames = ''] = process.argv.slice(2)
const { connect } = (await import(file)) as { connect: Connect }
const operations = await connect(JSON.parse(target) as Target)

async function run({ work, milliseconds, operations: most }: RunRequest): Promise<RunReport> {
  const operation = operations[work]
  const started = performance.now()
  const before = process.cpuUsage()
  let turn = 0
  const loop = async (): Promise<void> => {
    while (turn !== most && performance.now() - started < milliseconds) await operation(turn++)
  }
  await Promise.all(Array.from({ length: works[work].inFlight }, loop))
  const { user, system } = process.cpuUsage(before)
  return { operations: turn, cpu: user + system, wall: (performance.now() - started) * 1000 }
}

/** Does each work once, so that what a contestant cannot do is known before anything is measured. */
async function tryAll(ops: Operations): Promise<StartReport> {
  const failures: StartReport['failures'] = {}
  for (const name of workNames.split(',') as WorkName[]) {
    try {
      await ops[name](0)
    } catch (error) {
      failures[name] = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    }
  }
  return { failures }
}

function tell(report: RunReport | StartReport | { readonly error: string }): void {
  process.send?.(report)
}

process.on('disconnect', () => process.exit())
process.on('message', (request: RunRequest) => {
  run(request).then(tell, (error: unknown) => {
    tell({ error: String(error) })
  })
})
tell(await tryAll(operations))
