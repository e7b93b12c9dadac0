import type { RejectedPath } from '../errors/request-errors.ts'
import type { CompiledEntity, KeySource } from '../schema/compiled-entity.ts'
import { isAlwaysPresent } from '../schema/field-presence.ts'
import { keySourcesOf } from '../schema/key-sources.ts'
import { type FieldConditions, requiresField } from './field-conditions.ts'
import { type KeyMatch, matchKey } from './match-key.ts'
import type { PlanRequest } from './plan-request.ts'
import { missingAttributes, neededAttributes } from './projection.ts'

/** A key or index that can answer the query. */
export interface Candidate {
  readonly match: KeyMatch
  readonly warnings: readonly string[]
}

/** The keys and indexes of a query, sorted into those that can serve and those that cannot. */
export interface Candidates {
  /** Best first. */
  readonly usable: readonly Candidate[]
  readonly rejected: readonly RejectedPath[]
}

/**
 * Looks at the table's key and every index.
 *
 * @param request - What the query asks for.
 * @param conditions - Its conditions, sorted by field.
 * @param filterNames - Attributes the entity filter looks at.
 * @returns Those that can answer the query, best first, and the others with the reason.
 * @internal
 */
export function findCandidates(
  request: PlanRequest,
  conditions: FieldConditions,
  filterNames: ReadonlySet<string>,
): Candidates {
  const [entity] = request.entities
  const sources = entity ? entity.keys : keySourcesOf(request.table)
  const needed = neededAttributes(request, filterNames)
  const usable: Candidate[] = []
  const rejected: RejectedPath[] = [...absentIndexes(request, entity)]
  for (const source of sources) {
    const candidate = examine(source, sources[0] ?? source, request, conditions, needed)
    if (typeof candidate === 'string') rejected.push({ indexName: source.indexName, reason: candidate })
    else usable.push(candidate)
  }
  // Array.sort is stable: what is equally good stays in order of declaration, the table's key first.
  return { usable: usable.sort((left, right) => compareMatches(left.match, right.match)), rejected }
}

function absentIndexes(request: PlanRequest, entity: CompiledEntity | undefined): readonly RejectedPath[] {
  if (!entity) return []
  return [...entity.absentIndexes]
    .filter(([indexName]) => request.indexName === undefined || request.indexName === indexName)
    .map(([indexName, reason]) => ({ indexName, reason }))
}

function examine(
  source: KeySource,
  primary: KeySource,
  request: PlanRequest,
  conditions: FieldConditions,
  needed: ReadonlySet<string> | 'all',
): Candidate | string {
  if (request.indexName !== undefined && source.indexName !== request.indexName) {
    return `the query asks for index ${request.indexName}`
  }
  if (request.consistentRead && source.type === 'global') return 'a global index has no consistent reads'
  const match = matchForAll(source, request, conditions)
  if (typeof match === 'string') return match
  const order = orderProblem(match, request.orderBy)
  if (order !== undefined) return order
  if (readsEverything(match, request, conditions)) {
    return (
      'its partition key is the same for all items and no condition narrows its sort key, so it would read all of them; ' +
      `choose it with .index('${source.indexName ?? ''}')`
    )
  }
  const isForced = request.indexName !== undefined
  const sparse = isForced ? [] : sparseFields(source, request, conditions)
  if (sparse.length > 0) {
    return (
      `it does not hold items without ${sparse.join(', ')}, which is optional; ` +
      `add .where('${sparse[0] ?? ''}', 'exists') or choose it with .index('${source.indexName ?? ''}')`
    )
  }
  return checkProjection(match, primary, needed, isForced)
}

/** A partition that holds every item is as good as a scan, unless the query wants them all or asks for it. */
function readsEverything(match: KeyMatch, request: PlanRequest, conditions: FieldConditions): boolean {
  if (match.partitionFields > 0 || match.fixedSortParts > 0 || match.sortNarrowing === 2) return false
  const isMeant = request.indexName !== undefined || request.orderBy !== undefined || request.allowScan
  return !isMeant && conditions.all.length > 0
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
  const isShared = request.entities.every((entity) =>
    entity.keys
      .find((key) => key.indexName === match.source.indexName)
      ?.sortKey.every((part) => part.template === undefined),
  )
  if (isShared) return { ...match, uniqueKey: undefined }
  const partition = matchKey({ ...match.source, sortKey: [] }, conditions)
  return typeof partition === 'string' ? match : { ...partition, source: match.source, uniqueKey: undefined }
}

