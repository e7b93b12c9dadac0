import { type DynamoDBError } from '../errors/dynamodb-error.ts'
import { ScanNotAllowedError } from '../errors/request-errors.ts'
import { IndexNotFoundError } from '../errors/table-errors.ts'
import { allOf, attributesOf, type Condition, type FieldCondition } from '../expressions/condition.ts'
import { describeCondition } from '../expressions/describe.ts'
import { attributePath } from '../expressions/path.ts'
import type { KeySource } from '../schema/compiled-entity.ts'
import { keyAttributeNames, keySourcesOf } from '../schema/key-sources.ts'
import { type Candidate, type Candidates, findCandidates, whyPreferred } from './candidates.ts'
import { explanation, type ExplanationFacts } from './explanation.ts'
import { type FieldConditions, fieldConditions, valueOf } from './field-conditions.ts'
import type { PlannedRead, PlanRequest } from './plan-request.ts'
import { projectionOf } from './projection.ts'
import { isEmptyRange, type KeyComparison } from './sort-range.ts'
import { suggestIndex } from './suggest-index.ts'

/**
 * Decides how a query is carried out.
 *
 * The choice depends on the definitions and the shape of the conditions only, so that it is the same on
 * every run.
 *
 * @param request - What the query asks for.
 * @returns The plan with its explanation.
 * @throws ScanNotAllowedError when no key or index can serve and a scan was not allowed.
 * @throws IndexNotFoundError when the query asks for an index the table does not have.
 * @internal
 */
export function planRead(request: PlanRequest): PlannedRead {
  checkIndex(request)
  const conditions = fieldConditions(request.conditions)
  const entityFilter = entityCondition(request)
  const filterNames = entityFilter ? attributesOf(entityFilter) : new Set<string>()
  const candidates = findCandidates(request, conditions, filterNames)
  const [best] = candidates.usable
  if (conditions.all.some(isImpossible) || best?.match.comparisons.some(isEmptyRange)) {
    return planNothing(request, candidates)
  }
  if (best?.match.uniqueKey && conditions.all.every((condition) => best.match.answered.has(condition))) {
    return planGet(request, best, entityFilter, candidates)
  }
  if (best) return planQuery(request, best, conditions, entityFilter, candidates)
  if (!request.allowScan) throw scanNotAllowed(request, conditions, candidates)
  return planScan(request, conditions, entityFilter, candidates)
}

function checkIndex({ table, indexName }: PlanRequest): void {
  if (indexName === undefined || table.indexes.some((index) => index.name === indexName)) return
  const known = table.indexes.map((index) => index.name).join(', ') || 'none'
  throw new IndexNotFoundError(`table '${table.name}' has no index '${indexName}' (it has: ${known}).`, {
    indexName,
    tableName: table.name,
  })
}

function isImpossible(condition: Condition): boolean {
  if (condition.type !== 'field') return false
  if (condition.operator === 'in') return condition.operands.length === 0
  return isEmptyRange({
    operator: condition.operator,
    values: condition.operands.map((_, at) => valueOf(condition, at)),
  })
}

/** Items of other entities share the table, so every query names the entities it wants. */
function entityCondition({ table, entities }: PlanRequest): FieldCondition | undefined {
  if (table.entityAttribute === false || entities.length === 0) return undefined
  return Object.freeze({
    type: 'field',
    path: attributePath(table.entityAttribute),
    operator: entities.length === 1 ? '=' : 'in',
    operands: entities.map((entity) => ({ value: entity.name })),
  })
}

function planGet(
  request: PlanRequest,
  { match, warnings }: Candidate,
  entityFilter: FieldCondition | undefined,
  candidates: Candidates,
): PlannedRead {
  const { table } = request
  // An entity with templates owns its keys, so its item needs no second look at the entity name.
  const isOwner = [...match.source.partitionKey, ...match.source.sortKey].some((part) => part.template)
  const residual = isOwner ? undefined : entityFilter
  const projection = projectionOf(request, alsoNeeded(request, match.source, residual, entityFilter))
  return finish(request, candidates, match.source, {
    plan: Object.freeze({
      operation: 'GetItem',
      tableName: table.name,
      key: match.uniqueKey ?? {},
      projection,
      consistentRead: request.consistentRead,
    }),
    keyCondition: match.comparisons,
    filter: undefined,
    residual,
    isSelective: false,
    warnings,
  })
}

function planQuery(
  request: PlanRequest,
  { match, warnings }: Candidate,
  conditions: FieldConditions,
  entityFilter: FieldCondition | undefined,
  candidates: Candidates,
): PlannedRead {
  const { source } = match
  const remaining = conditions.all.filter((condition) => !match.answered.has(condition))
  const { filterable, residual } = splitRemaining(remaining, source)
  const filter = allOf([...(entityFilter ? [entityFilter] : []), ...filterable])
  return finish(request, candidates, source, {
    plan: Object.freeze({
      operation: 'Query',
      tableName: request.table.name,
      indexName: source.indexName,
      keyCondition: allOf(match.comparisons.map(toCondition)) as Condition,
      filter,
      projection: projectionOf(request, alsoNeeded(request, source, residual, entityFilter)),
      consistentRead: request.consistentRead,
      ascending: request.ascending,
    }),
    keyCondition: match.comparisons,
    filter,
    residual,
    isSelective: filterable.length > 0 || residual !== undefined,
    warnings,
  })
}

