import type { Database } from '../storage/database.ts'
import type { StoredItem } from '../storage/stored-item.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import type { TransactionHolds } from '../transactions/transaction-holds.ts'
import type { Item } from '../values/attribute-value.ts'

/** Capacity an operation consumes of one table or index. */
export interface Charge {
  readonly table: TableDefinition
  /** The index that is read or written; undefined for the table itself. */
  readonly index?: string
  readonly kind: 'read' | 'write'
  readonly units: number
  /** Hash of the partition key, 0 to 2^31 - 1: the physical partition that bears the load. */
  readonly hash: number
}

/** A change of one item. At least one image is there, and the two differ. */
export interface ItemChange {
  readonly table: TableDefinition
  /** The item's key attributes. */
  readonly key: Item
  readonly before: StoredItem | undefined
  readonly after: StoredItem | undefined
  /** Whether time to live deleted the item, not a caller. */
  readonly byTimeToLive?: boolean
}

/**
 * What an operation works with. Operations are synchronous, so that each is atomic: it reads, checks, charges
 * and writes before anything else runs.
 */
export interface OperationContext {
  /** The tables of the caller's region and account. */
  readonly database: Database
  /** What eventually consistent reads see: the database, or an older state of it. */
  readonly eventual: Database
  /** What reads of global indexes see: the database, or an older state of it. */
  readonly globalIndexes: Database
  readonly clock: { now(): number }
  readonly region: string
  readonly accountId: string
  /** How long tables and indexes stay in their transitional states, in milliseconds. */
  readonly delays: StateDelays
  /** Shards that a stream begins with. */
  readonly streamShards: number
  /** Items of transactions that have not been answered yet: what meets them conflicts. */
  readonly holds: TransactionHolds
  /**
   * Asks for capacity, before anything is written.
   *
   * @throws ServiceError when the table or index is throttled.
   */
  charge(charges: readonly Charge[]): void
  /** Is told of every change of an item, in order: streams are fed from here. */
  changed(change: ItemChange): void
}

/** How long tables and indexes stay in their transitional states, in milliseconds. Zero: not at all. */
export interface StateDelays {
  readonly createTable: number
  readonly updateTable: number
  readonly deleteTable: number
  readonly createIndex: number
  readonly deleteIndex: number
  readonly timeToLive: number
}

/**
 * Carries out one operation of DynamoDB's API.
 *
 * @param context - What it works with.
 * @param input - The request as the JSON protocol has it, unchecked.
 * @returns The answer as the JSON protocol has it.
 * @throws ServiceError when DynamoDB would answer with an error.
 */
export type Operation = (context: OperationContext, input: Readonly<Record<string, unknown>>) => object
