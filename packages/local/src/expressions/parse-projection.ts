import { bindPath } from './bind-path.ts'
import { bindPathsApart } from './bind-paths-apart.ts'
import { checkPathSyntax } from './check-syntax.ts'
import type { DocumentPath } from './document-path.ts'
import { parseProjectionSyntax } from './parse-projection-syntax.ts'
import type { Placeholders } from './placeholders.ts'
import { cachedParser } from './syntax-cache.ts'

const kind = 'ProjectionExpression'

const parse = cachedParser((text) => {
  const paths = parseProjectionSyntax(text)
  for (const path of paths) checkPathSyntax(kind, path)
  return paths
})

/**
 * Reads a projection expression and checks it as DynamoDB does.
 *
 * @param text - The expression.
 * @param placeholders - The names it may refer to.
 * @returns The paths to keep, in the order of the text.
 * @throws ServiceError for the first fault, in DynamoDB's order.
 * @internal
 */
export function parseProjection(text: string, placeholders: Placeholders): readonly DocumentPath[] {
  return bindPathsApart(kind, parse(text), (path) => bindPath(kind, path, placeholders))
}
