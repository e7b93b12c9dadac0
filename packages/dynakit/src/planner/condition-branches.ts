import { equalValues } from '../codec/compare.ts'
import { type Condition, type FieldCondition, type Operand } from '../expressions/condition.ts'
import type { KeyPart, KeySource } from '../schema/compiled-entity.ts'
import { equalityOn, type FieldConditions, fieldConditions, valueOf } from './field-conditions.ts'

/** Most reads a query is taken apart into. */
export const maximumBranches = 100

/** The conditions of one member of an `or`, with all that stand beside it. */
export interface ConditionBranch {
  readonly conditions: FieldConditions
  /** Conditions of earlier branches: items that meet one of them are found there. */
  readonly apart: readonly Condition[]
}

/**
 * Takes conditions apart so that each branch fixes what a key needs: one branch per value of an `in` on a
 * partition key, and on the sort key fields that follow.
 *
 * @param source - The key or index.
 * @param conditions - The query's conditions.
 * @returns The conditions of each branch, or the reason why there would be too many.
 * @internal
 */
export function branchesOfIn(
  source: KeySource,
  conditions: FieldConditions,
): readonly FieldConditions[] | string {
  const partition = choicesOn(
    source.partitionKey.flatMap(({ fields }) => fields),
    conditions,
  )
  const needed = countOf(partition)
  if (needed > maximumBranches) return tooManyQueries(needed)
  const choices = [...partition]
  for (const choice of sortChoices(source.sortKey, conditions)) {
    if (countOf([...choices, choice]) > maximumBranches) break
    choices.push(choice)
  }
  return choices.reduce(expand, [conditions])
}

/**
 * The reason when a query would be taken apart into too many.
 *
 * @internal
 */
export function tooManyQueries(needed: number): string {
  return `it would take ${String(needed)} queries, and at most ${String(maximumBranches)} are made for one; give fewer values`
}

/** An `in`, and one condition for each of its values. */
interface Choice {
  readonly given: FieldCondition
  readonly singles: readonly FieldCondition[]
}

function countOf(choices: readonly Choice[]): number {
  return choices.reduce((count, { singles }) => count * singles.length, 1)
}

function choicesOn(fields: readonly string[], conditions: FieldConditions): readonly Choice[] {
  return [...new Set(fields)].flatMap((field) => choiceOn(field, conditions) ?? [])
}

/** Only while everything before is fixed: a key is used from the left. */
function sortChoices(parts: readonly KeyPart[], conditions: FieldConditions): readonly Choice[] {
  const choices: Choice[] = []
  const seen = new Set<string>()
  for (const field of parts.flatMap(({ fields }) => fields)) {
    if (equalityOn(conditions, field) || seen.has(field)) continue
    const choice = choiceOn(field, conditions)
    if (!choice) break
    seen.add(field)
    choices.push(choice)
  }
  return choices
}

function choiceOn(field: string, conditions: FieldConditions): Choice | undefined {
  if (equalityOn(conditions, field)) return undefined
  const given = conditions.byField.get(field)?.find(({ operator }) => operator === 'in')
  if (!given) return undefined
  return { given, singles: distinct(given.operands).map((operand) => toSingle(given, operand)) }
}

function distinct(operands: readonly Operand[]): readonly Operand[] {
  return operands.filter(
    (operand, at) =>
      operands.findIndex(
        (other) => 'value' in operand && 'value' in other && equalValues(operand.value, other.value),
      ) === at,
  )
}

function toSingle(given: FieldCondition, operand: Operand): FieldCondition {
  return Object.freeze({ ...given, operator: '=', operands: Object.freeze([operand]) })
}

function expand(
  branches: readonly FieldConditions[],
  { given, singles }: Choice,
): readonly FieldConditions[] {
  return branches.flatMap((branch) => singles.map((single) => withSingle(branch, given, single)))
}

function withSingle(
  conditions: FieldConditions,
  given: FieldCondition,
  single: FieldCondition,
): FieldConditions {
  const replace = <Member extends Condition>(member: Member): Member =>
    member === given ? (single as Condition as Member) : member
  return {
    all: conditions.all.map(replace),
    byField: new Map([...conditions.byField].map(([field, list]) => [field, list.map(replace)])),
    isPlain: false,
  }
}

/**
 * Takes an `or` apart: one branch per member, each with the other conditions.
 *
 * @param conditions - The query's conditions.
 * @returns For each `or` among them, its branches.
 * @internal
 */
export function branchesOfOr(conditions: FieldConditions): readonly (readonly ConditionBranch[])[] {
  return conditions.all.flatMap((condition) => {
    if (condition.type !== 'or' || condition.conditions.length > maximumBranches) return []
    const others = conditions.all.filter((other) => other !== condition)
    return [toBranches(condition.conditions, others)]
  })
}

function toBranches(members: readonly Condition[], others: readonly Condition[]): readonly ConditionBranch[] {
  const own = members.map((member) => fieldConditions([member]))
  return members.map((member, at) => ({
    conditions: fieldConditions([...others, member]),
    apart: members.slice(0, at).filter((_, before) => !areApart(own[before], own[at])),
  }))
}

/** Whether both fix a field, to different values. */
function areApart(left: FieldConditions | undefined, right: FieldConditions | undefined): boolean {
  if (!left || !right) return false
  return [...left.byField.keys()].some((field) => {
    const a = equalityOn(left, field)
    const b = equalityOn(right, field)
    const one = a && valueOf(a)
    const other = b && valueOf(b)
    return one !== undefined && other !== undefined && !equalValues(one, other)
  })
}
