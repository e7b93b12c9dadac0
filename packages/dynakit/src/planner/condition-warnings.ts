import { attributesOf, type Condition } from '../expressions/condition.ts'
import type { PlannedRead } from './plan-request.ts'

/**
 * Says what conditions cost that no key answers.
 *
 * @param conditions - The caller's conditions that are checked after reading.
 * @param operation - How the items are read.
 * @returns Warnings for an explanation.
 * @internal
 */
export function conditionWarnings(
  conditions: readonly Condition[],
  operation: PlannedRead['plan']['operation'],
): readonly string[] {
  // A scan says so itself, and reads of single items drop one at most.
  if (conditions.length === 0 || operation === 'GetItem' || operation === 'BatchGetItem') return []
  const searched = conditions.flatMap(searchedFields)
  const names = [...new Set(conditions.flatMap((condition) => [...attributesOf(condition)]))]
  return [
    ...(operation === 'Scan'
      ? []
      : [
          `conditions on ${names.join(', ')} are checked after reading: in a large partition, items they drop are read and paid for`,
        ]),
    ...[...new Set(searched)].map(
      (field) =>
        `no key or index answers 'contains' on ${field}: to find items by a member, store an item per member`,
    ),
  ]
}

function searchedFields(condition: Condition): readonly string[] {
  if (condition.type === 'not') return searchedFields(condition.condition)
  if (condition.type !== 'field') return condition.conditions.flatMap(searchedFields)
  return condition.operator === 'contains' ? [condition.path.text] : []
}
