import type { NumberMode } from '../codec/number.ts'
import type { CapacityDetail } from '../operations/operation.ts'
import type { Entity } from '../schema/entity.ts'
import type { Table } from '../schema/table.ts'
import type { AttemptListener } from '../transport/attempt-event.ts'
import type { SdkClient } from '../transport/sdk-transport.ts'
import type { DirectTransportOptions } from '../transport/transport-options.ts'
import type { Transport } from '../transport/transport.ts'

/** How an adapter reaches DynamoDB and what it does by default. All options may be left out. */
export interface AdapterOptions extends DirectTransportOptions {
  /** Attempts per request, the first included; the same as `retry.maxAttempts`. Default: 4. */
  readonly maxAttempts?: number | undefined
  /**
   * A `DynamoDBClient` of yours whose configuration is used in place of the options above: region,
   * credentials, endpoint, agent, attempts. A client with middleware of its own is sent through as it is.
   */
  readonly client?: SdkClient | undefined
  /** A transport to send through; replaces all of the above. */
  readonly transport?: Transport | undefined
  /** Hears of every attempt of every request, such as for metrics and logs. */
  readonly onAttempt?: AttemptListener | undefined
  /** Table that `db.get`, `db.put`, `db.query()` and the like work on. */
  readonly tableName?: string
  /** The same as a declared table, which saves the DescribeTable request. */
  readonly table?: Table
  /** The application's entities, for `db.accessPatterns()` and for tools. */
  readonly entities?: readonly Entity[]
  /** Put before every table name, such as `staging-`. */
  readonly tablePrefix?: string
  /** Time a whole call may take in milliseconds, unless the call says otherwise. Default: no limit. */
  readonly timeout?: number
  /** How much DynamoDB reports about consumed capacity. Default: `total`. */
  readonly capacityDetail?: CapacityDetail
  /** How numbers are read. Default: `exact`. */
  readonly numbers?: NumberMode
  /** Key to sign cursors with, so that clients cannot make or change them. Default: unsigned. */
  readonly cursorSecret?: string
}
