import { Database } from '../storage/database.ts'
import { TransactionHolds } from '../transactions/transaction-holds.ts'
import type { Clock } from './clock.ts'
import type { Charge, ItemChange, OperationContext, StateDelays } from './operation-context.ts'

/** What all databases of an engine have in common. */
export interface AccountSettings {
  readonly clock: Clock
  readonly delays: StateDelays
}

/** What the engine shows as the account id: the one AWS uses in examples. Other ids are other accounts. */
const accountId = '123456789012'

/** The database of one region and access key, and what goes with it while the engine runs. */
export class Account implements OperationContext {
  readonly database: Database
  readonly region: string
  readonly accountId: string = accountId
  readonly clock: Clock
  readonly delays: StateDelays
  readonly holds: TransactionHolds = new TransactionHolds()

  constructor(region: string, settings: AccountSettings, database: Database = new Database()) {
    this.region = region
    this.clock = settings.clock
    this.delays = settings.delays
    this.database = database
  }

  get eventual(): Database {
    return this.database
  }

  get globalIndexes(): Database {
    return this.database
  }

  charge(_charges: readonly Charge[]): void {
    // Capacity is not limited yet.
  }

  changed(_change: ItemChange): void {
    // Streams are not fed yet.
  }
}
