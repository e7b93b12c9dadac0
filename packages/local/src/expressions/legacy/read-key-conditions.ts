import { validationError } from '../../protocol/service-error.ts'
import type { KeyCondition, KeyOperator } from '../key-condition.ts'
import { readComparison, type ComparisonOperator } from './comparison.ts'
import type { LegacyCondition } from './read-filter.ts'

/** The operators an index can look up. */
const keyOperators: Readonly<Partial<Record<ComparisonOperator, KeyOperator>>> = {
  EQ: '=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
  BETWEEN: 'BETWEEN',
  BEGINS_WITH: 'begins_with',
}

/**
 * Reads `KeyConditions`.
 *
 * @param conditions - Conditions by key attribute.
 * @throws ServiceError for the first fault.
 * @internal
 */
export function readKeyConditions(
  conditions: Readonly<Record<string, LegacyCondition>>,
): readonly KeyCondition[] {
  const entries = Object.entries(conditions)
  const read = entries.map(([attribute, { ComparisonOperator, AttributeValueList }]): KeyCondition => {
    const { operator, values } = readComparison(ComparisonOperator, AttributeValueList)
    return { attribute, operator: keyOperators[operator], values }
  })
  if (entries.length === 0) throw validationError('Conditions can be of length 1 or 2 only')
  return read
}
