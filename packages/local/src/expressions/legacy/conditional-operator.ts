import { validationError } from '../../protocol/service-error.ts'
import type { ConditionNode } from '../condition-node.ts'

/** How conditions from before there were expressions are combined. */
export type ConditionalOperator = 'AND' | 'OR'

/**
 * Combines conditions on attributes.
 *
 * @param conditions - The conditions; undefined when the request has none.
 * @param operator - `ConditionalOperator`
 * @returns One condition, or undefined when there is nothing to check.
 * @throws ServiceError when there is an operator but nothing to combine.
 * @internal
 */
export function combineConditions(
  conditions: readonly ConditionNode[],
  operator: ConditionalOperator | undefined,
): ConditionNode | undefined {
  const [first] = conditions
  return conditions.length < 2 ? first : { type: operator === 'OR' ? 'or' : 'and', conditions }
}

/**
 * Checks that a `ConditionalOperator` has something to combine.
 *
 * @param conditions - `Expected`, `QueryFilter` or `ScanFilter`.
 * @param operator - `ConditionalOperator`
 * @throws ServiceError when it has not.
 * @internal
 */
export function checkConditionalOperator(
  conditions: Readonly<Record<string, unknown>> | undefined,
  operator: ConditionalOperator | undefined,
): void {
  if (operator === undefined) return
  const count = Object.keys(conditions ?? {}).length
  if (count === 0) throw validationError('ConditionalOperator cannot be used without Filter or Expected')
  if (count === 1) {
    throw validationError(
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    )
  }
}
