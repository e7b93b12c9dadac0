import { startChild } from '../child.ts'
import { program } from '../programs.ts'
import type { MicroEffort, MicroSeries } from './alternate.ts'

/** What is measured in isolation; the order is the order of the tables. */
export const micros = {
  decode: 'decode a page of 1 MB',
  'decode-after-others': 'decode a page of 1 MB, after 3,000 items of other kinds',
  'decode-and-visit': 'decode a page of 1 MB and look at every value',
  encode: 'encode an item of 1 KB',
  'entity-write': 'entity layer: from input to a planned put',
  'entity-read': 'entity layer: from a stored item to an item',
} as const

export type MicroName = keyof typeof micros
export type MicroResult = Readonly<Record<MicroName | 'kept-string', MicroSeries>>

const microNames = Object.keys(micros) as readonly MicroName[]

/**
 * Runs each micro benchmark in fresh processes, where nothing else has shaped the compiled code, and
 * puts their rounds together.
 */
export async function runMicros(effort: MicroEffort, processes: number): Promise<MicroResult> {
  const results: Record<string, Record<string, number[]>> = {}
  for (let turn = 0; turn < processes; turn++) {
    for (const name of microNames) {
      const series = await runOnce(name, effort)
      const own = (results[name] ??= {})
      for (const [side, values] of Object.entries(series)) own[side] = [...(own[side] ?? []), ...values]
    }
  }
  const kept = await runOnce('kept-string', effort, ['--expose-gc'])
  return { ...results, 'kept-string': kept } as MicroResult
}

async function runOnce(
  name: string,
  effort: MicroEffort,
  execArgv: readonly string[] = [],
): Promise<MicroSeries> {
  const file = program(`micro/programs/${name}.ts`)
  const { child, greeting } = await startChild(file, [JSON.stringify(effort)], {}, execArgv)
  child.stop()
  return greeting as MicroSeries
}
