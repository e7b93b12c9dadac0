import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { CapacityDetail } from '../operations/operation.ts'
import type { BatchProgress } from './batch-progress.ts'
import type { CallOptions } from './call.ts'

/** Options of a call that reads or writes many items. */
export interface BatchOptions extends CallOptions {
  /**
   * Most requests at once. There are fewer while DynamoDB throttles. Default: 4 to begin with, and up to 8 as
   * long as nothing is throttled.
   */
  readonly concurrency?: number | undefined
  /**
   * Rounds of requests in a row that may bring nothing before the call gives up. A round is one answer to
   * each request that is under way. Default: 10.
   */
  readonly maxIdleRounds?: number | undefined
  /**
   * Most capacity units per second: write units for writes, read units for reads. Needs an adapter that learns
   * of consumed capacity (`capacityDetail`). Default: no limit.
   */
  readonly maxUnitsPerSecond?: number | undefined
  /** Hears how far the call is, after each answer and at the end. */
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined
  /** See {@link Partially}; the call throws {@link BatchIncompleteError} when something is left. */
  readonly partial?: false | undefined
}

/** Options of a call that gives what is left in its result, where it would throw {@link BatchIncompleteError}. */
export type Partially<Options> = Omit<Options, 'partial'> & {
  /** Gives what is left in the result. */
  readonly partial: true
}

/** Options of a batch of which it is not known whether it gives what is left. */
export type WithPartial<Options> = Omit<Options, 'partial'> & { readonly partial?: boolean | undefined }

/** Options of a call that reads many items. */
export interface BatchGetOptions extends BatchOptions {
  /** Reads with strong consistency: sees every write acknowledged before. */
  readonly consistent?: boolean | undefined
  /**
   * Whether items whose time to live is over count as missing, although DynamoDB has not deleted them yet.
   * Default: as the entity says, otherwise `false`.
   */
  readonly excludeExpired?: boolean | undefined
}

/** How a batch is carried out. */
export interface BatchSettings {
  /** Requests at once to begin with. */
  readonly concurrency: number
  /** Requests at once at most. */
  readonly mostConcurrency: number
  readonly maxIdleRounds: number
  readonly maxUnitsPerSecond: number | undefined
  readonly onProgress: ((progress: BatchProgress) => void) | undefined
}

const defaults: BatchSettings = {
  concurrency: 4,
  mostConcurrency: 8,
  maxIdleRounds: 10,
  maxUnitsPerSecond: undefined,
  onProgress: undefined,
}

/**
 * Reads the options of a batch.
 *
 * @param options - What the caller gave.
 * @param capacityDetail - How much the adapter learns of consumed capacity.
 * @returns Every setting.
 * @throws ValidationError when a number is not whole and positive, or a rate cannot be kept.
 * @internal
 */
export function toBatchSettings(
  options: BatchOptions | undefined,
  capacityDetail: CapacityDetail,
): BatchSettings {
  if (!options) return defaults
  const concurrency = positive('concurrency', options.concurrency)
  return {
    concurrency: concurrency ?? defaults.concurrency,
    mostConcurrency: concurrency ?? defaults.mostConcurrency,
    maxIdleRounds: positive('maxIdleRounds', options.maxIdleRounds) ?? defaults.maxIdleRounds,
    maxUnitsPerSecond: toRate(options.maxUnitsPerSecond, capacityDetail),
    onProgress: options.onProgress,
  }
}

function positive(name: keyof BatchOptions, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return value
  throw refused(name, value, 'give a whole number from 1.')
}

/**
 * Checks a limit of capacity units per second.
 *
 * @throws ValidationError when it is not positive, or consumed capacity is not known.
 * @internal
 */
export function toRate(value: number | undefined, capacityDetail: CapacityDetail): number | undefined {
  if (value === undefined) return undefined
  if (!(value > 0 && Number.isFinite(value))) {
    throw refused('maxUnitsPerSecond', value, 'give a positive number of capacity units.')
  }
  if (capacityDetail !== 'none') return value
  const reason =
    "the adapter was made with capacityDetail 'none', so consumed capacity is not known. Make it with 'total'."
  throw refused('maxUnitsPerSecond', value, reason)
}

function refused(name: keyof BatchOptions, value: unknown, reason: string): ValidationError {
  return new ValidationError(`${name}: ${reason}`, {
    rule: 'batch-options',
    field: name,
    valueType: valueType(value),
  })
}
