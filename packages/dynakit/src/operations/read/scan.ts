import { compileExpressions } from '../../expressions/compile.ts'
import type { Condition } from '../../expressions/condition.ts'
import type { Path } from '../../expressions/path.ts'
import { alwaysRepeatable, type Operation, returnConsumedCapacity } from '../operation.ts'
import { pageInput, type PagePlan, type PageResult, toPageResult } from './query.ts'

/** Reads one page of a whole table or index. */
export interface ScanPlan {
  readonly operation: 'Scan'
  readonly tableName: string
  readonly indexName?: string | undefined
  readonly filter?: Condition | undefined
  /** Attributes to read; all when left out. */
  readonly projection?: readonly Path[] | undefined
  readonly consistentRead: boolean
  /** The part of the table to read, of that many; the whole table when left out. */
  readonly segment?: { readonly number: number; readonly of: number } | undefined
}

/** Scan. */
export const scan: Operation<PagePlan<ScanPlan>, PageResult> = {
  name: 'Scan',
  isRead: true,
  isRepeatable: alwaysRepeatable,
  toInput: ({ plan, page }, settings) => ({
    TableName: settings.tablePrefix + plan.tableName,
    IndexName: plan.indexName,
    ConsistentRead: plan.consistentRead || undefined,
    Segment: plan.segment?.number,
    TotalSegments: plan.segment?.of,
    ReturnConsumedCapacity: returnConsumedCapacity(settings),
    ...pageInput(page),
    ...compileExpressions({
      filter: plan.filter,
      projection: page.countOnly === true ? undefined : plan.projection,
    }),
  }),
  toResult: toPageResult,
}
