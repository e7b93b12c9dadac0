import { type Duration, milliseconds } from './clock.ts'
import type { StateDelays } from './operation-context.ts'

/**
 * How long tables and indexes stay in their transitional states: not at all, about as long as in AWS, or as
 * given (those left out: not at all).
 */
export type StateDelayOptions = 'none' | 'realistic' | { readonly [State in keyof StateDelays]?: Duration }

const none: StateDelays = {
  createTable: 0,
  updateTable: 0,
  deleteTable: 0,
  createIndex: 0,
  deleteIndex: 0,
  timeToLive: 0,
}
const realistic: StateDelays = {
  createTable: 8_000,
  updateTable: 10_000,
  deleteTable: 5_000,
  createIndex: 300_000,
  deleteIndex: 30_000,
  timeToLive: 3_600_000,
}

/**
 * Makes the delays of an engine.
 *
 * @internal
 */
export function stateDelays(options: StateDelayOptions = 'none'): StateDelays {
  if (options === 'none') return none
  if (options === 'realistic') return realistic
  const given = Object.entries(options).map(([state, delay]) => [state, milliseconds(delay)] as const)
  return { ...none, ...(Object.fromEntries(given) as Partial<StateDelays>) }
}
