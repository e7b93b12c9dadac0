import type { EntrySource } from './batch-source.ts'

/** What an intake tells. */
export interface IntakeEvents<Entry> {
  /** An entry has been taken. */
  accept(entry: Entry): void
  /** The source has failed; no more comes. */
  fail(error: unknown): void
  /** Something has happened after a wait. */
  wake(): void
  /** Waits until an unfilled request is sent rather than held for a slow source. */
  waitForMore(): Promise<void>
}

/** Takes entries from a source as long as there is room for them, one at a time. */
export class BatchIntake<Entry> {
  readonly #source: EntrySource<Entry>
  readonly #events: IntakeEvents<Entry>
  #isPulling = false
  #hasFailed = false
  #patience: 'fresh' | 'waiting' | 'lost' = 'fresh'
  /** Whether the source has nothing more. */
  isDone = false

  constructor(source: EntrySource<Entry>, events: IntakeEvents<Entry>) {
    this.#source = source
    this.#events = events
  }

  /** Whether an entry may come soon that would fill a request. */
  get isWorthWaitingFor(): boolean {
    return this.#isPulling && this.#patience !== 'lost'
  }

  /** How many entries there are, where that is known. */
  get total(): number | undefined {
    return this.#source.total
  }

  /** Takes entries while there is room; those that are all there anyway need none. */
  fill(hasRoom: () => boolean): void {
    const isListed = this.#source.total !== undefined
    while (!this.isDone && !this.#isPulling && !this.#hasFailed && (isListed || hasRoom())) {
      try {
        const next = this.#source.next()
        if (next instanceof Promise) void this.#pull(next)
        else this.#accept(next)
      } catch (error) {
        this.#fail(error)
      }
    }
  }

  /** Hears that a request was filled: the next one may be waited for again. */
  onRequest(): void {
    if (this.#patience === 'lost') this.#patience = 'fresh'
  }

  /** Says that no more is wanted. */
  close(): void {
    if (!this.isDone) this.#source.close()
  }

  async #pull(next: Promise<Entry | undefined>): Promise<void> {
    this.#isPulling = true
    if (this.#patience === 'fresh') void this.#losePatience()
    try {
      this.#accept(await next)
    } catch (error) {
      this.#fail(error)
    }
    this.#isPulling = false
    this.#events.wake()
  }

  async #losePatience(): Promise<void> {
    this.#patience = 'waiting'
    await this.#events.waitForMore()
    this.#patience = 'lost'
    this.#events.wake()
  }

  #accept(entry: Entry | undefined): void {
    if (entry === undefined) this.isDone = true
    else this.#events.accept(entry)
  }

  #fail(error: unknown): void {
    this.#hasFailed = true
    this.#events.fail(error)
  }
}
