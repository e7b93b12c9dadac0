import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import type { DynamoDBErrorOptions } from '../errors/dynamodb-error.ts'
import type { TransactionWrite } from '../operations/write/transact-write-items.ts'
import type { OperationPlace } from '../planner/operation-place.ts'
import type { UniqueMarker } from '../planner/unique-markers.ts'

/** A write of a transaction and the markers that change with it. */
export interface OperationPlan {
  readonly write: TransactionWrite
  readonly claims: readonly UniqueMarker[]
  readonly releases: readonly UniqueMarker[]
  /** When the item expires afterwards. */
  readonly expiresAt: NativeValue | undefined
}

/** An operation of a transaction, checked; what it sends may depend on what is stored. */
export interface PreparedOperation extends OperationPlace {
  /** The stored key; `undefined` where the key attributes of a table are not known. */
  readonly key: NativeItem | undefined
  readonly now: Date
  /** Attributes to read before; none when the operation does not depend on what is stored. */
  readonly reads: readonly string[]
  /** Attributes that must still be as they were read when the transaction happens. */
  readonly pins: readonly string[]
  /** Asks DynamoDB for the stored item when a condition is false, which tells why. */
  readonly needsItem: boolean
  /** Whether the caller asked for the stored item. */
  readonly returnsItem: boolean
  /** As the caller gave it. */
  readonly given: unknown
  /** The item as it is stored, in the application's form; `undefined` for all but put and create. */
  readonly item: Readonly<Record<string, unknown>> | undefined
  /** Plans the write of an item as read. */
  plan(before: NativeItem | undefined): OperationPlan
  /** Makes the application's form of the stored item. */
  decode(stored: NativeItem): Readonly<Record<string, unknown>>
  /** What the operation alone would throw when its condition is false of the stored item. */
  refuse(stored: NativeItem | undefined, facts: DynamoDBErrorOptions): unknown
}

/**
 * A plan without markers.
 *
 * @internal
 */
export function plainPlan(write: TransactionWrite): OperationPlan {
  return { write, claims: [], releases: [], expiresAt: undefined }
}
