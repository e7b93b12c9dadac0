import { type Condition, type FieldCondition } from '../expressions/condition.ts'
import { describeCondition } from '../expressions/describe.ts'
import { rootOf } from '../expressions/path.ts'
import type { KeySource } from '../schema/compiled-entity.ts'
import { keyAttributeNames, keySourcesOf } from '../schema/key-sources.ts'
import type { Candidates } from './candidates.ts'
import { explanation, type ExplanationFacts } from './explanation.ts'
import type { FieldConditions } from './field-conditions.ts'
import type { Completion, PlannedRead, PlanRequest, SortOrder } from './plan-request.ts'
import { whyPreferred } from './preferences.ts'
import { requestEstimate } from './request-estimate.ts'
import type { KeyComparison } from './sort-range.ts'
import { conditionWarnings } from './condition-warnings.ts'

/** What every kind of plan is made from. */
export interface Planning {
  readonly request: PlanRequest
  /** The caller's conditions. */
  readonly conditions: FieldConditions
  readonly candidates: Candidates
  /** Leaves items of other entities out; `undefined` when none are expected or all are wanted. */
  readonly entityFilter: FieldCondition | undefined
}

/** What differs between the kinds of plans. */
export interface PlanDraft {
  readonly plan: PlannedRead['plan']
  readonly keyCondition: readonly KeyComparison[]
  readonly filter?: Condition | undefined
  readonly residual?: Condition | undefined
  /** The caller's conditions that are checked after reading. */
  readonly checkedLate?: readonly Condition[]
  readonly isSelective?: boolean
  readonly completion?: Completion | undefined
  readonly sortedBy?: SortOrder | undefined
  readonly warnings: readonly string[]
}

/**
 * Completes a plan with what its cursors are made of and with its explanation.
 *
 * @internal
 */
export function finishPlan(planning: Planning, source: KeySource, draft: PlanDraft): PlannedRead {
  const own = cursorAttributesOf(planning.request, source)
  const { sortedBy } = draft
  const all = sortedBy ? [...new Set([...own, sortedBy.attribute])] : own
  return new FinishedPlan(planning, source, draft, all)
}

/** Explains itself when it is asked to: most plans never are. */
class FinishedPlan implements PlannedRead {
  readonly #planning: Planning
  readonly #draft: PlanDraft
  readonly table: PlannedRead['table']
  readonly plan: PlannedRead['plan']
  readonly residual: PlannedRead['residual']
  readonly isSelective: boolean
  readonly source: KeySource
  readonly cursorAttributes: readonly string[]
  readonly completion: PlannedRead['completion']
  readonly sortedBy: PlannedRead['sortedBy']

  constructor(planning: Planning, source: KeySource, draft: PlanDraft, cursorAttributes: readonly string[]) {
    this.#planning = planning
    this.#draft = draft
    this.table = planning.request.table
    this.plan = draft.plan
    this.residual = draft.residual
    this.isSelective = draft.isSelective ?? false
    this.source = source
    this.cursorAttributes = cursorAttributes
    this.completion = draft.completion
    this.sortedBy = draft.sortedBy
  }

  get explanation(): PlannedRead['explanation'] {
    return explanation(factsOf(this.#planning, this.source, this.#draft))
  }
}

/**
 * Attributes a cursor of a key or index is made of: its own key attributes and the table's.
 *
 * @internal
 */
export function cursorAttributesOf(request: PlanRequest, source: KeySource): readonly string[] {
  let names = cursorAttributes.get(source)
  if (!names) {
    const primary = keySourcesOf(request.table)[0] as KeySource
    names = Object.freeze([...new Set([...keyAttributeNames(primary), ...keyAttributeNames(source)])])
    cursorAttributes.set(source, names)
  }
  return names
}

const cursorAttributes = new WeakMap<KeySource, readonly string[]>()

function factsOf({ request, candidates }: Planning, source: KeySource, draft: PlanDraft): ExplanationFacts {
  const { plan, filter, residual, completion } = draft
  const readsBranches = plan.operation === 'Branches'
  return {
    operation: readsBranches ? (plan.branches[0]?.plan.operation ?? 'none') : plan.operation,
    tableName: request.table.name,
    indexName: source.indexName,
    queries: readsBranches ? plan.branches.length : plan.operation === 'none' ? 0 : 1,
    keyCondition: draft.keyCondition.map(({ attribute, text }) => `${attribute} ${text}`),
    filter: filter && describeCondition(filter),
    checkedByDynakit: residual && describeCondition(residual),
    projection: request.select?.map((path) => path.text) ?? 'all',
    completedFromTable: completion && (completion.projection?.map(rootOf) ?? 'all'),
    consistentRead: request.consistentRead,
    order: orderOf(request, source, draft),
    requests: requestEstimate(plan),
    alternatives: candidates.usable.slice(1).map((other) => ({
      indexName: other.source.indexName,
      reason: whyPreferred(candidates.usable[0], other),
    })),
    rejected: candidates.rejected,
    warnings: [...draft.warnings, ...conditionWarnings(draft.checkedLate ?? [], plan.operation)],
  }
}

function orderOf({ ascending }: PlanRequest, source: KeySource, draft: PlanDraft): ExplanationFacts['order'] {
  const direction = ascending ? 'ascending' : 'descending'
  if (draft.sortedBy) return { by: [draft.sortedBy.attribute], direction }
  const { plan } = draft
  const isOrdered =
    plan.operation === 'Query' ||
    plan.operation === 'BatchGetItem' ||
    (plan.operation === 'Branches' && plan.order !== undefined)
  if (!isOrdered || source.sortKey.length === 0) return undefined
  return { by: source.sortKey.map((part) => part.attribute), direction }
}
