import type { NativeItem } from '../../codec/native-value.ts'
import { compileExpressions } from '../../expressions/compile.ts'
import type { Condition } from '../../expressions/condition.ts'
import type { Path } from '../../expressions/path.ts'
import { alwaysRepeatable, type ItemOutput, type Operation, returnConsumedCapacity } from '../operation.ts'

/** Reads one page of the items of one partition key. */
export interface QueryPlan {
  readonly operation: 'Query'
  readonly tableName: string
  readonly indexName?: string | undefined
  readonly keyCondition: Condition
  readonly filter?: Condition | undefined
  /** Attributes to read; all when left out. */
  readonly projection?: readonly Path[] | undefined
  /** Reads what a local index does not hold from the table; without it, only what the index holds comes. */
  readonly allAttributes?: boolean | undefined
  readonly consistentRead: boolean
  readonly ascending: boolean
}

/** Where one page of a plan starts and how much it may read. */
export interface PageOptions {
  /** Key after which the page starts. */
  readonly startKey?: NativeItem | undefined
  /** Most items to evaluate, before the filter. */
  readonly limit?: number | undefined
  /** Count matches instead of returning them. */
  readonly countOnly?: boolean | undefined
}

/** One page of a plan. */
export interface PagePlan<Plan> {
  readonly plan: Plan
  readonly page: PageOptions
}

/** One page as DynamoDB answers it. */
export interface PageResult {
  readonly items: readonly NativeItem[]
  /** Items that passed the filter. */
  readonly count: number
  /** Items evaluated before the filter. */
  readonly evaluated: number
  /** Key to go on after; `undefined` on the last page. */
  readonly lastKey: NativeItem | undefined
}

/** Query. */
export const query: Operation<PagePlan<QueryPlan>, PageResult> = {
  name: 'Query',
  isRead: true,
  isRepeatable: alwaysRepeatable,
  toInput: ({ plan, page }, settings) => ({
    TableName: settings.tablePrefix + plan.tableName,
    IndexName: plan.indexName,
    ConsistentRead: plan.consistentRead || undefined,
    ScanIndexForward: plan.ascending ? undefined : false,
    ReturnConsumedCapacity: returnConsumedCapacity(settings),
    ...pageInput(page, plan.allAttributes),
    ...compileExpressions({
      keyCondition: plan.keyCondition,
      filter: plan.filter,
      projection: page.countOnly === true ? undefined : plan.projection,
    }),
  }),
  toResult: toPageResult,
}

/**
 * The members of a request that say which page to read.
 *
 * @internal
 */
export function pageInput(page: PageOptions, allAttributes?: boolean): Readonly<Record<string, unknown>> {
  const select = allAttributes === true ? 'ALL_ATTRIBUTES' : undefined
  return {
    ExclusiveStartKey: page.startKey,
    Limit: page.limit,
    Select: page.countOnly === true ? 'COUNT' : select,
  }
}

/**
 * Reads the answer of Query or Scan.
 *
 * @internal
 */
export function toPageResult(output: ItemOutput): PageResult {
  return {
    items: output.Items ?? [],
    count: output.Count ?? 0,
    evaluated: output.ScannedCount ?? 0,
    lastKey: output.LastEvaluatedKey,
  }
}
