import { invalidParameter, validationError } from '../../protocol/service-error.ts'
import type { AttributeValue } from '../../values/attribute-value.ts'
import { checkValue } from '../../values/check-value.ts'
import type { ConditionNode } from '../condition-node.ts'
import { comparisonCondition, readComparison, type ComparisonOperator } from './comparison.ts'
import {
  checkConditionalOperator,
  combineConditions,
  type ConditionalOperator,
} from './conditional-operator.ts'

/** What `Expected` says of one attribute. */
export interface ExpectedAttribute {
  readonly Value?: AttributeValue | undefined
  readonly Exists?: boolean | undefined
  readonly ComparisonOperator?: ComparisonOperator | undefined
  readonly AttributeValueList?: readonly AttributeValue[] | undefined
}

/**
 * Reads `Expected`.
 *
 * @param expected - Conditions by attribute.
 * @param operator - `ConditionalOperator`
 * @returns It as a condition, or undefined when nothing is expected.
 * @throws ServiceError for the first fault.
 * @internal
 */
export function readExpected(
  expected: Readonly<Record<string, ExpectedAttribute>> | undefined,
  operator: ConditionalOperator | undefined,
): ConditionNode | undefined {
  checkConditionalOperator(expected, operator)
  const conditions = Object.entries(expected ?? {}).map(([name, attribute]) => readAttribute(name, attribute))
  return combineConditions(conditions, operator)
}

function readAttribute(name: string, attribute: ExpectedAttribute): ConditionNode {
  if (name === '') throw validationError('Empty attribute name')
  const { Value, Exists, ComparisonOperator, AttributeValueList } = attribute
  const invalid = (reason: string): Error => invalidParameter(`${reason} for Attribute: ${name}`)
  if (Value !== undefined && AttributeValueList !== undefined) {
    throw invalid('Value and AttributeValueList cannot be used together')
  }
  if (ComparisonOperator === undefined) {
    if (AttributeValueList !== undefined) {
      throw invalid('AttributeValueList can only be used with a ComparisonOperator')
    }
    return readExistence(name, Value, Exists, invalid)
  }
  if (Exists !== undefined) throw invalid('Exists and ComparisonOperator cannot be used together')
  const values = AttributeValueList ?? (Value && [Value])
  if (values === undefined && ComparisonOperator !== 'NULL' && ComparisonOperator !== 'NOT_NULL') {
    throw invalid(`Value or AttributeValueList must be used with ComparisonOperator: ${ComparisonOperator}`)
  }
  return comparisonCondition(name, readComparison(ComparisonOperator, values))
}

function readExistence(
  name: string,
  value: AttributeValue | undefined,
  exists: boolean | undefined,
  invalid: (reason: string) => Error,
): ConditionNode {
  if (exists === false) {
    if (value !== undefined) throw invalid('Value cannot be used when Exists is false')
    return comparisonCondition(name, { operator: 'NULL', values: [] })
  }
  if (value === undefined) {
    throw invalid(`Value must be provided when Exists is ${exists === undefined ? 'null' : 'true'}`)
  }
  return comparisonCondition(name, { operator: 'EQ', values: [checkValue(value)] })
}
