import { attachHidden, DynamoDBError, type DynamoDBErrorOptions } from './dynamodb-error.ts'

/** One refused field. */
export interface ValidationIssue {
  /** Path of the field, such as `address.city` or `lines[0].sku`; empty for the value as a whole. */
  readonly path: string
  /** What is wrong, in the words of the schema or of dynakit. May quote the value. */
  readonly message: string
}

/** What a refused value adds to an error. */
export interface ValidationOptions extends DynamoDBErrorOptions {
  /** Path of the field that was refused. */
  readonly field?: string | undefined
  /** Type of the refused value (`string`, `array`, `Date`, ...), never the value. */
  readonly valueType?: string | undefined
  /** Short name of the rule that was broken, such as `empty-set`. */
  readonly rule: string
  /** Every refused field, as the schema reports them. */
  readonly issues?: readonly ValidationIssue[] | undefined
}

/**
 * Thrown for input that cannot be stored, asked for or sent: before anything is sent where dynakit can
 * tell, otherwise when DynamoDB refuses it.
 *
 * `field`, `valueType` and `rule` say what is wrong without the value itself. `issues` holds the
 * messages of the schema, which may quote values and is therefore not enumerable.
 *
 * @example
 * ```ts
 * import { ValidationError } from 'dynakit'
 *
 * function formErrors(error: unknown): Record<string, string> {
 *   if (!ValidationError.is(error)) throw error
 *   return Object.fromEntries(error.issues.map((issue) => [issue.path, issue.message]))
 * }
 * console.log(formErrors(new ValidationError('total: wrong', { rule: 'schema', field: 'total' })))
 * ```
 */
export class ValidationError extends DynamoDBError {
  static override readonly kind: string = 'ValidationError'

  /** Path of the field that was refused, when one field is to blame. */
  declare readonly field: string | undefined
  /** Type of the refused value, never the value. */
  declare readonly valueType: string | undefined
  /** Short name of the rule that was broken. */
  readonly rule: string
  /** Every refused field with the schema's own message. Not enumerable. */
  declare readonly issues: readonly ValidationIssue[]

  constructor(message: string, options: ValidationOptions) {
    super(message, options)
    if (options.field !== undefined) this.field = options.field
    if (options.valueType !== undefined) this.valueType = options.valueType
    this.rule = options.rule
    attachHidden(this, 'issues', options.issues ?? [])
  }
}

/** What a wrong definition adds to an error. */
export interface DefinitionOptions extends DynamoDBErrorOptions {
  /** Short name of the rule that was broken, such as `unknown-index`. */
  readonly rule: string
  /** Entity, table or index the definition is about. */
  readonly definition: string
}

/** Thrown by `defineTable` and `defineEntity` when a definition contradicts itself or another one. */
export class DefinitionError extends DynamoDBError {
  static override readonly kind: string = 'DefinitionError'

  /** Short name of the rule that was broken. */
  readonly rule: string
  /** Entity, table or index the definition is about. */
  readonly definition: string

  constructor(message: string, options: DefinitionOptions) {
    super(message, options)
    this.rule = options.rule
    this.definition = options.definition
  }
}

/** Why one key or index cannot answer a query. */
export interface RejectedPath {
  /** Index name, or `undefined` for the table's own key. */
  readonly indexName: string | undefined
  /** Why it cannot serve. */
  readonly reason: string
}

/** What a refused scan adds to an error. */
export interface ScanNotAllowedOptions extends DynamoDBErrorOptions {
  /** Fields the query has conditions on. */
  readonly fields: readonly string[]
  /** The table's key and every index, each with the reason it cannot serve. */
  readonly rejected: readonly RejectedPath[]
  /** An index that would serve the query, as it would be written in `defineTable`. */
  readonly suggestion: string | undefined
}

/**
 * Thrown when no key and no index can answer a query and `.allowScan()` was not called.
 *
 * The message lists the fields given, each index with the reason it was rejected, and an index
 * definition that would serve.
 */
export class ScanNotAllowedError extends DynamoDBError {
  static override readonly kind: string = 'ScanNotAllowedError'

  /** Fields the query has conditions on. */
  readonly fields: readonly string[]
  /** The table's key and every index, each with the reason it cannot serve. */
  readonly rejected: readonly RejectedPath[]
  /** An index that would serve the query, as it would be written in `defineTable`. */
  readonly suggestion: string | undefined

  constructor(message: string, options: ScanNotAllowedOptions) {
    super(message, options)
    this.fields = options.fields
    this.rejected = options.rejected
    this.suggestion = options.suggestion
  }
}

/** Thrown when a cursor is damaged, was tampered with, or belongs to another query. */
export class InvalidCursorError extends DynamoDBError {
  static override readonly kind: string = 'InvalidCursorError'
}
