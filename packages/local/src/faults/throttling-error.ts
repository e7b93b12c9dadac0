import type { Charge } from '../engine/operation-context.ts'
import { ServiceError } from '../protocol/service-error.ts'

/** The limits DynamoDB throttles by. */
export type LimitType =
  | 'ProvisionedThroughputExceeded'
  | 'KeyRangeThroughputExceeded'
  | 'AccountLimitExceeded'
  | 'MaxOnDemandThroughputExceeded'

/** A limit that a request would exceed. */
export interface ReachedLimit {
  readonly charge: Charge
  readonly limit: LimitType
}

const messages = {
  table:
    'The level of configured provisioned throughput for the table was exceeded. ' +
    'Consider increasing your provisioning level with the UpdateTable API.',
  index:
    'The level of configured provisioned throughput for one or more global secondary indexes of the table was ' +
    'exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes ' +
    'with the UpdateTable API',
  onDemand:
    'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table ' +
    'or index so please try again shortly. If exceptions persist, check if you have a hot key: ' +
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
  maximum:
    'Throughput exceeds the maximum OnDemandThroughput configured on table or index. To continue, increase the ' +
    'maximum OnDemandThroughput or wait and try again.',
  account:
    'Throughput exceeds the current throughput limit for your account. ' +
    'Please contact AWS Support at https://aws.amazon.com/support request a limit increase',
}

/**
 * Makes the error of a request that is throttled.
 *
 * Source: Amazon DynamoDB Developer Guide, "Troubleshooting throttling in Amazon DynamoDB".
 *
 * @param reached - The limits it would exceed, at least one.
 * @internal
 */
export function throttlingError(reached: readonly [ReachedLimit, ...ReachedLimit[]]): ServiceError {
  const [{ charge, limit }] = reached
  const [name, message] = exceptionOf(charge, limit)
  return new ServiceError(name, message, { details: { ThrottlingReasons: reached.map(describeLimit) } })
}

function exceptionOf({ table, index }: Charge, limit: LimitType): readonly [name: string, message: string] {
  if (limit === 'AccountLimitExceeded') return ['RequestLimitExceeded', messages.account]
  if (limit === 'MaxOnDemandThroughputExceeded') return ['ThrottlingException', messages.maximum]
  if (limit === 'KeyRangeThroughputExceeded' && table.billingMode === 'PAY_PER_REQUEST') {
    return ['ThrottlingException', messages.onDemand]
  }
  const message = index === undefined ? messages.table : messages.index
  return ['ProvisionedThroughputExceededException', message]
}

function describeLimit({ charge, limit }: ReachedLimit): {
  readonly reason: string
  readonly resource: string
} {
  const { table, index, kind } = charge
  const resource = index === undefined ? table.arn : `${table.arn}/index/${index}`
  const access = kind === 'read' ? 'Read' : 'Write'
  return { reason: `${index === undefined ? 'Table' : 'Index'}${access}${limit}`, resource }
}
