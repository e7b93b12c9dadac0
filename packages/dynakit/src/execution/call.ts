import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import { CapacityMeter } from '../operations/capacity.ts'

/** Options every call takes. */
export interface CallOptions {
  /** Aborts the call: requests, waits between retries, and further pages. */
  readonly signal?: AbortSignal | undefined
  /** Time the whole call may take, in milliseconds, pages and retries included. */
  readonly timeout?: number | undefined
  /** Meter to which the capacity this call consumes is added. */
  readonly capacity?: CapacityMeter | undefined
}

/** One call of the public API while it runs; it may send several requests. */
export interface Call {
  readonly signal: AbortSignal | undefined
  /** Epoch milliseconds. */
  readonly deadline: number | undefined
  /** Counts for this call only. */
  readonly meter: CapacityMeter
  /** The caller's meter, which also counts other calls. */
  readonly outerMeter: CapacityMeter | undefined
}

/**
 * Starts a call: fixes its deadline.
 *
 * @param options - What the caller gave.
 * @param defaultTimeout - Timeout of the adapter in milliseconds, if any.
 * @returns The call.
 * @throws ValidationError when the timeout is not a positive number.
 * @internal
 */
export function startCall(options: CallOptions | undefined, defaultTimeout: number | undefined): Call {
  const timeout = options?.timeout ?? defaultTimeout
  if (timeout !== undefined && !(timeout > 0)) {
    throw new ValidationError('timeout: give a positive number of milliseconds.', {
      rule: 'timeout',
      field: 'timeout',
      valueType: valueType(timeout),
    })
  }
  return {
    signal: options?.signal,
    deadline: timeout === undefined ? undefined : Date.now() + timeout,
    meter: new CapacityMeter(),
    outerMeter: options?.capacity,
  }
}
