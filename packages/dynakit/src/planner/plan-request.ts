import type { Condition } from '../expressions/condition.ts'
import type { Path } from '../expressions/path.ts'
import type { NativeItem } from '../codec/native-value.ts'
import type { GetItemPlan } from '../operations/read/get-item.ts'
import type { QueryPlan } from '../operations/read/query.ts'
import type { ScanPlan } from '../operations/read/scan.ts'
import type { CompiledEntity, KeySource } from '../schema/compiled-entity.ts'
import type { Table } from '../schema/table.ts'
import type { Explanation } from './explanation.ts'

/** What a query asks for. */
export interface PlanRequest {
  readonly table: Table
  /** Kinds of items wanted; none for an untyped table. */
  readonly entities: readonly CompiledEntity[]
  /** Conditions that must all hold, in stored values. */
  readonly conditions: readonly Condition[]
  /** Attributes wanted; all when left out. */
  readonly select: readonly Path[] | undefined
  readonly ascending: boolean
  /** Field the items must be ordered by; any order of a key will do when left out. */
  readonly orderBy: string | undefined
  readonly consistentRead: boolean
  /** The only index to consider, when the caller insists. */
  readonly indexName: string | undefined
  readonly allowScan: boolean
  /** Conditions that hide items (soft-deleted, expired), in stored values; they never choose a key. */
  readonly visibility?: readonly Condition[] | undefined
  /** `false`: items of other entities are read too. */
  readonly entityFilter?: boolean | undefined
  /** Whether attributes an index does not hold are read from the table. */
  readonly completeItems?: boolean | undefined
  /** Parts of the table a scan reads at the same time. */
  readonly segments?: number | undefined
}

/** Answers a query whose conditions contradict each other, without asking DynamoDB. */
interface NothingPlan {
  readonly operation: 'none'
  readonly tableName: string
}

/** Reads the items of several keys, in this order. */
export interface KeysPlan {
  readonly operation: 'BatchGetItem'
  readonly tableName: string
  readonly keys: readonly NativeItem[]
  /** Attributes to read; all when left out. */
  readonly projection?: readonly Path[] | undefined
  readonly consistentRead: boolean
}

/** Reads several queries, or several parts of a scan, as one sequence of items. */
export interface BranchesPlan {
  readonly operation: 'Branches'
  readonly tableName: string
  /** No two of them find the same item. */
  readonly branches: readonly ReadBranch[]
  /** Attributes by which their items are merged; `undefined` when they have no order. */
  readonly order: readonly string[] | undefined
  readonly ascending: boolean
}

/** One of the reads of a {@link BranchesPlan}. */
export interface ReadBranch {
  readonly plan: QueryPlan | ScanPlan
  /** Condition left for dynakit to check on each item. */
  readonly residual: Condition | undefined
  /** Whether a filter may leave few matches in a page. */
  readonly isSelective: boolean
}

/** Attributes that are read from the table because the index does not hold them. */
export interface Completion {
  /** What to read of each item; all when left out. */
  readonly projection: readonly Path[] | undefined
  /** Checked on the item as the table has it: the index may be behind. */
  readonly condition: Condition | undefined
}

/** How a query is carried out: frozen plain data. */
export interface PlannedRead {
  readonly table: Table
  readonly plan: GetItemPlan | QueryPlan | ScanPlan | NothingPlan | KeysPlan | BranchesPlan
  /** Condition left for dynakit to check on each item; branches have their own. */
  readonly residual: Condition | undefined
  /** Whether DynamoDB's filter has conditions of the caller, so that pages may hold few matches. */
  readonly isSelective: boolean
  /** Key or index that is read; its attributes and the table's key make a cursor. */
  readonly source: KeySource
  /** Attributes a cursor is made of. */
  readonly cursorAttributes: readonly string[]
  /** What is read from the table beside the index. */
  readonly completion: Completion | undefined
  /** Attribute by which dynakit sorts what a scan finds. */
  readonly sortedBy: SortOrder | undefined
  readonly explanation: Explanation
}

/** An order dynakit makes itself. */
export interface SortOrder {
  readonly attribute: string
  readonly ascending: boolean
}
