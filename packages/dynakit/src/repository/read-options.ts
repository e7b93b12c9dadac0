import type { BatchGetOptions } from '../execution/batch-options.ts'
import type { CallOptions } from '../execution/call.ts'

/** Options of a read of one item. */
export interface GetOptions extends CallOptions {
  /** Reads with strong consistency: sees every write acknowledged before. */
  readonly consistent?: boolean | undefined
  /**
   * Whether an item whose time to live is over counts as missing, although DynamoDB has not deleted it yet.
   * Default: as the entity says, otherwise `false`.
   */
  readonly excludeExpired?: boolean | undefined
}

/** Options of a read of one item of an entity. */
export interface EntityGetOptions extends GetOptions {
  /** Gives the item also when it is soft-deleted. Only for entities with `softDelete`. */
  readonly withDeleted?: boolean | undefined
}

/** Options of a call that reads many items of an entity. */
export interface EntityBatchGetOptions extends BatchGetOptions {
  /** Gives soft-deleted items too. Only for entities with `softDelete`. */
  readonly withDeleted?: boolean | undefined
}
