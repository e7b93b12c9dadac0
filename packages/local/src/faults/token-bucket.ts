/** Capacity that fills up with time. A request is let in while there is any, and may leave a debt. */
export class TokenBucket {
  #tokens: number
  #filledAt: number

  /**
   * @param tokens - What is there in the beginning.
   * @param now - The time.
   */
  constructor(tokens: number, now: number) {
    this.#tokens = tokens
    this.#filledAt = now
  }

  /**
   * Tells whether there is anything left.
   *
   * @param now - The time.
   * @param rate - Units a second.
   * @param size - Units it holds at most.
   */
  hasAny(now: number, rate: number, size: number): boolean {
    const elapsed = Math.max(0, now - this.#filledAt) / 1000
    this.#filledAt = now
    this.#tokens = Math.min(size, this.#tokens + elapsed * rate)
    return this.#tokens > 0
  }

  /** Takes units out. */
  take(units: number): void {
    this.#tokens -= units
  }
}
