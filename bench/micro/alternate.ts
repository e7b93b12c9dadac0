import { rotated } from '../rotated.ts'

/** How long and how often is measured. */
export interface MicroEffort {
  readonly rounds: number
  /** Milliseconds each side works per round. */
  readonly slice: number
}

/** CPU time per call in microseconds, one entry per round. */
export type MicroSeries = Readonly<Record<string, number[]>>

/** Results go here, so that no call can be left out as useless. */
export const sink: { value: unknown } = { value: undefined }

/** Lets the sides work in turn, in this process, and measures the CPU time of a call of each. */
export function alternate(
  sides: Readonly<Record<string, () => unknown>>,
  { rounds, slice }: MicroEffort,
): MicroSeries {
  const names = Object.keys(sides)
  const calls = new Map(Object.entries(sides).map(([name, call]) => [name, callsPer(slice, call)]))
  const series: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of rotated(names, round)) {
      const call = sides[name]
      if (call) series[name]?.push(cpuPerCall(call, calls.get(name) ?? 1))
    }
  }
  return series
}

const warmUp = 5

/** How many calls take about a slice, once the code is compiled. */
function callsPer(slice: number, call: () => unknown): number {
  const started = performance.now()
  let count = 0
  let half = 0
  for (let elapsed = 0; elapsed < slice * warmUp; elapsed = performance.now() - started) {
    sink.value = call()
    count += 1
    if (elapsed < (slice * warmUp) / 2) half = count
  }
  return Math.max(1, Math.round((count - half) / (warmUp / 2)))
}

function cpuPerCall(call: () => unknown, count: number): number {
  const before = process.cpuUsage()
  for (let done = 0; done < count; done++) sink.value = call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}
