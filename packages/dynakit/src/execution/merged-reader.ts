import { compareValues } from '../codec/compare.ts'
import type { NativeItem } from '../codec/native-value.ts'
import type { BranchesPlan } from '../planner/plan-request.ts'
import type { ItemReader, ReadPage } from './item-reader.ts'
import { PageReader, type ReadContext } from './page-reader.ts'
import type { BranchPosition, Position } from './position.ts'
import type { BudgetName } from './read-meter.ts'

/** Queries under way at the same time. */
const concurrency = 8
const smallestShare = 10

/** Items of one branch that have been read and not given yet. */
class BranchBuffer {
  readonly #reader: PageReader
  items: readonly NativeItem[] = []
  keys: readonly NativeItem[] = []
  /** Items given of those. */
  used = 0
  /** Position before the first of them. */
  before: BranchPosition
  hasBeenRead = false

  constructor(reader: PageReader) {
    this.#reader = reader
    this.before = reader.position
  }

  get isEmpty(): boolean {
    return this.used === this.items.length
  }

  get isAtEnd(): boolean {
    return this.isEmpty && this.#reader.isAtEnd
  }

  /** The next item, as the key or index has it. */
  get head(): NativeItem | undefined {
    return this.keys[this.used]
  }

  async read(wanted: number | undefined): Promise<void> {
    this.before = this.#reader.position
    this.hasBeenRead = true
    const { items, keys } = await this.#reader.next(wanted)
    this.items = items
    this.keys = keys
    this.used = 0
  }

  /** Gives the next item; there must be one. */
  take(): NativeItem {
    const item = this.items[this.used] as NativeItem
    this.used += 1
    return item
  }

  /** The position after items of the buffer, given now and later reads notwithstanding. */
  positions(): (used: number) => BranchPosition {
    const { keys, before } = this
    const after = this.#reader.position
    return (used) => (used === keys.length ? after : (keys[used - 1] ?? before))
  }
}

/**
 * Merges the items of several queries in the order of their sort keys.
 *
 * Items with equal sort keys are given in the order of the branches; descending is the exact reverse.
 * Nothing can be given before every branch has shown its next item, so each branch is read at least once,
 * whatever the budget.
 */
export class MergedReader implements ItemReader {
  readonly #context: ReadContext
  readonly #plan: BranchesPlan
  readonly #branches: readonly BranchBuffer[]
  #hasReportedStop = false
  stoppedBy: BudgetName | undefined
  origin: Position | undefined

  constructor(context: ReadContext, plan: BranchesPlan, start: Position) {
    this.#context = context
    this.#plan = plan
    this.#branches = plan.branches.map(
      (branch, at) => new BranchBuffer(new PageReader(context, branch, start[at] ?? 'start')),
    )
  }

  get isAtEnd(): boolean {
    return this.#branches.every((branch) => branch.isAtEnd)
  }

  async next(wanted: number | undefined): Promise<ReadPage | undefined> {
    if (this.isAtEnd || this.#hasReportedStop) return undefined
    await this.#refill(wanted)
    if (this.stoppedBy !== undefined) {
      // What was read without a match is progress that the position keeps.
      this.#hasReportedStop = true
      return this.#page([], [])
    }
    this.origin ??= this.#branches.map(({ head }) => head ?? 'start')
    return this.#merge(wanted)
  }

  /** Reads until every branch has an item to show, or has ended. */
  async #refill(wanted: number | undefined): Promise<void> {
    const { meter } = this.#context
    const dry = this.#branches.filter((branch) => branch.isEmpty && !branch.isAtEnd)
    const share = shareOf(wanted, this.#branches.length)
    const lane = async (): Promise<void> => {
      for (let branch = dry.shift(); branch; branch = dry.shift()) {
        while (branch.isEmpty && !branch.isAtEnd) {
          if (branch.hasBeenRead && meter.exceeded !== undefined) {
            this.stoppedBy = meter.exceeded
            break
          }
          await branch.read(share)
        }
      }
    }
    await Promise.all(Array.from({ length: meter.isLimited ? 1 : concurrency }, lane))
  }

  /** Gives items until one branch must be read again. */
  #merge(wanted: number | undefined): ReadPage {
    const items: NativeItem[] = []
    const origins: number[] = []
    const positions = this.#branches.map((branch) => branch.positions())
    const usedBefore = this.#branches.map(({ used }) => used)
    while (wanted === undefined || items.length < wanted) {
      const at = this.#first()
      const branch = this.#branches[at]
      if (!branch) break
      items.push(branch.take())
      origins.push(at)
      if (branch.isEmpty && !branch.isAtEnd) break
    }
    return this.#page(items, origins, positions, usedBefore)
  }

  #page(
    items: readonly NativeItem[],
    origins: readonly number[],
    positions = this.#branches.map((branch) => branch.positions()),
    usedBefore = this.#branches.map(({ used }) => used),
  ): ReadPage {
    const positionAfter = (count: number): Position | undefined => {
      const used = [...usedBefore]
      for (const at of origins.slice(0, count)) used[at] = (used[at] ?? 0) + 1
      const position = positions.map((of, at) => of(used[at] ?? 0))
      return position.every((branch) => branch === 'end') ? undefined : position
    }
    return { items, count: items.length, positionAfter }
  }

  /** The branch whose item comes next; -1 when none has one. */
  #first(): number {
    const { ascending, order = [] } = this.#plan
    let first = -1
    let best: NativeItem | undefined
    for (const [at, { head }] of this.#branches.entries()) {
      if (!head) continue
      const compared = best ? compareBy(order, head, best) : -1
      const isBefore = ascending ? compared < 0 : compared >= 0
      if (best && !isBefore) continue
      first = at
      best = head
    }
    return first
  }
}

/** Most items come from all branches alike; one that gives more is read again. */
function shareOf(wanted: number | undefined, branches: number): number | undefined {
  if (wanted === undefined) return undefined
  return Math.min(wanted, Math.max(smallestShare, Math.ceil((2 * wanted) / branches)))
}

function compareBy(attributes: readonly string[], left: NativeItem, right: NativeItem): number {
  for (const name of attributes) {
    const one = left[name]
    const other = right[name]
    const order = one === undefined || other === undefined ? 0 : (compareValues(one, other) ?? 0)
    if (order !== 0) return order
  }
  return 0
}
