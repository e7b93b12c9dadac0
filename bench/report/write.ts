import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { charts } from './charts.ts'
import { readme } from './readme.ts'
import type { Results } from './results.ts'

const folder = path.join(import.meta.dirname, '../results')
const significantDigits = 4

/** Keeps what a run measured: the numbers, the tables and the charts. */
export function writeResults(results: Results): void {
  mkdirSync(folder, { recursive: true })
  const drawn = charts(results)
  for (const { file, svg } of drawn) writeFileSync(path.join(folder, file), svg)
  writeFileSync(path.join(folder, 'latest.json'), toJson(results))
  writeFileSync(path.join(folder, 'README.md'), readme(results, drawn))
}

/** One line per series, so that two runs can be compared. */
function toJson(results: Results): string {
  const text = JSON.stringify(results, shorten, 2)
  return `${text.replace(/\[[\d\s.,]+\]/g, (series) => series.replace(/\s+/g, ' '))}\n`
}

/** More digits than these are noise. */
function shorten(_name: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isInteger(value)) return value
  return Number(value.toPrecision(significantDigits))
}
