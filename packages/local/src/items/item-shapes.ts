import { comparisonOperators, type ComparisonOperator } from '../expressions/legacy/comparison.ts'
import type { ConditionalOperator } from '../expressions/legacy/conditional-operator.ts'
import type { AttributeUpdate } from '../expressions/legacy/read-attribute-updates.ts'
import type { ExpectedAttribute } from '../expressions/legacy/read-expected.ts'
import type { LegacyCondition } from '../expressions/legacy/read-filter.ts'
import {
  attributeValue,
  boolean,
  list,
  map,
  oneOf,
  required,
  string,
  structure,
  type Shape,
} from '../validation/shape.ts'
import type { AttributeValue, Item } from '../values/attribute-value.ts'

/** `Item`, `Key`, `ExclusiveStartKey` */
export const attributeMap: Shape<Item> = map(attributeValue)

/** `ExpressionAttributeNames` */
export const expressionAttributeNames: Shape<Readonly<Record<string, string>>> = map(string())

/** `ExpressionAttributeValues` */
export const expressionAttributeValues: Shape<Readonly<Record<string, AttributeValue>>> = map(attributeValue)

/** `ReturnItemCollectionMetrics` */
export const returnItemCollectionMetrics: Shape<'SIZE' | 'NONE'> = oneOf('SIZE', 'NONE')

/** `ReturnValues` */
export type ReturnValues = 'ALL_NEW' | 'UPDATED_OLD' | 'ALL_OLD' | 'NONE' | 'UPDATED_NEW'

/** `ReturnValues` */
export const returnValues: Shape<ReturnValues> = oneOf(
  'ALL_NEW',
  'UPDATED_OLD',
  'ALL_OLD',
  'NONE',
  'UPDATED_NEW',
)

/** `ReturnValuesOnConditionCheckFailure` */
export const returnValuesOnFailure: Shape<'ALL_OLD' | 'NONE'> = oneOf('ALL_OLD', 'NONE')

/** `ConditionalOperator` */
export const conditionalOperator: Shape<ConditionalOperator> = oneOf('OR', 'AND')

const comparisonOperator: Shape<ComparisonOperator> = oneOf(...comparisonOperators)

/** `Expected` */
export const expected: Shape<Readonly<Record<string, ExpectedAttribute>>> = map(
  structure({
    Value: attributeValue,
    Exists: boolean,
    ComparisonOperator: comparisonOperator,
    AttributeValueList: list(attributeValue),
  }),
)

/** `QueryFilter`, `ScanFilter`, `KeyConditions` */
export const legacyConditions: Shape<Readonly<Record<string, LegacyCondition>>> = map(
  structure({
    ComparisonOperator: required(comparisonOperator),
    AttributeValueList: list(attributeValue),
  }),
)

/** `AttributeUpdates` */
export const attributeUpdates: Shape<Readonly<Record<string, AttributeUpdate>>> = map(
  structure({ Value: attributeValue, Action: oneOf('ADD', 'DELETE', 'PUT') }),
)

/** `AttributesToGet` */
export const attributesToGet: Shape<readonly string[]> = list(string({ maximum: 65_535 }), { minimum: 1 })
