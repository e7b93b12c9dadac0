import { parseArgs } from 'node:util'
import type { MicroEffort } from './micro/alternate.ts'
import { type ContestantName, contestantNames } from './wire/contestants.ts'
import type { Effort } from './wire/run.ts'
import { type WorkName, workNames } from './wire/works.ts'

/** The parts of a run. */
const sections = ['wire', 'plain', 'micro', 'cold-start', 'engine', 'types'] as const
export type Section = (typeof sections)[number]

/** What to measure and how thoroughly. */
export interface Options {
  readonly isShort: boolean
  /** Whether the results are kept in `bench/results`. */
  readonly isKept: boolean
  readonly contestants: readonly ContestantName[]
  readonly works: readonly WorkName[]
  readonly sections: readonly Section[]
  readonly effort: Effort
  readonly engineEffort: Effort
  readonly microEffort: MicroEffort
  readonly microProcesses: number
  readonly coldStarts: number
}

export const usage = `npm run bench -- [--short] [--write] [--only=...] [--works=...] [--sections=...]

  --short      under two minutes: fewer contestants and works, shorter rounds and a warm-up too short for
               the AWS SDK, which flatters what needs less; prints the tables and keeps nothing
  --write      keeps the results of a short or partial run too
  --only       contestants: ${contestantNames.join(', ')}
  --works      ${workNames.join(', ')}
  --sections   ${sections.join(', ')}`

const full = {
  effort: { rounds: 9, warmUp: 1, longestWarmUp: 20_000, slice: 400 },
  engineEffort: { rounds: 7, warmUp: 0.3, longestWarmUp: 10_000, slice: 1000 },
  microEffort: { rounds: 9, slice: 150 },
  microProcesses: 3,
  coldStarts: 15,
}
/** The warm-up is too short for the AWS SDK and what is built on it, so a short run flatters the others. */
const short = {
  effort: { rounds: 3, warmUp: 0.3, longestWarmUp: 3000, slice: 100 },
  engineEffort: { rounds: 3, warmUp: 0.1, longestWarmUp: 2000, slice: 300 },
  microEffort: { rounds: 5, slice: 50 },
  microProcesses: 1,
  coldStarts: 2,
}
const shortSections: readonly Section[] = ['wire', 'micro', 'cold-start']
const shortContestants: readonly ContestantName[] = [
  'raw',
  'raw-without-logger',
  'electrodb',
  'toolbox',
  'dynakit-sdk',
  'dynakit-direct',
  'undici-and-parse',
]
const shortWorks = workNames.filter((name) => name !== 'batchGet' && name !== 'putInFlight')

/** Reads the options of a run; `undefined` when help was asked for. */
export function readOptions(): Options | undefined {
  const list = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: { short: flag, write: flag, help: flag, only: list, works: list, sections: list },
  })
  if (values.help) return undefined
  const isPartial = values.only !== undefined || values.works !== undefined || values.sections !== undefined
  return {
    isShort: values.short,
    isKept: values.write || !(values.short || isPartial),
    contestants: choose(values.only, contestantNames, values.short ? shortContestants : contestantNames),
    works: choose(values.works, workNames, values.short ? shortWorks : workNames),
    sections: choose(values.sections, sections, values.short ? shortSections : sections),
    ...(values.short ? short : full),
  }
}

function choose<Name extends string>(
  given: string | undefined,
  known: readonly Name[],
  usual: readonly Name[],
): readonly Name[] {
  if (given === undefined) return usual
  const names = given.split(',')
  const unknown = names.find((name) => !known.some((other) => other === name))
  if (unknown !== undefined) throw new Error(`'${unknown}' is none of: ${known.join(', ')}`)
  // The order is the one of the tables, and whoever is compared with must be there.
  return known.filter((name) => names.includes(name))
}
