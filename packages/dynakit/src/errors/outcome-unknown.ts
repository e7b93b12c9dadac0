import { ValidationError } from './request-errors.ts'

/**
 * What an error's message says when the request may have been carried out although it failed.
 *
 * @internal
 */
export const outcomeUnknownAdvice =
  'The write may have been carried out all the same: read the item before you send it again.'

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
