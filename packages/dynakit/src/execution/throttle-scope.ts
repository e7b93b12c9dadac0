import type { ThrottledError } from '../errors/service-errors.ts'

/** What a throttled request tells to slow down for. */
export interface ThrottleScope {
  /** Tables of the request that were throttled, without prefix. */
  readonly tableNames: readonly string[]
  /** Whether the limit is the account's: then no table is spared. */
  readonly isAccount: boolean
  /** Whether only some keys are too much in demand: then the others need not slow down. */
  readonly isKeyRange: boolean
}

/**
 * Reads from a throttled request what was throttled, as far as DynamoDB names it.
 *
 * Source: Amazon DynamoDB Developer Guide, "Diagnosing throttling": reasons are made of resource, operation and
 * limit, such as `TableWriteKeyRangeThroughputExceeded` and `IndexWriteAccountLimitExceeded`.
 *
 * @param error - The error.
 * @param tableNames - Tables of the request, without prefix.
 * @param tablePrefix - What stands before them in DynamoDB.
 * @internal
 */
export function throttleScope(
  { throttlingReasons }: ThrottledError,
  tableNames: readonly string[],
  tablePrefix: string,
): ThrottleScope {
  const named = new Set(throttlingReasons.map(({ resource = '' }) => tableOf(resource)))
  const found = tableNames.filter((name) => named.has(tablePrefix + name))
  const hasReasons = throttlingReasons.length > 0
  return {
    tableNames: found.length > 0 ? found : tableNames,
    isAccount: throttlingReasons.some(({ reason }) => reason?.includes('AccountLimit') === true),
    isKeyRange: hasReasons && throttlingReasons.every(({ reason }) => reason?.includes('KeyRange') === true),
  }
}

/** `arn:aws:dynamodb:region:account:table/Name/index/Index` has the name of the table in the middle. */
function tableOf(resource: string): string {
  return /:table\/([^/]+)/.exec(resource)?.[1] ?? ''
}
