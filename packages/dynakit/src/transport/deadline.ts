import { AbortedError, TimeoutError, type UnansweredOptions } from '../errors/transport-errors.ts'
import type { OperationName, SendOptions } from './transport.ts'

/** Aborts when the caller's signal fires or the deadline passes, and knows which it was. */
export interface Cutoff {
  /** Fires when the request must end; `undefined` when nothing can end it early. */
  readonly signal: AbortSignal | undefined
  /** The error to throw when the signal has fired, otherwise `undefined`. */
  error(wasSent: boolean): AbortedError | TimeoutError | undefined
  /** Lets go of timer and listener. */
  release(): void
}

const longestTimer = 2 ** 31 - 1

const reads: ReadonlySet<OperationName> = new Set<OperationName>([
  'GetItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'DescribeTable',
  'DescribeTimeToLive',
  'ListTables',
])

/**
 * Tells whether sending an operation twice changes nothing.
 *
 * @internal
 */
export function isReadOperation(operation: OperationName): boolean {
  return reads.has(operation)
}

/**
 * Joins a signal and a deadline.
 *
 * @param operation - The operation, for messages and for whether its outcome matters.
 * @param options - Signal and deadline.
 * @param tableName - Table, for messages.
 * @returns The cutoff; call `release()` when the request has ended.
 * @internal
 */
export function cutoff(
  operation: OperationName,
  options: SendOptions,
  tableName: string | undefined,
): Cutoff {
  const { signal, deadline } = options
  if (!signal && deadline === undefined) return never
  const controller = new AbortController()
  let cause: 'signal' | 'deadline' | undefined
  const end = (why: 'signal' | 'deadline'): void => {
    cause ??= why
    controller.abort()
  }
  const onAbort = (): void => {
    end('signal')
  }
  if (signal?.aborted === true) end('signal')
  signal?.addEventListener('abort', onAbort, { once: true })
  const remaining = deadline === undefined ? undefined : deadline - Date.now()
  if (remaining !== undefined && remaining <= 0) end('deadline')
  const timer =
    remaining === undefined || remaining > longestTimer
      ? undefined
      : setTimeout(
          () => {
            end('deadline')
          },
          Math.max(remaining, 0),
        )
  return {
    signal: controller.signal,
    error: (wasSent) => cutoffError(cause, wasSent, operation, tableName, signal),
    release: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

const never: Cutoff = { signal: undefined, error: () => undefined, release: () => undefined }

function cutoffError(
  cause: 'signal' | 'deadline' | undefined,
  wasSent: boolean,
  operation: OperationName,
  tableName: string | undefined,
  signal: AbortSignal | undefined,
): AbortedError | TimeoutError | undefined {
  if (!cause) return undefined
  const outcomeUnknown = wasSent && !isReadOperation(operation)
  const where = tableName === undefined ? operation : `${operation} on table '${tableName}'`
  const outcome = outcomeUnknown
    ? ' It may have been carried out all the same: read the item before you send it again.'
    : ''
  const options: UnansweredOptions = { operation, tableName, outcomeUnknown }
  if (cause === 'deadline') {
    return new TimeoutError(`${where}: the deadline passed before DynamoDB answered.${outcome}`, {
      ...options,
      retryable: !outcomeUnknown,
    })
  }
  return new AbortedError(`${where}: aborted by the caller's signal.${outcome}`, {
    ...options,
    cause: signal?.reason,
  })
}
