import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { CallOptions } from './call.ts'

/** Options of a call that reads or writes many items. */
export interface BatchOptions extends CallOptions {
  /** Most requests at once. Default: 4. */
  readonly concurrency?: number | undefined
  /**
   * Rounds of requests in a row that may bring nothing before the call gives up. A round is one answer to
   * each request that is under way. Default: 10.
   */
  readonly maxIdleRounds?: number | undefined
}

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
  readonly concurrency: number
  readonly maxIdleRounds: number
}

const defaults: BatchSettings = { concurrency: 4, maxIdleRounds: 10 }

/**
 * Reads the options of a batch.
 *
 * @param options - What the caller gave.
 * @returns Every setting.
 * @throws ValidationError when a number is not whole and positive.
 * @internal
 */
export function toBatchSettings(options: BatchOptions | undefined): BatchSettings {
  if (!options) return defaults
  return {
    concurrency: positive('concurrency', options.concurrency),
    maxIdleRounds: positive('maxIdleRounds', options.maxIdleRounds),
  }
}

function positive(name: keyof BatchSettings, value: number | undefined): number {
  if (value === undefined) return defaults[name]
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new ValidationError(`${name}: give a whole number from 1.`, {
    rule: 'batch-options',
    field: name,
    valueType: valueType(value),
  })
}
