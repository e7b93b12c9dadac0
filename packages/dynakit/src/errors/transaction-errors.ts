import { attachHidden, DynamoDBError, type DynamoDBErrorOptions } from './dynamodb-error.ts'

/** Why one operation of a cancelled transaction failed, or `None` when it did not. */
export interface CancellationReason {
  /** Position of the operation in the transaction, from 0. */
  readonly index: number
  /** DynamoDB's reason code: `None`, `ConditionalCheckFailed`, `TransactionConflict`, ... */
  readonly code: string
  /** DynamoDB's message for this operation, when it gives one. */
  readonly message: string | undefined
  /** The stored item in DynamoDB's own shape, when the operation asked for it. Not enumerable. */
  readonly item?: Readonly<Record<string, unknown>> | undefined
}

/** What one operation of a transaction does. */
export type TransactionOperation = 'put' | 'create' | 'update' | 'delete' | 'check' | 'get'

/** An operation of a cancelled transaction that failed. */
export interface TransactionFailure {
  /** Position of the operation among those that were given, from 0. */
  readonly index: number
  /** What it does. */
  readonly operation: TransactionOperation
  /** Name of the entity; `undefined` for an untyped table. */
  readonly entity: string | undefined
  /** Name of the table. */
  readonly tableName: string
  /** A hash of table and key: equal for the same item, and tells nothing about it. */
  readonly keyHash: string | undefined
  /** DynamoDB's reason code, such as `ConditionalCheckFailed`. */
  readonly code: string
  /** What the operation alone would have thrown, as far as that is known. */
  readonly error: DynamoDBError | undefined
  /** The stored key. Not enumerable. */
  readonly key: Readonly<Record<string, unknown>> | undefined
  /** The stored item, in the application's form, when it was asked for. Not enumerable. */
  readonly item: Readonly<Record<string, unknown>> | undefined
}

/** What a cancelled transaction adds to an error. */
export interface TransactionCanceledOptions extends DynamoDBErrorOptions {
  /** One entry per operation, in the order they were given. */
  readonly reasons: readonly CancellationReason[]
  /** The operations that failed, as far as they are known. */
  readonly failures?: readonly TransactionFailure[] | undefined
}

/**
 * Thrown when DynamoDB cancels a transaction: nothing of it was written.
 *
 * `failures` names each operation that failed. Keys appear hashed only; the key itself and the stored item
 * (with `returnItemOnConditionFailure`) are not enumerable, so that loggers do not print them.
 *
 * Source: Amazon DynamoDB API Reference, TransactWriteItems, TransactionCanceledException.
 *
 * @example
 * ```ts
 * import { createAdapter, TransactionCanceledError } from 'dynakit'
 *
 * const db = createAdapter({ region: 'eu-west-1' })
 * try {
 *   await db
 *     .transaction()
 *     .update({
 *       tableName: 'Stock',
 *       key: { sku: 'lamp' },
 *       updates: (stock) => stock.add({ count: -1 }).where('count', '>', 0),
 *     })
 *     .put({ tableName: 'Orders', item: { id: 'o1', sku: 'lamp' } })
 *     .execute()
 * } catch (error) {
 *   if (!TransactionCanceledError.is(error) || !error.isConditionFailure) throw error
 *   for (const { index, operation, tableName, code } of error.failures) {
 *     console.log(index, operation, tableName, code) // 0 update Stock ConditionalCheckFailed
 *   }
 * }
 * ```
 */
export class TransactionCanceledError extends DynamoDBError {
  static override readonly kind: string = 'TransactionCanceledError'

  /** One entry per operation, in the order they were given. */
  readonly reasons: readonly CancellationReason[]
  /** The operations that failed; empty when DynamoDB names none. */
  readonly failures: readonly TransactionFailure[]

  constructor(message: string, options: TransactionCanceledOptions) {
    super(message, options)
    this.reasons = options.reasons
    this.failures = options.failures ?? []
  }

  /** True when another transaction or write touched one of the items at the same time. */
  get isConflict(): boolean {
    return this.reasons.some((reason) => reason.code === 'TransactionConflict')
  }

  /** True when the condition of one of the operations was false. */
  get isConditionFailure(): boolean {
    return this.reasons.some((reason) => reason.code === 'ConditionalCheckFailed')
  }
}

/** Thrown when a single write meets a transaction in progress on the same item; safe to send again. */
export class TransactionConflictError extends DynamoDBError {
  static override readonly kind: string = 'TransactionConflictError'
}

/**
 * Thrown when a transaction has the `idempotencyToken` of an earlier one of the last ten minutes that was
 * not the same: it wrote something else, or it wrote from items that have changed since. This one wrote nothing.
 *
 * Source: Amazon DynamoDB API Reference, TransactWriteItems, IdempotentParameterMismatchException.
 */
export class IdempotencyMismatchError extends DynamoDBError {
  static override readonly kind: string = 'IdempotencyMismatchError'
}

/**
 * Gives what failed the payloads that loggers must not print.
 *
 * @internal
 */
export function hidePayloads<Facts extends object>(
  facts: Facts,
  payloads: Readonly<Record<string, unknown>>,
): Facts & Readonly<Record<string, unknown>> {
  const made = { ...facts }
  for (const [name, value] of Object.entries(payloads)) attachHidden(made, name, value)
  return Object.freeze(made)
}
