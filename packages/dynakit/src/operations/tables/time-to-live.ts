import { alwaysRepeatable, neverRepeatable, type Operation } from '../operation.ts'

/** Turns time to live on or off. */
export interface UpdateTimeToLivePlan {
  readonly operation: 'UpdateTimeToLive'
  readonly tableName: string
  /** Attribute holding the expiry time in epoch seconds. */
  readonly attribute: string
  readonly enabled: boolean
}

/** UpdateTimeToLive. */
export const updateTimeToLive: Operation<UpdateTimeToLivePlan, undefined> = {
  name: 'UpdateTimeToLive',
  isRead: false,
  // DynamoDB refuses a second change within the hour.
  isRepeatable: neverRepeatable,
  toInput: (plan, settings) => ({
    TableName: settings.tablePrefix + plan.tableName,
    TimeToLiveSpecification: { AttributeName: plan.attribute, Enabled: plan.enabled },
  }),
  toResult: () => undefined,
}

/** Asks which attribute holds the expiry time. */
export interface DescribeTimeToLivePlan {
  readonly operation: 'DescribeTimeToLive'
  readonly tableName: string
}

/** The expiry attribute, when time to live is on. */
export interface TimeToLive {
  readonly attribute: string | undefined
  readonly status: 'ENABLING' | 'ENABLED' | 'DISABLING' | 'DISABLED' | (string & {})
}

/** DescribeTimeToLive. */
export const describeTimeToLive: Operation<DescribeTimeToLivePlan, TimeToLive> = {
  name: 'DescribeTimeToLive',
  isRead: true,
  isRepeatable: alwaysRepeatable,
  toInput: (plan, settings) => ({ TableName: settings.tablePrefix + plan.tableName }),
  toResult: (output) => {
    const description = output.TimeToLiveDescription as
      { AttributeName?: string; TimeToLiveStatus?: string } | undefined
    return { attribute: description?.AttributeName, status: description?.TimeToLiveStatus ?? 'DISABLED' }
  },
}
