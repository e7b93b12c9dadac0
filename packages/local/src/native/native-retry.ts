import { LostAnswer } from '../protocol/lost-answer.ts'
import { ServiceError } from '../protocol/service-error.ts'

/** How failed requests are sent again. The defaults are those of dynakit. */
export interface NativeRetryOptions {
  /** Attempts per request, the first included. Default: 4. */
  readonly maxAttempts?: number | undefined
  /** Longest wait before the first retry after a fault, in milliseconds; doubles each time. Default: 25. */
  readonly baseDelay?: number | undefined
  /** Longest wait before the first retry of a throttled request, in milliseconds; doubles each time. Default: 1,000. */
  readonly throttlingDelay?: number | undefined
  /** Upper bound of any wait, in milliseconds. Default: 20,000. */
  readonly maxDelay?: number | undefined
}

/** Why another attempt may succeed. */
export type NativeRetryReason = 'throttled' | 'transient'

const throttles: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottledException',
  'ThrottlingException',
  'TransactionInProgressException',
])

/**
 * Tells why another attempt of a failed request may succeed; undefined when it would not.
 *
 * @internal
 */
export function retryReason(error: unknown): NativeRetryReason | undefined {
  if (error instanceof LostAnswer) return 'transient'
  if (!(error instanceof ServiceError)) return undefined
  if (throttles.has(error.name) || error.statusCode === 429) return 'throttled'
  return error.statusCode >= 500 || error.name === 'ReplicatedWriteConflictException'
    ? 'transient'
    : undefined
}

/**
 * Tells whether a failed write may have been carried out. With status 503 it did not begin.
 *
 * @internal
 */
export function mayBeDone(error: unknown): boolean {
  if (error instanceof ServiceError) return error.statusCode >= 500 && error.statusCode !== 503
  return true
}

/**
 * Chooses how long to wait before the next attempt: at random, up to a bound that doubles.
 *
 * @param reason - Why there is another one.
 * @param attempt - Number of the one that failed, from 1.
 * @param options - The bounds.
 * @returns Milliseconds.
 * @internal
 */
export function retryDelay(
  reason: NativeRetryReason,
  attempt: number,
  { baseDelay = 25, throttlingDelay = 1000, maxDelay = 20_000 }: NativeRetryOptions,
): number {
  const base = reason === 'throttled' ? throttlingDelay : baseDelay
  return Math.floor(Math.random() * Math.min(base * 2 ** (attempt - 1), maxDelay))
}
