import type { NativeItem } from '../codec/native-value.ts'
import type { NumberMode } from '../codec/number.ts'
import { ThrottledError } from '../errors/service-errors.ts'
import { AbortedError, TimeoutError } from '../errors/transport-errors.ts'
import type { KeyShape } from '../planner/key-shape.ts'
import { keyText } from '../planner/key-text.ts'
import { pause } from '../transport/pause.ts'
import type { BatchSettings } from './batch-options.ts'
import { type BatchEnding, batchError } from './batch-ending.ts'
import type { Call } from './call.ts'

/** One read or write of a batch while it is carried out. */
export interface BatchEntry {
  /** Keys of its table. */
  readonly shape: KeyShape
  /** Equal for entries of the same item: only one of them is under way at a time. */
  readonly text: string
  /** What the caller gave for it. */
  readonly given: unknown
  /** Whether DynamoDB has carried it out. */
  isDone: boolean
}

/** What a batch does. */
export interface BatchJob<Entry extends BatchEntry> {
  readonly operation: 'BatchGetItem' | 'BatchWriteItem'
  /** Most entries of one request. */
  readonly size: number
  /**
   * Sends one request.
   *
   * @returns The entries that DynamoDB did not get to.
   */
  send(entries: readonly Entry[]): Promise<readonly Entry[]>
}

/** What waits are made of; tests put their own in its place. */
export interface BatchClock {
  /** A number from 0 up to 1. */
  random(): number
  /** Waits for milliseconds; ends early, without an error, when the signal fires. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

const systemClock: BatchClock = { random: Math.random, pause }

/** Longest wait after a round that left something, in milliseconds; doubles with each that brought nothing. */
const firstWait = 50
/** Upper bound of any wait, in milliseconds. */
const longestWait = 5000

/**
 * Carries out a batch: requests of the largest size, a few at once, again and again for what DynamoDB did
 * not get to, with full jitter over waits that double while nothing is carried out.
 *
 * Entries of the same item are sent one after the other in their order.
 *
 * Source: Amazon DynamoDB Developer Guide, "Error retries and exponential backoff", batch operations; a
 * request of which nothing could be carried out is throttled as a whole, so that counts as nothing done.
 */
export class BatchRun<Entry extends BatchEntry> {
  readonly #job: BatchJob<Entry>
  readonly #entries: readonly Entry[]
  readonly #settings: BatchSettings
  readonly #call: Call
  readonly #clock: BatchClock
  /** Entries that may be sent, from `#next` on. */
  readonly #queue: Entry[] = []
  #next = 0
  /** The next entry of the same item, which waits for the one before it. */
  readonly #followers = new Map<Entry, Entry>()
  /** Answers in a row that brought nothing. */
  #idleAnswers = 0
  #lastThrottled: ThrottledError | undefined
  #lanes = 0
  #ending: BatchEnding | undefined
  #waking: AbortController | undefined

  constructor(
    job: BatchJob<Entry>,
    entries: readonly Entry[],
    settings: BatchSettings,
    call: Call,
    clock: BatchClock = systemClock,
  ) {
    this.#job = job
    this.#entries = entries
    this.#settings = settings
    this.#call = call
    this.#clock = clock
    this.#fillQueue()
  }

  #fillQueue(): void {
    const last = new Map<string, Entry>()
    for (const entry of this.#entries) {
      const before = last.get(entry.text)
      if (before) this.#followers.set(before, entry)
      else this.#queue.push(entry)
      last.set(entry.text, entry)
    }
  }

  /** Whether one request holds everything. */
  get isOneRequest(): boolean {
    return this.#followers.size === 0 && this.#queue.length <= this.#job.size
  }

