import { equalValues } from '../codec/compare.ts'
import type { RejectedPath } from '../errors/request-errors.ts'
import { attributesOf, type Condition, type FieldCondition } from '../expressions/condition.ts'
import type { CompiledEntity, KeySource } from '../schema/compiled-entity.ts'
import { isAlwaysPresent } from '../schema/field-presence.ts'
import { keySourcesOf } from '../schema/key-sources.ts'
import { type FieldConditions, requiresField } from './field-conditions.ts'
import { type Branch, matchBranches } from './match-branches.ts'
import type { PlanRequest } from './plan-request.ts'
import { comparePreference, type Rankable } from './preferences.ts'
import { missingAttributes, neededAttributes } from './projection.ts'
import type { KeyComparison } from './sort-range.ts'

/** A key or index that can answer the query. */
export interface Candidate extends Rankable {
  readonly warnings: readonly string[]
}

/** The keys and indexes of a query, sorted into those that can serve and those that cannot. */
export interface Candidates {
  /** Best first. */
  readonly usable: readonly Candidate[]
  readonly rejected: readonly RejectedPath[]
}

/** What every key and index is examined with. */
interface Examination {
  readonly request: PlanRequest
  readonly conditions: FieldConditions
  readonly primary: KeySource
  /** Tells items of the entities from others. */
  readonly entityFilter: FieldCondition | undefined
}

/**
 * Looks at the table's key and every index.
 *
 * @param request - What the query asks for.
 * @param conditions - Its conditions, sorted by field.
 * @param entityFilter - Tells items of the entities from others.
 * @returns Those that can answer the query, best first, and the others with the reason.
 * @internal
 */
export function findCandidates(
  request: PlanRequest,
  conditions: FieldConditions,
  entityFilter: FieldCondition | undefined,
): Candidates {
  const [entity] = request.entities
  const sources = entity ? entity.keys : keySourcesOf(request.table)
  const [primary = sources[0] as KeySource] = sources
  const examination = { request, conditions, primary, entityFilter }
  const usable: Candidate[] = []
  const rejected: RejectedPath[] = [...absentIndexes(request, entity)]
  for (const source of sources) {
    const candidate = examine(source, examination)
    if (typeof candidate === 'string') rejected.push({ indexName: source.indexName, reason: candidate })
    else usable.push(candidate)
  }
  // Array.sort is stable: what is equally good stays in order of declaration, the table's key first.
  return { usable: usable.sort(comparePreference), rejected }
}

function absentIndexes(request: PlanRequest, entity: CompiledEntity | undefined): readonly RejectedPath[] {
  if (!entity || entity.absentIndexes.size === 0) return []
  return [...entity.absentIndexes]
    .filter(([indexName]) => request.indexName === undefined || request.indexName === indexName)
    .map(([indexName, reason]) => ({ indexName, reason }))
}

function examine(source: KeySource, examination: Examination): Candidate | string {
  const { request, conditions } = examination
  if (request.indexName !== undefined && source.indexName !== request.indexName) {
    return `the query asks for index ${request.indexName}`
  }
  if (request.consistentRead && source.type === 'global') return 'a global index has no consistent reads'
  const ways = matchBranches(source, request, conditions)
  if (typeof ways === 'string') return ways
  const examined = ways.map((branches) => examineWay(source, branches, examination))
  const [best] = examined.filter((way) => typeof way !== 'string').sort(comparePreference)
  return best ?? (examined[0] as string)
}

function examineWay(
  source: KeySource,
  branches: readonly Branch[],
  examination: Examination,
): Candidate | string {
  const { request } = examination
  const order = orderProblem(source, branches, request.orderBy)
  if (order !== undefined) return order
  if (branches.some((branch) => readsEverything(branch, request))) {
    return (
      'its partition key is the same for all items and no condition narrows its sort key, so it would read all of them; ' +
      (source.indexName === undefined ? 'call .allowScan()' : `choose it with .index('${source.indexName}')`)
    )
  }
  const isForced = request.indexName !== undefined
  const sparse = isForced ? [] : sparseFields(source, branches, request)
  if (sparse.length > 0) {
    return (
      `it does not hold items without ${sparse.join(', ')}, which is optional; ` +
      `add .where('${sparse[0] ?? ''}', 'exists') or choose it with .index('${source.indexName ?? ''}')`
    )
  }
  return checkProjection(source, branches, examination)
}

/** A partition that holds every item is as good as a scan, unless the query wants them all or asks for it. */
function readsEverything({ match, conditions }: Branch, request: PlanRequest): boolean {
  if (match.partitionFields > 0 || match.fixedSortParts > 0 || match.sortNarrowing === 2) return false
  const isMeant = request.indexName !== undefined || request.orderBy !== undefined || request.allowScan
  return !isMeant && conditions.all.length > 0
}

