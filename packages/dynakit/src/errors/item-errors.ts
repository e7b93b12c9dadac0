import { attachHidden, DynamoDBError, type DynamoDBErrorOptions } from './dynamodb-error.ts'

/**
 * Thrown when an item that must exist does not: by `getOrThrow`, and by an update of an item that is
 * not there.
 *
 * @example
 * ```ts
 * import { ItemNotFoundError } from 'dynakit'
 *
 * function toStatus(error: unknown): number {
 *   return ItemNotFoundError.is(error) ? 404 : 500
 * }
 * console.log(toStatus(new Error('something else')))
 * ```
 */
export class ItemNotFoundError extends DynamoDBError {
  static override readonly kind: string = 'ItemNotFoundError'
}

/** Thrown by `create` when an item with the same key is already stored. */
export class ItemAlreadyExistsError extends DynamoDBError {
  static override readonly kind: string = 'ItemAlreadyExistsError'
}

/** What a failed condition adds to an error. */
export interface ConditionalCheckFailedOptions extends DynamoDBErrorOptions {
  /** The stored item, when the call asked for it. */
  readonly item?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Thrown when a write's condition (including the version check of an entity with `version`) is false.
 *
 * Nothing was written. `item` is the stored item when the call asked for it
 * (`returnItemOnConditionFailure`); it is not enumerable, so that loggers do not print it.
 *
 * Source: Amazon DynamoDB API Reference, PutItem, ConditionalCheckFailedException.
 */
export class ConditionalCheckFailedError extends DynamoDBError {
  static override readonly kind: string = 'ConditionalCheckFailedError'

  /** The stored item at the time of the check, when asked for. Not enumerable. */
  declare readonly item: Readonly<Record<string, unknown>> | undefined

  constructor(message: string, options: ConditionalCheckFailedOptions = {}) {
    super(message, options)
    attachHidden(this, 'item', options.item)
  }
}

/** Why one operation of a cancelled transaction failed, or `None` when it did not. */
export interface CancellationReason {
  /** Position of the operation in the transaction, from 0. */
  readonly index: number
  /** DynamoDB's reason code: `None`, `ConditionalCheckFailed`, `TransactionConflict`, ... */
  readonly code: string
  /** DynamoDB's message for this operation, when it gives one. */
  readonly message: string | undefined
}

/** What a cancelled transaction adds to an error. */
export interface TransactionCanceledOptions extends DynamoDBErrorOptions {
  /** One entry per operation, in the order they were given. */
  readonly reasons: readonly CancellationReason[]
}

/**
 * Thrown when DynamoDB cancels a transaction: nothing of it was written.
 *
 * Source: Amazon DynamoDB API Reference, TransactWriteItems, TransactionCanceledException.
 */
export class TransactionCanceledError extends DynamoDBError {
  static override readonly kind: string = 'TransactionCanceledError'

  /** One entry per operation, in the order they were given. */
  readonly reasons: readonly CancellationReason[]

  constructor(message: string, options: TransactionCanceledOptions) {
    super(message, options)
    this.reasons = options.reasons
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
