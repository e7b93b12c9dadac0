import { TransactionCanceledError, TransactionConflictError } from '../errors/transaction-errors.ts'
import { pause } from '../transport/pause.ts'
import type { Call } from './call.ts'

/** Longest wait before the second try in milliseconds; doubles with each that meets a conflict. */
const firstPause = 25
/** Upper bound of any wait, in milliseconds. */
const longestPause = 1000
/** Only where no deadline ends them. */
const mostTries = 40

/**
 * Bounds how often a write that met another writer is tried again: with full jitter over waits that double,
 * up to the deadline of the call, or a number of times when it has none.
 */
export class ConflictRetry {
  readonly #call: Call
  readonly #random: () => number
  #tries = 1

  constructor(call: Call, random: () => number = Math.random) {
    this.#call = call
    this.#random = random
  }

  /** Number of tries, the first included. */
  get tries(): number {
    return this.#tries
  }

  /**
   * Waits before the next try.
   *
   * @returns False, without a wait, when there is to be none.
   */
  async wait(): Promise<boolean> {
    const { deadline, signal } = this.#call
    if (deadline === undefined && this.#tries >= mostTries) return false
    const wait = this.#random() * Math.min(longestPause, firstPause * 2 ** (this.#tries - 1))
    if (deadline !== undefined && Date.now() + wait >= deadline) return false
    this.#tries += 1
    await pause(wait, signal)
    return true
  }
}

/**
 * Tells whether a transaction was cancelled only because others were in progress, so that it may be tried again.
 *
 * @internal
 */
export function isConflict(error: unknown): boolean {
  return TransactionCanceledError.is(error) && error.outcomeUnknown !== true && error.retryable
}

/**
 * Tells whether a single write met a transaction in progress, so that it may be sent again.
 *
 * @internal
 */
export function isWriteConflict(error: unknown): boolean {
  return TransactionConflictError.is(error) && error.outcomeUnknown !== true
}

/**
 * Sends a request again while it meets transactions on the same item.
 *
 * @param call - The call it belongs to.
 * @param conflict - The conflict it has met.
 * @param isSame - Tells whether an error is such a conflict.
 * @param send - Sends it.
 * @returns What it gives.
 * @throws The last conflict when there is no more time; any other error at once.
 * @internal
 */
export async function retryAfterConflict<Result>(
  call: Call,
  conflict: unknown,
  isSame: (error: unknown) => boolean,
  send: () => Promise<Result>,
): Promise<Result> {
  const retry = new ConflictRetry(call)
  let error = conflict
  while (isSame(error) && (await retry.wait())) {
    try {
      return await send()
    } catch (next) {
      error = next
    }
  }
  throw error
}
