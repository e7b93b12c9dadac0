import type { AttributeValue } from '../values/attribute-value.ts'
import type { DocumentPath } from './document-path.ts'
import { invalidExpression, type ExpressionKind } from './expression-error.ts'
import type { Placeholders } from './placeholders.ts'
import type { PathSyntax, ValueSyntax } from './syntax.ts'

const maximumLevels = 32
const placeholder = /^[#:]/

/**
 * Puts the real names into a path.
 *
 * @throws ServiceError when the path is too deep or a placeholder has no name.
 * @internal
 */
export function bindPath(kind: ExpressionKind, path: PathSyntax, placeholders: Placeholders): DocumentPath {
  if (path.elements.length > maximumLevels) {
    throw invalidExpression(
      kind,
      `The document path has too many nesting levels; nesting levels: ${String(path.elements.length)}`,
    )
  }
  const [first, ...rest] = path.elements.map((element) =>
    typeof element === 'string' && placeholder.test(element)
      ? bindName(kind, element, placeholders)
      : element,
  )
  return [String(first), ...rest]
}

function bindName(kind: ExpressionKind, written: string, placeholders: Placeholders): string {
  const name = placeholders.name(written)
  if (name !== undefined) return name
  throw invalidExpression(
    kind,
    `An expression attribute name used in the document path is not defined; attribute name: ${written}`,
  )
}

/**
 * Looks up the value a placeholder stands for.
 *
 * @throws ServiceError when it has none.
 * @internal
 */
export function bindValue(
  kind: ExpressionKind,
  syntax: ValueSyntax,
  placeholders: Placeholders,
): AttributeValue {
  const value = placeholders.value(syntax.placeholder)
  if (value !== undefined) return value
  throw invalidExpression(
    kind,
    `An expression attribute value used in expression is not defined; attribute value: ${syntax.placeholder}`,
  )
}
