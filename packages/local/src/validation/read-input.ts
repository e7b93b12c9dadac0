import { checkConstraints } from './check-constraints.ts'
import { readShape } from './read-shape.ts'
import type { Shape } from './shape.ts'

/**
 * Reads the input of an operation and checks it against its shape.
 *
 * @param shape - What the input should look like.
 * @param input - The request, as JSON.
 * @throws ServiceError when a member has the wrong type, is missing, or is beyond its constraints.
 * @internal
 */
export function readInput<Type>(shape: Shape<Type>, input: unknown): Type {
  const value = readShape(shape, input)
  checkConstraints(shape, value)
  return value
}
