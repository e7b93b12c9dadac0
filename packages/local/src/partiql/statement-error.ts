import { validationError, type ServiceError } from '../protocol/service-error.ts'
import type { StatementToken } from './statement-token.ts'

/**
 * Makes the error of a statement that cannot be read.
 *
 * @param detail - What is wrong with it.
 * @internal
 */
export function notWellFormed(detail: string): ServiceError {
  return validationError(`Statement wasn't well formed, can't be processed: ${detail}`)
}

/**
 * Makes the error of a statement that can be read, and means nothing DynamoDB can do.
 *
 * @param message - What is wrong.
 * @param token - Where.
 * @internal
 */
export function errorAt(message: string, { line, column, length }: StatementToken): ServiceError {
  return validationError(`${message} at ${String(line)}:${String(column)}:${String(length)}`)
}
