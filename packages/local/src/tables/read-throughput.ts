import { invalidParameter, validationError } from '../protocol/service-error.ts'
import type { OnDemandLimits, TableDefinition, Throughput } from './table-definition.ts'
import type { OnDemandInput, ThroughputInput, WarmInput } from './table-shapes.ts'

const maximumUnits = 1_000_000_000_000

/**
 * Reads provisioned throughput.
 *
 * @param input - As the request has it.
 * @param index - The index it is for; undefined for the table.
 * @throws ServiceError when it is out of bounds.
 * @internal
 */
export function readThroughput(input: ThroughputInput, index?: string): Throughput {
  for (const name of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const) {
    if (input[name] <= maximumUnits) continue
    const where = index === undefined ? '' : ` for index ${index}`
    throw validationError(`Given value ${String(input[name])} for ${name} is out of bounds${where}`)
  }
  return { read: input.ReadCapacityUnits, write: input.WriteCapacityUnits }
}

/**
 * Reads how a table is billed and its throughput.
 *
 * @param billingMode - `BillingMode`
 * @param throughput - `ProvisionedThroughput`
 * @throws ServiceError when the two do not go together.
 * @internal
 */
export function readBilling(
  billingMode: TableDefinition['billingMode'] | undefined,
  throughput: ThroughputInput | undefined,
): Pick<TableDefinition, 'billingMode' | 'throughput'> {
  if (billingMode === 'PAY_PER_REQUEST') {
    if (throughput === undefined) return { billingMode, throughput: { read: 0, write: 0 } }
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    )
  }
  if (throughput === undefined) {
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    )
  }
  return { billingMode: 'PROVISIONED', throughput: readThroughput(throughput) }
}

/**
 * Reads the limits of on-demand capacity, if there are any.
 *
 * @internal
 */
export function readOnDemandLimits(input: OnDemandInput | undefined): { readonly onDemand?: OnDemandLimits } {
  if (input === undefined) return {}
  for (const name of ['MaxReadRequestUnits', 'MaxWriteRequestUnits'] as const) {
    const limit = input[name]
    if (limit !== undefined && limit < 1 && limit !== -1) {
      throw invalidParameter(`${name} must be -1 or at least 1`)
    }
  }
  return { onDemand: { read: input.MaxReadRequestUnits ?? -1, write: input.MaxWriteRequestUnits ?? -1 } }
}

const defaultWarm = { read: 12_000, write: 4000 }

/**
 * Reads warm throughput, if it is given.
 *
 * @internal
 */
export function readWarmThroughput(input: WarmInput | undefined): Pick<TableDefinition, 'warm'> {
  if (input === undefined) return {}
  return {
    warm: {
      read: input.ReadUnitsPerSecond ?? defaultWarm.read,
      write: input.WriteUnitsPerSecond ?? defaultWarm.write,
    },
  }
}

/**
 * Gives the throughput a table or index can take at once: what was asked for, or what billing implies.
 *
 * @internal
 */
export function warmThroughputOf(
  billingMode: TableDefinition['billingMode'],
  { warm, throughput }: Pick<TableDefinition, 'warm'> & { readonly throughput?: Throughput },
): { readonly read: number; readonly write: number } {
  if (warm !== undefined) return warm
  return billingMode === 'PROVISIONED' && throughput !== undefined ? throughput : defaultWarm
}
