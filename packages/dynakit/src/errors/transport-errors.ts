import { DynamoDBError, type DynamoDBErrorOptions } from './dynamodb-error.ts'

/**
 * The base of the errors for requests that got no answer.
 *
 * When `outcomeUnknown` is true the write may have happened: read the item before deciding, or make the
 * write idempotent (a condition, a version, a transaction token).
 */
export class UnansweredError extends DynamoDBError {
  static override readonly kind: string = 'UnansweredError'

  /** True when the request may have been carried out although no answer arrived. */
  declare readonly outcomeUnknown: boolean

  constructor(message: string, options: DynamoDBErrorOptions = {}) {
    super(message, options)
    this.outcomeUnknown = options.outcomeUnknown ?? false
  }
}

/** Thrown when the connection failed: name resolution, TLS, reset, or a damaged response. */
export class NetworkError extends UnansweredError {
  static override readonly kind: string = 'NetworkError'
}

/** Thrown when the deadline of a call passed before the answer arrived. */
export class TimeoutError extends UnansweredError {
  static override readonly kind: string = 'TimeoutError'
}

/** Thrown when the caller's `AbortSignal` fired before the answer arrived; `cause` is the signal's reason. */
export class AbortedError extends UnansweredError {
  static override readonly kind: string = 'AbortedError'
}

/** Thrown when dynakit cannot be set up as asked: a missing peer package, region or local engine. */
export class ConfigurationError extends DynamoDBError {
  static override readonly kind: string = 'ConfigurationError'
}
