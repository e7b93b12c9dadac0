import type { DynamoDBError } from './dynamodb-error.ts'
import { ValidationError } from './request-errors.ts'

/**
 * What an error's message says when the request may have been carried out although it failed.
 *
 * @internal
 */
export const outcomeUnknownAdvice =
  'The write may have been carried out all the same: read the item before you send it again.'

/**
 * Marks the error of a read that followed a write: sending the call again would write again.
 *
 * @param error - Why the read failed.
 * @returns The same error.
 * @internal
 */
export function markWritten(error: DynamoDBError): DynamoDBError {
  const message = `${error.message} The write before this read was carried out: read the item before you send it again.`
  return Object.assign(error, { message, retryable: false, outcomeUnknown: true })
}

/**
 * Makes the error of a write whose answer came and cannot be read: it was carried out.
 *
 * @param error - What is wrong with the answer.
 * @internal
 */
export function unreadableWrite(error: ValidationError): ValidationError {
  return new ValidationError(`${error.message} ${outcomeUnknownAdvice}`, {
    rule: error.rule,
    field: error.field,
    valueType: error.valueType,
    outcomeUnknown: true,
  })
}
