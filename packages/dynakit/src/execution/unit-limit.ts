import { RateLimit } from './rate-limit.ts'

/** How fast the estimate follows what is seen. */
const following = 0.3
/** The part of the bucket that is risked while nothing is known. */
const firstPart = 0.25

/**
 * Keeps the requests of a batch to a rate of capacity units. What they take is known only afterwards (indexes
 * cost too, and the sizes of items that are read are not known), so it is learned from the answers.
 */
export class UnitLimit {
  readonly #rate: RateLimit
  /** Units consumed for each unit that was expected. */
  #factor = 1
  #isLearned = false

  constructor(unitsPerSecond: number, now: () => number) {
    this.#rate = new RateLimit(unitsPerSecond, now)
  }

  /** Whether one more request may be sent: only one before the first answer. */
  mayAdd(underWay: number): boolean {
    return this.#isLearned || underWay === 0
  }

  /** How many units a request may be expected to take. */
  get room(): number {
    const { burst } = this.#rate
    return (this.#isLearned ? burst : burst * firstPart) / this.#factor
  }

  /** Estimates what a request takes. */
  estimate(expected: number): number {
    return expected * this.#factor
  }

  /**
   * Takes the units of a request, if they are there.
   *
   * @returns Milliseconds to wait before it is worth trying again; 0 when they were taken.
   */
  take(estimated: number): number {
    return this.#rate.take(estimated)
  }

  /**
   * Puts what a request consumed in the place of what was estimated.
   *
   * @param estimated - What was taken for it.
   * @param expected - What was expected of the entries that were carried out.
   * @param reported - What DynamoDB says it consumed; 0 from an engine that does not say.
   */
  settle(estimated: number, expected: number, reported: number): void {
    const consumed = reported > 0 ? reported : this.estimate(expected)
    this.#rate.settle(estimated, consumed)
    if (expected <= 0 || consumed <= 0) return
    const factor = consumed / expected
    this.#factor = this.#isLearned ? this.#factor + (factor - this.#factor) * following : factor
    this.#isLearned = true
  }
}
