/** A length of time: milliseconds, or a number with its unit, such as `'30s'`, `'15m'`, `'4h'` or `'2d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/**
 * Reads a length of time.
 *
 * @param duration - Milliseconds, or text such as `'4h'`.
 * @returns Milliseconds.
 * @throws TypeError when it is neither, or negative.
 */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number' && duration >= 0) return duration
  const [, amount, unit] = durationPattern.exec(String(duration)) ?? []
  if (typeof duration === 'number' || amount === undefined || unit === undefined) {
    throw new TypeError(
      "A length of time is a number of milliseconds from 0, or text such as '30s', '15m', '4h' or '2d'.",
    )
  }
  return Number(amount) * (units[unit] as number)
}

/**
 * The time the engine goes by. It runs with the computer's clock until a test moves or stops it; everything
 * that depends on time (transitional states, time to live, shards and iterators of streams, idempotency
 * tokens, capacity) follows it.
 *
 * @example
 * ```ts
 * import { createEngine } from 'dynakit-local'
 *
 * const engine = createEngine()
 * engine.clock.advance('4h')
 * ```
 */
export class Clock {
  #offset = 0
  #frozenAt: number | undefined

  /** The time in epoch milliseconds. */
  now(): number {
    return this.#frozenAt ?? Date.now() + this.#offset
  }

  /**
   * Moves the clock forward.
   *
   * @param duration - How far: milliseconds, or text such as `'4h'`.
   * @throws TypeError when it is no length of time.
   */
  advance(duration: Duration): void {
    const distance = milliseconds(duration)
    if (this.#frozenAt === undefined) this.#offset += distance
    else this.#frozenAt += distance
  }

  /**
   * Sets the clock. It does not go back: what has happened stays in the past.
   *
   * @param time - A time that is not before the clock's.
   * @throws RangeError when it is.
   */
  set(time: Date | number): void {
    const distance = Number(time) - this.now()
    if (!(distance >= 0))
      throw new RangeError('The clock does not go back; give a time that is not before now().')
    this.advance(distance)
  }

  /** Stops the clock: time passes by {@link advance} and {@link set} only. */
  freeze(): void {
    this.#frozenAt = this.now()
  }

  /** Lets a stopped clock run again, from where it stands. */
  resume(): void {
    if (this.#frozenAt === undefined) return
    this.#offset = this.#frozenAt - Date.now()
    this.#frozenAt = undefined
  }

  /** Makes a clock that shows the same time and goes its own way from here on. */
  fork(): Clock {
    const clock = new Clock()
    clock.#offset = this.#offset
    clock.#frozenAt = this.#frozenAt
    return clock
  }
}
