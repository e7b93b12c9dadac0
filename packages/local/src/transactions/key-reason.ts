import { ServiceError } from '../protocol/service-error.ts'
import { cancellationReason, type CancellationReason } from './cancellation.ts'

const emptyKey = /cannot contain an empty (?:string|binary) value/

/**
 * Makes a reason of an error about the key of one action.
 *
 * @param error - What looking for the item threw.
 * @returns The reason.
 * @throws The error itself when DynamoDB finds it before the transaction begins, as it does with empty values.
 * @internal
 */
export function keyReason(error: unknown): CancellationReason {
  if (error instanceof ServiceError && emptyKey.test(error.message)) throw error
  return cancellationReason(error)
}
