import type { NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { Operator } from './field-types.ts'
import { type Path, parsePath, rootOf } from './path.ts'

/** Another attribute as the right side of a comparison. */
export interface AttributeOperand {
  /** Path of the attribute. */
  readonly attribute: Path
}

/** The right side of a comparison: a value or another attribute. */
export type Operand = { readonly value: NativeValue } | AttributeOperand

/** One comparison of a field. */
export interface FieldCondition {
  readonly type: 'field'
  readonly path: Path
  readonly operator: Operator
  /** None for `exists`, two for `between`, any number for `in`, otherwise one. */
  readonly operands: readonly Operand[]
}

/** Several conditions of which all (`and`) or one (`or`) must be true. */
export interface GroupCondition {
  readonly type: 'and' | 'or'
  readonly conditions: readonly Condition[]
}

/** A condition that must be false. */
export interface NotCondition {
  readonly type: 'not'
  readonly condition: Condition
}

/** A condition tree: plain frozen data. */
export type Condition = FieldCondition | GroupCondition | NotCondition

const operandCounts: Readonly<Record<Operator, number>> = {
  '=': 1,
  '<>': 1,
  '<': 1,
  '<=': 1,
  '>': 1,
  '>=': 1,
  between: 2,
  in: Infinity,
  begins_with: 1,
  contains: 1,
  not_contains: 1,
  exists: 0,
  not_exists: 0,
  attribute_type: 1,
}

const maximumInValues = 100

/**
 * Makes a comparison from what a caller of `where` gave.
 *
 * @param field - Field name or path.
 * @param operator - One of the operators.
 * @param operand - Value, bounds, list or attribute, as the operator wants it.
 * @returns The condition.
 * @throws ValidationError for an unknown operator or a missing or wrong operand.
 * @internal
 */
export function fieldCondition(field: string, operator: string, operand: unknown): FieldCondition {
  const path = parsePath(field)
  if (!isOperator(operator)) {
    throw new ValidationError(
      `${field}: '${operator}' is not an operator. Use one of ${Object.keys(operandCounts).join(' ')}.`,
      { rule: 'operator', field },
    )
  }
  return Object.freeze({
    type: 'field',
    path,
    operator,
    operands: Object.freeze(toOperands(field, operator, operand)),
  })
}

function isOperator(operator: string): operator is Operator {
  return Object.hasOwn(operandCounts, operator)
}

function toOperands(field: string, operator: Operator, operand: unknown): readonly Operand[] {
  const count = operandCounts[operator]
  if (count === 0) return []
  if (count === 1) return [toOperand(field, operator, operand)]
  if (!Array.isArray(operand) && !(operand instanceof Set)) {
    throw wrongOperand(field, operator, count === 2 ? 'a pair [lower, upper]' : 'a list of values', operand)
  }
  const values = [...(operand as Iterable<unknown>)]
  if (count === 2 && values.length !== 2)
    throw wrongOperand(field, operator, 'a pair [lower, upper]', operand)
  if (values.length > maximumInValues) {
    throw new ValidationError(
      `${field}: 'in' takes at most ${String(maximumInValues)} values, ${String(values.length)} are given. Split the query.`,
      { rule: 'in-count', field, valueType: 'array' },
    )
  }
  return values.map((value) => toOperand(field, operator, value))
}

function toOperand(field: string, operator: Operator, operand: unknown): Operand {
  if (isAttributeOperand(operand)) return operand
  if (operand === undefined) throw wrongOperand(field, operator, 'a value', operand)
  return Object.freeze({ value: operand as NativeValue })
}

function wrongOperand(
  field: string,
  operator: Operator,
  expected: string,
  operand: unknown,
): ValidationError {
  return new ValidationError(
    `${field}: '${operator}' needs ${expected}, ${valueType(operand)} is given. To test for a missing attribute use 'not_exists'.`,
    { rule: 'operand', field, valueType: valueType(operand) },
  )
}

const attributeOperands = new WeakSet<object>()

/**
 * Makes the right side of a comparison that is another attribute.
 *
 * @internal
 */
export function attributeOperand(field: string): AttributeOperand {
  const operand = Object.freeze({ attribute: parsePath(field) })
  attributeOperands.add(operand)
  return operand
}

function isAttributeOperand(operand: unknown): operand is AttributeOperand {
  return typeof operand === 'object' && operand !== null && attributeOperands.has(operand)
}

/**
 * Tells a comparison with a value from one with another attribute.
 *
 * @internal
 */
export function isValueOperand(operand: Operand | undefined): operand is { readonly value: NativeValue } {
  return operand !== undefined && 'value' in operand
}

/**
 * Joins conditions that must all be true; flattens nested ones.
 *
 * @returns One condition, or `undefined` when there are none.
 * @internal
 */
export function allOf(conditions: readonly Condition[]): Condition | undefined {
  const flat = conjuncts(conditions)
  if (flat.length <= 1) return flat[0]
  return Object.freeze({ type: 'and', conditions: Object.freeze(flat) })
}

/**
 * The conditions of which each must be true: nested `and`s are taken apart.
 *
 * @internal
 */
export function conjuncts(conditions: readonly Condition[]): readonly Condition[] {
  if (conditions.every(({ type }) => type !== 'and')) return conditions
  return conditions.flatMap((condition) =>
    condition.type === 'and' ? conjuncts(condition.conditions) : [condition],
  )
}

/**
 * Attributes a condition looks at, without duplicates.
 *
 * @internal
 */
export function attributesOf(condition: Condition): ReadonlySet<string> {
  const names = new Set<string>()
  collect(condition, names)
  return names
}

/**
 * Tells whether something holds for every attribute a condition looks at.
 *
 * @internal
 */
export function everyAttribute(condition: Condition, holds: (name: string) => boolean): boolean {
  if (condition.type === 'not') return everyAttribute(condition.condition, holds)
  if (condition.type !== 'field') return condition.conditions.every((member) => everyAttribute(member, holds))
  if (!holds(rootOf(condition.path))) return false
  return condition.operands.every((operand) => !('attribute' in operand) || holds(rootOf(operand.attribute)))
}

function collect(condition: Condition, names: Set<string>): void {
  if (condition.type === 'not') {
    collect(condition.condition, names)
    return
  }
  if (condition.type !== 'field') {
    for (const member of condition.conditions) collect(member, names)
    return
  }
  names.add(rootOf(condition.path))
  for (const operand of condition.operands) if ('attribute' in operand) names.add(rootOf(operand.attribute))
}

/**
 * Rewrites every comparison of a tree.
 *
 * @param condition - The tree.
 * @param change - Gives the comparison to put in place of one.
 * @returns The rewritten tree.
 * @internal
 */
export function mapFields(
  condition: Condition,
  change: (field: FieldCondition) => FieldCondition,
): Condition {
  if (condition.type === 'field') return change(condition)
  if (condition.type === 'not')
    return Object.freeze({ type: 'not', condition: mapFields(condition.condition, change) })
  return Object.freeze({
    type: condition.type,
    conditions: Object.freeze(condition.conditions.map((member) => mapFields(member, change))),
  })
}
