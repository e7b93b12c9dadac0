import type { Condition } from '../expressions/condition.ts'
import type { KeySource } from '../schema/compiled-entity.ts'
import {
  branchesOfIn,
  branchesOfOr,
  type ConditionBranch,
  maximumBranches,
  tooManyQueries,
} from './condition-branches.ts'
import type { FieldConditions } from './field-conditions.ts'
import { isEmptyRange, isImpossible } from './impossible.ts'
import { type KeyMatch, matchKey } from './match-key.ts'
import type { PlanRequest } from './plan-request.ts'

/** One read of a key or index. */
export interface Branch {
  readonly match: KeyMatch
  readonly conditions: FieldConditions
  /** Conditions the key does not answer. */
  readonly remaining: readonly Condition[]
  /** Conditions of earlier branches: items that meet one of them are found there. */
  readonly apart: readonly Condition[]
}

/**
 * Matches the conditions of a query with a key or index in each way they can be taken apart.
 *
 * @param source - The key or index.
 * @param request - What the query asks for.
 * @param conditions - Its conditions, sorted by field.
 * @returns The ways that lead to the key, each a list of reads (none where no item can match); the reason
 *   when there is none.
 * @internal
 */
export function matchBranches(
  source: KeySource,
  request: PlanRequest,
  conditions: FieldConditions,
): readonly (readonly Branch[])[] | string {
  if (conditions.isPlain) {
    const branches = matchOne(source, request, conditions, nothingApart)
    return typeof branches === 'string' ? branches : [branches]
  }
  const whole: ConditionBranch = { conditions, apart: [] }
  const ways = [[whole], ...branchesOfOr(conditions)].map((way) => matchWay(source, request, way))
  const usable = ways.filter((way) => typeof way !== 'string')
  return usable.length > 0 ? usable : (ways[0] as string)
}

const nothingApart: readonly Condition[] = Object.freeze([])

/** One read, or none when no item can match. */
function matchOne(
  source: KeySource,
  request: PlanRequest,
  conditions: FieldConditions,
  apart: readonly Condition[],
): readonly Branch[] | string {
  const match = matchForAll(source, request, conditions)
  if (typeof match === 'string') return match
  if (match.comparisons.some(isEmptyRange)) return []
  const remaining = conditions.all.filter((condition) => !match.answered.has(condition))
  return [{ match, conditions, remaining, apart }]
}

function matchWay(
  source: KeySource,
  request: PlanRequest,
  way: readonly ConditionBranch[],
): readonly Branch[] | string {
  const branches: Branch[] = []
  const expandable = hasCommonSortKey(source, request) ? source : { ...source, sortKey: [] }
  for (const one of way) {
    if (one.conditions.all.some(isImpossible)) continue
    const expanded = branchesOfIn(expandable, one.conditions)
    if (typeof expanded === 'string') return expanded
    for (const fixed of expanded) {
      const found = matchOne(source, request, fixed, one.apart)
      if (typeof found === 'string') return found
      branches.push(...found)
    }
  }
  return branches.length <= maximumBranches ? branches : tooManyQueries(branches.length)
}

/** Items of several entities are found together only when all of them lead to the same key. */
function matchForAll(
  source: KeySource,
  request: PlanRequest,
  conditions: FieldConditions,
): KeyMatch | string {
  const match = matchKey(source, conditions)
  if (typeof match === 'string' || request.entities.length <= 1) return match
  for (const entity of request.entities.slice(1)) {
    const other = entity.keys.find((candidate) => candidate.indexName === source.indexName)
    if (!other) return entity.absentIndexes.get(source.indexName ?? '') ?? `${entity.name} is not in it`
    const otherMatch = matchKey(other, conditions)
    if (typeof otherMatch === 'string') return `${entity.name}: ${otherMatch}`
    const differs = otherMatch.comparisons
      .slice(0, source.partitionKey.length)
      .some((comparison, at) => comparison.values[0] !== match.comparisons[at]?.values[0])
    if (differs)
      return `${request.entities[0]?.name ?? ''} and ${entity.name} have different partition keys in it`
  }
  return withoutSortKey(match, conditions, request)
}

/** Sort keys differ between entities, so a joint query uses them only where all templates are absent. */
function withoutSortKey(match: KeyMatch, conditions: FieldConditions, request: PlanRequest): KeyMatch {
  if (hasCommonSortKey(match.source, request)) return { ...match, uniqueKey: undefined }
  const partition = matchKey({ ...match.source, sortKey: [] }, conditions)
  return typeof partition === 'string' ? match : { ...partition, source: match.source, uniqueKey: undefined }
}

function hasCommonSortKey({ indexName }: KeySource, { entities }: PlanRequest): boolean {
  if (entities.length <= 1) return true
  return entities.every((entity) =>
    entity.keys
      .find((key) => key.indexName === indexName)
      ?.sortKey.every((part) => part.template === undefined),
  )
}
