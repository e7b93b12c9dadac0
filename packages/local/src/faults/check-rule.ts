import { milliseconds } from '../engine/clock.ts'
import type { Fault, FaultRule } from './fault-rule.ts'
import type { Latency } from './latency.ts'

const kinds: ReadonlySet<string> = new Set<Fault['kind']>([
  'error',
  'lost-answer',
  'latency',
  'throttle',
  'transaction-conflict',
  'unprocessed',
])

/**
 * Checks a rule: one that can never fire, or not as it was meant, would make a test pass for nothing.
 *
 * @param rule - The rule.
 * @param operations - Names of the operations there are.
 * @throws TypeError that names the member that is wrong.
 * @internal
 */
export function checkRule(rule: FaultRule, operations: ReadonlySet<string>): void {
  for (const name of rule.operations ?? []) {
    if (!operations.has(name)) throw new TypeError(`operations: there is no operation '${name}'.`)
  }
  checkCount('after', rule.after)
  checkCount('times', rule.times)
  checkShare('probability', rule.probability)
  checkFault(rule.fault)
}

function checkFault(fault: Fault): void {
  if (!kinds.has(fault.kind)) throw new TypeError(`fault.kind: give one of ${[...kinds].join(', ')}.`)
  if (fault.kind === 'latency') checkLatency(fault.latency)
  if (fault.kind === 'unprocessed') checkShare('fault.share', fault.share)
  if (fault.kind === 'error' && fault.name === '')
    throw new TypeError('fault.name: give the name of an exception.')
}

function checkLatency(latency: Latency): void {
  const bounds = typeof latency === 'object' ? Object.values(latency) : [latency]
  const [low = 0, high = low] = bounds.map((bound) => milliseconds(bound as number))
  if (high < low) throw new TypeError('fault.latency: its second bound is below its first.')
  if (typeof latency === 'object' && 'median' in latency && low === 0) {
    throw new TypeError('fault.latency.median: give more than 0.')
  }
}

function checkCount(name: string, count = 0): void {
  if (count === Infinity || (Number.isInteger(count) && count >= 0)) return
  throw new TypeError(`${name}: give a whole number from 0.`)
}

function checkShare(name: string, share = 0): void {
  if (share >= 0 && share <= 1) return
  throw new TypeError(`${name}: give a number from 0 to 1.`)
}
