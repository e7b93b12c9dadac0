import { setMaxListeners } from 'node:events'
import { ThrottledError } from '../errors/service-errors.ts'
import { AbortedError, TimeoutError } from '../errors/transport-errors.ts'
import { CapacityMeter } from '../operations/capacity.ts'
import type { BatchEnding, BatchOutcome } from './batch-ending.ts'
import type { BatchEntry } from './batch-entry.ts'
import { BatchIntake } from './batch-intake.ts'
import { type BatchAnswer, type BatchClock, type BatchJob, systemClock } from './batch-job.ts'
import type { BatchSettings } from './batch-options.ts'
import { BatchPace } from './batch-pace.ts'
import { toProgress } from './batch-progress.ts'
import { BatchQueue } from './batch-queue.ts'
import type { EntrySource } from './batch-source.ts'
import type { Call } from './call.ts'
import { throttleScope } from './throttle-scope.ts'
import { UnitLimit } from './unit-limit.ts'

/** Longest wait after a round that left something, in milliseconds; doubles with each that brought nothing. */
const firstWait = 50
/** Upper bound of any wait, in milliseconds. */
const longestWait = 5000
/** How long an unfilled request waits for a source that is slow, in milliseconds. */
const fillingTime = 20
/** 16 MB, less what stands around the entries. */
const mostWireBytes = 16 * 1024 * 1024 - 64 * 1024

/** One request while it is under way. */
interface Sending<Entry> {
  readonly entries: readonly Entry[]
  readonly tableNames: readonly string[]
  readonly number: number
}

/**
 * Carries out a batch: requests of the largest size, a few at once, again and again for what DynamoDB did
 * not get to, with full jitter over waits that double while nothing is carried out.
 *
 * Entries are taken from their source as requests have room for them, so that no more are held than a few
 * requests take. Entries of the same item are sent one after the other in their order.
 *
 * Source: Amazon DynamoDB Developer Guide, "Error retries and exponential backoff", batch operations; a
 * request of which nothing could be carried out is throttled as a whole, so that counts as nothing done.
 */
export class BatchRun<Entry extends BatchEntry> {
  readonly #job: BatchJob<Entry>
  readonly #settings: BatchSettings
  readonly #call: Call
  readonly #clock: BatchClock
  readonly #intake: BatchIntake<Entry>
  readonly #queue: BatchQueue<Entry>
  readonly #pace: BatchPace
  readonly #limit: UnitLimit | undefined
  readonly #waking = new AbortController()
  readonly #tableNames = new Set<string>()
  readonly #started: number
  /** A request that waits for capacity units. */
  #held: readonly Entry[] | undefined
  #isWaitingForUnits = false
  #underWay = 0
  #entriesUnderWay = 0
  #takenCount = 0
  #doneCount = 0
  #retriedCount = 0
  #bytes = 0
  #lastThrottled: ThrottledError | undefined
  #ending: BatchEnding | undefined
  #resolve: () => void = () => undefined

  constructor(
    job: BatchJob<Entry>,
    source: EntrySource<Entry>,
    settings: BatchSettings,
    call: Call,
    clock: BatchClock = systemClock,
  ) {
    this.#job = job
    this.#settings = settings
    this.#call = call
    this.#clock = clock
    this.#queue = new BatchQueue(job)
    this.#pace = new BatchPace(settings.concurrency, settings.mostConcurrency)
    this.#started = clock.now()
    // One listener for each request that waits; Node takes more than ten for a leak.
    setMaxListeners(0, this.#waking.signal)
    const { maxUnitsPerSecond } = settings
    if (maxUnitsPerSecond !== undefined) {
      this.#limit = new UnitLimit(maxUnitsPerSecond, () => clock.now())
    }
    this.#intake = new BatchIntake(source, {
      accept: (entry) => {
        this.#takenCount = entry.at + 1
        this.#tableNames.add(entry.shape.tableName)
        this.#queue.add(entry)
      },
      fail: (cause) => {
        this.#end({ type: 'failed', cause })
      },
      wake: () => {
        this.#pump()
      },
      waitForMore: () => clock.pause(fillingTime, this.#waking.signal),
    })
  }

