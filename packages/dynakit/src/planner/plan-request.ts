import type { Condition } from '../expressions/condition.ts'
import type { Path } from '../expressions/path.ts'
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
}

/** Answers a query whose conditions contradict each other, without asking DynamoDB. */
interface NothingPlan {
  readonly operation: 'none'
  readonly tableName: string
}

/** How a query is carried out: frozen plain data. */
export interface PlannedRead {
  readonly plan: GetItemPlan | QueryPlan | ScanPlan | NothingPlan
  /** Condition left for dynakit to check on each item. */
  readonly residual: Condition | undefined
  /** Whether DynamoDB's filter has conditions of the caller, so that pages may hold few matches. */
  readonly isSelective: boolean
  /** Key or index that is read; its attributes and the table's key make a cursor. */
  readonly source: KeySource
  /** Attributes a cursor is made of. */
  readonly cursorAttributes: readonly string[]
  readonly explanation: Explanation
}
