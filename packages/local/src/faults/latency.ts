import { type Duration, milliseconds } from '../engine/clock.ts'
import type { Random } from './random.ts'

/**
 * How long answers take, in real time: always the same, evenly between two bounds, or log-normal, as those of
 * services are: half of them up to `median`, all but one in a hundred up to `p99`.
 */
export type Latency =
  | Duration
  | { readonly from: Duration; readonly to: Duration }
  | { readonly median: Duration; readonly p99: Duration }

/** How many standard deviations the 99th percentile is above the median. */
const deviationsToP99 = 2.326

/**
 * Draws a latency.
 *
 * @param latency - What it is drawn from.
 * @param random - Where chance comes from.
 * @returns Milliseconds.
 * @internal
 */
export function drawLatency(latency: Latency, random: Random): number {
  if (typeof latency !== 'object') return milliseconds(latency)
  if ('from' in latency) {
    const from = milliseconds(latency.from)
    return from + random.next() * (milliseconds(latency.to) - from)
  }
  const median = milliseconds(latency.median)
  const spread = Math.log(milliseconds(latency.p99) / median) / deviationsToP99
  return median * Math.exp(spread * drawNormal(random))
}

/** Box-Muller. */
function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return radius * Math.cos(2 * Math.PI * random.next())
}
