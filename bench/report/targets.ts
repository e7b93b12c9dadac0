import { type Summary, summarize } from '../statistics.ts'
import type { ContestantName } from '../wire/contestants.ts'
import type { WorkName } from '../wire/works.ts'
import { cpuRatio, microRatio, speedRatio, startRatio } from './compare.ts'
import type { Results } from './results.ts'
import { table } from './table.ts'

/** What dynakit must reach. */
interface Target {
  readonly label: string
  readonly required: number
  /** What is aimed at beyond that. */
  readonly aim?: number
  /** Whether more is better. */
  readonly isAtLeast?: boolean
  readonly unit?: string
  readonly measured: (results: Results) => Summary | undefined
}

function cost(work: WorkName, base: ContestantName, name: ContestantName = 'dynakit-direct') {
  return ({ wire }: Results): Summary | undefined => cpuRatio(wire, work, name, base)
}

function micro(name: Parameters<typeof microRatio>[1], base: string) {
  return (results: Results): Summary | undefined => microRatio(results, name, 'dynakit', base)
}

function entityLayer(name: 'entity-write' | 'entity-read') {
  return ({ micro }: Results): Summary | undefined => micro && summarize(micro[name].dynakit ?? [])
}

const targets: readonly Target[] = [
  { label: 'GetItem, of the SDK client', required: 0.25, aim: 0.12, measured: cost('get', 'raw') },
  { label: 'GetItem, of ElectroDB', required: 0.2, measured: cost('get', 'electrodb') },
  { label: 'GetItem, of dynamodb-toolbox', required: 0.2, measured: cost('get', 'toolbox') },
  {
    label: 'GetItem, of dynakit through node:https',
    required: 0.67,
    measured: cost('get', 'dynakit-agent'),
  },
  { label: 'PutItem, of the SDK client', required: 0.3, aim: 0.15, measured: cost('put', 'raw') },
  { label: 'PutItem, of ElectroDB', required: 0.22, measured: cost('put', 'electrodb') },
  { label: 'Query 100, of the SDK client', required: 0.28, aim: 0.2, measured: cost('query100', 'raw') },
  { label: 'Query 100, of ElectroDB', required: 0.3, measured: cost('query100', 'electrodb') },
  {
    label: 'Query 1 MB, of the SDK client',
    required: 0.22,
    aim: 0.18,
    measured: cost('queryMegabyte', 'raw'),
  },
  {
    label: 'Query 1 MB, of the SDK client without logger',
    required: 0.65,
    measured: cost('queryMegabyte', 'raw-without-logger'),
  },
  { label: 'Query 1 MB, of ElectroDB', required: 0.33, measured: cost('queryMegabyte', 'electrodb') },
  {
    label: 'Query 1 MB, of undici + JSON.parse',
    required: 0.8,
    measured: cost('queryMegabyte', 'undici-and-parse'),
  },
  {
    label: 'BatchWrite 25, of the SDK client',
    required: 0.32,
    aim: 0.2,
    measured: cost('batchWrite', 'raw'),
  },
  { label: 'BatchWrite 25, of ElectroDB', required: 0.18, measured: cost('batchWrite', 'electrodb') },
  {
    label: 'GetItem/s with 32 in flight, of the SDK client',
    required: 4.5,
    aim: 9,
    isAtLeast: true,
    measured: ({ wire }) => speedRatio(wire, 'getInFlight', 'dynakit-direct', 'raw'),
  },
  {
    label: 'GetItem over the SDK, of the SDK client',
    required: 1.05,
    measured: cost('get', 'raw', 'dynakit-sdk'),
  },
  {
    label: 'decode 1 MB, of toString + JSON.parse',
    required: 0.8,
    aim: 0.65,
    measured: micro('decode', 'toString + JSON.parse'),
  },
  {
    label: 'a kept string holds of its page',
    required: 40,
    unit: ' KB',
    measured: ({ micro }) =>
      micro && summarize((micro['kept-string'].dynakit ?? []).map((bytes) => bytes / 1000)),
  },
  {
    label: 'encode 1 KB, of JSON.stringify',
    required: 1,
    aim: 0.85,
    measured: micro('encode', 'JSON.stringify'),
  },
  { label: 'entity layer, write', required: 12, unit: ' us', measured: entityLayer('entity-write') },
  { label: 'entity layer, read', required: 2, unit: ' us', measured: entityLayer('entity-read') },
  {
    label: "cold start bundled, of the document client (beyond Node's own start)",
    required: 0.4,
    aim: 0.25,
    measured: (results) => startRatio(results, 'bundled', 'dynakit', 'document-client'),
  },
]

/** Writes what is required next to what was measured. */
export function targetTable(results: Results): string {
  const rows = targets.flatMap((target) => {
    const measured = target.measured(results)
    return measured ? [row(target, measured)] : []
  })
  if (rows.length === 0) return ''
  return table(['CPU time of dynakit', 'required', 'aim', 'measured', 'range', ''], rows)
}

function row(target: Target, { median, lowest, highest }: Summary): string[] {
  const { label, required, aim, isAtLeast = false, unit = '' } = target
  const sign = isAtLeast ? '>=' : '<='
  const isMet = isAtLeast ? median >= required : median <= required
  const digits = required >= 10 ? 1 : 2
  return [
    label,
    `${sign} ${String(required)}${unit}`,
    aim === undefined ? '' : String(aim),
    median.toFixed(digits) + unit,
    `${lowest.toFixed(digits)} to ${highest.toFixed(digits)}`,
    isMet ? 'met' : '**missed**',
  ]
}
