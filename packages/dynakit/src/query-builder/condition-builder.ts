import {
  allOf,
  type AttributeOperand,
  attributeOperand,
  type Condition,
  fieldCondition,
} from '../expressions/condition.ts'
import type {
  CheckOperator,
  CheckPath,
  ExistenceOperator,
  FieldPath,
  FieldValue,
  OperandFor,
  Operator,
} from '../expressions/field-types.ts'
import { ValidationError } from '../errors/request-errors.ts'

/**
 * Builds conditions inside `where(e => ...)`.
 *
 * @example
 * ```ts
 * import { createAdapter } from 'dynakit'
 *
 * interface Product { id: string; price: number; tags: Set<string> }
 * const db = createAdapter({ region: 'eu-west-1', tableName: 'Products' })
 * const query = db
 *   .query<Product>()
 *   .where('id', '=', 'p1')
 *   .where((e) => e.or([e('price', '<', 10), e.not(e('tags', 'contains', 'sale'))]))
 * console.log(typeof query.execute)
 * ```
 */
export interface ConditionBuilder<Item> {
  /** A comparison of a field. */
  <
    const Path extends FieldPath<Item>,
    const Chosen extends Operator,
    // A parameter with a default, not an expression in place: it keeps the check cheap for the compiler.
    Value = FieldValue<Item, Path>,
    Checked = CheckOperator<Value, Chosen>,
  >(
    field: Path & CheckPath<Item, Path>,
    operator: Chosen & NoInfer<Checked>,
    operand: NoInfer<OperandFor<Value, Chosen>> | AttributeOperand,
  ): Condition
  /** Whether a field is there. */
  <const Path extends FieldPath<Item>>(
    field: Path & CheckPath<Item, Path>,
    operator: ExistenceOperator,
  ): Condition
  /** True when all are. */
  and(conditions: readonly Condition[]): Condition
  /** True when one is. */
  or(conditions: readonly Condition[]): Condition
  /** True when the condition is false. */
  not(condition: Condition): Condition
  /** Another attribute as the right side of a comparison: `e('spent', '<', e.attribute('limit'))`. */
  attribute<const Path extends FieldPath<Item>>(field: Path & CheckPath<Item, Path>): AttributeOperand
}

const builder: unknown = Object.assign(
  (field: string, operator: string, operand?: unknown): Condition => fieldCondition(field, operator, operand),
  {
    and: (conditions: readonly Condition[]): Condition => group('and', conditions),
    or: (conditions: readonly Condition[]): Condition => group('or', conditions),
    not: (condition: Condition): Condition => Object.freeze({ type: 'not', condition } as const),
    attribute: (field: string): AttributeOperand => attributeOperand(field),
  },
)

/**
 * The one implementation of every {@link ConditionBuilder}: it needs no state.
 *
 * @internal
 */
export const conditionBuilder: ConditionBuilder<Record<string, unknown>> = builder as ConditionBuilder<
  Record<string, unknown>
>

function group(type: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const [only] = conditions
  if (!only) {
    throw new ValidationError(`e.${type}([]): give at least one condition.`, {
      rule: 'empty-group',
      valueType: 'array',
    })
  }
  if (conditions.length === 1) return only
  if (type === 'and') return allOf(conditions) ?? only
  return Object.freeze({ type, conditions: Object.freeze([...conditions]) })
}

/** A function that builds a condition. */
export type ConditionCallback<Item> = (e: ConditionBuilder<Item>) => Condition

/**
 * Reads the arguments of `where`.
 *
 * @param parameters - A callback, or field, operator and operand.
 * @returns The condition.
 * @internal
 */
export function toCondition(parameters: readonly unknown[]): Condition {
  const [first, operator, operand] = parameters
  if (typeof first === 'function')
    return (first as ConditionCallback<Record<string, unknown>>)(conditionBuilder)
  return fieldCondition(String(first), String(operator), operand)
}
