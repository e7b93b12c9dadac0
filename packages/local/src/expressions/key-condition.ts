import { validationError } from '../protocol/service-error.ts'
import type { AttributeValue } from '../values/attribute-value.ts'
import type { ConditionNode, ConditionOperand } from './condition-node.ts'
import { invalidExpression } from './expression-error.ts'

/** The operators a sort key can be narrowed with. */
export type KeyOperator = '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'begins_with'

/** A condition on one key attribute. */
export interface KeyCondition {
  readonly attribute: string
  /** Undefined for what legacy conditions can say and no index can look up. */
  readonly operator: KeyOperator | undefined
  /** Two for `BETWEEN`, one otherwise. */
  readonly values: readonly AttributeValue[]
}

const mirrored = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

/**
 * Takes the key conditions out of a key condition expression.
 *
 * @param node - The expression, read as a condition.
 * @returns One condition for each attribute, in the order of the text.
 * @throws ServiceError for the first thing, from left to right, that a condition can have and a key condition
 *   cannot.
 * @internal
 */
export function keyConditions(node: ConditionNode): readonly KeyCondition[] {
  const conditions = new Map<string, KeyCondition>()
  collect(node, conditions)
  return [...conditions.values()]
}

function collect(node: ConditionNode, conditions: Map<string, KeyCondition>): void {
  if (node.type === 'and') {
    for (const member of node.conditions) collect(member, conditions)
    return
  }
  const condition = keyCondition(node)
  if (conditions.has(condition.attribute)) {
    throw invalidConditions('must only contain one condition per key')
  }
  conditions.set(condition.attribute, condition)
}

function keyCondition(node: ConditionNode): KeyCondition {
  switch (node.type) {
    case 'comparison': {
      if (node.operator === '<>') throw invalidOperator('<>')
      const [attribute, ...values] = operands(node.left, node.right)
      const operator = node.left.type === 'path' ? node.operator : mirrored[node.operator]
      return { attribute, operator, values }
    }
    case 'between':
      return ofFirstOperand('BETWEEN', node.operand, node.lower, node.upper)
    case 'begins_with':
      return ofFirstOperand('begins_with', node.operand, node.argument)
    case 'and':
    case 'or':
    case 'not':
    case 'in':
      throw invalidOperator(node.type.toUpperCase())
    case 'attribute_exists':
    case 'attribute_not_exists':
    case 'attribute_type':
    case 'contains':
      throw invalidOperator(node.type)
  }
}

function ofFirstOperand(
  operator: 'BETWEEN' | 'begins_with',
  first: ConditionOperand,
  ...others: ConditionOperand[]
): KeyCondition {
  if (first.type === 'value') {
    throw invalidCondition(`${operator} operator must have the key attribute as its first operand`)
  }
  const [attribute, ...values] = operands(first, ...others)
  return { attribute, operator, values }
}

/** The one attribute among the operands, and the values. */
function operands(...all: ConditionOperand[]): [attribute: string, ...values: AttributeValue[]] {
  let attribute: string | undefined
  const values: AttributeValue[] = []
  for (const operand of all) {
    if (operand.type === 'size' || operand.type === 'condition') {
      throw invalidConditions('cannot contain nested operations')
    }
    if (operand.type === 'value') {
      values.push(operand.value)
      continue
    }
    if (attribute !== undefined) throw invalidCondition('Multiple attribute names used in one condition')
    if (operand.path.length > 1) {
      throw invalidConditions('cannot have conditions on nested attributes')
    }
    attribute = operand.path[0]
  }
  if (attribute === undefined) throw invalidCondition('No key attribute specified')
  return [attribute, ...values]
}

function invalidOperator(operator: string): Error {
  return validationError(`Invalid operator used in KeyConditionExpression: ${operator}`)
}

function invalidConditions(reason: string): Error {
  return invalidExpression('KeyConditionExpression', `KeyConditionExpressions ${reason}`)
}

function invalidCondition(reason: string): Error {
  return validationError(`Invalid condition in KeyConditionExpression: ${reason}`)
}
