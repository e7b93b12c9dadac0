import type { NumberMode } from '../codec/number.ts'
import type { CapacityDetail } from '../operations/operation.ts'
import type { Table } from '../schema/table.ts'
import type { Credentials, SdkClient } from '../transport/sdk-transport.ts'
import type { Transport } from '../transport/transport.ts'

/** How an adapter reaches DynamoDB and what it does by default. All options may be left out. */
export interface AdapterOptions {
  /** AWS region. Default: the AWS SDK's own rules (environment, shared config). */
  readonly region?: string
  /** Endpoint to use in place of AWS's, such as `http://127.0.0.1:8000` for a local engine. */
  readonly endpoint?: string
  /** Credentials. Default: the AWS SDK's provider chain. */
  readonly credentials?: Credentials
  /** Attempts per request, the first included. Default: the AWS SDK's (3). */
  readonly maxAttempts?: number
  /** A `DynamoDBClient` of yours to send through; replaces region, endpoint, credentials and attempts. */
  readonly client?: SdkClient
  /** A transport to send through; replaces all of the above. */
  readonly transport?: Transport
  /** Table that `db.get`, `db.put`, `db.query()` and the like work on. */
  readonly tableName?: string
  /** The same as a declared table, which saves the DescribeTable request. */
  readonly table?: Table
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
