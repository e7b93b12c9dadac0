import type { NumberMode } from '../codec/number.ts'
import type { AttemptListener } from './attempt-event.ts'
import type { ConnectionStatistics } from './transport-options.ts'

/** DynamoDB API operations dynakit sends. */
export type OperationName =
  | 'GetItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'Query'
  | 'Scan'
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'TransactGetItems'
  | 'TransactWriteItems'
  | 'CreateTable'
  | 'DescribeTable'
  | 'UpdateTable'
  | 'DeleteTable'
  | 'ListTables'
  | 'DescribeTimeToLive'
  | 'UpdateTimeToLive'

/**
 * A request as DynamoDB's API describes it, with JavaScript values where the API has attribute values.
 *
 * Members that are `undefined` are left out.
 */
export type WireInput = Readonly<Record<string, unknown>>

/** An answer as DynamoDB's API describes it, with JavaScript values where the API has attribute values. */
export type WireOutput = Readonly<Record<string, unknown>>

/** How one request is sent. */
export interface SendOptions {
  /** Aborts the request and the waits between its retries. */
  readonly signal?: AbortSignal | undefined
  /** Time (epoch milliseconds) after which the call fails with a TimeoutError. */
  readonly deadline?: number | undefined
  /** How numbers are read. */
  readonly numbers: NumberMode
  /**
   * Whether carrying the request out twice leaves the same as once, so that it may be sent again when no
   * answer says whether it was carried out. Default: reads only.
   */
  readonly isRepeatable?: boolean | undefined
  /** Hears of each attempt. Costs nothing when left out. */
  readonly onAttempt?: AttemptListener | undefined
}

/**
 * The door to DynamoDB: everything dynakit sends goes through one of these.
 *
 * A transport encodes and signs a request, retries it by its one policy, and decodes the answer. It
 * throws dynakit's errors only.
 */
export interface Transport {
  /**
   * Sends one request.
   *
   * @param operation - DynamoDB API operation.
   * @param input - Its request.
   * @param options - Signal, deadline and number mode.
   * @returns The answer.
   * @throws DynamoDBError (one of its classes) when the request failed.
   */
  send(operation: OperationName, input: WireInput, options: SendOptions): Promise<WireOutput>
  /** Refuses further requests, and lets go of sockets and timers when those in flight have ended. */
  close(): Promise<void>
  /** The connections at this moment, when the transport keeps its own. */
  connections?(): ConnectionStatistics
  /** Makes connections ahead of the first requests, when the transport keeps its own. */
  warmUp?(connections?: number): Promise<void>
  /** Gives the transport for another region, when there can be one. */
  inRegion?(region: string): Transport
}

/**
 * Names the table a request is about, for messages.
 *
 * @param input - The request.
 * @returns Its table; for a batch or transaction all its tables, comma-separated; `undefined` for a request
 *   about none.
 * @internal
 */
export function tableNameOf(input: WireInput): string | undefined {
  if (input.TableName !== undefined) return input.TableName as string
  if (input.TransactItems !== undefined) return tablesOfTransaction(input.TransactItems as TransactItems)
  return input.RequestItems === undefined ? undefined : Object.keys(input.RequestItems as object).join(', ')
}

type TransactItems = readonly Readonly<Record<string, { readonly TableName: string }>>[]

function tablesOfTransaction(items: TransactItems): string {
  return [...new Set(items.flatMap((item) => Object.values(item).map(({ TableName }) => TableName)))].join(
    ', ',
  )
}
