import { bundleStarters } from './cold-start/bundle.ts'
import { runColdStarts } from './cold-start/run.ts'
import { runEngine } from './engine/run.ts'
import { runMicros } from './micro/run.ts'
import type { Options, Section } from './options.ts'
import type { Results } from './report/results.ts'
import { compareTypeCosts } from './type-cost/compare.ts'
import type { ContestantName } from './wire/contestants.ts'
import { runWire } from './wire/run.ts'
import type { Stub } from './wire/start-stub.ts'

const plainContestants = new Set<ContestantName>([
  'raw',
  'electrodb',
  'dynakit-sdk',
  'dynakit-direct',
  'undici-and-parse',
])

/** Measures one part of a run and puts what it found into the results. */
export async function measure(
  section: Section,
  chosen: Options,
  stub: Stub,
  results: Results,
): Promise<void> {
  const onProgress = (message: string): void => {
    process.stderr.write(`${section}: ${message}\n`)
  }
  const { effort, contestants, works } = chosen
  switch (section) {
    case 'wire':
      results.wire = await runWire({
        target: stub.tls,
        env: stub.trust,
        effort,
        contestants,
        works,
        onProgress,
      })
      return
    case 'plain':
      results.plain = await runWire({
        target: stub.plain,
        env: {},
        effort,
        contestants: contestants.filter((name) => plainContestants.has(name)),
        works: ['get', 'put', 'query100'],
        onProgress,
      })
      return
    case 'micro':
      onProgress('codec and entity layer')
      results.micro = await runMicros(chosen.microEffort, chosen.microProcesses)
      return
    case 'cold-start':
      onProgress('bundles and starts')
      results.bundles = await bundleStarters()
      results.coldStart = await runColdStarts(stub, chosen.coldStarts)
      return
    case 'engine':
      results.engine = await runEngine(chosen.engineEffort, onProgress)
      return
    case 'types':
      onProgress('compiling')
      results.types = compareTypeCosts()
  }
}
