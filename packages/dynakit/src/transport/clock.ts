/** A difference below this is accepted by AWS and not worth correcting, in milliseconds. */
const tolerated = 60_000

/**
 * Tells the time as AWS sees it.
 *
 * A signature holds its time, and AWS refuses one that is more than some minutes off. When the clock of
 * this machine is wrong, the `Date` header of the refusal tells by how much.
 */
export class Clock {
  #offset: number

  /**
   * @param offset - Known difference to AWS's time in milliseconds.
   */
  constructor(offset = 0) {
    this.#offset = offset
  }

  /** Difference to this machine's clock in milliseconds. */
  get offset(): number {
    return this.#offset
  }

  /** Epoch milliseconds, corrected. */
  now(): number {
    return Date.now() + this.#offset
  }

  /**
   * Corrects the clock by an answer.
   *
   * @param date - The answer's `Date` header.
   * @param offset - The clock's offset when the request was signed.
   * @returns Whether another signature may be accepted: the clock was off, and now is not.
   */
  correct(date: string | undefined, offset: number): boolean {
    // Another request may have been the first to learn of it.
    if (offset !== this.#offset) return true
    const time = date === undefined ? Number.NaN : Date.parse(date)
    if (Number.isNaN(time) || Math.abs(time - this.now()) < tolerated) return false
    this.#offset = time - Date.now()
    return true
  }
}
