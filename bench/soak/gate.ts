/** Lets workers through, or holds them until none is at work: only then is the heap that of no call. */
export class Gate {
  readonly #workers: number
  #waiting: (() => void)[] = []
  #isClosed = false
  #onQuiet: () => void = () => undefined

  constructor(workers: number) {
    this.#workers = workers
  }

  /** Called by a worker between two calls. */
  async pass(): Promise<void> {
    if (!this.#isClosed) return
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      if (this.#waiting.length === this.#workers) this.#onQuiet()
    })
  }

  /** Waits until all workers stand still, does something, and lets them go on. */
  async whenQuiet<Result>(act: () => Result): Promise<Result> {
    const quiet = new Promise<void>((resolve) => {
      this.#onQuiet = resolve
    })
    this.#isClosed = true
    await quiet
    const result = act()
    this.#isClosed = false
    for (const resume of this.#waiting.splice(0)) resume()
    return result
  }
}
