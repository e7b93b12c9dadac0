/** Numbers that look random and are the same for the same seed. */
export class Random {
  #state: number

  /**
   * @param seed - Any whole number.
   */
  constructor(seed: number) {
    this.#state = seed | 0
    // Seeds that differ little must not begin alike.
    for (let step = 0; step < 3; step += 1) this.next()
  }

  /** The next number, from 0 to below 1. */
  next(): number {
    // SplitMix32.
    this.#state = (this.#state + 0x9e3779b9) | 0
    let mixed = this.#state ^ (this.#state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    mixed ^= mixed >>> 15
    return (mixed >>> 0) / 2 ** 32
  }
}
