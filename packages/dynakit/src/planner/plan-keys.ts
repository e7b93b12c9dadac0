import { compareValues } from '../codec/compare.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { allOf, attributesOf, type Condition } from '../expressions/condition.ts'
import type { Candidate } from './candidates.ts'
import type { Branch } from './match-branches.ts'
import type { PlannedRead } from './plan-request.ts'
import { cursorAttributesOf, finishPlan, type Planning } from './planned-read.ts'
import { projectionOf } from './projection.ts'

/**
 * The keys a candidate leads to, when it fixes the whole table key in each of its reads.
 *
 * @returns The keys, or `undefined` when a query serves better.
 * @internal
 */
export function uniqueKeysOf({ branches }: Candidate): readonly NativeItem[] | undefined {
  const [first, ...others] = branches
  if (!first?.match.uniqueKey) return undefined
  // A query can filter, and so transfers nothing when the item does not match.
  if (others.length === 0) return first.remaining.length === 0 ? [first.match.uniqueKey] : undefined
  const keys = branches.flatMap(({ match }) => (match.uniqueKey ? [match.uniqueKey] : []))
  const isSame = others.every((other) => isSameList(first.remaining, other.remaining))
  return keys.length === branches.length && isSame ? keys : undefined
}

function isSameList(left: readonly Condition[], right: readonly Condition[]): boolean {
  return left.length === right.length && left.every((condition) => right.includes(condition))
}

/**
 * Plans the reading of items by their keys: GetItem for one, BatchGetItem for several.
 *
 * @internal
 */
export function planKeys(planning: Planning, candidate: Candidate, keys: readonly NativeItem[]): PlannedRead {
  const { request, entityFilter } = planning
  const { source, warnings, branches } = candidate
  const first = branches[0] as Branch
  // An entity with templates owns its keys, so its item needs no second look at the entity name.
  const isOwner = [...source.partitionKey, ...source.sortKey].some((part) => part.template)
  const residual = allOf([
    ...(entityFilter && !isOwner ? [entityFilter] : []),
    ...(request.visibility ?? []),
    ...first.remaining,
  ])
  const alsoNeeded = [
    ...cursorAttributesOf(request, source),
    ...(residual ? attributesOf(residual) : []),
    ...(entityFilter && request.entities.length > 1 ? attributesOf(entityFilter) : []),
  ]
  const common = {
    tableName: request.table.name,
    projection: projectionOf(request, alsoNeeded),
    consistentRead: request.consistentRead,
  }
  const draft = { keyCondition: first.match.comparisons, residual, checkedLate: first.remaining, warnings }
  const [only] = keys
  if (keys.length === 1 && only) {
    return finishPlan(planning, source, {
      ...draft,
      plan: Object.freeze({ operation: 'GetItem', key: only, ...common }),
    })
  }
  return finishPlan(planning, source, {
    ...draft,
    plan: Object.freeze({
      operation: 'BatchGetItem',
      keys: inOrder(distinct(keys), request.table.sortKey?.name, request.ascending),
      ...common,
    }),
    isSelective: residual !== undefined,
  })
}

/** Members of an `or` may lead to the same item. */
function distinct(keys: readonly NativeItem[]): readonly NativeItem[] {
  return keys.filter((key, at) => keys.findIndex((other) => isSameKey(key, other)) === at)
}

function isSameKey(left: NativeItem, right: NativeItem): boolean {
  return Object.keys(left).every((name) => {
    const one = left[name]
    const other = right[name]
    return one !== undefined && other !== undefined && compareValues(one, other) === 0
  })
}

/** Equal sort keys stay in the order of the values given; descending is the exact reverse. */
function inOrder(
  keys: readonly NativeItem[],
  sortKey: string | undefined,
  ascending: boolean,
): readonly NativeItem[] {
  const sorted = [...keys]
  if (sortKey !== undefined) {
    sorted.sort((left, right) => compareValues(left[sortKey] ?? '', right[sortKey] ?? '') ?? 0)
  }
  return Object.freeze(ascending ? sorted : sorted.reverse())
}
