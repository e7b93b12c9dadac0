import { validationError } from '../../protocol/service-error.ts'
import type { AttributeValue } from '../../values/attribute-value.ts'
import type { ConditionNode } from '../condition-node.ts'
import { comparisonCondition, readComparison, type ComparisonOperator } from './comparison.ts'
import {
  checkConditionalOperator,
  combineConditions,
  type ConditionalOperator,
} from './conditional-operator.ts'

/** A condition of `QueryFilter`, `ScanFilter` or `KeyConditions`. */
export interface LegacyCondition {
  readonly ComparisonOperator: ComparisonOperator
  readonly AttributeValueList?: readonly AttributeValue[] | undefined
}

/**
 * Reads a `QueryFilter` or `ScanFilter`.
 *
 * @param filter - Conditions by attribute.
 * @param operator - `ConditionalOperator`
 * @returns The filter as a condition, or undefined when it lets everything through.
 * @throws ServiceError for the first fault.
 * @internal
 */
export function readFilter(
  filter: Readonly<Record<string, LegacyCondition>> | undefined,
  operator: ConditionalOperator | undefined,
): ConditionNode | undefined {
  checkConditionalOperator(filter, operator)
  const conditions = Object.entries(filter ?? {}).map(([name, condition]) => {
    if (name === '') throw validationError('Empty attribute name')
    return comparisonCondition(
      name,
      readComparison(condition.ComparisonOperator, condition.AttributeValueList),
    )
  })
  return combineConditions(conditions, operator)
}
