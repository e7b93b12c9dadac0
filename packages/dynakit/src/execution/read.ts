import type { NativeItem } from '../codec/native-value.ts'
import type { PlannedRead } from '../planner/plan-request.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'
import { type BudgetName, PageReader, type ReadOptions } from './page-reader.ts'

/** What a read found. */
export interface ReadResult {
  readonly items: readonly NativeItem[]
  /** Stored item or key after which to go on; `undefined` when there is nothing more. */
  readonly lastKey: NativeItem | undefined
  /** Items evaluated before filters. */
  readonly evaluated: number
  /** Limit that stopped the read before it had all that was wanted. */
  readonly stoppedBy: BudgetName | undefined
}

/** How many items a read found. */
export interface CountedResult {
  readonly count: number
  readonly evaluated: number
  readonly lastKey: NativeItem | undefined
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
  const reader = new PageReader(executor, planned, options, call)
  const items: NativeItem[] = []
  let lastKey = options.startKey
  while (options.take === undefined || items.length < options.take) {
    const wanted = options.take === undefined ? undefined : options.take - items.length
    const page = await reader.next(wanted)
    if (!page) break
    const used = wanted !== undefined && page.items.length > wanted ? page.items.slice(0, wanted) : page.items
    for (const item of used) items.push(item)
    lastKey = used.length < page.items.length ? used.at(-1) : page.lastKey
    if (reader.isAtEnd) break
  }
  return { items, lastKey, evaluated: reader.evaluated, stoppedBy: reader.stoppedBy }
}

/**
 * Counts the items of a plan without transferring them where DynamoDB can count.
 *
 * @internal
 */
export async function countItems(
  executor: Executor,
  planned: PlannedRead,
  options: ReadOptions,
  call: Call,
): Promise<CountedResult> {
  const countOnly = planned.residual === undefined && planned.plan.operation !== 'GetItem'
  const reader = new PageReader(executor, planned, { ...options, countOnly }, call)
  let count = 0
  let lastKey = options.startKey
  while (options.take === undefined || count < options.take) {
    const page = await reader.next(options.take === undefined ? undefined : options.take - count)
    if (!page) break
    count += countOnly ? page.count : page.items.length
    lastKey = page.lastKey
    if (reader.isAtEnd) break
  }
  return {
    count: options.take === undefined ? count : Math.min(count, options.take),
    evaluated: reader.evaluated,
    lastKey: reader.stoppedBy === undefined ? undefined : lastKey,
    stoppedBy: reader.stoppedBy,
  }
}

/**
 * Gives the items of a plan one by one, reading the next page while the consumer works on the current
 * one. Stops requests at once when the consumer stops.
 *
 * @internal
 */
export async function* streamItems(
  executor: Executor,
  planned: PlannedRead,
  options: ReadOptions,
  call: Call,
): AsyncGenerator<NativeItem, void, undefined> {
  const stop = new AbortController()
  const onAbort = (): void => {
    stop.abort(call.signal?.reason)
  }
  if (call.signal?.aborted === true) onAbort()
  call.signal?.addEventListener('abort', onAbort, { once: true })
  const reader = new PageReader(executor, planned, options, { ...call, signal: stop.signal })
  let left = options.take
  let ahead = reader.next(left)
  try {
    for (;;) {
      const page = await ahead
      if (!page) return
      const used = left === undefined ? page.items : page.items.slice(0, left)
      if (left !== undefined) left -= used.length
      const isDone = reader.isAtEnd || left === 0
      if (!isDone) ahead = quietly(reader.next(left))
      yield* used
      if (isDone) return
    }
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
