import { attachHidden, DynamoDBError, type DynamoDBErrorOptions } from './dynamodb-error.ts'

/** What an item of an unexpected kind adds to an error. */
export interface UnknownItemOptions extends DynamoDBErrorOptions {
  /** Attribute that stores the entity's name. */
  readonly entityAttribute: string
  /** The name it holds; `undefined` when it is missing or no text. */
  readonly entityName: string | undefined
  /** The stored item. */
  readonly item: Readonly<Record<string, unknown>>
}

/**
 * Thrown by a query for several entities when it finds an item that is of none of them: one without an
 * entity's name, and with `unknownItems('throw')` any other too.
 *
 * `item` is the stored item; it is not enumerable, so that loggers do not print it.
 *
 * @example
 * ```ts
 * import { UnknownItemError } from 'dynakit'
 *
 * function report(error: unknown): void {
 *   if (!UnknownItemError.is(error)) throw error
 *   console.error(error.tableName, error.entityAttribute, error.entityName, Object.keys(error.item))
 * }
 * console.log(typeof report)
 * ```
 */
export class UnknownItemError extends DynamoDBError {
  static override readonly kind: string = 'UnknownItemError'

  /** Attribute that stores the entity's name. */
  readonly entityAttribute: string
  /** The name it holds; `undefined` when it is missing or no text. */
  readonly entityName: string | undefined
  /** The stored item, as far as it was read. Not enumerable. */
  declare readonly item: Readonly<Record<string, unknown>>

  constructor(message: string, options: UnknownItemOptions) {
    super(message, options)
    this.entityAttribute = options.entityAttribute
    this.entityName = options.entityName
    attachHidden(this, 'item', options.item)
  }
}
