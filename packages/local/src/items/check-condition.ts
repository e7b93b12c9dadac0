import type { ConditionNode } from '../expressions/condition-node.ts'
import { evaluateCondition } from '../expressions/evaluate-condition.ts'
import type { ConditionalOperator } from '../expressions/legacy/conditional-operator.ts'
import { readExpected, type ExpectedAttribute } from '../expressions/legacy/read-expected.ts'
import { ServiceError } from '../protocol/service-error.ts'
import type { StoredItem } from '../storage/stored-item.ts'

/** How requests from before there were expressions say under which condition they write. */
export interface LegacyConditionInput {
  readonly Expected?: Readonly<Record<string, ExpectedAttribute>> | undefined
  readonly ConditionalOperator?: ConditionalOperator | undefined
}

/**
 * Finds out under which condition a request writes.
 *
 * @param condition - Its `ConditionExpression`, if it has one.
 * @param input - The request, for what it says without expressions.
 * @returns The condition, or undefined when there is none.
 * @throws ServiceError for the first fault of what it says without expressions.
 * @internal
 */
export function readCondition(
  condition: ConditionNode | undefined,
  input: LegacyConditionInput,
): ConditionNode | undefined {
  return condition ?? readExpected(input.Expected, input.ConditionalOperator)
}

/**
 * Checks that an item meets the condition of a write.
 *
 * @param condition - The condition; undefined for none.
 * @param stored - The item, if there is one.
 * @param onFailure - `ReturnValuesOnConditionCheckFailure`
 * @throws ServiceError (`ConditionalCheckFailedException`) when it does not.
 * @internal
 */
export function checkCondition(
  condition: ConditionNode | undefined,
  stored: StoredItem | undefined,
  onFailure: 'ALL_OLD' | 'NONE' | undefined,
): void {
  if (condition === undefined || evaluateCondition(condition, stored?.item)) return
  const details = onFailure === 'ALL_OLD' && stored !== undefined ? { Item: stored.item } : {}
  throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed', { details })
}
