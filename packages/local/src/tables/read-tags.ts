import { invalidParameter, validationError } from '../protocol/service-error.ts'
import type { Tag } from './table-shapes.ts'

const maximumTags = 50

/**
 * Checks the tags of a request.
 *
 * @throws ServiceError when two have the same key, or one is AWS's own.
 * @internal
 */
export function checkTags(tags: readonly Tag[]): void {
  const keys = new Set(tags.map(({ Key }) => Key))
  if (keys.size < tags.length) throw invalidParameter('Duplicate tag keys are not allowed')
  if (tags.some(({ Key }) => Key.toLowerCase().startsWith('aws:'))) {
    throw validationError('aws: prefixed tag key names are not allowed for external use.')
  }
  checkTagCount(tags.length)
}

/**
 * Checks that a table has no more tags than it may.
 *
 * @throws ServiceError when it would.
 * @internal
 */
export function checkTagCount(count: number): void {
  if (count > maximumTags) {
    throw validationError(`The number of tags exceeds the limit of ${String(maximumTags)} tags per resource`)
  }
}
