const brand = Symbol.for('dynakit.error')

/** Facts about the failed request that any dynakit error may carry. */
export interface DynamoDBErrorOptions {
  /** The error underneath this one, if any. */
  readonly cause?: unknown
  /** HTTP status of the response that reported the failure. */
  readonly statusCode?: number | undefined
  /** True when the same request may succeed if it is sent again later. */
  readonly retryable?: boolean | undefined
  /** Request id to quote to AWS support. */
  readonly requestId?: string | undefined
  /** DynamoDB API operation that failed, such as `GetItem`. */
  readonly operation?: string | undefined
  /** Table the failed operation addressed. */
  readonly tableName?: string | undefined
  /** True when the request may have been carried out although it failed. */
  readonly outcomeUnknown?: boolean | undefined
}

type ErrorClass = abstract new (...parameters: never) => unknown

/**
 * The base of every error dynakit throws.
 *
 * Test for a class with its static `is()` instead of `instanceof`: it also recognises errors made by
 * another copy of the package (one loaded as ESM, one as CJS). Errors hold no item values and no
 * credentials; the few payloads that do (a stored item that was asked for) are not enumerable, so
 * loggers and `JSON.stringify` skip them.
 *
 * @example
 * ```ts
 * import { createAdapter, DynamoDBError } from 'dynakit'
 *
 * const db = createAdapter({ region: 'eu-west-1', tableName: 'Products' })
 * try {
 *   await db.get({ id: 'p1' })
 * } catch (error) {
 *   if (DynamoDBError.is(error)) console.error(error.code, error.requestId, error.retryable)
 *   throw error
 * }
 * ```
 */
export class DynamoDBError extends Error {
  /** Name of the class that survives minification; `code` is derived from it. */
  static readonly kind: string = 'DynamoDBError'

  /** Stable machine-readable code, listed in the errors page of the documentation. */
  readonly code: string
  /** True when the same request may succeed if it is sent again later. */
  readonly retryable: boolean
  /** HTTP status of the response, when there was one. */
  declare readonly statusCode: number | undefined
  /** AWS request id, when there was a response. */
  declare readonly requestId: string | undefined
  /** DynamoDB API operation that failed, when known. */
  declare readonly operation: string | undefined
  /** Table the failed operation addressed, when known. */
  declare readonly tableName: string | undefined
  /**
   * True when the write may have been carried out although it failed: an answer was lost, or the server
   * failed on the way. Read the item before you send it again.
   */
  declare readonly outcomeUnknown: boolean | undefined

  /**
   * @param message - What happened and what to do about it, without item values.
   * @param options - Facts about the failed request.
   */
  constructor(message: string, options: DynamoDBErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    const kind = new.target.kind
    this.name = kind
    this.code = kind === 'DynamoDBError' ? kind : kind.replace(/Error$/, '')
    this.retryable = options.retryable ?? false
    // Facts that are not known are left out, so that a logged error is short.
    for (const fact of ['statusCode', 'requestId', 'operation', 'tableName'] as const) {
      if (options[fact] !== undefined) Object.assign(this, { [fact]: options[fact] })
    }
    if (options.outcomeUnknown === true) this.outcomeUnknown = true
    Object.defineProperty(this, brand, { value: kindsOf(new.target) })
  }

  /**
   * Tells whether a value is an error of this class or of a class derived from it, whichever copy of
   * dynakit made it.
   *
   * @param value - Anything, usually what a `catch` received.
   * @returns True, narrowing the type, when it is.
   */
  static is<Class extends ErrorClass & { readonly kind: string }>(
    this: Class,
    value: unknown,
  ): value is InstanceType<Class> {
    if (typeof value !== 'object' || value === null) return false
    const kinds = (value as Record<symbol, unknown>)[brand]
    return Array.isArray(kinds) && kinds.includes(this.kind)
  }
}

/** Names of a class and of the classes it derives from, the base last. */
function kindsOf(start: { readonly kind?: unknown }): readonly string[] {
  const kinds: string[] = []
  let current = start
  while (typeof current.kind === 'string') {
    kinds.push(current.kind)
    current = Object.getPrototypeOf(current) as { readonly kind?: unknown }
  }
  return kinds
}

/**
 * Attaches a payload that loggers must not print: it is readable, but not enumerable.
 *
 * @internal
 */
export function attachHidden(error: object, name: string, value: unknown): void {
  Object.defineProperty(error, name, { value, enumerable: false, configurable: true, writable: false })
}
