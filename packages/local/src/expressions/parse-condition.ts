import { bindCondition } from './bind-condition.ts'
import { checkConditionSyntax } from './check-syntax.ts'
import type { ConditionNode } from './condition-node.ts'
import type { ExpressionKind } from './expression-error.ts'
import { parseConditionSyntax } from './parse-condition-syntax.ts'
import type { Placeholders } from './placeholders.ts'
import type { ConditionSyntax } from './syntax.ts'
import { cachedParser } from './syntax-cache.ts'

/** Where conditions stand in requests. */
export type ConditionKind = 'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression'

const parsers: Readonly<Record<ConditionKind, (text: string) => ConditionSyntax>> = {
  ConditionExpression: cachedParser((text) => parse('ConditionExpression', text)),
  FilterExpression: cachedParser((text) => parse('FilterExpression', text)),
  KeyConditionExpression: cachedParser((text) => parse('KeyConditionExpression', text)),
}

function parse(kind: ExpressionKind, text: string): ConditionSyntax {
  const syntax = parseConditionSyntax(kind, text)
  checkConditionSyntax(kind, syntax)
  return syntax
}

/**
 * Reads a condition and checks it as DynamoDB does.
 *
 * @param kind - The parameter it was given in.
 * @param text - The expression.
 * @param placeholders - The names and values it may refer to.
 * @returns The condition, ready to be evaluated.
 * @throws ServiceError for the first fault, in DynamoDB's order.
 * @internal
 */
export function parseCondition(kind: ConditionKind, text: string, placeholders: Placeholders): ConditionNode {
  return bindCondition(kind, parsers[kind](text), placeholders)
}
