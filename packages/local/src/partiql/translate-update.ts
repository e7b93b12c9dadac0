import { bindUpdate } from '../expressions/bind-update.ts'
import { checkOperatorCount } from '../expressions/operand-checks.ts'
import type { OperandSyntax, UpdateActionSyntax } from '../expressions/syntax.ts'
import type { UpdateNode } from '../expressions/update-node.ts'
import { validationError } from '../protocol/service-error.ts'
import type { CallExpression, ChangeExpression, Expression, PathExpression } from './expression.ts'
import { errorAt } from './statement-error.ts'
import { translatePath } from './translate-path.ts'
import { translateValue } from './translate-value.ts'
import type { Translation } from './translation.ts'

/** Functions that change a set where it is. */
const setFunctions: ReadonlyMap<string, 'ADD' | 'DELETE'> = new Map([
  ['set_add', 'ADD'],
  ['set_delete', 'DELETE'],
])
const updateFunctions: ReadonlySet<string> = new Set(['list_append', 'if_not_exists'])
const conditionFunctions: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
])

/**
 * Makes an update of what an UPDATE sets and removes.
 *
 * @param changes - The SET and REMOVE clauses.
 * @param translation - The statement.
 * @throws ServiceError when it is none that DynamoDB knows.
 * @internal
 */
export function translateUpdate(changes: readonly ChangeExpression[], translation: Translation): UpdateNode {
  const actions = changes.map((change) => translateChange(change, translation))
  return bindUpdate([{ section: 'SET', actions }], translation.placeholders)
}

function translateChange(change: ChangeExpression, translation: Translation): UpdateActionSyntax {
  const path = translatePath(change.path, translation)
  if (change.type === 'remove') return { section: 'REMOVE', path }
  const { value } = change
  const section = value.type === 'call' ? setFunctions.get(value.name) : undefined
  if (section === undefined || value.type !== 'call') {
    return { section: 'SET', path, value: translateOperand(value, translation) }
  }
  const placeholder = translateSet(value, change.path, translation)
  return { section, path, value: { type: 'value', placeholder } }
}

function translateSet(
  { name, token, operands }: CallExpression,
  target: PathExpression,
  translation: Translation,
): string {
  const shownName = name.toUpperCase()
  const [own, set] = operands
  if (own === undefined || set === undefined || operands.length !== 2) {
    throw errorAt(`${shownName} must have exactly two arguments`, token)
  }
  if (own.type !== 'path' || !equalPaths(own, target)) {
    throw errorAt(`The first argument to ${shownName} must equal the assignment value`, token)
  }
  const value = translateValue(set, translation)
  if (value === undefined || !('SS' in value || 'NS' in value || 'BS' in value)) {
    throw errorAt(`The second argument to ${shownName} must be a value with type SET`, own.token)
  }
  return translation.valueOf(value)
}

function equalPaths(left: PathExpression, right: PathExpression): boolean {
  const text = ({ token, steps }: PathExpression): string =>
    JSON.stringify([
      token.text,
      ...steps.map((step) => (step.type === 'index' ? step.index.token.text : { ...step, token: '' })),
    ])
  return text(left) === text(right)
}

function translateOperand(expression: Expression, translation: Translation, depth = 0): OperandSyntax {
  checkOperatorCount('UpdateExpression', depth)
  switch (expression.type) {
    case 'path':
      return translatePath(expression, translation)
    case 'missing':
      throw validationError('MISSING must be compared using IS operator')
    case 'operation': {
      const { operator, operands } = expression
      const [left, right] = operands
      const isArithmetic = operator === '+' || operator === '-'
      if (!isArithmetic || left === undefined || right === undefined) throw unsupportedOperator(operator)
      return {
        type: 'arithmetic',
        operator,
        left: translateOperand(left, translation, depth + 1),
        right: translateOperand(right, translation, depth + 1),
      }
    }
    case 'is':
      throw unsupportedOperator('is')
    case 'call':
      return translateCall(expression, translation, depth + 1)
    default: {
      const value = translateValue(expression, translation)
      if (value !== undefined) return { type: 'value', placeholder: translation.valueOf(value) }
      throw errorAt(`Unsupported token in expression: ${expression.token.text}`, expression.token)
    }
  }
}

function translateCall(
  { name, token, operands }: CallExpression,
  translation: Translation,
  depth: number,
): OperandSyntax {
  if (conditionFunctions.has(name)) {
    throw validationError(`The function is not allowed in an update expression; function: ${name}`)
  }
  if (!updateFunctions.has(name)) throw errorAt(`Unrecognized function: ${name}`, token)
  return {
    type: 'function',
    name,
    operands: operands.map((operand) => translateOperand(operand, translation, depth)),
  }
}

function unsupportedOperator(operator: string): Error {
  return validationError(`Unsupported operator in Update Expression. Operator: ${operator}`)
}
