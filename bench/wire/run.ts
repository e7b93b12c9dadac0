import { program } from '../programs.ts'
import { rotated } from '../rotated.ts'
import { type Child, startChild } from '../child.ts'
import type { Target } from './contestant.ts'
import { type ContestantName, contestantNames } from './contestants.ts'
import type { RunReport, StartReport } from './messages.ts'
import { type WorkName, workNames, works } from './works.ts'

/** How long and how often is measured. */
export interface Effort {
  readonly rounds: number
  /** Share of each work's warm-up that is done. */
  readonly warmUp: number
  /** Most milliseconds each contestant warms up, per work. */
  readonly longestWarmUp: number
  /** Milliseconds each contestant works per round and work. */
  readonly slice: number
}

/** What was measured of one contestant at one work: one entry per round. */
interface Series {
  /** CPU time per operation, in microseconds. */
  readonly cpu: number[]
  /** Time per operation in microseconds; with several in flight, their common share. */
  readonly wall: number[]
}

export interface WireResult {
  readonly series: Readonly<Partial<Record<WorkName, Readonly<Partial<Record<ContestantName, Series>>>>>>
  /** Works a contestant could not do, and why. */
  readonly failures: Readonly<Partial<Record<ContestantName, StartReport['failures']>>>
}

export interface WireOptions {
  readonly target: Target
  readonly env: NodeJS.ProcessEnv
  readonly effort: Effort
  readonly contestants?: readonly ContestantName[]
  readonly works?: readonly WorkName[]
  readonly onProgress?: (message: string) => void
}

interface Started {
  readonly name: ContestantName
  readonly child: Child
  readonly failures: StartReport['failures']
}

/**
 * Measures all contestants against one target, each in a process of its own.
 *
 * They take turns within every round, in an order that moves on from round to round, so that a busy
 * moment of the machine does not always meet the same one.
 */
export async function runWire(options: WireOptions): Promise<WireResult> {
  const { effort, onProgress = () => undefined } = options
  const started: Started[] = []
  const series: Partial<Record<WorkName, Partial<Record<ContestantName, Series>>>> = {}
  try {
    for (const name of options.contestants ?? contestantNames) started.push(await start(name, options))
    for (const [at, work] of (options.works ?? workNames).entries()) {
      onProgress(work)
      const able = started.filter(({ failures }) => failures[work] === undefined)
      series[work] = await measure(able, work, effort, at)
    }
  } finally {
    for (const { child } of started) child.stop()
  }
  return { series, failures: Object.fromEntries(started.map(({ name, failures }) => [name, failures])) }
}

/** Who waits for its turn must not begin anew: it would cost the AWS SDK thousands of requests. */
const keepCode = ['--no-flush-bytecode']

async function start(
  name: ContestantName,
  { target, env, works: chosen = workNames }: WireOptions,
): Promise<Started> {
  const file = program('wire/contestant-process.ts')
  const args = [program(`wire/contestants/${name}.ts`), JSON.stringify(target), chosen.join()]
  const { child, greeting } = await startChild(file, args, env, keepCode)
  return { name, child, failures: (greeting as StartReport).failures }
}

/**
 * In turns, too: V8 lets go of compiled code in a process that has been idle for half a minute, and who
 * waited longest would be measured coldest.
 */
async function warmUp(started: readonly Started[], work: WorkName, effort: Effort): Promise<void> {
  const request = {
    work,
    operations: Math.round((works[work].warmUp * effort.warmUp) / warmUpTurns),
    milliseconds: effort.longestWarmUp / warmUpTurns,
  }
  for (let turn = 0; turn < warmUpTurns; turn++) {
    for (const { child } of started) await child.ask(request)
  }
}

const warmUpTurns = 10

async function measure(
  started: readonly Started[],
  work: WorkName,
  effort: Effort,
  offset: number,
): Promise<Partial<Record<ContestantName, Series>>> {
  const series: Partial<Record<ContestantName, Series>> = {}
  await warmUp(started, work, effort)
  for (let round = 0; round < effort.rounds; round++) {
    for (const { name, child } of rotated(started, round + offset)) {
      const report = (await child.ask({ work, milliseconds: effort.slice })) as RunReport
      const own = (series[name] ??= { cpu: [], wall: [] })
      own.cpu.push(report.cpu / report.operations)
      own.wall.push(report.wall / report.operations)
    }
  }
  return series
}
