/** An attempt to send a request begins. */
export interface AttemptStart {
  readonly type: 'start'
  /** DynamoDB API operation. */
  readonly operation: string
  readonly tableName: string | undefined
  /** Number of the attempt, from 1. */
  readonly attempt: number
  /** Id that all attempts of one request share; the `amz-sdk-invocation-id` header. */
  readonly invocationId: string
}

/** An attempt to send a request has ended. */
export interface AttemptEnd {
  readonly type: 'end'
  /** DynamoDB API operation. */
  readonly operation: string
  readonly tableName: string | undefined
  /** Number of the attempt, from 1. */
  readonly attempt: number
  /** Id that all attempts of one request share; the `amz-sdk-invocation-id` header. */
  readonly invocationId: string
  /** Time from start to end, in milliseconds. */
  readonly duration: number
  /** Host and port it was sent to, when known. */
  readonly endpoint: string | undefined
  /** HTTP status; `undefined` when there was no answer. */
  readonly statusCode: number | undefined
  /** AWS request id, when there was an answer. */
  readonly requestId: string | undefined
  /** Bytes of the request's body. */
  readonly requestBytes: number | undefined
  /** Bytes of the answer's body. */
  readonly responseBytes: number | undefined
  /** `code` of the error, when the attempt failed. */
  readonly errorCode: string | undefined
  /** Why the request is sent again; `undefined` when it is not. */
  readonly retryReason: RetryReason | undefined
  /** Wait before the next attempt, in milliseconds. */
  readonly retryDelay: number | undefined
}

/** Why a request is sent again. */
export type RetryReason = 'throttled' | 'transient' | 'clock-skew' | 'expired-credentials'

/** What happened to one attempt of one request. */
export type AttemptEvent = AttemptStart | AttemptEnd

/** Hears of attempts. Called synchronously: return at once. What it throws is ignored. */
export type AttemptListener = (event: AttemptEvent) => void

/**
 * Calls a listener; one that throws must not fail the request it listens to.
 *
 * @internal
 */
export function tell(listener: AttemptListener, event: AttemptEvent): void {
  try {
    listener(event)
  } catch {
    // Its own affair.
  }
}
