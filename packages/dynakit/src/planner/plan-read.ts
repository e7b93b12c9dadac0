import { type DynamoDBError } from '../errors/dynamodb-error.ts'
import { ScanNotAllowedError } from '../errors/request-errors.ts'
import { IndexNotFoundError } from '../errors/table-errors.ts'
import { attributesOf, type FieldCondition } from '../expressions/condition.ts'
import { attributePath } from '../expressions/path.ts'
import type { CompiledEntity, KeySource } from '../schema/compiled-entity.ts'
import { keySourcesOf } from '../schema/key-sources.ts'
import { type Candidates, findCandidates } from './candidates.ts'
import { type FieldConditions, fieldConditions } from './field-conditions.ts'
import { planKeys, uniqueKeysOf } from './plan-keys.ts'
import { planQuery } from './plan-query.ts'
import type { PlannedRead, PlanRequest } from './plan-request.ts'
import { planScan } from './plan-scan.ts'
import { finishPlan, type Planning } from './planned-read.ts'
import { simplifyAll } from './simplify.ts'
import { suggestIndex } from './suggest-index.ts'

/**
 * Decides how a query is carried out.
 *
 * The choice depends on the definitions and the shape of the conditions only, so that it is the same on
 * every run.
 *
 * @param given - What the query asks for.
 * @returns The plan with its explanation.
 * @throws ScanNotAllowedError when no key or index can serve and a scan was not allowed.
 * @throws IndexNotFoundError when the query asks for an index the table does not have.
 * @internal
 */
export function planRead(given: PlanRequest): PlannedRead {
  checkIndex(given)
  const possible = simplifyAll(given.conditions)
  const isAsGiven = possible === 'never' || possible === given.conditions
  const request = isAsGiven ? given : { ...given, conditions: possible }
  const conditions = fieldConditions(request.conditions)
  const entityFilter = entityCondition(request)
  const candidates = findCandidates(request, conditions, entityFilter)
  const planning: Planning = {
    request,
    conditions,
    candidates,
    entityFilter: isFiltered(request) ? entityFilter : undefined,
  }
  const [best] = candidates.usable
  if (possible === 'never' || best?.branches.length === 0) return planNothing(planning)
  if (best) {
    const keys = uniqueKeysOf(best)
    return keys ? planKeys(planning, best, keys) : planQuery(planning, best)
  }
  if (!request.allowScan) throw scanNotAllowed(request, conditions, candidates)
  return planScan(planning)
}

function checkIndex({ table, indexName }: PlanRequest): void {
  if (indexName === undefined || table.indexes.some((index) => index.name === indexName)) return
  const known = table.indexes.map((index) => index.name).join(', ') || 'none'
  throw new IndexNotFoundError(`table '${table.name}' has no index '${indexName}' (it has: ${known}).`, {
    indexName,
    tableName: table.name,
  })
}

/** Items of other entities share the table, so every query names the entities it wants. */
function entityCondition({ table, entities }: PlanRequest): FieldCondition | undefined {
  const [entity] = entities
  if (table.entityAttribute === false || !entity) return undefined
  const known = entities.length === 1 ? entityConditions.get(entity) : undefined
  if (known) return known
  const condition: FieldCondition = Object.freeze({
    type: 'field',
    path: attributePath(table.entityAttribute),
    operator: entities.length === 1 ? '=' : 'in',
    operands: entities.map(({ name }) => ({ value: name })),
  })
  if (entities.length === 1) entityConditions.set(entity, condition)
  return condition
}

const entityConditions = new WeakMap<CompiledEntity, FieldCondition>()

function isFiltered({ entityFilter = true }: PlanRequest): boolean {
  return entityFilter
}

function planNothing(planning: Planning): PlannedRead {
  const { table, entities } = planning.request
  const source = (entities[0]?.keys ?? keySourcesOf(table))[0] as KeySource
  return finishPlan(planning, source, {
    plan: { operation: 'none', tableName: table.name },
    keyCondition: [],
    warnings: [
      "a condition can be true of no item (an empty 'in', or 'between' with its bounds the wrong way round)",
    ],
  })
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
