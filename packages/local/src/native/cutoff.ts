import { setMaxListeners } from 'node:events'

const longestTimer = 2 ** 31 - 1

/** Ends a request when the caller's signal fires or its deadline passes, and knows which it was. */
export class Cutoff {
  readonly #controller = new AbortController()
  readonly #caller: AbortSignal | undefined
  readonly #deadline: number | undefined
  readonly #timer: NodeJS.Timeout | undefined
  #cause: 'signal' | 'deadline' | undefined

  /**
   * @param caller - The caller's signal.
   * @param deadline - Epoch milliseconds, in real time.
   */
  constructor(caller: AbortSignal | undefined, deadline: number | undefined) {
    this.#caller = caller
    this.#deadline = deadline
    if (caller?.aborted === true) this.#end('signal')
    // One signal may end hundreds of requests at once.
    if (caller) setMaxListeners(0, caller)
    caller?.addEventListener('abort', this.#onAbort, { once: true })
    if (deadline === undefined) return
    const remaining = deadline - Date.now()
    if (remaining <= 0) this.giveUp()
    else if (remaining <= longestTimer) this.#timer = setTimeout(this.#onDeadline, remaining)
  }

  /** Fires when the request must end. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Why it must end; undefined while it need not. */
  get cause(): 'signal' | 'deadline' | undefined {
    return this.#cause
  }

  /** What the caller's signal gives as its reason. */
  get reason(): unknown {
    return this.#caller?.reason as unknown
  }

  /** Tells whether the deadline leaves a time. */
  leaves(milliseconds: number): boolean {
    return this.#deadline === undefined || this.#deadline - Date.now() >= milliseconds
  }

  /** Ends the request because its deadline passes before anything more can be done. */
  giveUp(): void {
    this.#end('deadline')
  }

  /** Lets go of timer and listener. */
  release(): void {
    clearTimeout(this.#timer)
    this.#caller?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onDeadline = (): void => {
    this.#end('deadline')
  }

  readonly #onAbort = (): void => {
    this.#end('signal')
  }

  #end(cause: 'signal' | 'deadline'): void {
    this.#cause ??= cause
    this.#controller.abort()
  }
}
