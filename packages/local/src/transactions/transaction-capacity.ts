import { consumedCapacities, type CapacityDetail } from '../capacity/consumed-capacity.ts'
import type { Charge } from '../engine/operation-context.ts'

/**
 * Makes the charges of a transaction: DynamoDB carries out everything twice, to prepare and to commit.
 *
 * @internal
 */
export function twice(charges: readonly Charge[]): readonly Charge[] {
  return charges.map((charge) => ({ ...charge, units: charge.units * 2 }))
}

/**
 * Reports the capacity of a transaction, which also says whether it was read or written.
 *
 * @param detail - `ReturnConsumedCapacity`; undefined for none.
 * @param charges - The charges.
 * @returns The member of the answer, if there is to be one.
 * @internal
 */
export function transactionCapacity(
  detail: CapacityDetail | undefined,
  charges: readonly Charge[],
): { readonly ConsumedCapacity?: readonly object[] } {
  const { ConsumedCapacity } = consumedCapacities(detail, charges)
  if (ConsumedCapacity === undefined) return {}
  const member = charges[0]?.kind === 'read' ? 'ReadCapacityUnits' : 'WriteCapacityUnits'
  return { ConsumedCapacity: ConsumedCapacity.map((capacity) => withKind(capacity, member) as object) }
}

function withKind(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, content]) => [name, withKind(content, member)] as const)
  const units = (value as { CapacityUnits?: number }).CapacityUnits
  return Object.fromEntries(units === undefined ? entries : [...entries, [member, units]])
}
