import { DynamoDBError, type DynamoDBErrorOptions } from './dynamodb-error.ts'

/** Which limit a throttled request ran into, as DynamoDB reports it. */
export interface ThrottlingReason {
  /** DynamoDB's reason, such as `TableReadProvisionedThroughputExceeded`. */
  readonly reason: string | undefined
  /** ARN of the table or index whose limit was reached. */
  readonly resource: string | undefined
}

/** What a throttled request adds to an error. */
export interface ThrottledOptions extends DynamoDBErrorOptions {
  /** The limits that were reached, as far as DynamoDB names them. */
  readonly throttlingReasons?: readonly ThrottlingReason[] | undefined
}

/** The base of the errors for requests that DynamoDB throttled; always retryable. */
export class ThrottledError extends DynamoDBError {
  static override readonly kind: string = 'ThrottledError'

  /** The limits that were reached; empty when DynamoDB does not name them. */
  readonly throttlingReasons: readonly ThrottlingReason[]

  constructor(message: string, options: ThrottledOptions = {}) {
    super(message, { ...options, retryable: true })
    this.throttlingReasons = options.throttlingReasons ?? []
  }
}

/**
 * Thrown when a table or index has no capacity left and the retries of the transport are used up.
 *
 * Source: Amazon DynamoDB Developer Guide, "Error handling with DynamoDB",
 * ProvisionedThroughputExceededException.
 */
export class ProvisionedThroughputExceededError extends ThrottledError {
  static override readonly kind: string = 'ProvisionedThroughputExceededError'
}

/** Thrown when the account's throughput quota in the region is used up. */
export class RequestLimitExceededError extends ThrottledError {
  static override readonly kind: string = 'RequestLimitExceededError'
}

/** Thrown when DynamoDB answers `ThrottlingException`: an on-demand limit or too many control-plane calls. */
export class ThrottlingError extends ThrottledError {
  static override readonly kind: string = 'ThrottlingError'
}

/** Thrown when the caller's credentials do not permit the operation. */
export class AccessDeniedError extends DynamoDBError {
  static override readonly kind: string = 'AccessDeniedError'
}

/** Another name of {@link AccessDeniedError}. */
export const InsufficientPermissionsError: typeof AccessDeniedError = AccessDeniedError
/** Another name of {@link AccessDeniedError}. */
export type InsufficientPermissionsError = AccessDeniedError

/** Thrown when DynamoDB does not accept the credentials: missing, expired, wrong, or the clock is off. */
export class CredentialsError extends DynamoDBError {
  static override readonly kind: string = 'CredentialsError'
}

/** What the fallback error adds. */
export interface ServiceErrorOptions extends DynamoDBErrorOptions {
  /** Name of the error as DynamoDB sent it. */
  readonly serviceCode: string
}

/**
 * Thrown for any answer of DynamoDB that has no class of its own; `serviceCode` is the name DynamoDB
 * gave it.
 */
export class ServiceError extends DynamoDBError {
  static override readonly kind: string = 'ServiceError'

  /** Name of the error as DynamoDB sent it, such as `InternalServerError`. */
  readonly serviceCode: string

  constructor(message: string, options: ServiceErrorOptions) {
    super(message, options)
    this.serviceCode = options.serviceCode
  }
}