  /**
   * Sends everything.
   *
   * @throws BatchIncompleteError when something is left; the error of a request when nothing was carried
   *   out.
   */
  async run(): Promise<void> {
    const lanes = Math.min(this.#settings.concurrency, Math.ceil(this.#queue.length / this.#job.size))
    const { signal } = this.#call
    const wake = (): void => {
      this.#waking?.abort()
    }
    signal?.addEventListener('abort', wake, { once: true })
    try {
      await Promise.all(Array.from({ length: lanes }, () => this.#lane()))
    } finally {
      signal?.removeEventListener('abort', wake)
    }
    if (this.#ending) throw batchError(this.#job.operation, this.#entries, this.#ending)
  }

  /** Sends one request after the other until nothing may be sent. */
  async #lane(): Promise<void> {
    this.#lanes += 1
    let idleRounds = 0
    for (let entries = this.#take(); entries.length > 0; entries = this.#take()) {
      const left = await this.#send(entries)
      if (!left) break
      this.#settle(entries, left)
      idleRounds = left.length < entries.length ? 0 : idleRounds + 1
      if (left.length > 0) await this.#backOff(idleRounds)
    }
    this.#lanes -= 1
  }

  #take(): readonly Entry[] {
    if (this.#next === this.#queue.length || this.#hasEnded()) return []
    const from = this.#next
    this.#next = Math.min(from + this.#job.size, this.#queue.length)
    return this.#queue.slice(from, this.#next)
  }

  async #send(entries: readonly Entry[]): Promise<readonly Entry[] | undefined> {
    try {
      return await this.#job.send(entries)
    } catch (error) {
      if (ThrottledError.is(error)) {
        this.#lastThrottled = error
        return entries
      }
      this.#end({ type: 'failed', cause: error })
      return undefined
    }
  }

  #settle(entries: readonly Entry[], left: readonly Entry[]): void {
    const waiting = left.length === 0 ? undefined : new Set(left)
    for (const entry of entries) {
      if (waiting?.has(entry)) this.#queue.push(entry)
      else this.#finish(entry)
    }
    if (left.length < entries.length) {
      this.#idleAnswers = 0
      this.#lastThrottled = undefined
      return
    }
    this.#idleAnswers += 1
    const rounds = this.#settings.maxIdleRounds
    if (this.#idleAnswers >= rounds * this.#lanes) {
      this.#end({ type: 'idle', rounds, cause: this.#lastThrottled })
    }
  }

  #finish(entry: Entry): void {
    entry.isDone = true
    const follower = this.#followers.get(entry)
    if (follower) this.#queue.push(follower)
  }

  async #backOff(idleRounds: number): Promise<void> {
    if (this.#hasEnded()) return
    const bound = Math.min(longestWait, firstWait * 2 ** Math.max(0, idleRounds - 1))
    const wait = this.#clock.random() * bound
    const { deadline } = this.#call
    if (deadline !== undefined && Date.now() + wait >= deadline) {
      this.#endAtDeadline()
      return
    }
    this.#waking ??= new AbortController()
    await this.#clock.pause(wait, this.#waking.signal)
  }

  #hasEnded(): boolean {
    if (this.#ending) return true
    const { signal, deadline } = this.#call
    if (signal?.aborted === true) this.#endAborted(signal)
    else if (deadline !== undefined && Date.now() >= deadline) this.#endAtDeadline()
    else return false
    return true
  }

  #endAborted({ reason }: AbortSignal): void {
    const { operation } = this.#job
    const cause = new AbortedError("the batch was aborted by the caller's signal.", {
      cause: reason,
      operation,
    })
    this.#end({ type: 'failed', cause })
  }

  #endAtDeadline(): void {
    const { operation } = this.#job
    const cause = new TimeoutError('the deadline passed before the batch was done.', {
      operation,
      retryable: true,
    })
    this.#end({ type: 'failed', cause })
  }

  /** Requests under way are waited for, so that it is known what is left; waits are not. */
  #end(ending: BatchEnding): void {
    this.#ending ??= ending
    this.#waking?.abort()
  }
}

/**
 * Finds the entries of a request that an answer names as unprocessed.
 *
 * @param entries - The entries of the request.
 * @param unprocessed - Their tables and keys, or items with them, as they were read.
 * @param numbers - How they were read.
 * @returns Those entries; all of them should one not be found, because sending an entry again does no harm.
 * @internal
 */
export function entriesLeft<Entry extends BatchEntry>(
  entries: readonly Entry[],
  unprocessed: readonly { readonly tableName: string; readonly values: NativeItem }[],
  numbers: NumberMode,
): readonly Entry[] {
  if (unprocessed.length === 0) return []
  const byText = new Map(entries.map((entry) => [entry.text, entry]))
  const left: Entry[] = []
  for (const { tableName, values } of unprocessed) {
    const shape = shapeIn(entries, tableName)
    const entry = shape && byText.get(keyText(shape, values, numbers))
    if (!entry) return entries
    left.push(entry)
  }
  return left
}

/**
 * Finds out what the keys of a table are like of which a request has entries.
 *
 * @internal
 */
export function shapeIn(entries: readonly BatchEntry[], tableName: string): KeyShape | undefined {
  return entries.find(({ shape }) => shape.tableName === tableName)?.shape
}
