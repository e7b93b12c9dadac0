import { invalidParameter, validationError } from '../../protocol/service-error.ts'
import type { DocumentPath } from '../document-path.ts'

/**
 * Reads `AttributesToGet`.
 *
 * @param names - Names of attributes.
 * @returns Them as the paths of a projection.
 * @throws ServiceError when a name is empty or given twice.
 * @internal
 */
export function readAttributesToGet(names: readonly string[]): readonly DocumentPath[] {
  const seen = new Set<string>()
  for (const name of names) {
    if (name === '') throw validationError('Empty attribute name')
    if (seen.has(name)) throw invalidParameter(`Duplicate value in attribute name: ${name}`)
    seen.add(name)
  }
  return names.map((name) => [name])
}
