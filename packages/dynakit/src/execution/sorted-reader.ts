import { compareValues } from '../codec/compare.ts'
import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { keyShapeOf } from '../planner/key-shape.ts'
import { keyText } from '../planner/key-text.ts'
import type { PlannedRead, SortOrder } from '../planner/plan-request.ts'
import type { ItemReader, ReadPage } from './item-reader.ts'
import type { BranchPosition, Position } from './position.ts'
import type { BudgetName } from './read-meter.ts'

/**
 * Sorts what a scan finds: reads everything, then gives it in order.
 *
 * Items with equal values are ordered by their keys. Where items differ in the type of the value, numbers
 * come before strings, strings before binary, and everything else last.
 */
export class SortedReader implements ItemReader {
  readonly #reader: ItemReader
  readonly #planned: PlannedRead
  readonly #order: SortOrder
  readonly #start: BranchPosition
  #sorted: readonly NativeItem[] | undefined
  #given = 0
  readonly stoppedBy: BudgetName | undefined = undefined
  origin: Position | undefined

  constructor(reader: ItemReader, planned: PlannedRead, order: SortOrder, start: BranchPosition) {
    this.#reader = reader
    this.#planned = planned
    this.#order = order
    this.#start = start
  }

  get isAtEnd(): boolean {
    return this.#sorted !== undefined && this.#given >= this.#sorted.length
  }

  async next(wanted: number | undefined): Promise<ReadPage | undefined> {
    this.#sorted ??= await this.#sort()
    if (this.isAtEnd) return undefined
    const from = this.#given
    const all = this.#sorted
    const items = all.slice(from, wanted === undefined ? undefined : from + wanted)
    this.#given += items.length
    const [first] = items
    if (first) this.origin ??= [first]
    return {
      items,
      count: items.length,
      positionAfter: (used) => (from + used < all.length ? [items[used - 1] ?? this.#start] : undefined),
    }
  }

  async #sort(): Promise<readonly NativeItem[]> {
    const items: NativeItem[] = []
    for (let page = await this.#reader.next(undefined); page; page = await this.#reader.next(undefined)) {
      for (const item of page.items) items.push(item)
    }
    const { stoppedBy } = this.#reader
    if (stoppedBy !== undefined) throw this.#unsorted(stoppedBy)
    const compare = this.#compare()
    const start = this.#start
    const following = typeof start === 'string' ? items : items.filter((item) => compare(item, start) > 0)
    return following.sort(compare)
  }

  #unsorted(stoppedBy: BudgetName): ValidationError {
    const { attribute } = this.#order
    return new ValidationError(
      `orderBy('${attribute}'): the budget (${stoppedBy}) stopped the scan, and a part of the items cannot be sorted. ` +
        'Raise the budget, or declare an index with this sort key.',
      { rule: 'sorted-scan-budget', field: attribute, tableName: this.#planned.table.name },
    )
  }

  #compare(): (left: NativeItem, right: NativeItem) => number {
    const { attribute, ascending } = this.#order
    const shape = keyShapeOf(this.#planned.table)
    const textOf = (item: NativeItem): string => keyText(shape, item, 'exact')
    const direction = ascending ? 1 : -1
    return (left, right) => {
      const order = compareAny(left[attribute], right[attribute])
      if (order !== 0) return direction * order
      const one = textOf(left)
      const other = textOf(right)
      return one === other ? 0 : one < other ? -direction : direction
    }
  }
}

function compareAny(left: NativeValue | undefined, right: NativeValue | undefined): number {
  const rank = typeRank(left) - typeRank(right)
  if (rank !== 0 || left === undefined || right === undefined) return rank
  return compareValues(left, right) ?? 0
}

function typeRank(value: NativeValue | undefined): number {
  if (isNativeNumber(value)) return 0
  if (typeof value === 'string') return 1
  return value instanceof Uint8Array ? 2 : 3
}
