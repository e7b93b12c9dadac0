import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { ConsumedCapacity } from '../operations/capacity.ts'
import type { CallOptions } from './call.ts'

/** Options of a transaction that writes. */
export interface TransactionOptions extends CallOptions {
  /**
   * Tells DynamoDB that calls are of the same transaction: it is carried out once, however often it is called
   * within ten minutes. 1 to 36 characters. Default: one that only the attempts of this call share.
   */
  readonly idempotencyToken?: string | undefined
}

/** What a transaction that wrote gives back. */
export interface TransactionResult<Items extends readonly unknown[] = readonly unknown[]> {
  /** The item of each `put` and `create` as it is stored, in their places; `undefined` for the others. */
  readonly items: Items
  /** Capacity consumed, reads before included. */
  readonly capacity: ConsumedCapacity
}

const maximumTokenLength = 36

/**
 * Checks the caller's idempotency token.
 *
 * @throws ValidationError when DynamoDB would refuse it.
 *
 * Source: Amazon DynamoDB API Reference, TransactWriteItems, ClientRequestToken.
 * @internal
 */
export function checkToken(token: unknown): void {
  if (token === undefined) return
  if (typeof token === 'string' && token.length > 0 && token.length <= maximumTokenLength) return
  throw new ValidationError(
    `idempotencyToken: give text of 1 to ${String(maximumTokenLength)} characters, such as a UUID.`,
    { rule: 'idempotency-token', field: 'idempotencyToken', valueType: valueType(token) },
  )
}
