import { parsePath } from './parse-path.ts'
import type { PathSyntax } from './syntax.ts'
import { TokenReader } from './token-reader.ts'

/**
 * Reads a projection expression: document paths with commas between them.
 *
 * @param text - The expression.
 * @throws ServiceError for a syntax error.
 * @internal
 */
export function parseProjectionSyntax(text: string): readonly PathSyntax[] {
  const reader = new TokenReader('ProjectionExpression', text)
  const paths = [parsePath(reader)]
  while (reader.takeSymbol(',')) paths.push(parsePath(reader))
  reader.expectEnd()
  return paths
}
