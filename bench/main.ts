import { measure } from './measure.ts'
import { type Options, readOptions, usage } from './options.ts'
import { buildPrograms } from './programs.ts'
import { describeMachine, packageVersions } from './report/machine.ts'
import type { Results } from './report/results.ts'
import { reportText } from './report/text.ts'
import { writeResults } from './report/write.ts'
import { startStub } from './wire/start-stub.ts'

const options = readOptions()
if (options) await main(options)
else console.log(usage)

async function main(chosen: Options): Promise<void> {
  const results: Results = {
    date: new Date().toISOString(),
    command: commandLine(process.argv.slice(2)),
    machine: describeMachine(),
    versions: packageVersions(),
  }
  await buildPrograms()
  const stub = await startStub()
  results.sizes = stub.sizes
  try {
    for (const section of chosen.sections) {
      // What the other parts measured is worth keeping.
      await measure(section, chosen, stub, results).catch((error: unknown) => {
        results.failures = { ...results.failures, [section]: String(error) }
        process.exitCode = 1
      })
    }
  } finally {
    stub.stop()
  }
  console.log(reportText(results))
  if (chosen.isKept) writeResults(results)
}

function commandLine(args: readonly string[]): string {
  return args.length === 0 ? 'npm run bench' : `npm run bench -- ${args.join(' ')}`
}
