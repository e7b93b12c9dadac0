import {
  allOf,
  attributesOf,
  type Condition,
  everyAttribute,
  type FieldCondition,
} from '../expressions/condition.ts'
import { attributePath, type Path } from '../expressions/path.ts'
import type { QueryPlan } from '../operations/read/query.ts'
import type { KeySource } from '../schema/compiled-entity.ts'
import { keyAttributeNames, keySourcesOf } from '../schema/key-sources.ts'
import type { Candidate } from './candidates.ts'
import type { Branch } from './match-branches.ts'
import type { Completion, PlannedRead, PlanRequest, ReadBranch } from './plan-request.ts'
import { cursorAttributesOf, finishPlan, type Planning } from './planned-read.ts'
import { heldAttributes, projectionOf } from './projection.ts'
import type { KeyComparison } from './sort-range.ts'

/**
 * Plans one query of a key or index, or several whose items are merged.
 *
 * @internal
 */
export function planQuery(planning: Planning, candidate: Candidate): PlannedRead {
  const { request, conditions } = planning
  const { source, branches, warnings } = candidate
  const completion = candidate.isCompleted ? completionOf(planning) : undefined
  const read = branches.map((branch) => readBranch(planning, source, branch, completion))
  const first = read[0] as ReadBranch
  const { match, remaining } = branches[0] as Branch
  const draft = {
    keyCondition: match.comparisons,
    filter: first.plan.filter,
    residual: first.residual,
    checkedLate: branches.length === 1 ? remaining : checkedSomewhere(conditions.all, branches),
    completion,
    warnings,
  }
  if (read.length === 1) {
    return finishPlan(planning, source, { ...draft, plan: first.plan, isSelective: first.isSelective })
  }
  return finishPlan(planning, source, {
    ...draft,
    plan: Object.freeze({
      operation: 'Branches',
      tableName: request.table.name,
      branches: Object.freeze(read),
      order: source.sortKey.map(({ attribute }) => attribute),
      ascending: request.ascending,
    }),
    isSelective: read.some(({ isSelective }) => isSelective),
  })
}

function checkedSomewhere(
  conditions: readonly Condition[],
  branches: readonly Branch[],
): readonly Condition[] {
  return conditions.filter((condition) => branches.some(({ remaining }) => remaining.includes(condition)))
}

function readBranch(
  planning: Planning,
  source: KeySource,
  branch: Branch,
  completion: Completion | undefined,
): ReadBranch {
  const { request, entityFilter } = planning
  const apart = branch.apart.map(negated)
  const own = [...branch.remaining, ...(request.visibility ?? []), ...apart]
  const all = [...(entityFilter ? [entityFilter] : []), ...own]
  const canFilter = filterRule(request, source)
  const filterable = (completion ? own : all).filter(canFilter)
  // Of completed items, everything else is checked as the table has it.
  const late = (completion ? apart : all).filter((condition) => !canFilter(condition))
  const residual = allOf(late)
  const projection = queryProjection(planning, source, residual, completion)
  return Object.freeze({
    plan: Object.freeze({
      operation: 'Query',
      tableName: request.table.name,
      indexName: source.indexName,
      keyCondition: allOf(branch.match.comparisons.map(toCondition)),
      filter: allOf(filterable),
      projection,
      allAttributes: source.type === 'local' && source.projection !== 'all' && !projection ? true : undefined,
      consistentRead: request.consistentRead,
      ascending: request.ascending,
    } as QueryPlan),
    residual,
    // Other entities and hidden items are few, as a rule.
    isSelective: branch.remaining.length + apart.length > 0 || completion !== undefined,
  })
}

function negated(condition: Condition): Condition {
  return Object.freeze({ type: 'not', condition })
}

/**
 * DynamoDB's filter takes no key attributes of what is queried, and nothing an index does not hold; dynakit
 * checks those conditions itself.
 */
function filterRule(request: PlanRequest, source: KeySource): (condition: Condition) => boolean {
  const keyNames = keyAttributeNames(source)
  const held = heldAttributes(source, keySourcesOf(request.table)[0] as KeySource)
  const isFilterable = (name: string): boolean =>
    !keyNames.includes(name) && (held === 'all' || held.has(name))
  return (condition) => everyAttribute(condition, isFilterable)
}

/** Of items that are completed from the table, only the keys are read from the index. */
function queryProjection(
  planning: Planning,
  source: KeySource,
  residual: Condition | undefined,
  completion: Completion | undefined,
): readonly Path[] | undefined {
  const { request } = planning
  const keys = cursorAttributesOf(request, source)
  if (completion) return keys.map(attributePath)
  return projectionOf(request, [
    ...keys,
    ...(residual ? attributesOf(residual) : []),
    ...entityAttributes(request),
  ])
}

/** Items of several entities, or of any, are told apart by this attribute. */
function entityAttributes({ table, entities, entityFilter }: PlanRequest): readonly string[] {
  const isMixed = entities.length > 1 || entityFilter === false
  return isMixed && table.entityAttribute !== false ? [table.entityAttribute] : []
}

/** The table may have changed what the index still shows, so every condition is checked again. */
function completionOf({ request, conditions, entityFilter }: Planning): Completion {
  const condition = allOf([
    ...conditions.all,
    ...(entityFilter ? [entityFilter] : []),
    ...(request.visibility ?? []),
  ])
  const { partitionKey, sortKey } = request.table
  const alsoNeeded = [
    partitionKey.name,
    ...(sortKey ? [sortKey.name] : []),
    ...(condition ? attributesOf(condition) : []),
    ...entityAttributes(request),
  ]
  return { projection: projectionOf(request, alsoNeeded), condition }
}

function toCondition({ attribute, operator, values }: KeyComparison): FieldCondition {
  return Object.freeze({
    type: 'field',
    path: attributePath(attribute),
    operator,
    operands: Object.freeze(values.map((value) => Object.freeze({ value }))),
  })
}
