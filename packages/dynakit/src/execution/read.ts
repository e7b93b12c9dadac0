import type { NativeItem } from '../codec/native-value.ts'
import type { PlannedRead } from '../planner/plan-request.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'
import { openReader, type ReadOptions } from './open-reader.ts'
import type { Position } from './position.ts'
import { type BudgetName, ReadMeter } from './read-meter.ts'

/** What a read found. */
export interface ReadResult {
  readonly items: readonly NativeItem[]
  /** Where to go on; `undefined` when there is nothing more. */
  readonly position: Position | undefined
  /** Where a read in the other direction starts, to find what comes before the items. */
  readonly origin: Position | undefined
  /** Items evaluated before filters. */
  readonly evaluated: number
  /** Limit that stopped the read before it had all that was wanted. */
  readonly stoppedBy: BudgetName | undefined
}

/** How many items a read found. */
export interface CountedResult {
  readonly count: number
  readonly evaluated: number
  readonly position: Position | undefined
  readonly stoppedBy: BudgetName | undefined
}

/**
 * Reads pages until it has the items wanted, or all of them.
 *
 * @param executor - Carries the requests.
 * @param planned - The plan.
 * @param options - Start, number of items and budget.
 * @param call - The call it belongs to.
 * @returns The items and where to go on.
 * @internal
 */
export async function readItems(
  executor: Executor,
  planned: PlannedRead,
  options: ReadOptions,
  call: Call,
): Promise<ReadResult> {
  const meter = new ReadMeter(options.budget, call.meter)
  const reader = openReader({ executor, planned, options, call, meter, countOnly: false })
  const items: NativeItem[] = []
  let position = options.start
  while (options.take === undefined || items.length < options.take) {
    const wanted = options.take === undefined ? undefined : options.take - items.length
    const page = await reader.next(wanted)
    if (!page) break
    const used = wanted === undefined ? page.items.length : Math.min(wanted, page.items.length)
    for (let at = 0; at < used; at++) items.push(page.items[at] as NativeItem)
    position = page.positionAfter(used)
    if (reader.isAtEnd) break
  }
  return { items, position, origin: reader.origin, evaluated: meter.evaluated, stoppedBy: reader.stoppedBy }
}

/**
 * Counts the items of a plan without transferring them where DynamoDB can count.
 *
 * @param check - Looks at each item that is counted, and throws to refuse it.
 * @internal
 */
export async function countItems(
  executor: Executor,
  planned: PlannedRead,
  options: ReadOptions,
  call: Call,
  check?: (item: NativeItem) => void,
): Promise<CountedResult> {
  // A page that DynamoDB only counts has no place within it where the count could stop.
  const isExact = !planned.isSelective && planned.plan.operation !== 'Branches'
  const isWhole = options.take === undefined || isExact
  const countOnly = check === undefined && isWhole && canCount(planned)
  const meter = new ReadMeter(options.budget, call.meter)
  const reader = openReader({ executor, planned, options, call, meter, countOnly })
  let count = 0
  let position = options.start
  while (options.take === undefined || count < options.take) {
    const wanted = options.take === undefined ? undefined : options.take - count
    const page = await reader.next(wanted)
    if (!page) break
    const used = Math.min(wanted ?? Infinity, page.items.length)
    if (check) page.items.slice(0, used).forEach(check)
    count += countOnly ? page.count : used
    position = page.positionAfter(used)
    if (reader.isAtEnd) break
  }
  return { count, evaluated: meter.evaluated, position, stoppedBy: reader.stoppedBy }
}

/** DynamoDB counts what its own conditions leave; what dynakit checks, it must see. */
function canCount({ plan, residual, completion }: PlannedRead): boolean {
  if (residual || completion || plan.operation === 'GetItem' || plan.operation === 'BatchGetItem')
    return false
  return plan.operation !== 'Branches' || plan.branches.every((branch) => branch.residual === undefined)
}

/** Some of the items of a plan, and where the read stands after them. */
export interface PositionedItems {
  readonly items: readonly NativeItem[]
  /** Where to go on; `undefined` when there is nothing more. */
  readonly position: Position | undefined
  /** Items evaluated so far, before filters. */
  readonly evaluated: number
  /** Limit that stopped the read with these items, if one did. */
  readonly stoppedBy: BudgetName | undefined
}

/**
 * Gives the items of a plan page by page, reading the next page while the consumer works on the current one.
 * Stops requests at once when the consumer stops.
 *
 * @internal
 */
export async function* readPages(
  executor: Executor,
  planned: PlannedRead,
  options: ReadOptions,
  call: Call,
): AsyncGenerator<PositionedItems, void, undefined> {
  const stop = new AbortController()
  const onAbort = (): void => {
    stop.abort(call.signal?.reason)
  }
  if (call.signal?.aborted === true) onAbort()
  call.signal?.addEventListener('abort', onAbort, { once: true })
  const own = { ...call, signal: stop.signal }
  const meter = new ReadMeter(options.budget, call.meter)
  const reader = openReader({ executor, planned, options, call: own, meter, countOnly: false })
  let left = options.take
  let position = options.start
  let ahead = reader.next(left)
  try {
    for (let isDone = false; !isDone;) {
      const page = await ahead
      const { evaluated } = meter
      if (!page) break
      const items = left === undefined ? page.items : page.items.slice(0, left)
      if (left !== undefined) left -= items.length
      position = page.positionAfter(items.length)
      isDone = reader.isAtEnd || left === 0
      if (!isDone) ahead = quietly(reader.next(left))
      yield { items, position, evaluated, stoppedBy: undefined }
    }
    const { stoppedBy } = reader
    if (stoppedBy !== undefined) yield { items: [], position, evaluated: meter.evaluated, stoppedBy }
  } finally {
    call.signal?.removeEventListener('abort', onAbort)
    stop.abort()
  }
}

/** A page read ahead may fail after the consumer has stopped; then nobody is there to hear of it. */
function quietly<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined)
  return promise
}
