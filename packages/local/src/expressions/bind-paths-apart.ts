import { documentPathText, type DocumentPath } from './document-path.ts'
import { invalidExpression, type ExpressionKind } from './expression-error.ts'

/**
 * Looks up paths from the last to the first, as DynamoDB does, and checks that no path leads through
 * another and that no two take the same value for a map and for a list.
 *
 * @param kind - The parameter the expression was given in.
 * @param paths - The paths in the order of the text.
 * @param bind - Looks one path up.
 * @returns The paths in the order of the text.
 * @throws ServiceError when two cannot stand together.
 * @internal
 */
export function bindPathsApart<Path>(
  kind: ExpressionKind,
  paths: readonly Path[],
  bind: (path: Path) => DocumentPath,
): readonly DocumentPath[] {
  const bound: DocumentPath[] = []
  for (const path of paths.toReversed()) {
    const first = bind(path)
    for (const second of bound) {
      const problem = relation(first, second)
      if (problem === undefined) continue
      throw invalidExpression(
        kind,
        `Two document paths ${problem} with each other; must remove or rewrite one of these paths; ` +
          `path one: ${documentPathText(first)}, path two: ${documentPathText(second)}`,
      )
    }
    bound.push(first)
  }
  return bound.reverse()
}

function relation(first: DocumentPath, second: DocumentPath): 'overlap' | 'conflict' | undefined {
  const shared = Math.min(first.length, second.length)
  for (let depth = 0; depth < shared; depth += 1) {
    if (typeof first[depth] !== typeof second[depth]) return 'conflict'
    if (first[depth] !== second[depth]) return undefined
  }
  return 'overlap'
}
