const smallestSelectivePage = 20
const largestPage = 2000
const growthWithoutMatches = 4
const headroom = 1.25

/**
 * Decides how many items DynamoDB evaluates per request.
 *
 * Without a filter, exactly as many as are wanted. With one, a small page first; then as many as the share
 * of matches seen so far suggests. So `take(1)` does not read a megabyte, and a rare match does not take
 * a thousand requests.
 */
export class PageSizer {
  readonly #fixed: number | undefined
  readonly #isSelective: boolean
  #evaluated = 0
  #matched = 0
  #last = 0

  constructor(fixed: number | undefined, isSelective: boolean) {
    this.#fixed = fixed
    this.#isSelective = isSelective
  }

  /**
   * Size of the next page.
   *
   * @param wanted - Items still wanted; all when left out.
   * @returns Items to evaluate, or `undefined` for as many as fit into one megabyte.
   */
  next(wanted: number | undefined): number | undefined {
    if (this.#fixed !== undefined) {
      return wanted === undefined || this.#isSelective ? this.#fixed : Math.min(this.#fixed, wanted)
    }
    if (wanted === undefined) return undefined
    this.#last = this.#estimate(wanted)
    return this.#last > largestPage ? undefined : this.#last
  }

  /** Takes note of what a page held. */
  observe(evaluated: number, matched: number): void {
    this.#evaluated += evaluated
    this.#matched += matched
  }

  #estimate(wanted: number): number {
    if (this.#evaluated === 0) return this.#isSelective ? Math.max(wanted * 2, smallestSelectivePage) : wanted
    if (this.#matched === 0) return this.#last * growthWithoutMatches
    return Math.max(wanted, Math.ceil(((wanted * this.#evaluated) / this.#matched) * headroom))
  }
}
