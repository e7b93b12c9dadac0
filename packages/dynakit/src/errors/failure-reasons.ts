import { hidePayloads, type CancellationReason } from './transaction-errors.ts'
import type { ThrottlingReason } from './service-errors.ts'

const throttles: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
])
const tooManyRequests = 429

/**
 * Tells whether a failure asks the caller to slow down.
 *
 * @param name - Error name without namespace.
 * @param statusCode - HTTP status.
 * @internal
 */
export function isThrottle(name: string, statusCode: number | undefined): boolean {
  return throttles.has(name) || statusCode === tooManyRequests
}

const serviceUnavailable = 503

/**
 * Tells whether a write may have been carried out although the server reports a fault. With 503 it did not
 * begin; what other faults leave behind is not known.
 *
 * Source: Amazon DynamoDB Developer Guide, "Error handling with DynamoDB", HTTP status code 5xx.
 *
 * @param statusCode - HTTP status.
 * @internal
 */
export function isOpenFault(statusCode: number): boolean {
  return statusCode >= 500 && statusCode !== serviceUnavailable
}

/**
 * Reads why a transaction was cancelled.
 *
 * @param reasons - `CancellationReasons` as it was received.
 * @returns One entry per operation; `undefined` when there is no list.
 * @internal
 */
export function readCancellationReasons(reasons: unknown): readonly CancellationReason[] | undefined {
  return membersOf(reasons)?.map(({ Code, Message, Item }, index) => {
    const reason = { index, code: textOf(Code) ?? 'None', message: textOf(Message) }
    return typeof Item === 'object' && Item !== null ? hidePayloads(reason, { item: Item }) : reason
  })
}

/**
 * Reads which limits a throttled request ran into.
 *
 * @param reasons - `ThrottlingReasons` as it was received.
 * @returns The limits; `undefined` when there is no list.
 * @internal
 */
export function readThrottlingReasons(reasons: unknown): readonly ThrottlingReason[] | undefined {
  return membersOf(reasons)?.map(({ reason, resource }) => ({
    reason: textOf(reason),
    resource: textOf(resource),
  }))
}

/** Members that are no objects keep their place: reasons are told apart by position. */
function membersOf(list: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  if (!Array.isArray(list)) return undefined
  return (list as readonly unknown[]).map((member) =>
    typeof member === 'object' && member !== null ? (member as Record<string, unknown>) : {},
  )
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