function planScan(
  request: PlanRequest,
  conditions: FieldConditions,
  entityFilter: FieldCondition | undefined,
  candidates: Candidates,
): PlannedRead {
  const primary = sourcesOf(request)[0] as KeySource
  const source = sourcesOf(request).find((candidate) => candidate.indexName === request.indexName) ?? primary
  const filter = allOf([...(entityFilter ? [entityFilter] : []), ...conditions.all])
  return finish(request, candidates, source, {
    plan: Object.freeze({
      operation: 'Scan',
      tableName: request.table.name,
      indexName: source.indexName,
      filter,
      projection: projectionOf(request, alsoNeeded(request, source, undefined, entityFilter)),
      consistentRead: request.consistentRead,
    }),
    keyCondition: [],
    filter,
    residual: undefined,
    isSelective: conditions.all.length > 0,
    warnings: ['a scan reads, and charges for, every item of the table'],
  })
}

function planNothing(request: PlanRequest, candidates: Candidates): PlannedRead {
  return finish(request, candidates, sourcesOf(request)[0] as KeySource, {
    plan: { operation: 'none', tableName: request.table.name },
    keyCondition: [],
    filter: undefined,
    residual: undefined,
    isSelective: false,
    warnings: [
      "a condition can be true of no item (an empty 'in', or 'between' with its bounds the wrong way round)",
    ],
  })
}

/** DynamoDB's filter takes no key attributes of what is queried; dynakit checks those conditions itself. */
function splitRemaining(
  remaining: readonly Condition[],
  source: KeySource,
): { readonly filterable: readonly Condition[]; readonly residual: Condition | undefined } {
  const keyNames = new Set(keyAttributeNames(source))
  const looksAtKey = (condition: Condition): boolean =>
    [...attributesOf(condition)].some((name) => keyNames.has(name))
  return {
    filterable: remaining.filter((condition) => !looksAtKey(condition)),
    residual: allOf(remaining.filter(looksAtKey)),
  }
}

function sourcesOf(request: PlanRequest): readonly KeySource[] {
  return request.entities[0]?.keys ?? keySourcesOf(request.table)
}

function alsoNeeded(
  request: PlanRequest,
  source: KeySource,
  residual: Condition | undefined,
  entityFilter: FieldCondition | undefined,
): ReadonlySet<string> {
  return new Set([
    ...cursorAttributes(request, source),
    ...(residual ? attributesOf(residual) : []),
    ...(entityFilter && request.entities.length > 1 ? attributesOf(entityFilter) : []),
  ])
}

function cursorAttributes(request: PlanRequest, source: KeySource): readonly string[] {
  const primary = keySourcesOf(request.table)[0] as KeySource
  return [...new Set([...keyAttributeNames(primary), ...keyAttributeNames(source)])]
}

function toCondition({ attribute, operator, values }: KeyComparison): FieldCondition {
  return Object.freeze({
    type: 'field',
    path: attributePath(attribute),
    operator,
    operands: Object.freeze(values.map((value) => Object.freeze({ value }))),
  })
}

/** What differs between the kinds of plans. */
interface Draft {
  readonly plan: PlannedRead['plan']
  readonly keyCondition: readonly KeyComparison[]
  readonly filter: Condition | undefined
  readonly residual: Condition | undefined
  readonly isSelective: boolean
  readonly warnings: readonly string[]
}

function finish(request: PlanRequest, candidates: Candidates, source: KeySource, draft: Draft): PlannedRead {
  const facts = (): ExplanationFacts => ({
    operation: draft.plan.operation,
    tableName: request.table.name,
    indexName: source.indexName,
    keyCondition: draft.keyCondition.map(({ attribute, text }) => `${attribute} ${text}`),
    filter: draft.filter && describeCondition(draft.filter),
    checkedByDynakit: draft.residual && describeCondition(draft.residual),
    projection: request.select?.map((path) => path.text) ?? 'all',
    consistentRead: request.consistentRead,
    order: orderOf(request, source, draft),
    alternatives: candidates.usable.slice(1).map((other) => ({
      indexName: other.match.source.indexName,
      reason: whyPreferred(candidates.usable[0], other),
    })),
    rejected: candidates.rejected,
    warnings: draft.warnings,
  })
  return Object.freeze({
    plan: draft.plan,
    residual: draft.residual,
    isSelective: draft.isSelective,
    source,
    cursorAttributes: cursorAttributes(request, source),
    get explanation() {
      return explanation(facts())
    },
  })
}

function orderOf(request: PlanRequest, source: KeySource, draft: Draft): ExplanationFacts['order'] {
  if (draft.plan.operation !== 'Query' || source.sortKey.length === 0) return undefined
  return {
    by: source.sortKey.map((part) => part.attribute),
    direction: request.ascending ? 'ascending' : 'descending',
  }
}

function scanNotAllowed(
  request: PlanRequest,
  conditions: FieldConditions,
  candidates: Candidates,
): DynamoDBError {
  const fields = [...new Set(conditions.all.flatMap((condition) => [...attributesOf(condition)]))]
  const suggestion = suggestIndex(request, conditions)
  const rejected = candidates.rejected.map(
    ({ indexName, reason }) =>
      `  ${indexName === undefined ? "the table's key" : `index ${indexName}`}: ${reason}`,
  )
  const given = fields.length === 0 ? 'no conditions' : `conditions on ${fields.join(', ')}`
  return new ScanNotAllowedError(
    [
      `table '${request.table.name}': no key or index can answer a query with ${given}; it would scan the table.`,
      ...rejected,
      ...(suggestion === undefined ? [] : [`This index would serve: ${suggestion}`]),
      'Add a condition, declare an index, or call .allowScan() if reading everything is meant.',
    ].join('\n'),
    { fields, rejected: candidates.rejected, suggestion, tableName: request.table.name, operation: 'Scan' },
  )
}
