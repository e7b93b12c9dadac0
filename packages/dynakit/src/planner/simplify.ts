import { type Condition, conjuncts } from '../expressions/condition.ts'
import { isImpossible } from './impossible.ts'

/**
 * Takes what cannot be true of any item out of conditions: DynamoDB refuses an `in` without values and a
 * `between` with its bounds the wrong way round, wherever they stand.
 *
 * @param conditions - Conditions that must all hold.
 * @returns The conditions that are left, or `never` when no item can meet them.
 * @internal
 */
export function simplifyAll(conditions: readonly Condition[]): readonly Condition[] | 'never' {
  const all = conjuncts(conditions)
  const simple = all.map(simplify)
  if (simple.every((condition, at) => condition === all[at])) return all
  if (simple.includes('never')) return 'never'
  return simple.filter((condition) => typeof condition !== 'string')
}

function simplify(condition: Condition): Condition | 'always' | 'never' {
  if (condition.type === 'field') return isImpossible(condition) ? 'never' : condition
  if (condition.type === 'not') {
    const inner = simplify(condition.condition)
    if (inner === condition.condition) return condition
    if (typeof inner !== 'string') return Object.freeze({ type: 'not', condition: inner })
    return inner === 'always' ? 'never' : 'always'
  }
  return simplifyGroup(condition.type, condition.conditions, condition)
}

/** What decides a group at once, and what adds nothing to it. */
const roles = {
  and: { decisive: 'never', neutral: 'always' },
  or: { decisive: 'always', neutral: 'never' },
} as const

function simplifyGroup(
  type: 'and' | 'or',
  members: readonly Condition[],
  group: Condition,
): Condition | 'always' | 'never' {
  const { decisive, neutral } = roles[type]
  const simple = members.map(simplify)
  if (simple.every((member, at) => member === members[at])) return group
  if (simple.includes(decisive)) return decisive
  const left = simple.filter((member) => typeof member !== 'string')
  const [only] = left
  if (only === undefined) return neutral
  return left.length === 1 ? only : Object.freeze({ type, conditions: Object.freeze(left) })
}
