import type { Item } from '../values/attribute-value.ts'

/**
 * Where an item stands in its table: tables are ordered by the hash of the partition key, then by partition
 * key, then by sort key. Keys are texts that sort as DynamoDB sorts the values.
 */
export interface ItemPosition {
  /** Hash of the partition key, 0 to 2^31 - 1. */
  readonly hash: number
  readonly partition: string
  /** Empty when the table has no sort key. */
  readonly sort: string
}

/** An item in a table. Never changed: a write puts another one in its place. */
export interface StoredItem extends ItemPosition {
  readonly item: Item
  /** Bytes as DynamoDB counts them. */
  readonly size: number
}

/** An item in a secondary index: where it stands there, and the item itself. */
export interface IndexEntry extends ItemPosition {
  readonly base: StoredItem
  /** Bytes of what the index holds of the item, as DynamoDB counts them. */
  readonly size: number
}
