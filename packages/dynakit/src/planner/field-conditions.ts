import type { NativeValue } from '../codec/native-value.ts'
import { type Condition, conjuncts, type FieldCondition, isValueOperand } from '../expressions/condition.ts'
import type { Operator } from '../expressions/field-types.ts'
import { isAttribute, rootOf } from '../expressions/path.ts'

/** The conditions that must all hold, and those among them that compare a field with a value. */
export interface FieldConditions {
  readonly all: readonly Condition[]
  readonly byField: ReadonlyMap<string, readonly FieldCondition[]>
  /** Whether none of them can be taken apart into several: an `or`, or an `in` with several values. */
  readonly isPlain: boolean
}

const impliesPresence: ReadonlySet<Operator> = new Set<Operator>([
  '=',
  '<',
  '<=',
  '>',
  '>=',
  'between',
  'in',
  'begins_with',
  'contains',
  'exists',
  'attribute_type',
])

/**
 * Sorts the conditions of a query by field.
 *
 * @internal
 */
export function fieldConditions(conditions: readonly Condition[]): FieldConditions {
  const all = conjuncts(conditions)
  const byField = new Map<string, FieldCondition[]>()
  let isPlain = true
  for (const condition of all) {
    if (condition.type === 'or') isPlain = false
    if (condition.type !== 'field' || !isAttribute(condition.path)) continue
    if (condition.operator === 'in' && condition.operands.length > 1) isPlain = false
    if (!condition.operands.every(isValueOperand)) continue
    const field = rootOf(condition.path)
    const list = byField.get(field)
    if (list) list.push(condition)
    else byField.set(field, [condition])
  }
  return { all, byField, isPlain }
}

/**
 * The condition that fixes a field to one value, if there is one.
 *
 * @internal
 */
export function equalityOn(conditions: FieldConditions, field: string): FieldCondition | undefined {
  return conditions.byField
    .get(field)
    ?.find(({ operator, operands }) => operator === '=' || (operator === 'in' && operands.length === 1))
}

/**
 * The value at a position of a condition's operands.
 *
 * @internal
 */
export function valueOf(condition: FieldCondition, position = 0): NativeValue | undefined {
  const operand = condition.operands[position]
  return isValueOperand(operand) ? operand.value : undefined
}

/**
 * Tells whether the conditions can only be true of items that have the field.
 *
 * @internal
 */
export function requiresField(conditions: FieldConditions, field: string): boolean {
  return conditions.byField.get(field)?.some(({ operator }) => impliesPresence.has(operator)) ?? false
}
