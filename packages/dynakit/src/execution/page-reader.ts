import type { NativeItem } from '../codec/native-value.ts'
import { evaluate } from '../expressions/evaluate.ts'
import { getItem } from '../operations/read/get-item.ts'
import { query, type PageOptions, type PageResult } from '../operations/read/query.ts'
import { scan } from '../operations/read/scan.ts'
import type { PlannedRead } from '../planner/plan-request.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'
import { PageSizer } from './page-sizer.ts'

/** Limits that stop a read before its end. */
export interface ReadBudget {
  /** Most requests. */
  readonly maxPages?: number | undefined
  /** Most items evaluated, before filters. */
  readonly maxEvaluated?: number | undefined
  /** Most read capacity units; the read stops after the page that reaches it. */
  readonly maxCapacity?: number | undefined
}

/** Name of the limit that stopped a read. */
export type BudgetName = keyof ReadBudget

/** Where a read starts and how far it goes. */
export interface ReadOptions {
  readonly startKey: NativeItem | undefined
  /** Items wanted; all when left out. */
  readonly take: number | undefined
  /** Items DynamoDB evaluates per request, when the caller fixes it. */
  readonly pageSize: number | undefined
  readonly budget: ReadBudget
  readonly countOnly: boolean
}

/** One page after dynakit's own checks. */
export interface ReadPage {
  /** Items that meet all conditions. */
  readonly items: readonly NativeItem[]
  /** Items that met DynamoDB's conditions, for counting. */
  readonly count: number
  /** Key after which the next page starts; `undefined` at the end. */
  readonly lastKey: NativeItem | undefined
}

/**
 * Reads the pages of one plan, one after the other, within a budget.
 */
export class PageReader {
  readonly #executor: Executor
  readonly #planned: PlannedRead
  readonly #options: ReadOptions
  readonly #call: Call
  readonly #sizer: PageSizer
  #nextKey: NativeItem | undefined
  #pages = 0
  /** Items evaluated so far. */
  evaluated = 0
  /** Limit that stopped the read, once one did. */
  stoppedBy: BudgetName | undefined
  /** True when there is nothing more to read. */
  isAtEnd = false

  constructor(executor: Executor, planned: PlannedRead, options: ReadOptions, call: Call) {
    this.#executor = executor
    this.#planned = planned
    this.#options = options
    this.#call = call
    this.#nextKey = options.startKey
    this.#sizer = new PageSizer(options.pageSize, planned.isSelective)
  }

  /**
   * Reads the next page.
   *
   * @param wanted - Items still wanted; all when left out.
   * @returns The page, or `undefined` at the end or when the budget is used up.
   */
  async next(wanted: number | undefined): Promise<ReadPage | undefined> {
    if (this.isAtEnd || this.#isOverBudget()) return undefined
    const result = await this.#fetch({
      startKey: this.#nextKey,
      limit: this.#limit(wanted),
      countOnly: this.#options.countOnly || undefined,
    })
    this.#pages += 1
    this.evaluated += result.evaluated
    this.#nextKey = result.lastKey
    this.isAtEnd = result.lastKey === undefined
    const { residual } = this.#planned
    const items = residual ? result.items.filter((item) => evaluate(residual, item)) : result.items
    this.#sizer.observe(result.evaluated, this.#options.countOnly ? result.count : items.length)
    return { items, count: result.count, lastKey: result.lastKey }
  }

  #limit(wanted: number | undefined): number | undefined {
    const { maxEvaluated } = this.#options.budget
    const size = this.#sizer.next(wanted)
    if (maxEvaluated === undefined) return size
    const left = maxEvaluated - this.evaluated
    return size === undefined ? left : Math.min(size, left)
  }

  #isOverBudget(): boolean {
    const { maxPages, maxEvaluated, maxCapacity } = this.#options.budget
    if (maxPages !== undefined && this.#pages >= maxPages) this.stoppedBy = 'maxPages'
    else if (maxEvaluated !== undefined && this.evaluated >= maxEvaluated) this.stoppedBy = 'maxEvaluated'
    else if (maxCapacity !== undefined && this.#call.meter.readUnits >= maxCapacity)
      this.stoppedBy = 'maxCapacity'
    return this.stoppedBy !== undefined
  }

  async #fetch(page: PageOptions): Promise<PageResult> {
    const { plan } = this.#planned
    switch (plan.operation) {
      case 'Query':
        return this.#executor.run(query, { plan, page }, this.#call)
      case 'Scan':
        return this.#executor.run(scan, { plan, page }, this.#call)
      case 'GetItem': {
        const { item } = await this.#executor.run(getItem, plan, this.#call)
        const items = item ? [item] : []
        return { items, count: items.length, evaluated: items.length, lastKey: undefined }
      }
      case 'none':
        return { items: [], count: 0, evaluated: 0, lastKey: undefined }
    }
  }
}
