import { invalidParameter, validationError } from '../../protocol/service-error.ts'
import { typeOf, type AttributeType, type AttributeValue } from '../../values/attribute-value.ts'
import { checkValue } from '../../values/check-value.ts'
import { compareScalars } from '../../values/compare.ts'
import type { ConditionNode, ConditionOperand } from '../condition-node.ts'
import type { DocumentPath } from '../document-path.ts'

/** The operators of conditions from before there were expressions. */
export const comparisonOperators = [
  'IN',
  'NULL',
  'BETWEEN',
  'LT',
  'NOT_CONTAINS',
  'EQ',
  'GT',
  'NOT_NULL',
  'NE',
  'LE',
  'BEGINS_WITH',
  'GE',
  'CONTAINS',
] as const

/** An operator of a condition from before there were expressions. */
export type ComparisonOperator = (typeof comparisonOperators)[number]

/** A comparison of an attribute with values, checked. */
export interface Comparison {
  readonly operator: ComparisonOperator
  readonly values: readonly AttributeValue[]
}

const argumentCounts: Readonly<Partial<Record<ComparisonOperator, number>>> = {
  NULL: 0,
  NOT_NULL: 0,
  BETWEEN: 2,
}

const ordered: readonly AttributeType[] = ['S', 'N', 'B']

const allowedTypes: Readonly<Partial<Record<ComparisonOperator, readonly AttributeType[]>>> = {
  LT: ordered,
  LE: ordered,
  GT: ordered,
  GE: ordered,
  IN: ordered,
  BETWEEN: ordered,
  BEGINS_WITH: ['S', 'B'],
  CONTAINS: ['S', 'N', 'B', 'BOOL', 'NULL'],
  NOT_CONTAINS: ['S', 'N', 'B', 'BOOL', 'NULL'],
}

/**
 * Checks an operator and its values.
 *
 * @throws ServiceError for the first fault.
 * @internal
 */
export function readComparison(
  operator: ComparisonOperator,
  list: readonly AttributeValue[] | undefined,
): Comparison {
  const values = (list ?? []).map(checkValue)
  checkCount(operator, values.length)
  const [first, second] = values
  if (first === undefined) return { operator, values }
  const type = typeOf(first)
  if (values.some((value) => typeOf(value) !== type)) {
    throw invalidParameter('AttributeValues inside AttributeValueList must be of same type')
  }
  if (allowedTypes[operator]?.includes(type) === false) {
    throw invalidParameter(`ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`)
  }
  if (operator === 'BETWEEN' && second !== undefined && (compareScalars(first, second) ?? 0) > 0) {
    throw validationError(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    )
  }
  return { operator, values }
}

function checkCount(operator: ComparisonOperator, count: number): void {
  if (operator === 'IN' ? count > 0 : count === (argumentCounts[operator] ?? 1)) return
  throw invalidParameter(`Invalid number of argument(s) for the ${operator} ComparisonOperator`)
}

/**
 * Writes a comparison of an attribute as a condition.
 *
 * @internal
 */
export function comparisonCondition(name: string, { operator, values }: Comparison): ConditionNode {
  const path: DocumentPath = [name]
  const operand: ConditionOperand = { type: 'path', path }
  const operands = values.map((value): ConditionOperand => ({ type: 'value', value }))
  const [first = operand, second = first] = operands
  switch (operator) {
    case 'NULL':
      return { type: 'attribute_not_exists', path }
    case 'NOT_NULL':
      return { type: 'attribute_exists', path }
    case 'BETWEEN':
      return { type: 'between', operand, lower: first, upper: second }
    case 'IN':
      return { type: 'in', operand, candidates: operands }
    case 'BEGINS_WITH':
      return { type: 'begins_with', operand, argument: first }
    case 'CONTAINS':
      return { type: 'contains', operand, argument: first }
    case 'NOT_CONTAINS':
      return {
        type: 'and',
        conditions: [
          { type: 'attribute_exists', path },
          { type: 'not', condition: { type: 'contains', operand, argument: first } },
        ],
      }
    default:
      return { type: 'comparison', operator: comparators[operator], left: operand, right: first }
  }
}

const comparators = { EQ: '=', NE: '<>', LT: '<', LE: '<=', GT: '>', GE: '>=' } as const
