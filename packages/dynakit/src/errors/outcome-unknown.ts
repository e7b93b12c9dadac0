/**
 * What an error's message says when the request may have been carried out although it failed.
 *
 * @internal
 */
export const outcomeUnknownAdvice =
  'The write may have been carried out all the same: read the item before you send it again.'
