interface Timer {
  readonly at: number
  end(): void
}

/** Time that passes only when nothing else can happen: hours of waiting in a moment. */
export class VirtualClock {
  #time = 0
  readonly #timers: Timer[] = []
  #seed: number

  constructor(seed = 1) {
    this.#seed = seed
  }

  now(): number {
    return this.#time
  }

  /** The same numbers each time, by a linear congruential generator. */
  random(): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2 ** 31
    return this.#seed / 2 ** 31
  }

  pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve()
    return new Promise((resolve) => {
      const end = (): void => {
        this.#remove(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = { at: this.#time + milliseconds, end }
      this.#timers.push(timer)
      signal?.addEventListener('abort', end)
    })
  }

  /** Lets time pass until work is done. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    const state = { isDone: false }
    const settled = work.finally(() => {
      state.isDone = true
    })
    settled.catch(() => undefined)
    for (;;) {
      await new Promise(setImmediate)
      if (state.isDone) return settled
      const [next] = this.#timers.sort((one, other) => one.at - other.at)
      if (!next) continue
      this.#time = Math.max(this.#time, next.at)
      next.end()
    }
  }

  #remove(timer: Timer): void {
    const at = this.#timers.indexOf(timer)
    if (at !== -1) this.#timers.splice(at, 1)
  }
}
