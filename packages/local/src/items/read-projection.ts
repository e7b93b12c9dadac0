import { readAttributesToGet } from '../expressions/legacy/read-attributes-to-get.ts'
import type { DocumentPath } from '../expressions/document-path.ts'

/**
 * Finds out which attributes a request wants.
 *
 * @param projection - The paths of its `ProjectionExpression`, if it has one.
 * @param names - Its `AttributesToGet`, if it has them.
 * @returns The paths; undefined when it wants everything.
 * @throws ServiceError when the names are no list of attributes.
 * @internal
 */
export function readProjection(
  projection: readonly DocumentPath[] | undefined,
  names: readonly string[] | undefined,
): readonly DocumentPath[] | undefined {
  return projection ?? (names === undefined ? undefined : readAttributesToGet(names))
}

/**
 * Names the parameter in which a request lists attributes.
 *
 * @returns The parameter, or undefined when it has none.
 * @internal
 */
export function attributeList(request: {
  readonly ProjectionExpression?: string | undefined
  readonly AttributesToGet?: readonly string[] | undefined
}): 'ProjectionExpression' | 'AttributesToGet' | undefined {
  if (request.ProjectionExpression !== undefined) return 'ProjectionExpression'
  return request.AttributesToGet === undefined ? undefined : 'AttributesToGet'
}
