import type { NativeItem } from '../codec/native-value.ts'
import { PageReader, type ReadContext, type SinglePlan } from './page-reader.ts'
import type { BranchPosition, Position } from './position.ts'
import type { BudgetName } from './read-meter.ts'

/** Some of the items of a read. */
export interface ReadPage {
  /** Items that meet all conditions. */
  readonly items: readonly NativeItem[]
  /** Items that met DynamoDB's conditions, for counting. */
  readonly count: number
  /**
   * Where the read stands after some of the items.
   *
   * @param used - How many of them, from the first.
   * @returns The position, or `undefined` when nothing follows.
   */
  positionAfter(used: number): Position | undefined
}

/** Gives the items of a plan in their order, page by page. */
export interface ItemReader {
  /**
   * Reads on.
   *
   * @param wanted - Items still wanted; all when left out.
   * @returns The page, or `undefined` at the end or when the budget is used up.
   */
  next(wanted: number | undefined): Promise<ReadPage | undefined>
  /** Limit that stopped the read, once one did. */
  readonly stoppedBy: BudgetName | undefined
  /** True when there is nothing more to read. */
  readonly isAtEnd: boolean
  /** Where a read in the other direction starts, so that it meets everything before the first item. */
  readonly origin: Position | undefined
}

/**
 * Gives the items of a plan without branches.
 */
export class SingleReader implements ItemReader {
  readonly #context: ReadContext
  readonly #pages: PageReader
  stoppedBy: BudgetName | undefined
  origin: Position | undefined

  constructor(context: ReadContext, single: SinglePlan, start: BranchPosition) {
    this.#context = context
    this.#pages = new PageReader(context, single, start)
  }

  get isAtEnd(): boolean {
    return this.#pages.isAtEnd
  }

  async next(wanted: number | undefined): Promise<ReadPage | undefined> {
    if (this.isAtEnd) return undefined
    this.stoppedBy = this.#context.meter.exceeded
    if (this.stoppedBy !== undefined) return undefined
    const { items, keys, count } = await this.#pages.next(wanted)
    const { position } = this.#pages
    const [first] = keys
    if (first) this.origin ??= [first]
    return {
      items,
      count,
      positionAfter: (used) => {
        if (used < keys.length) return [keys[used - 1] ?? 'start']
        return position === 'end' ? undefined : [position]
      },
    }
  }
}
