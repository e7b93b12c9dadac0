import { type Summary, summarize } from '../statistics.ts'
import { type ContestantName, contestants } from '../wire/contestants.ts'
import type { WireResult } from '../wire/run.ts'
import { works, type WorkName } from '../wire/works.ts'
import { cpuRatio, speedRatio } from './compare.ts'
import { table } from './table.ts'

/** One table per work: what an operation costs, in itself and against the AWS SDK client. */
export function wireTables(result: WireResult): string {
  return (Object.keys(result.series) as WorkName[])
    .map((work) => `### ${works[work].label}\n\n${workTable(result, work)}`)
    .join('\n\n')
}

const head = ['', 'CPU us', 'of the SDK client', 'range', 'operations/s', 'times the SDK client']

function workTable(result: WireResult, work: WorkName): string {
  const names = Object.keys(result.failures) as ContestantName[]
  return table(
    head,
    names.map((name) => [contestants[name], ...cells(result, work, name)]),
  )
}

function cells(result: WireResult, work: WorkName, name: ContestantName): string[] {
  const own = result.series[work]?.[name]
  if (!own) return ['failed', '', '', '', '']
  const cpu = summarize(own.cpu).median
  const cost = cpuRatio(result, work, name, 'raw')
  const speed = speedRatio(result, work, name, 'raw')
  const rate = summarize(own.wall.map((wall) => 1e6 / wall)).median
  return [
    cpu.toFixed(cpu < 100 ? 1 : 0),
    cost?.median.toFixed(2) ?? '',
    cost ? range(cost) : '',
    rate.toFixed(0),
    speed?.median.toFixed(2) ?? '',
  ]
}

function range({ lowest, highest }: Summary): string {
  return `${lowest.toFixed(2)} to ${highest.toFixed(2)}`
}

/** Which contestants could not do which work, and what they said. */
export function failureList(result: WireResult): string {
  return Object.entries(result.failures)
    .flatMap(([name, failures]) =>
      Object.entries(failures).map(
        ([work, reason]) =>
          `- ${contestants[name as ContestantName]}, ${works[work as WorkName].label}: ${reason}`,
      ),
    )
    .join('\n')
}
