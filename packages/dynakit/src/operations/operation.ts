import type { NativeItem } from '../codec/native-value.ts'
import type { OperationName, WireInput, WireOutput } from '../transport/transport.ts'

/** How much DynamoDB reports about consumed capacity. */
export type CapacityDetail = 'none' | 'total' | 'indexes'

/** What every operation needs to know of the adapter it runs in. */
export interface OperationSettings {
  /** Put before every table name. */
  readonly tablePrefix: string
  /** How much is reported about consumed capacity. */
  readonly capacityDetail: CapacityDetail
}

/**
 * One DynamoDB operation: how its plan becomes a request and the answer a result. Does no I/O.
 */
export interface Operation<Plan, Result> {
  /** Name in DynamoDB's API. */
  readonly name: OperationName
  /** Whether it only reads, so that sending it twice changes nothing. */
  readonly isRead: boolean
  /** Makes the request. */
  toInput(plan: Plan, settings: OperationSettings): WireInput
  /** Reads the answer. */
  toResult(output: WireOutput): Result
}

/** Members of answers the operations read. */
export interface ItemOutput extends WireOutput {
  readonly Item?: NativeItem
  readonly Attributes?: NativeItem
  readonly Items?: readonly NativeItem[]
  readonly LastEvaluatedKey?: NativeItem
  readonly Count?: number
  readonly ScannedCount?: number
}

/**
 * Writes the detail setting as DynamoDB's API has it.
 *
 * @internal
 */
export function returnConsumedCapacity(settings: OperationSettings): string | undefined {
  if (settings.capacityDetail === 'none') return undefined
  return settings.capacityDetail === 'total' ? 'TOTAL' : 'INDEXES'
}