function orderProblem(match: KeyMatch, orderBy: string | undefined): string | undefined {
  if (orderBy === undefined || match.uniqueKey) return undefined
  const next = match.source.sortKey[match.fixedSortParts]
  if (next?.fields.at(-1) === orderBy && next.fields.length === 1) return undefined
  return `its items are not ordered by ${orderBy}`
}

/** Fields whose absence would keep an item out of the index although it meets the conditions. */
function sparseFields(
  source: KeySource,
  request: PlanRequest,
  conditions: FieldConditions,
): readonly string[] {
  if (source.type === 'table') return []
  const fields = new Set([...source.partitionKey, ...source.sortKey].flatMap((part) => part.fields))
  return [...fields].filter(
    (field) =>
      !requiresField(conditions, field) && request.entities.some((entity) => !isAlwaysPresent(entity, field)),
  )
}

function checkProjection(
  match: KeyMatch,
  primary: KeySource,
  needed: ReadonlySet<string> | 'all',
  isForced: boolean,
): Candidate | string {
  const missing = missingAttributes(match.source, primary, needed)
  const warnings = sparseWarning(match)
  if (missing !== 'all' && missing.length === 0) return { match, warnings }
  const what = missing === 'all' ? 'all attributes' : missing.join(', ')
  if (match.source.type === 'local') {
    return {
      match,
      warnings: [
        ...warnings,
        `the index does not hold ${what}: DynamoDB reads each item from the table as well`,
      ],
    }
  }
  if (isForced && missing === 'all') {
    return {
      match,
      warnings: [
        ...warnings,
        'the index holds only a part of the attributes; the others are missing from the items',
      ],
    }
  }
  return `it does not hold ${what}; select only what it holds, or project more into it`
}

function sparseWarning({ source, partitionFields }: KeyMatch): readonly string[] {
  return partitionFields === 0 && source.type !== 'table'
    ? [
        'every item of this kind has the same partition key in this index: a hot partition when there are many',
      ]
    : []
}

/** One rule of preference: more is better. */
interface Preference {
  readonly rank: (match: KeyMatch) => number
  /** Why the winner of this rule is preferred. */
  readonly because: string
}

const sourceRanks = { table: 2, local: 1, global: 0 } as const

/** The order of preference; see docs/architecture.md, "How the planner chooses". */
const preferences: readonly Preference[] = [
  { rank: (match) => (match.uniqueKey ? 1 : 0), because: 'the chosen key identifies one item' },
  {
    rank: (match) => (match.partitionFields + match.fixedSortParts > 0 ? 1 : 0),
    because: 'its partition key is the same for all items, so it reads more',
  },
  { rank: (match) => match.fixedSortParts, because: 'the chosen key fixes more of the sort key' },
  {
    rank: (match) => (match.sortNarrowing === 2 ? 1 : 0),
    because: 'the chosen key uses a range of the sort key',
  },
  { rank: (match) => match.answered.size, because: 'the chosen key answers more of the conditions' },
  { rank: (match) => match.partitionFields, because: 'the chosen partition key is made of more fields' },
  { rank: (match) => match.sortNarrowing, because: 'the chosen sort key excludes other kinds of items' },
  {
    rank: (match) => sourceRanks[match.source.type],
    because: "the table's own key is preferred to an index",
  },
]

function compareMatches(left: KeyMatch, right: KeyMatch): number {
  const decisive = preferences.find(({ rank }) => rank(left) !== rank(right))
  return decisive ? decisive.rank(right) - decisive.rank(left) : 0
}

/**
 * Says why one candidate was preferred to another.
 *
 * @internal
 */
export function whyPreferred(best: Candidate | undefined, other: Candidate): string {
  const decisive = best && preferences.find(({ rank }) => rank(best.match) !== rank(other.match))
  return decisive?.because ?? 'it serves as well, and is declared later'
}
