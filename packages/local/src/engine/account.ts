import { Database } from '../storage/database.ts'
import { streamsOf } from '../streams/streams.ts'
import { settleTables } from '../tables/settle-tables.ts'
import { expiriesOf } from '../time-to-live/expiries.ts'
import { sweepExpired } from '../time-to-live/sweep.ts'
import { TransactionHolds } from '../transactions/transaction-holds.ts'
import type { Clock } from './clock.ts'
import type { Charge, ItemChange, OperationContext, StateDelays } from './operation-context.ts'

/** What all databases of an engine have in common. */
export interface AccountSettings {
  readonly clock: Clock
  readonly delays: StateDelays
  /** How long after its time an item is deleted, in milliseconds. */
  readonly expiryDelay: number
  readonly streamShards: number
}

/** What the engine shows as the account id: the one of AWS's examples. ARNs with any other are denied access. */
const accountId = '123456789012'

/** The database of one region and access key, and what goes with it while the engine runs. */
export class Account implements OperationContext {
  readonly database: Database
  readonly region: string
  readonly accountId: string = accountId
  readonly clock: Clock
  readonly delays: StateDelays
  readonly streamShards: number
  readonly holds: TransactionHolds = new TransactionHolds()
  readonly #expiryDelay: number

  constructor(region: string, settings: AccountSettings, database: Database = new Database()) {
    this.region = region
    this.clock = settings.clock
    this.delays = settings.delays
    this.streamShards = settings.streamShards
    this.#expiryDelay = settings.expiryDelay
    this.database = database
  }

  get eventual(): Database {
    return this.database
  }

  get globalIndexes(): Database {
    return this.database
  }

  /** Brings the database up to the time, before an operation. */
  settle(): void {
    settleTables(this.database, this.clock.now())
    sweepExpired(this, this.#expiryDelay)
  }

  /** Brings what hangs on the tables into line with them, after an operation that may have changed them. */
  tablesChanged(): void {
    const now = this.clock.now()
    const { database } = this
    streamsOf(database).settle(database.tables, now, this.streamShards)
    expiriesOf(database).settle(database.tables, now)
  }

  /** Splits the shards of a stream, if it is one of this database. */
  splitShards(streamArn: string): boolean {
    this.tablesChanged()
    const streams = streamsOf(this.database)
    const stream = streams.get(streamArn)
    if (stream !== undefined) streams.split(stream, this.clock.now())
    return stream !== undefined
  }

  charge(_charges: readonly Charge[]): void {
    // Capacity is not limited yet.
  }

  readonly changed = (change: ItemChange): void => {
    const { stream, timeToLive } = change.table
    if (stream?.isEnabled === true) {
      streamsOf(this.database).append(change, this.clock.now(), this.streamShards)
    }
    if (timeToLive !== undefined) this.#follow(change)
  }

  #follow(change: ItemChange): void {
    const expiries = expiriesOf(this.database)
    const now = this.clock.now()
    const expiry = expiries.change(change, now)
    if (expiry === undefined) return
    expiries.nextSweep = Math.min(expiries.nextSweep, Math.max(expiry, now) + this.#expiryDelay)
  }
}
