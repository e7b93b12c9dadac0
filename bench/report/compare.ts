import { ratio, type Summary, summarize } from '../statistics.ts'
import type { ContestantName } from '../wire/contestants.ts'
import type { WireResult } from '../wire/run.ts'
import type { WorkName } from '../wire/works.ts'
import type { StartCost } from '../cold-start/cost.ts'
import type { Form } from '../cold-start/run.ts'
import type { StarterName } from '../cold-start/starters.ts'
import type { MicroName } from '../micro/run.ts'
import type { Results } from './results.ts'

/** CPU time of one contestant against another's, at one work. */
export function cpuRatio(
  result: WireResult | undefined,
  work: WorkName,
  name: ContestantName,
  base: ContestantName,
): Summary | undefined {
  const own = result?.series[work]?.[name]
  const other = result?.series[work]?.[base]
  return own && other && ratio(own.cpu, other.cpu)
}

/** Operations per second of one contestant against another's, at one work. */
export function speedRatio(
  result: WireResult | undefined,
  work: WorkName,
  name: ContestantName,
  base: ContestantName,
): Summary | undefined {
  const own = result?.series[work]?.[name]
  const other = result?.series[work]?.[base]
  return own && other && ratio(other.wall, own.wall)
}

/** CPU time of one side of a micro benchmark against the other's. */
export function microRatio(
  { micro }: Results,
  name: MicroName,
  side: string,
  base: string,
): Summary | undefined {
  const own = micro?.[name][side]
  const other = micro?.[name][base]
  return own && other && ratio(own, other)
}

/** CPU time of one start against another's, Node's own start taken off both. */
export function startRatio(
  { coldStart }: Results,
  form: Form,
  name: StarterName,
  base: StarterName,
): Summary | undefined {
  if (!coldStart) return undefined
  const own = coldStart[form]
  const node = summarize(own.node.map(cpuOf)).median
  const beyondNode = (cost: StartCost): number => cost.cpu - node
  return ratio(own[name].map(beyondNode), own[base].map(beyondNode))
}

function cpuOf(cost: StartCost): number {
  return cost.cpu
}
