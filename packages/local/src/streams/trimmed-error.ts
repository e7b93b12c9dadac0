import { ServiceError } from '../protocol/service-error.ts'

/**
 * Makes the error for a place in a shard whose records are gone.
 *
 * @internal
 */
export function trimmedError(): ServiceError {
  return new ServiceError('TrimmedDataAccessException', 'The data you are trying to access has been trimmed')
}
