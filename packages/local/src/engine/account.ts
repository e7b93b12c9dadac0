import { applyEntry } from '../durable/apply-entry.ts'
import { describeState } from '../durable/describe-state.ts'
import type { LogEntry } from '../durable/log-entry.ts'
import { type Recorded, Recorder } from '../durable/recorder.ts'
import type { FaultPlan } from '../faults/fault-plan.ts'
import type { Faults } from '../faults/faults.ts'
import { LagHistory } from '../faults/lag-history.ts'
import { Database } from '../storage/database.ts'
import { streamsOf } from '../streams/streams.ts'
import { settleTables } from '../tables/settle-tables.ts'
import { expiriesOf } from '../time-to-live/expiries.ts'
import { sweepExpired } from '../time-to-live/sweep.ts'
import { TransactionHolds } from '../transactions/transaction-holds.ts'
import type { Clock } from './clock.ts'
import type { Charge, ItemChange, Operation, OperationContext, StateDelays } from './operation-context.ts'

/** What all databases of an engine have in common. */
export interface AccountSettings {
  readonly clock: Clock
  readonly delays: StateDelays
  /** How long after its time an item is deleted, in milliseconds. */
  readonly expiryDelay: number
  readonly streamShards: number
  readonly faults: Faults
  /** Whether what happens is recorded for a log. */
  readonly isRecorded: boolean
}

/** What the engine shows as the account id: the one of AWS's examples. ARNs with any other are denied access. */
const accountId = '123456789012'

/** Operations that change tables, with which streams and expiries come and go. */
const tableOperations: ReadonlySet<string> = new Set([
  'CreateTable',
  'DeleteTable',
  'UpdateTable',
  'UpdateTimeToLive',
])

/** The database of one region and access key, and what goes with it while the engine runs. */
export class Account implements OperationContext {
  readonly database: Database
  readonly region: string
  readonly accountId: string = accountId
  /** Stands while an operation is carried out: to it everything happens at one time. */
  readonly clock: { now(): number }
  readonly delays: StateDelays
  readonly streamShards: number
  readonly holds: TransactionHolds = new TransactionHolds()
  readonly #expiryDelay: number
  readonly #faults: Faults
  readonly #history = new LagHistory()
  readonly #recorder: Recorder | undefined
  #time: number | undefined
  #plan: FaultPlan | undefined
  #hasChanged = false

  constructor(region: string, settings: AccountSettings, database: Database = new Database()) {
    this.region = region
    this.clock = { now: () => this.#time ?? settings.clock.now() }
    this.delays = settings.delays
    this.streamShards = settings.streamShards
    this.#expiryDelay = settings.expiryDelay
    this.#faults = settings.faults
    this.#recorder = settings.isRecorded ? new Recorder(settings.streamShards) : undefined
    this.database = database
  }

  get eventual(): Database {
    return this.#seen(this.#faults.lag.eventualReads)
  }

  get globalIndexes(): Database {
    return this.#seen(this.#faults.lag.globalIndexes)
  }

  /**
   * Carries out an operation.
   *
   * @param name - Its name.
   * @param operation - What it does.
   * @param input - The request.
   * @param plan - What goes wrong, if anything.
   * @returns The answer.
   * @throws ServiceError as the operation does, and for faults.
   */
  run(
    name: string,
    operation: Operation,
    input: Readonly<Record<string, unknown>>,
    plan: FaultPlan | undefined,
  ): object {
    const changesTables = tableOperations.has(name)
    this.#time = this.clock.now()
    this.#plan = plan
    this.holds.isProvoked = plan?.conflicts === true
    try {
      this.#beginHistory()
      this.#settle()
      return operation(this, input)
    } finally {
      this.#plan = undefined
      this.holds.isProvoked = false
      if (changesTables) this.#tablesChanged()
      this.#recorder?.compare(this.database, this.#time)
      this.#noteHistory(changesTables)
      this.#time = undefined
    }
  }

  /** Splits the shards of a stream, if it is one of this database. */
  splitShards(streamArn: string): boolean {
    this.#settle()
    const stream = streamsOf(this.database).get(streamArn)
    if (stream === undefined) return false
    const now = this.clock.now()
    stream.split(now)
    this.#recorder?.split(streamArn, now)
    return true
  }

  /** Takes over the state of another database. */
  become(source: Database): void {
    this.database.become(source)
    this.#history.clear()
    this.#recorder?.accept(this.database)
  }

  /** Gives what happened since it was last asked, for the log. */
  takeRecord(): Recorded | undefined {
    return this.#recorder?.take()
  }

  /** Gives the whole state, for the log. */
  describe(): Iterable<readonly LogEntry[]> {
    return describeState(this.database)
  }

  /**
   * Does again what a log says.
   *
   * @param entries - What happened.
   * @param now - When it did.
   */
  replay(entries: readonly LogEntry[], now: number): void {
    const changed = (change: ItemChange): void => {
      this.#follow(change, now)
    }
    for (const entry of entries) applyEntry({ database: this.database, now, changed }, entry)
    this.#recorder?.accept(this.database)
  }

  charge(charges: readonly Charge[]): void {
    this.#plan?.charge?.(charges)
    this.#faults.limiter?.charge(charges, this.clock.now())
  }

  readonly changed = (change: ItemChange): void => {
    this.#hasChanged = true
    const now = this.clock.now()
    this.#recorder?.change(change, now)
    this.#follow(change, now)
  }

  /** Brings the database up to the time. */
  #settle(): void {
    const now = this.clock.now()
    if (settleTables(this.database, now)) this.#tablesChanged()
    this.#recorder?.compare(this.database, now)
    sweepExpired(this, this.#expiryDelay)
  }

  /** Brings what hangs on the tables into line with them, when they may have changed. */
  #tablesChanged(): void {
    const now = this.clock.now()
    const { database } = this
    streamsOf(database).settle(database.tables, now, this.streamShards)
    expiriesOf(database).settle(database.tables, now)
  }

  /** Feeds the stream of the table, and notes when the item expires. */
  #follow(change: ItemChange, now: number): void {
    const { stream, timeToLive } = change.table
    if (stream?.isEnabled === true) streamsOf(this.database).append(change, now, this.streamShards)
    if (timeToLive === undefined) return
    const expiries = expiriesOf(this.database)
    const expiry = expiries.change(change, now)
    if (expiry === undefined) return
    expiries.nextSweep = Math.min(expiries.nextSweep, Math.max(expiry, now) + this.#expiryDelay)
  }

  #seen(lag: number): Database {
    return lag === 0 ? this.database : this.#history.seen(this.database, this.clock.now(), lag)
  }

  get #longestLag(): number {
    const { eventualReads, globalIndexes } = this.#faults.lag
    return Math.max(eventualReads, globalIndexes)
  }

  #beginHistory(): void {
    this.#hasChanged = false
    if (this.#longestLag === 0) this.#history.clear()
    else if (this.#history.isEmpty) this.#history.reset(this.database)
  }

  /** Tables are the same for every reader; only items can be behind. */
  #noteHistory(changesTables: boolean): void {
    if (this.#history.isEmpty) return
    if (changesTables) this.#history.reset(this.database)
    else if (this.#hasChanged) this.#history.note(this.database, this.clock.now(), this.#longestLag)
  }
}
