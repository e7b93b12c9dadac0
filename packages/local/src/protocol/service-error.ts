/** What a {@link ServiceError} can carry besides its name and message. */
export interface ServiceErrorOptions {
  /** HTTP status of the answer. Default: 400. */
  readonly statusCode?: number
  /** Further members of the answer: the old `Item`, `CancellationReasons`, `ThrottlingReasons`. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * An error the service answers with: its name, such as `ValidationException`, its message and HTTP status are
 * DynamoDB's own.
 */
export class ServiceError extends Error {
  readonly statusCode: number
  readonly details: Readonly<Record<string, unknown>>

  /**
   * @param name - The name of DynamoDB's exception.
   * @param message - Its message.
   * @param options - Status and further members of the answer.
   */
  constructor(name: string, message: string, options: ServiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = name
    this.statusCode = options.statusCode ?? 400
    this.details = options.details ?? {}
  }
}

/**
 * Makes a `ValidationException`.
 *
 * @param message - DynamoDB's message.
 * @internal
 */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationException', message)
}

/**
 * Makes a `ValidationException` that begins as most of DynamoDB's do.
 *
 * @param message - What is wrong with the parameter.
 * @internal
 */
export function invalidParameter(message: string): ServiceError {
  return validationError(`One or more parameter values were invalid: ${message}`)
}

/**
 * Makes a `ResourceNotFoundException`.
 *
 * @param message - DynamoDB's message.
 * @internal
 */
export function resourceNotFound(message = 'Requested resource not found'): ServiceError {
  return new ServiceError('ResourceNotFoundException', message)
}
