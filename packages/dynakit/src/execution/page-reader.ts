import { equalValues } from '../codec/compare.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { evaluate } from '../expressions/evaluate.ts'
import { getItem } from '../operations/read/get-item.ts'
import { maximumBatchKeys } from '../operations/read/batch-get-item.ts'
import { query, type PageOptions, type PageResult } from '../operations/read/query.ts'
import { scan } from '../operations/read/scan.ts'
import { keyShapeOf } from '../planner/key-shape.ts'
import type { BranchesPlan, Completion, KeysPlan, PlannedRead } from '../planner/plan-request.ts'
import type { Call } from './call.ts'
import { completeItems } from './complete-items.ts'
import type { Executor } from './executor.ts'
import { PageSizer } from './page-sizer.ts'
import type { BranchPosition } from './position.ts'
import { readBatch } from './read-batch.ts'
import type { ReadMeter } from './read-meter.ts'
import type { ReadPace } from './read-pace.ts'

/** A plan without branches, or one of the branches of a plan. */
export interface SinglePlan {
  readonly plan: Exclude<PlannedRead['plan'], BranchesPlan>
  readonly residual: PlannedRead['residual']
  readonly isSelective: boolean
}

/** What the reads of one call have in common. */
export interface ReadContext {
  readonly executor: Executor
  readonly table: PlannedRead['table']
  readonly completion: Completion | undefined
  readonly meter: ReadMeter
  readonly call: Call
  /** Items DynamoDB evaluates per request, when the caller fixes it. */
  readonly pageSize: number | undefined
  readonly countOnly: boolean
  /** Keeps it to a rate, if there is one. */
  readonly pace?: ReadPace | undefined
}

/** One page after dynakit's own checks. */
export interface PlanPage {
  /** Items that meet all conditions. */
  readonly items: readonly NativeItem[]
  /** The same items as the key or index has them: their keys make positions. */
  readonly keys: readonly NativeItem[]
  /** Items that met DynamoDB's conditions, for counting. */
  readonly count: number
}

/**
 * Reads the pages of one plan, one after the other.
 */
export class PageReader {
  readonly #context: ReadContext
  readonly #single: SinglePlan
  readonly #sizer: PageSizer
  /** Where the next page starts. */
  position: BranchPosition

  constructor(context: ReadContext, single: SinglePlan, start: BranchPosition) {
    this.#context = context
    this.#single = single
    this.position = start
    this.#sizer = new PageSizer(context.pageSize, single.isSelective)
  }

  /** True when there is nothing more to read. */
  get isAtEnd(): boolean {
    return this.position === 'end'
  }

  /**
   * Reads the next page.
   *
   * @param wanted - Items still wanted; all when left out.
   */
  async next(wanted: number | undefined): Promise<PlanPage> {
    const { meter, call, pace } = this.#context
    const limit = meter.bounded(this.#sizer.next(wanted))
    meter.addPage()
    const page = pace
      ? await pace.run(limit, call, (most, own) => this.#read(most, own))
      : await this.#read(limit, call)
    this.#sizer.observe(page.evaluated, this.#context.countOnly ? page.count : page.items.length)
    return page
  }

  async #read(limit: number | undefined, call: Call): Promise<PlanPage & { readonly evaluated: number }> {
    const { meter, countOnly, completion } = this.#context
    const startKey = typeof this.position === 'string' ? undefined : this.position
    const result = await this.#fetch({ startKey, limit, countOnly: countOnly || undefined }, call)
    const { evaluated, count } = result
    meter.evaluated += evaluated
    this.position = result.lastKey ?? 'end'
    const { residual } = this.#single
    const keys = residual ? result.items.filter((item) => evaluate(residual, item)) : result.items
    const page = completion ? await this.#complete(keys, completion, call) : { items: keys, keys }
    return { ...page, count, evaluated }
  }

  #complete(
    keys: readonly NativeItem[],
    completion: Completion,
    call: Call,
  ): Promise<Omit<PlanPage, 'count'>> {
    const { executor, table } = this.#context
    return completeItems(executor, table, keys, completion, call)
  }

  async #fetch(page: PageOptions, call: Call): Promise<PageResult> {
    const { executor } = this.#context
    const { plan } = this.#single
    switch (plan.operation) {
      case 'Query':
        return executor.run(query, { plan, page }, call)
      case 'Scan':
        return executor.run(scan, { plan, page }, call)
      case 'BatchGetItem':
        return this.#fetchKeys(plan, page, call)
      case 'GetItem': {
        if (page.startKey) return toPage([])
        const { item } = await executor.run(getItem, plan, call)
        return toPage(item ? [item] : [])
      }
      case 'none':
        return toPage([])
    }
  }

  async #fetchKeys(plan: KeysPlan, { startKey, limit }: PageOptions, call: Call): Promise<PageResult> {
    const { executor, table } = this.#context
    const from = startKey ? placeOf(plan, startKey) + 1 : 0
    const keys = plan.keys.slice(from, from + Math.min(limit ?? maximumBatchKeys, maximumBatchKeys))
    const batch = { shape: keyShapeOf(table), keys, given: keys, projection: plan.projection }
    const found = await readBatch(executor, batch, { consistent: plan.consistentRead }, call)
    const isLast = from + keys.length >= plan.keys.length
    return toPage(
      found.filter((item) => item !== undefined),
      isLast ? undefined : keys.at(-1),
    )
  }
}

function placeOf({ keys }: KeysPlan, startKey: NativeItem): number {
  return keys.findIndex((key) =>
    Object.entries(key).every(([name, value]) => {
      const other = startKey[name]
      return value !== undefined && other !== undefined && equalValues(value, other)
    }),
  )
}

function toPage(items: readonly NativeItem[], lastKey?: NativeItem): PageResult {
  return { items, count: items.length, evaluated: items.length, lastKey }
}
