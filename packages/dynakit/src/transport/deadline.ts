import { setMaxListeners } from 'node:events'
import { outcomeUnknownAdvice } from '../errors/outcome-unknown.ts'
import { AbortedError, TimeoutError } from '../errors/transport-errors.ts'
import type { OperationName, SendOptions } from './transport.ts'

/** Aborts when the caller's signal fires or the deadline passes, and knows which it was. */
export interface Cutoff {
  /** Fires when the request must end; `undefined` when nothing can end it early. */
  readonly signal: AbortSignal | undefined
  /** Epoch milliseconds, if there is a deadline. */
  readonly deadline: number | undefined
  /** The error to throw when the signal has fired, otherwise `undefined`; with the failure before it. */
  error(wasSent: boolean, lastFailure?: unknown): AbortedError | TimeoutError | undefined
  /** Ends the request because its deadline will pass before anything more can be done. */
  giveUp(): void
  /** Lets go of timer and listener. */
  release(): void
}

const longestTimer = 2 ** 31 - 1

const reads: ReadonlySet<OperationName> = new Set<OperationName>([
  'GetItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'TransactGetItems',
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
  const isRepeatable = options.isRepeatable ?? isReadOperation(operation)
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
  if (signal) permitManyListeners(signal)
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
    deadline,
    error: (wasSent, lastFailure) =>
      cause && cutoffError({ cause, wasSent, operation, tableName, signal, lastFailure, isRepeatable }),
    giveUp: () => {
      end('deadline')
    },
    release: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

const manyListeners = new WeakSet<AbortSignal>()

/** One signal may end hundreds of requests at once; Node takes more than ten listeners for a leak. */
function permitManyListeners(signal: AbortSignal): void {
  if (manyListeners.has(signal) || !(signal instanceof EventTarget)) return
  manyListeners.add(signal)
  setMaxListeners(0, signal)
}

const nothing = (): undefined => undefined
const never: Cutoff = {
  signal: undefined,
  deadline: undefined,
  error: nothing,
  giveUp: nothing,
  release: nothing,
}

interface Ended {
  readonly cause: 'signal' | 'deadline'
  readonly wasSent: boolean
  readonly operation: OperationName
  readonly tableName: string | undefined
  readonly signal: AbortSignal | undefined
  readonly lastFailure: unknown
  readonly isRepeatable: boolean
}

function cutoffError(ended: Ended): AbortedError | TimeoutError {
  const { cause, wasSent, operation, tableName, signal, lastFailure, isRepeatable } = ended
  const outcomeUnknown = wasSent && !isReadOperation(operation)
  const where = tableName === undefined ? operation : `${operation} on table '${tableName}'`
  const advice = outcomeUnknown ? ` ${outcomeUnknownAdvice}` : ''
  const facts = { operation, tableName, outcomeUnknown }
  if (cause === 'deadline') {
    const retryable = !outcomeUnknown || isRepeatable
    return new TimeoutError(`${where}: the deadline passed before DynamoDB answered.${advice}`, {
      ...facts,
      retryable,
      cause: lastFailure,
    })
  }
  return new AbortedError(`${where}: aborted by the caller's signal.${advice}`, {
    ...facts,
    cause: signal?.reason,
  })
}
