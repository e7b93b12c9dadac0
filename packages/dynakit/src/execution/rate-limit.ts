const millisecondsPerSecond = 1000
/** The part of a second's units that may be used at once: what a window of ten seconds can be over by. */
const burstSeconds = 0.2

/**
 * Keeps the capacity that requests consume to so many units per second: a bucket that fills all the time, from
 * which an estimate is taken before a request and the difference to what it consumed after it.
 */
export class RateLimit {
  readonly #unitsPerSecond: number
  readonly #now: () => number
  #units: number
  #filledAt: number
  /** Units one request may take. */
  readonly burst: number

  /**
   * @param unitsPerSecond - The limit.
   * @param now - Milliseconds, of any beginning.
   */
  constructor(unitsPerSecond: number, now: () => number) {
    this.#unitsPerSecond = unitsPerSecond
    this.#now = now
    this.burst = unitsPerSecond * burstSeconds
    this.#units = this.burst
    this.#filledAt = now()
  }

  /**
   * Takes units for a request, if they are there. A request that wants more than the bucket holds gets them
   * when it is full, and the bucket then owes the rest.
   *
   * @returns Milliseconds to wait before it is worth trying again; 0 when they were taken.
   */
  take(units: number): number {
    this.#fill()
    const missing = Math.min(units, this.burst) - this.#units
    // Filling in small steps may leave a trace of a unit.
    if (missing > 1e-6)
      return Math.max(1, Math.ceil((missing / this.#unitsPerSecond) * millisecondsPerSecond))
    this.#units -= units
    return 0
  }

  /** Puts the consumption of a request in the place of its estimate. */
  settle(estimated: number, consumed: number): void {
    this.#fill()
    this.#units = Math.min(this.burst, this.#units + estimated - consumed)
  }

  #fill(): void {
    const now = this.#now()
    const filled = ((now - this.#filledAt) / millisecondsPerSecond) * this.#unitsPerSecond
    this.#units = Math.min(this.burst, this.#units + filled)
    this.#filledAt = now
  }
}