  /**
   * Sends everything.
   *
   * @returns What became of it; early endings are not thrown.
   */
  async run(): Promise<BatchOutcome<Entry>> {
    const { signal, deadline } = this.#call
    const wake = (): void => {
      this.#pump()
    }
    const timer = deadline === undefined ? undefined : setTimeout(wake, timeUntil(deadline))
    signal?.addEventListener('abort', wake, { once: true })
    try {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve
        this.#pump()
      })
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      this.#waking.abort()
      this.#intake.close()
    }
    this.#report(this.#queue.pendingCount)
    return {
      operation: this.#job.operation,
      processedCount: this.#doneCount,
      left: this.#queue.left,
      total: this.#intake.total,
      isSourceDone: this.#intake.isDone,
      tableNames: [...this.#tableNames],
      ending: this.#ending,
    }
  }

  /** Does what can be done at this moment; called whenever something has happened. */
  #pump(): void {
    if (!this.#hasEnded()) {
      const most = (this.#settings.mostConcurrency + 1) * this.#job.size
      this.#intake.fill(() => this.#queue.pendingCount < most)
      this.#sendMore()
    }
    const isAllDone = this.#isAllTaken && this.#queue.pendingCount === 0
    if (this.#underWay === 0 && (this.#ending || isAllDone)) this.#resolve()
  }

  get #isAllTaken(): boolean {
    const { isDone, total } = this.#intake
    return isDone || total === this.#doneCount + this.#queue.pendingCount
  }

  #sendMore(): void {
    while (!this.#ending) {
      const entries = this.#held ?? this.#take()
      if (entries.length === 0 || this.#mustWaitForUnits(entries)) return
      void this.#send(entries)
    }
  }

  #take(): readonly Entry[] {
    const { readyCount } = this.#queue
    // An unfilled request is worth sending when nothing can be added to it soon.
    if (readyCount === 0 || (readyCount < this.#job.size && this.#intake.isWorthWaitingFor)) return []
    if (this.#limit?.mayAdd(this.#underWay) === false) return []
    const units = this.#limit?.room ?? Number.POSITIVE_INFINITY
    const limits = { entries: this.#job.size, wireBytes: mostWireBytes, units }
    return this.#queue.take(limits, this.#pace)
  }

  #mustWaitForUnits(entries: readonly Entry[]): boolean {
    if (!this.#limit) return false
    if (this.#isWaitingForUnits) return true
    const wait = this.#limit.take(this.#limit.estimate(this.#unitsOf(entries)))
    this.#held = wait === 0 ? undefined : entries
    if (wait === 0) return false
    this.#isWaitingForUnits = true
    void this.#clock.pause(wait, this.#waking.signal).then(() => {
      this.#isWaitingForUnits = false
      this.#pump()
    })
    return true
  }

  #unitsOf(entries: readonly Entry[]): number {
    return entries.reduce((sum, entry) => sum + this.#job.units(entry), 0)
  }

  async #send(entries: readonly Entry[]): Promise<void> {
    const tableNames = distinctTables(entries)
    const sending = { entries, tableNames, number: this.#pace.begin(tableNames) }
    const estimated = this.#limit?.estimate(this.#unitsOf(entries)) ?? 0
    const isMetered = this.#limit !== undefined || this.#settings.onProgress !== undefined
    const meter = isMetered ? new CapacityMeter() : undefined
    this.#intake.onRequest()
    this.#underWay += 1
    this.#entriesUnderWay += entries.length
    const result = await this.#ask(entries, meter ? { ...this.#call, meter } : this.#call)
    this.#entriesUnderWay -= entries.length
    if ('left' in result) {
      this.#settle(sending, result.left, result.isFull ? [] : distinctTables(result.left))
    } else this.#fail(sending, result.error)
    if (meter) this.#settleUnits(sending, 'left' in result ? result.left : entries, estimated, meter)
    this.#underWay -= 1
    this.#report(0)
    this.#pump()
  }

  async #ask(
    entries: readonly Entry[],
    call: Call,
  ): Promise<BatchAnswer<Entry> | { readonly error: unknown }> {
    try {
      return await this.#job.send(entries, call)
    } catch (error) {
      return { error }
    }
  }

  #settleUnits(
    { entries }: Sending<Entry>,
    left: readonly Entry[],
    estimated: number,
    meter: CapacityMeter,
  ): void {
    this.#call.meter.merge(meter)
    if (!this.#limit) return
    const expected = this.#unitsOf(entries) - this.#unitsOf(left)
    this.#limit.settle(estimated, expected, meter.readUnits + meter.writeUnits)
  }

  #fail(sending: Sending<Entry>, error: unknown): void {
    if (!ThrottledError.is(error)) {
      this.#end({ type: 'failed', cause: error })
      return
    }
    this.#lastThrottled = error
    const scope = throttleScope(error, sending.tableNames, this.#job.tablePrefix)
    if (scope.isAccount) this.#pace.throttleAll(sending.number)
    this.#settle(sending, sending.entries, scope.isKeyRange ? [] : scope.tableNames)
  }

  #settle(sending: Sending<Entry>, left: readonly Entry[], throttled: readonly string[]): void {
    const { entries, tableNames, number } = sending
    const waiting = new Set(left)
    for (const entry of entries) {
      if (waiting.has(entry)) this.#queue.putBack(entry)
      else this.#finish(entry)
    }
    this.#retriedCount += left.length
    this.#countIdle(left.length < entries.length)
    for (const name of tableNames) {
      const leftOfTable = left.filter(({ shape }) => shape.tableName === name).length
      const ofTable = entries.filter(({ shape }) => shape.tableName === name).length
      if (throttled.includes(name)) this.#pace.throttle(name, number)
      const rounds = this.#pace.answer(name, leftOfTable < ofTable)
      if (leftOfTable === 0) {
        this.#pace.calm(name)
        this.#pace.end(name)
      } else void this.#backOff(name, rounds)
    }
  }

  #finish(entry: Entry): void {
    this.#doneCount += 1
    if (this.#settings.onProgress) this.#bytes += this.#job.itemBytes(entry)
    this.#queue.finish(entry)
  }

  #countIdle(broughtSomething: boolean): void {
    const { idle, active } = this.#pace
    idle.add(broughtSomething, active)
    if (broughtSomething) this.#lastThrottled = undefined
    const rounds = this.#settings.maxIdleRounds
    if (idle.rounds < rounds || !idle.isComplete || broughtSomething) return
    this.#end({ type: 'idle', rounds, cause: this.#lastThrottled })
  }

  /** The request keeps its place among those to the table until the wait is over. */
  async #backOff(tableName: string, rounds: number): Promise<void> {
    if (this.#hasEnded()) return
    const bound = Math.min(longestWait, firstWait * 2 ** Math.max(0, rounds - 1))
    const wait = this.#clock.random() * bound
    const { deadline } = this.#call
    if (deadline !== undefined && Date.now() + wait >= deadline && this.#pace.active === 1) {
      this.#endAtDeadline()
      return
    }
    await this.#clock.pause(wait, this.#waking.signal)
    this.#pace.end(tableName)
    this.#pump()
  }

  #hasEnded(): boolean {
    if (this.#ending) return true
    const { signal, deadline } = this.#call
    // Requests that are under way end by themselves, and nothing else is left to be stopped.
    if (this.#isAllTaken && this.#queue.pendingCount === this.#entriesUnderWay) return false
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
    this.#waking.abort()
  }

  #report(failed: number): void {
    const { onProgress } = this.#settings
    if (!onProgress) return
    const counts = {
      total: this.#intake.total,
      done: this.#doneCount,
      settled: this.#queue.firstPending?.at ?? this.#takenCount,
      failed,
      retried: this.#retriedCount,
      bytes: this.#bytes,
      capacity: this.#call.meter.snapshot(),
      elapsed: this.#clock.now() - this.#started,
    }
    try {
      onProgress(toProgress(counts))
    } catch (error) {
      this.#end({ type: 'failed', cause: error })
    }
  }
}

function distinctTables(entries: readonly BatchEntry[]): readonly string[] {
  const names = new Set<string>()
  for (const { shape } of entries) names.add(shape.tableName)
  return [...names]
}

const longestTimer = 2 ** 31 - 1

function timeUntil(deadline: number): number {
  return Math.min(longestTimer, Math.max(0, deadline - Date.now()))
}
