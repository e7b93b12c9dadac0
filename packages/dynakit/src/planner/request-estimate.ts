import { maximumBatchKeys } from '../operations/read/batch-get-item.ts'
import type { PlannedRead } from './plan-request.ts'

/** How many requests a read sends. */
export interface RequestEstimate {
  /** Requests sent in any case. */
  readonly atLeast: number
  /** Whether each megabyte that is read takes another one. */
  readonly perMegabyte: boolean
}

/**
 * Estimates the requests of a plan, as far as the plan itself tells.
 *
 * Source: Amazon DynamoDB API Reference, Query and Scan (1 MB a page), BatchGetItem (100 keys).
 *
 * @internal
 */
export function requestEstimate(plan: PlannedRead['plan']): RequestEstimate {
  switch (plan.operation) {
    case 'none':
      return { atLeast: 0, perMegabyte: false }
    case 'GetItem':
      return { atLeast: 1, perMegabyte: false }
    case 'BatchGetItem':
      return { atLeast: Math.ceil(plan.keys.length / maximumBatchKeys), perMegabyte: false }
    case 'Branches':
      return { atLeast: plan.branches.length, perMegabyte: true }
    default:
      return { atLeast: 1, perMegabyte: true }
  }
}