function orderProblem(
  source: KeySource,
  branches: readonly Branch[],
  orderBy: string | undefined,
): string | undefined {
  const [first, ...others] = branches
  if (orderBy === undefined || !first || (others.length === 0 && first.match.uniqueKey)) return undefined
  const next = source.sortKey[commonSortParts(first, others)]
  if (next?.fields.at(-1) === orderBy && next.fields.length === 1) return undefined
  return `its items are not ordered by ${orderBy}`
}

/** Sort key attributes, from the left, that all reads fix to one and the same value. */
function commonSortParts(first: Branch, others: readonly Branch[]): number {
  const { source, fixedSortParts } = first.match
  const partitionParts = source.partitionKey.length
  let count = 0
  while (count < fixedSortParts && others.every((other) => fixesSame(first, other, partitionParts + count))) {
    count += 1
  }
  return count
}

function fixesSame(left: Branch, right: Branch, at: number): boolean {
  const valueIn = (comparison: KeyComparison | undefined): KeyComparison['values'][0] | undefined =>
    comparison?.operator === '=' ? comparison.values[0] : undefined
  const one = valueIn(left.match.comparisons[at])
  const other = valueIn(right.match.comparisons[at])
  return one !== undefined && other !== undefined && equalValues(one, other)
}

/** Fields whose absence would keep an item out of the index although it meets the conditions. */
function sparseFields(
  source: KeySource,
  branches: readonly Branch[],
  request: PlanRequest,
): readonly string[] {
  if (source.type === 'table') return []
  const fields = new Set([...source.partitionKey, ...source.sortKey].flatMap((part) => part.fields))
  return [...fields].filter(
    (field) =>
      branches.some(({ conditions }) => !requiresField(conditions, field)) &&
      request.entities.some((entity) => !isAlwaysPresent(entity, field)),
  )
}

function checkProjection(
  source: KeySource,
  branches: readonly Branch[],
  examination: Examination,
): Candidate | string {
  const { request, primary } = examination
  const warnings = [...hotPartition(source, branches), ...sparseWarning(source, branches, request)]
  const candidate = { source, branches, isCompleted: false, warnings }
  if (source.projection === 'all') return candidate
  const compared = comparedAttributes(examination)
  const missing = missingAttributes(source, primary, neededAttributes(request, compared))
  if (missing !== 'all' && missing.length === 0) return candidate
  const what = missing === 'all' ? 'all attributes' : missing.join(', ')
  const warned = (warning: string): Candidate => ({ ...candidate, warnings: [...warnings, warning] })
  if (source.type === 'local') {
    return warned(`the index does not hold ${what}: DynamoDB reads each item from the table as well`)
  }
  if (request.completeItems === true) {
    if (branches.some(({ apart }) => looksBeyond(source, primary, apart))) {
      return `members of an 'or' look at attributes it does not hold (${what}), so it cannot be told which of them an item meets`
    }
    const reads = `the index does not hold ${what}: dynakit reads each item from the table as well`
    return { ...warned(reads), isCompleted: true }
  }
  const unknown = missingAttributes(source, primary, compared)
  if (request.indexName !== undefined && missing === 'all' && unknown.length === 0) {
    return warned('the index holds only a part of the attributes; the others are missing from the items')
  }
  const lacks = missing === 'all' && unknown !== 'all' && unknown.length > 0 ? unknown.join(', ') : what
  return `it does not hold ${lacks}; select only what it holds, call .completeItems() to read the rest from the table, or project more into it`
}

/** Attributes the conditions look at, those of every query of this kind among them. */
function comparedAttributes({ request, conditions, entityFilter }: Examination): ReadonlySet<string> {
  const all = [...conditions.all, ...(request.visibility ?? []), ...(entityFilter ? [entityFilter] : [])]
  return new Set(all.flatMap((condition) => [...attributesOf(condition)]))
}

function hotPartition({ type }: KeySource, branches: readonly Branch[]): readonly string[] {
  if (type === 'table' || branches.every(({ match }) => match.partitionFields > 0)) return []
  return [
    'every item of this kind has the same partition key in this index: a hot partition when there are many',
  ]
}

/** Nothing is known of the items of an untyped table, so it cannot be told whether some are not in an index. */
function sparseWarning(
  source: KeySource,
  branches: readonly Branch[],
  { entities, indexName }: PlanRequest,
): readonly string[] {
  if (source.type === 'table' || entities.length > 0 || indexName !== undefined) return []
  const unsure = source.sortKey
    .map(({ attribute }) => attribute)
    .filter((name) => branches.some(({ conditions }) => !requiresField(conditions, name)))
  return unsure.length === 0 ? [] : [`items without ${unsure.join(', ')} are not in this index`]
}

function looksBeyond(source: KeySource, primary: KeySource, conditions: readonly Condition[]): boolean {
  const compared = new Set(conditions.flatMap((condition) => [...attributesOf(condition)]))
  return missingAttributes(source, primary, compared).length > 0
}
