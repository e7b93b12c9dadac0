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
  /** Whether it only reads, so that its capacity counts as read capacity. */
  readonly isRead: boolean
  /**
   * Tells whether carrying the request out twice leaves the same as once and gives back the same, given no
   * other writer: such a request may be sent again when it is not known whether it was carried out.
   */
  isRepeatable(plan: Plan): boolean
  /** Makes the request. */
  toInput(plan: Plan, settings: OperationSettings): WireInput
  /** Reads the answer. */
  toResult(output: WireOutput, settings: OperationSettings): Result
}

/**
 * For operations that may always be sent again: reads, and writes without conditions.
 *
 * @internal
 */
export function alwaysRepeatable(): boolean {
  return true
}

/**
 * For operations whose second request would be refused, or change something again.
 *
 * @internal
 */
export function neverRepeatable(): boolean {
  return false
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
