import type { PlannedRead } from '../planner/plan-request.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'
import { type ItemReader, SingleReader } from './item-reader.ts'
import { MergedReader } from './merged-reader.ts'
import type { ReadContext } from './page-reader.ts'
import { ParallelReader } from './parallel-reader.ts'
import type { Position } from './position.ts'
import type { ReadBudget, ReadMeter } from './read-meter.ts'
import { ReadPace } from './read-pace.ts'
import { SortedReader } from './sorted-reader.ts'

/** Where a read starts and how far it goes. */
export interface ReadOptions {
  /** Where to go on; at the beginning when left out. */
  readonly start: Position | undefined
  /** Items wanted; all when left out. */
  readonly take: number | undefined
  /** Items DynamoDB evaluates per request, when the caller fixes it. */
  readonly pageSize: number | undefined
  readonly budget: ReadBudget
  /** Most read capacity units per second. */
  readonly maxUnitsPerSecond?: number | undefined
}

/** Who reads, and for what. */
export interface ReadTask {
  readonly executor: Executor
  readonly planned: PlannedRead
  readonly options: ReadOptions
  readonly call: Call
  readonly meter: ReadMeter
  /** Counts matches instead of reading them. */
  readonly countOnly: boolean
}

/**
 * Makes the reader of a plan.
 *
 * @internal
 */
export function openReader(task: ReadTask): ItemReader {
  const { planned, options } = task
  const { sortedBy } = planned
  if (!sortedBy || task.countOnly) return unsorted(task, options.start)
  return new SortedReader(unsorted(task, undefined), planned, sortedBy, options.start?.[0] ?? 'start')
}

function unsorted(
  { executor, planned, options, call, meter, countOnly }: ReadTask,
  start: Position | undefined,
): ItemReader {
  const { plan, table, completion } = planned
  const context: ReadContext = {
    executor,
    table,
    completion,
    meter,
    call,
    pageSize: options.pageSize,
    countOnly,
    pace: options.maxUnitsPerSecond === undefined ? undefined : new ReadPace(options.maxUnitsPerSecond),
  }
  if (plan.operation !== 'Branches') {
    const { residual, isSelective } = planned
    return new SingleReader(context, { plan, residual, isSelective }, start?.[0] ?? 'start')
  }
  const isOrdered = plan.order !== undefined && !countOnly
  return isOrdered
    ? new MergedReader(context, plan, start ?? [])
    : new ParallelReader(context, plan, start ?? [])
}
