import { ConfigurationError } from '../errors/transport-errors.ts'
import type { RetryOptions } from './transport-options.ts'

const defaults = {
  maxAttempts: 4,
  baseDelay: 25,
  throttlingDelay: 1000,
  maxDelay: 20_000,
  budget: 500,
  retryCost: 14,
  throttlingCost: 5,
}
/** A success without retry gives one token back, so that a long outage is forgotten in time. */
const tokensPerSuccess = 1
/** A server's wish for a longer wait is followed up to this many milliseconds beyond our own. */
const longestHint = 5000

/** Kind of failure another attempt may mend. */
export type RetryKind = 'throttled' | 'transient'

/** A permitted retry. */
export interface Retry {
  /** Wait before it in milliseconds. */
  readonly delay: number
  /** Tokens it took from the budget. */
  readonly cost: number
}

/**
 * Decides whether a failed request is sent again, and after which wait.
 *
 * This is the AWS SDK's standard mode as it is for DynamoDB: a number of attempts, full jitter over waits
 * that double, longer ones for throttled requests, and a budget of tokens that all requests share, so that
 * an outage does not multiply the load.
 *
 * Source: AWS SDKs and Tools Reference Guide, "Retry behavior".
 */
export class RetryPolicy {
  /** Attempts per request, the first included. */
  readonly maxAttempts: number
  /** Whether writes of unknown outcome are sent again. */
  readonly unsafeWrites: boolean
  readonly #options: typeof defaults
  readonly #random: () => number
  #tokens: number

  constructor(options: RetryOptions = {}, random: () => number = Math.random) {
    this.#options = {
      maxAttempts: positive('maxAttempts', options.maxAttempts),
      baseDelay: positive('baseDelay', options.baseDelay),
      throttlingDelay: positive('throttlingDelay', options.throttlingDelay),
      maxDelay: positive('maxDelay', options.maxDelay),
      budget: positive('budget', options.budget),
      retryCost: positive('retryCost', options.retryCost),
      throttlingCost: positive('throttlingCost', options.throttlingCost),
    }
    this.maxAttempts = this.#options.maxAttempts
    this.unsafeWrites = options.unsafeWrites ?? false
    this.#tokens = this.#options.budget
    this.#random = random
  }

  /** Tokens left for retries. */
  get tokens(): number {
    return this.#tokens
  }

  /**
   * Asks for another attempt.
   *
   * @param kind - What went wrong.
   * @param attempt - Number of the attempt that failed, from 1.
   * @param hint - Wait the server asked for in milliseconds, if it did.
   * @returns The retry, or `undefined` when there is to be none.
   */
  retry(kind: RetryKind, attempt: number, hint: number | undefined): Retry | undefined {
    const { throttlingCost, retryCost, maxAttempts } = this.#options
    const cost = kind === 'throttled' ? throttlingCost : retryCost
    if (attempt >= maxAttempts || this.#tokens < cost) return undefined
    this.#tokens -= cost
    return { delay: this.#delay(kind, attempt, hint), cost }
  }

  #delay(kind: RetryKind, attempt: number, hint: number | undefined): number {
    const { throttlingDelay, baseDelay, maxDelay } = this.#options
    const base = kind === 'throttled' ? throttlingDelay : baseDelay
    const own = Math.floor(this.#random() * Math.min(base * 2 ** (attempt - 1), maxDelay))
    return hint === undefined ? own : Math.max(own, Math.min(hint, own + longestHint))
  }

  /**
   * Takes note of a success.
   *
   * @param cost - Tokens its last retry took; 0 when it was the first attempt.
   */
  succeed(cost: number): void {
    if (this.#tokens === this.#options.budget) return
    this.#tokens = Math.min(this.#options.budget, this.#tokens + (cost === 0 ? tokensPerSuccess : cost))
  }
}

function positive(name: keyof typeof defaults, value: number | undefined): number {
  if (value === undefined) return defaults[name]
  const isRight = name === 'maxAttempts' ? Number.isSafeInteger(value) && value > 0 : value >= 0
  if (typeof value === 'number' && isRight) return value
  throw new ConfigurationError(
    name === 'maxAttempts'
      ? 'retry.maxAttempts: give a whole number from 1; 1 means no retry.'
      : `retry.${name}: give a number from 0.`,
  )
}

/**
 * Reads how long a server asks to wait.
 *
 * @param headers - Headers of its answer by lower-case name.
 * @param now - Current time in epoch milliseconds.
 * @returns Milliseconds, or `undefined` when it does not say.
 * @internal
 */
export function readRetryAfter(
  headers: Readonly<Record<string, string | undefined>>,
  now: number,
): number | undefined {
  const milliseconds = headers['x-amz-retry-after']
  if (milliseconds !== undefined && /^\d+(\.\d+)?$/.test(milliseconds)) return Number(milliseconds)
  const text = headers['retry-after']
  if (text === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
