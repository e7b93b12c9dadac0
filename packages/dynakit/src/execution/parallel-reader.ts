import type { BranchesPlan } from '../planner/plan-request.ts'
import type { ItemReader, ReadPage } from './item-reader.ts'
import { PageReader, type PlanPage, type ReadContext } from './page-reader.ts'
import type { BranchPosition, Position } from './position.ts'
import type { BudgetName } from './read-meter.ts'

/** A page that has come, of one of the branches. */
interface Arrival {
  readonly branch: number
  readonly page: PlanPage
  /** Position of the branch after the page. */
  readonly after: BranchPosition
}

/**
 * Reads branches at the same time and gives their pages as they come, in no order: parts of a scan, and
 * counts.
 *
 * Each branch reads one page ahead at most. With a budget, one page at a time is read.
 */
export class ParallelReader implements ItemReader {
  readonly #context: ReadContext
  readonly #readers: readonly PageReader[]
  /** Position of each branch after what has been given of it. */
  readonly #given: BranchPosition[]
  readonly #underWay = new Map<number, Promise<Arrival>>()
  stoppedBy: BudgetName | undefined
  readonly origin: Position | undefined = undefined

  constructor(context: ReadContext, plan: BranchesPlan, start: Position) {
    this.#context = context
    this.#readers = plan.branches.map((branch, at) => new PageReader(context, branch, start[at] ?? 'start'))
    this.#given = this.#readers.map(({ position }) => position)
  }

  get isAtEnd(): boolean {
    return this.#given.every((position) => position === 'end')
  }

  async next(wanted: number | undefined): Promise<ReadPage | undefined> {
    if (this.isAtEnd) return undefined
    this.#start(wanted)
    if (this.#underWay.size === 0) {
      this.stoppedBy = this.#context.meter.exceeded
      return undefined
    }
    const { branch, page, after } = await Promise.race(this.#underWay.values())
    this.#underWay.delete(branch)
    const before = [...this.#given]
    this.#given[branch] = after
    const { items, keys, count } = page
    return {
      items,
      count,
      positionAfter: (used) => {
        const position = [...before]
        position[branch] = used === keys.length ? after : (keys[used - 1] ?? before[branch] ?? 'start')
        return position.every((one) => one === 'end') ? undefined : position
      },
    }
  }

  #start(wanted: number | undefined): void {
    const { meter } = this.#context
    const most = meter.isLimited ? 1 : this.#readers.length
    for (const [at, reader] of this.#readers.entries()) {
      if (this.#underWay.size >= most || meter.exceeded !== undefined) return
      if (reader.isAtEnd || this.#underWay.has(at)) continue
      const arrival = this.#read(reader, at, wanted)
      // It may fail after the consumer has stopped; then nobody is there to hear of it.
      arrival.catch(() => undefined)
      this.#underWay.set(at, arrival)
    }
  }

  async #read(reader: PageReader, branch: number, wanted: number | undefined): Promise<Arrival> {
    const page = await reader.next(wanted)
    return { branch, page, after: reader.position }
  }
}
