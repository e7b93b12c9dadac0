import type { Latency } from './latency.ts'
import type { LimitType } from './throttling-error.ts'

/** What goes wrong with a request. */
export type Fault =
  ErrorFault | LostAnswerFault | LatencyFault | ThrottleFault | TransactionConflictFault | UnprocessedFault

/** The service answers with an error. */
export interface ErrorFault {
  readonly kind: 'error'
  /** Name of the exception, such as `InternalServerError`. */
  readonly name: string
  readonly message?: string
  /** HTTP status. Default: 500 for `InternalServerError`, 503 for `ServiceUnavailable`, otherwise 400. */
  readonly statusCode?: number
  /** Whether the request is carried out all the same, before the error is answered. Default: `before`. */
  readonly when?: 'before' | 'after'
}

/** The answer is lost. */
export interface LostAnswerFault {
  readonly kind: 'lost-answer'
  /** The connection breaks (`reset`, the default), or nothing is heard until the client gives up (`silence`). */
  readonly manner?: 'reset' | 'silence'
  /** Whether it happens before the request is carried out or after. Default: `after`. */
  readonly when?: 'before' | 'after'
}

/** The answer takes time: the request arrives somewhen in it, and is carried out then. */
export interface LatencyFault {
  readonly kind: 'latency'
  readonly latency: Latency
}

/**
 * The request is throttled, by what it would consume of the rule's table or, with `index`, of that index. Items of
 * batches are throttled one by one.
 */
export interface ThrottleFault {
  readonly kind: 'throttle'
  /** The index that is throttled. Default: the table itself. */
  readonly index?: string
  /** The limit that is reached. Default: `ProvisionedThroughputExceeded`, or `KeyRangeThroughputExceeded` on demand. */
  readonly limit?: LimitType
}

/** A write, or an action of a transaction, meets a transaction that is under way. */
export interface TransactionConflictFault {
  readonly kind: 'transaction-conflict'
}

/** Part of a batch is handed back as unprocessed; its first item never is. */
export interface UnprocessedFault {
  readonly kind: 'unprocessed'
  /** Share of the items, 0 to 1. Default: 0.5. */
  readonly share?: number
}

/** A request, as rules see it. */
export interface FaultRequest {
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

/** Says which requests a fault befalls. What is left out does not restrict them. */
export interface FaultRule {
  readonly fault: Fault
  /** Names of operations, such as `PutItem`. */
  readonly operations?: readonly string[]
  /** A table that the request has to do with. */
  readonly table?: string
  /** Tells whether a request is meant, when the above is not enough. */
  readonly matches?: (request: FaultRequest) => boolean
  /** Lets this many requests pass first. */
  readonly after?: number
  /** Ends after this many faults. */
  readonly times?: number
  /** How likely the fault is for each request, 0 to 1, by the seed. Default: 1. */
  readonly probability?: number
}
