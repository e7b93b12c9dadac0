import type { BundleSize } from '../cold-start/bundle.ts'
import type { StartCost } from '../cold-start/cost.ts'
import type { Form, StartSeries } from '../cold-start/run.ts'
import { type StarterName, starterNames, starters } from '../cold-start/starters.ts'
import { type MicroName, type MicroResult, micros } from '../micro/run.ts'
import { ratio, summarize } from '../statistics.ts'
import type { TypeCostRow } from '../type-cost/compare.ts'
import { startRatio } from './compare.ts'
import type { Results } from './results.ts'
import { table } from './table.ts'

/** What a process costs from its start to its first answer. */
export function coldStartTable(results: Results, form: Form): string {
  const series = results.coldStart?.[form]
  if (!series) return ''
  const rows = starterNames.map((name) => {
    const cpu = ratio(series[name].map(cpuOf), series['document-client'].map(cpuOf))
    const beyondNode = name === 'node' ? undefined : startRatio(results, form, name, 'document-client')
    const ratios = [cpu.median.toFixed(2), beyondNode?.median.toFixed(2) ?? '']
    return [starters[name], startMedian(series, name, cpuOf), ...ratios, ...restOf(series, name)]
  })
  const head = ['', 'CPU ms', 'of the document client', "the same beyond Node's own", 'time ms', 'memory MB']
  return table(head, rows)
}

function cpuOf({ cpu }: StartCost): number {
  return cpu
}

function restOf(series: StartSeries[Form], name: StarterName): string[] {
  return [startMedian(series, name, ({ wall }) => wall), startMedian(series, name, ({ memory }) => memory)]
}

function startMedian(
  series: StartSeries[Form],
  name: StarterName,
  pick: (cost: StartCost) => number,
): string {
  return summarize(series[name].map(pick)).median.toFixed(0)
}

/** Bytes of a program that reads one item, with everything it needs. */
export function bundleTable(bundles: Readonly<Record<StarterName, BundleSize>>): string {
  const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(0)
  return table(
    ['', 'minified KB', 'gzipped KB'],
    starterNames
      .filter((name) => name !== 'node')
      .map((name) => [starters[name], kilobytes(bundles[name].minified), kilobytes(bundles[name].gzipped)]),
  )
}

/** The micro benchmarks: microseconds per call, and against the first of the others. */
export function microTable(micro: MicroResult): string {
  const rows = (Object.keys(micros) as MicroName[]).flatMap((name) => {
    const own = micro[name].dynakit ?? []
    return Object.entries(micro[name]).map(([side, values]) => [
      micros[name],
      side,
      summarize(values).median.toPrecision(3),
      side === 'dynakit' ? '' : ratio(own, values).median.toFixed(2),
    ])
  })
  const kept = Object.entries(micro['kept-string']).map(([side, [bytes = 0]]) => [
    'a string kept of a page of 1 MB',
    side,
    `${(bytes / 1000).toFixed(1)} KB`,
    '',
  ])
  return table(['', 'by', 'CPU us', 'dynakit against it'], [...rows, ...kept])
}

/** What the types cost the compiler. */
export function typeTable(rows: readonly TypeCostRow[]): string {
  return table(
    ['library', 'TypeScript', 'entities', 'instantiations', 'per entity', 'check time s'],
    rows.map((row) => [
      row.library,
      row.version,
      String(row.entities),
      String(row.instantiations),
      row.perEntity === undefined ? '' : String(row.perEntity),
      row.checkTime.toFixed(2),
    ]),
  )
}
