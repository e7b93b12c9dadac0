import { setMaxListeners } from 'node:events'
import { CapacityMeter } from '../operations/capacity.ts'
import { type BatchClock, systemClock } from './batch-job.ts'
import type { Call } from './call.ts'
import { RateLimit } from './rate-limit.ts'

/** How fast the estimate follows what is seen. */
const following = 0.5
const leastUnits = 0.5

/**
 * Keeps the pages of a read, over all its branches, to a rate of read capacity units. What an item costs is
 * learned from the pages, beginning with a single item; pages are made so small that none takes much at once.
 */
export class ReadPace {
  readonly #rate: RateLimit
  readonly #clock: BatchClock
  #unitsPerItem: number | undefined
  /** The first page, on which the size of all others depends. */
  #first: Promise<unknown> | undefined

  constructor(unitsPerSecond: number, clock: BatchClock = systemClock) {
    this.#rate = new RateLimit(unitsPerSecond, () => clock.now())
    this.#clock = clock
  }

  /**
   * Reads a page when there are units for it.
   *
   * @param limit - Items to evaluate; as many as fit into one megabyte when left out.
   * @param call - The call it belongs to.
   * @param read - Reads the page, with so many items at most.
   */
  async run<Result extends { readonly evaluated: number }>(
    limit: number | undefined,
    call: Call,
    read: (limit: number, call: Call) => Promise<Result>,
  ): Promise<Result> {
    while (this.#unitsPerItem === undefined && this.#first) await this.#first.catch(() => undefined)
    const reading = this.#read(limit, call, read)
    this.#first ??= reading
    try {
      return await reading
    } finally {
      // A first page that failed teaches nothing; the next one is the first then.
      if (this.#unitsPerItem === undefined) this.#first = undefined
    }
  }

  async #read<Result extends { readonly evaluated: number }>(
    limit: number | undefined,
    call: Call,
    read: (limit: number, call: Call) => Promise<Result>,
  ): Promise<Result> {
    const cost = this.#unitsPerItem
    const room = cost === undefined ? 1 : Math.max(1, Math.floor(this.#rate.burst / cost))
    const items = Math.min(limit ?? room, room)
    const estimated = Math.max(leastUnits, items * (cost ?? leastUnits))
    const signal = call.signal ?? neverAborted
    // Each part of a scan may wait; Node takes more than ten listeners for a leak.
    setMaxListeners(0, signal)
    for (let wait = this.#rate.take(estimated); wait > 0; wait = this.#rate.take(estimated)) {
      await this.#clock.pause(Math.min(wait, timeLeft(call)), signal)
      // The request fails at once with the error that says why.
      if (signal.aborted || timeLeft(call) <= 0) break
    }
    const meter = new CapacityMeter()
    const result = await read(items, { ...call, meter })
    call.meter.merge(meter)
    // An engine may not say what was consumed.
    const consumed = meter.readUnits > 0 ? meter.readUnits : estimated
    this.#rate.settle(estimated, consumed)
    this.#learn(result.evaluated, consumed)
    return result
  }

  #learn(evaluated: number, units: number): void {
    const seen = units / Math.max(1, evaluated)
    const known = this.#unitsPerItem ?? seen
    this.#unitsPerItem = Math.max(Number.EPSILON, known + (seen - known) * following)
  }
}

const neverAborted = new AbortController().signal

function timeLeft({ deadline }: Call): number {
  return deadline === undefined ? Number.POSITIVE_INFINITY : deadline - Date.now()
}
