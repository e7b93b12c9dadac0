import type { CapacityMeter } from '../operations/capacity.ts'

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

/**
 * Counts what a read has used of its budget, over all its branches.
 */
export class ReadMeter {
  readonly #budget: ReadBudget
  readonly #capacity: CapacityMeter
  #pages = 0
  /** Items evaluated so far. */
  evaluated = 0

  constructor(budget: ReadBudget, capacity: CapacityMeter) {
    this.#budget = budget
    this.#capacity = capacity
  }

  /** Whether anything is limited: then pages are read one at a time. */
  get isLimited(): boolean {
    const { maxPages, maxEvaluated, maxCapacity } = this.#budget
    return maxPages !== undefined || maxEvaluated !== undefined || maxCapacity !== undefined
  }

  /** The limit that is reached, if one is. */
  get exceeded(): BudgetName | undefined {
    const { maxPages, maxEvaluated, maxCapacity } = this.#budget
    if (maxPages !== undefined && this.#pages >= maxPages) return 'maxPages'
    if (maxEvaluated !== undefined && this.evaluated >= maxEvaluated) return 'maxEvaluated'
    return maxCapacity !== undefined && this.#capacity.readUnits >= maxCapacity ? 'maxCapacity' : undefined
  }

  /**
   * Keeps the size of a page within the budget.
   *
   * @param size - Items to evaluate, or `undefined` for as many as fit into one megabyte.
   * @returns The size to ask for.
   */
  bounded(size: number | undefined): number | undefined {
    const { maxEvaluated } = this.#budget
    if (maxEvaluated === undefined) return size
    const left = Math.max(1, maxEvaluated - this.evaluated)
    return size === undefined ? left : Math.min(size, left)
  }

  /** Takes note of a request before it is sent. */
  addPage(): void {
    this.#pages += 1
  }
}
