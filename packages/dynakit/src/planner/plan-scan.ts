import { ValidationError } from '../errors/request-errors.ts'
import { allOf, attributesOf, type Condition } from '../expressions/condition.ts'
import { isAlwaysPresent } from '../schema/field-presence.ts'
import type { KeySource } from '../schema/compiled-entity.ts'
import { keySourcesOf } from '../schema/key-sources.ts'
import type { ScanPlan } from '../operations/read/scan.ts'
import { requiresField } from './field-conditions.ts'
import type { PlannedRead, PlanRequest, SortOrder } from './plan-request.ts'
import { cursorAttributesOf, finishPlan, type Planning } from './planned-read.ts'
import { heldAttributes, projectionOf } from './projection.ts'

/**
 * Plans the reading of the whole table or index, in one go or in parts read at the same time.
 *
 * @internal
 */
export function planScan(planning: Planning): PlannedRead {
  const { request, conditions, entityFilter } = planning
  const sources = request.entities[0]?.keys ?? keySourcesOf(request.table)
  const [primary = sources[0] as KeySource] = sources
  const source = sources.find(({ indexName }) => indexName === request.indexName) ?? primary
  const sortedBy = sortOrder(planning)
  const own = [...conditions.all, ...(request.visibility ?? [])]
  const filter = allOf([...(entityFilter ? [entityFilter] : []), ...own])
  checkHeld(request, source, filter)
  const plan: ScanPlan = Object.freeze({
    operation: 'Scan',
    tableName: request.table.name,
    indexName: source.indexName,
    filter,
    projection: projectionOf(request, alsoNeeded(request, source, sortedBy)),
    consistentRead: request.consistentRead,
  })
  const isSelective = conditions.all.length > 0
  return finishPlan(planning, source, {
    plan: inSegments(plan, request.segments ?? 1, isSelective),
    keyCondition: [],
    filter,
    checkedLate: conditions.all,
    isSelective,
    sortedBy,
    warnings: [
      'a scan reads, and charges for, every item of the table',
      ...(sortedBy ? ['no key orders the items: dynakit reads all of them and sorts them in memory'] : []),
    ],
  })
}

/** An index that lacks an attribute would answer as if no item had it. */
function checkHeld(request: PlanRequest, source: KeySource, filter: Condition | undefined): void {
  const held = heldAttributes(source, keySourcesOf(request.table)[0] as KeySource)
  if (held === 'all' || !filter) return
  const missing = [...attributesOf(filter)].filter((name) => !held.has(name))
  if (missing.length === 0) return
  throw new ValidationError(
    `index '${source.indexName ?? ''}' does not hold ${missing.join(', ')}, which the conditions look at. Scan the table instead (leave .index() out), or project more into the index.`,
    { rule: 'scan-index-projection', field: missing[0], tableName: request.table.name },
  )
}

function inSegments(plan: ScanPlan, count: number, isSelective: boolean): PlannedRead['plan'] {
  if (count === 1) return plan
  const branches = Array.from({ length: count }, (_, segment) =>
    Object.freeze({
      plan: Object.freeze({ ...plan, segment: { number: segment, of: count } }),
      residual: undefined,
      isSelective,
    }),
  )
  return Object.freeze({
    operation: 'Branches',
    tableName: plan.tableName,
    branches: Object.freeze(branches),
    order: undefined,
    ascending: true,
  })
}

function sortOrder({ request, conditions }: Planning): SortOrder | undefined {
  const { orderBy, ascending, entities, table } = request
  if (orderBy === undefined) return undefined
  const isOptional = entities.some((entity) => !isAlwaysPresent(entity, orderBy))
  if (isOptional && !requiresField(conditions, orderBy)) {
    throw new ValidationError(
      `orderBy: '${orderBy}' is optional, and items without it have no place in the order. Add .where('${orderBy}', 'exists').`,
      { rule: 'order-by-optional', field: orderBy, tableName: table.name },
    )
  }
  return { attribute: orderBy, ascending }
}

function alsoNeeded(
  request: PlanRequest,
  source: KeySource,
  sortedBy: SortOrder | undefined,
): readonly string[] {
  const { table, entities, entityFilter } = request
  const isMixed = entities.length > 1 || entityFilter === false
  return [
    ...cursorAttributesOf(request, source),
    ...(sortedBy ? [sortedBy.attribute] : []),
    ...(isMixed && table.entityAttribute !== false ? [table.entityAttribute] : []),
  ]
}
