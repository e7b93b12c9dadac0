import { compareValues } from '../codec/compare.ts'
import type { NativeValue } from '../codec/native-value.ts'
import type { Condition } from '../expressions/condition.ts'
import type { Operator } from '../expressions/field-types.ts'
import { valueOf } from './field-conditions.ts'

/**
 * Tells whether a condition can be true of no item: an `in` without values, or an empty range.
 *
 * @internal
 */
export function isImpossible(condition: Condition): boolean {
  if (condition.type !== 'field') return false
  if (condition.operator === 'in') return condition.operands.length === 0
  return isEmptyRange({
    operator: condition.operator,
    values: condition.operands.map((_, at) => valueOf(condition, at)),
  })
}

/**
 * Tells whether a range has no values: `between` with its bounds the wrong way round.
 *
 * @internal
 */
export function isEmptyRange(comparison: {
  readonly operator: Operator
  readonly values: readonly (NativeValue | undefined)[]
}): boolean {
  const [lower, upper] = comparison.values
  if (comparison.operator !== 'between' || lower === undefined || upper === undefined) return false
  const order = compareValues(lower, upper)
  return order !== undefined && order > 0
}
