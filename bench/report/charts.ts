import { starterNames, starters } from '../cold-start/starters.ts'
import { summarize } from '../statistics.ts'
import { type ContestantName, contestants } from '../wire/contestants.ts'
import { works, type WorkName } from '../wire/works.ts'
import { barChart, type BarGroup } from './chart.ts'
import { cpuRatio, speedRatio } from './compare.ts'
import type { Results } from './results.ts'

/** A chart and the file it is kept in. */
export interface Drawn {
  readonly file: string
  /** What it shows, for those who cannot see it. */
  readonly title: string
  readonly svg: string
}

/** Draws what was measured. */
export function charts(results: Results): readonly Drawn[] {
  return [costChart(results), throughputChart(results), coldStartChart(results)].filter(
    (chart) => chart !== undefined,
  )
}

const costWorks: readonly WorkName[] = ['get', 'put', 'query100']
/** dynakit itself with one thing changed; the tables have them. */
const variants: ReadonlySet<ContestantName> = new Set<ContestantName>(['dynakit-agent', 'dynakit-unchecked'])
const inFlight: readonly WorkName[] = ['getInFlight', 'putInFlight']

function costChart({ wire }: Results): Drawn | undefined {
  if (!wire) return undefined
  const title = 'CPU time per operation, AWS SDK client = 1'
  const groups = wireGroups(wire.failures, (name) =>
    costWorks.map((work) => cpuRatio(wire, work, name, 'raw')?.median),
  )
  const series = costWorks.map((work) => works[work].label)
  const subtitle = 'over TLS, one request at a time; less is better; bars beyond 3 are cut'
  return {
    file: 'cost.svg',
    title,
    svg: barChart({ title, subtitle, series, groups, format: twoDigits, longest: 3 }),
  }
}

function throughputChart({ wire }: Results): Drawn | undefined {
  if (!wire) return undefined
  const title = 'Operations per second on one core, AWS SDK client = 1'
  const groups = wireGroups(wire.failures, (name) =>
    inFlight.map((work) => speedRatio(wire, work, name, 'raw')?.median),
  )
  const series = ['GetItem 1 KB', 'PutItem 1 KB']
  const subtitle = 'over TLS, 32 requests in flight; more is better'
  return {
    file: 'throughput.svg',
    title,
    svg: barChart({ title, subtitle, series, groups, format: oneDigit }),
  }
}

function wireGroups(
  measured: Partial<Record<ContestantName, unknown>>,
  values: (name: ContestantName) => BarGroup['values'],
): readonly BarGroup[] {
  const names = (Object.keys(measured) as ContestantName[]).filter((name) => !variants.has(name))
  return names.map((name) => ({
    label: contestants[name],
    isOwn: name.startsWith('dynakit'),
    values: values(name),
  }))
}

function coldStartChart({ coldStart }: Results): Drawn | undefined {
  if (!coldStart) return undefined
  const title = 'CPU time from the start of the process to its first item, in milliseconds'
  const groups = starterNames.map((name) => ({
    label: starters[name],
    isOwn: name.startsWith('dynakit'),
    values: [coldStart.bundled, coldStart.modules].map(
      (series) => summarize(series[name].map(({ cpu }) => cpu)).median,
    ),
  }))
  const series = ['bundled and minified', 'modules from node_modules']
  const subtitle = 'import, first connection over TLS and first GetItem; less is better'
  return { file: 'cold-start.svg', title, svg: barChart({ title, subtitle, series, groups, format: whole }) }
}

function whole(value: number): string {
  return value.toFixed(0)
}

function oneDigit(value: number): string {
  return value.toFixed(1)
}

function twoDigits(value: number): string {
  return value.toFixed(2)
}
