import { typeOf, type AttributeType, type AttributeValue } from '../values/attribute-value.ts'
import { documentPathText, equalPaths, type DocumentPath } from './document-path.ts'
import { invalidExpression, type ExpressionKind } from './expression-error.ts'

/** What the checks need to know of an operand of a condition or an update. */
interface CheckedOperand {
  readonly type: string
  readonly path?: DocumentPath
  readonly value?: AttributeValue
}

const maximumOperators = 300

/**
 * Checks how many operands an operator or function was given.
 *
 * @internal
 */
export function checkOperandCount(kind: ExpressionKind, name: string, count: number, wanted: number): void {
  if (count === wanted) return
  throw invalidExpression(
    kind,
    `Incorrect number of operands for operator or function; operator or function: ${name}, ` +
      `number of operands: ${String(count)}`,
  )
}

/**
 * Checks that the first operand, if it is a path, is not among the others.
 *
 * @internal
 */
export function checkDistinct(kind: ExpressionKind, name: string, operands: readonly CheckedOperand[]): void {
  const [first, ...others] = operands.map((operand) => (operand.type === 'path' ? operand.path : undefined))
  if (first === undefined || !others.some((other) => other && equalPaths(first, other))) return
  throw invalidExpression(
    kind,
    'The first operand must be distinct from the remaining operands for this operator or function; ' +
      `operator: ${name}, first operand: ${documentPathText(first)}`,
  )
}

/**
 * Checks the type of operands whose type is known before there is an item.
 *
 * @internal
 */
export function checkOperandTypes(
  kind: ExpressionKind,
  name: string,
  operands: readonly CheckedOperand[],
  allowed: ReadonlySet<string>,
): void {
  for (const operand of operands) {
    const type = operandType(operand)
    if (type !== undefined && !allowed.has(type)) throw incorrectType(kind, name, type)
  }
}

/**
 * Makes the error of an operand whose type an operator or function does not take.
 *
 * @internal
 */
export function incorrectType(kind: ExpressionKind, name: string, type: string): Error {
  return invalidExpression(
    kind,
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
  )
}

/**
 * Gives the type of an operand, or undefined when only an item can tell.
 *
 * @internal
 */
export function operandType(operand: CheckedOperand): AttributeType | undefined {
  if (operand.value !== undefined) return typeOf(operand.value)
  if (operand.type === 'size') return 'N'
  return operand.type === 'condition' ? 'BOOL' : undefined
}

/**
 * Checks that an operand is a document path, and gives it.
 *
 * @internal
 */
export function requirePath(
  kind: ExpressionKind,
  name: string,
  operand: CheckedOperand | undefined,
): DocumentPath {
  if (operand?.type === 'path' && operand.path !== undefined) return operand.path
  throw invalidExpression(
    kind,
    `Operator or function requires a document path; operator or function: ${name}`,
  )
}

/**
 * Checks that an expression has no more than 300 operators and functions.
 *
 * @internal
 */
export function checkOperatorCount(kind: ExpressionKind, count: number): void {
  if (count <= maximumOperators) return
  throw invalidExpression(
    kind,
    `The expression contains too many operators; operator count: ${String(maximumOperators + 1)}`,
  )
}
