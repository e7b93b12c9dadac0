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

/** Thrown by `create` when an item with the same key is already stored, also when it is soft-deleted. */
export class ItemAlreadyExistsError extends DynamoDBError {
  static override readonly kind: string = 'ItemAlreadyExistsError'
}

/** What a violated unique constraint adds to an error. */
export interface UniqueConstraintOptions extends DynamoDBErrorOptions {
  /** Name of the entity. */
  readonly entity: string
  /** Name of the constraint in `unique`. */
  readonly constraint: string
}

/**
 * Thrown when a write would give an item the same unique fields as another item of its entity. Nothing was
 * written.
 *
 * @example
 * ```ts
 * import { UniqueConstraintError } from 'dynakit'
 *
 * function formError(error: unknown): string {
 *   if (UniqueConstraintError.is(error) && error.constraint === 'email') return 'The e-mail address is taken.'
 *   throw error
 * }
 * console.log(formError(new UniqueConstraintError('taken', { entity: 'User', constraint: 'email' })))
 * ```
 */
export class UniqueConstraintError extends DynamoDBError {
  static override readonly kind: string = 'UniqueConstraintError'

  /** Name of the entity. */
  readonly entity: string
  /** Name of the constraint in `unique`. */
  readonly constraint: string

  constructor(message: string, options: UniqueConstraintOptions) {
    super(message, options)
    this.entity = options.entity
    this.constraint = options.constraint
  }
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

/** What an unfinished batch adds to an error. */
export interface BatchIncompleteOptions extends DynamoDBErrorOptions {
  /** Items or keys that are left, as they were given. */
  readonly unprocessed: readonly unknown[]
  /** Number of items that were read or written. */
  readonly processedCount: number
  /** Whether all were taken from what the caller gave. Default: `true`. */
  readonly isSourceDone?: boolean | undefined
}

/**
 * Thrown when a batch could not be finished: DynamoDB left a part of it undone until the deadline passed or
 * round after round brought nothing, or a request failed when others had been carried out.
 *
 * `unprocessed` holds what is left as it was given, in that order, to be given again; it is not enumerable,
 * so that loggers do not print it. A request that failed without an answer may have been carried out: what
 * it held counts as left. `cause` is the error that ended the batch, if one did.
 *
 * Source: Amazon DynamoDB API Reference, BatchWriteItem (UnprocessedItems) and BatchGetItem
 * (UnprocessedKeys).
 *
 * @example
 * ```ts
 * import { BatchIncompleteError, createAdapter } from 'dynakit'
 *
 * interface Product { id: string; name: string }
 * const products = createAdapter({ region: 'eu-west-1' }).table<Product>('Products')
 *
 * async function importProducts(items: readonly Product[]): Promise<readonly Product[]> {
 *   try {
 *     await products.putMany(items, { timeout: 30_000 })
 *     return []
 *   } catch (error) {
 *     if (BatchIncompleteError.is(error)) return error.unprocessed as readonly Product[]
 *     throw error
 *   }
 * }
 * console.log(await importProducts([{ id: 'p1', name: 'Lamp' }]))
 * ```
 */
export class BatchIncompleteError extends DynamoDBError {
  static override readonly kind: string = 'BatchIncompleteError'

  /** Items or keys that are left, as they were given and in that order. Not enumerable. */
  declare readonly unprocessed: readonly unknown[]
  /** Number of items that were read or written. */
  readonly processedCount: number
  /** Number of items or keys that are left. */
  readonly unprocessedCount: number
  /**
   * False when the call ended before it had taken all that the iterable has to give: what follows the first
   * `processedCount + unprocessedCount` is left too.
   */
  readonly isSourceDone: boolean

  constructor(message: string, options: BatchIncompleteOptions) {
    super(message, options)
    this.processedCount = options.processedCount
    this.unprocessedCount = options.unprocessed.length
    this.isSourceDone = options.isSourceDone ?? true
    attachHidden(this, 'unprocessed', options.unprocessed)
  }
}
