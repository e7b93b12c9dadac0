import { bindUpdate } from './bind-update.ts'
import { checkUpdateSyntax } from './check-syntax.ts'
import { parseUpdateSyntax } from './parse-update-syntax.ts'
import type { Placeholders } from './placeholders.ts'
import { cachedParser } from './syntax-cache.ts'
import type { UpdateNode } from './update-node.ts'

const parse = cachedParser((text) => {
  const sections = parseUpdateSyntax(text)
  checkUpdateSyntax(sections)
  return sections
})

/**
 * Reads an update expression and checks it as DynamoDB does.
 *
 * @param text - The expression.
 * @param placeholders - The names and values it may refer to.
 * @returns The update, ready to be applied.
 * @throws ServiceError for the first fault, in DynamoDB's order.
 * @internal
 */
export function parseUpdate(text: string, placeholders: Placeholders): UpdateNode {
  return bindUpdate(parse(text), placeholders)
}
