import type { Charge } from '../engine/operation-context.ts'
import { oneOf, type Shape } from '../validation/shape.ts'

/** `ReturnConsumedCapacity` */
export type CapacityDetail = 'INDEXES' | 'TOTAL' | 'NONE'

/** `ReturnConsumedCapacity` */
export const returnConsumedCapacity: Shape<CapacityDetail> = oneOf('INDEXES', 'TOTAL', 'NONE')

/**
 * Reports the capacity one table and its indexes were charged with.
 *
 * @param detail - `ReturnConsumedCapacity`; undefined for none.
 * @param charges - The charges, at least one.
 * @returns The member of the answer, if there is to be one.
 * @internal
 */
export function consumedCapacity(
  detail: CapacityDetail | undefined,
  charges: readonly Charge[],
): { readonly ConsumedCapacity?: object } {
  if (detail === undefined || detail === 'NONE') return {}
  return { ConsumedCapacity: describeCharges(detail, charges) }
}

/**
 * Reports the capacity several tables were charged with.
 *
 * @param detail - `ReturnConsumedCapacity`; undefined for none.
 * @param charges - The charges.
 * @returns The member of the answer, if there is to be one.
 * @internal
 */
export function consumedCapacities(
  detail: CapacityDetail | undefined,
  charges: readonly Charge[],
): { readonly ConsumedCapacity?: readonly object[] } {
  if (detail === undefined || detail === 'NONE') return {}
  const byTable = new Map<string, Charge[]>()
  for (const charge of charges) {
    const known = byTable.get(charge.table.name)
    if (known === undefined) byTable.set(charge.table.name, [charge])
    else known.push(charge)
  }
  return { ConsumedCapacity: [...byTable.values()].map((ofTable) => describeCharges(detail, ofTable)) }
}

function describeCharges(detail: 'INDEXES' | 'TOTAL', charges: readonly Charge[]): object {
  const total = { TableName: charges[0]?.table.name, CapacityUnits: sum(charges) }
  if (detail === 'TOTAL') return total
  const locals = byIndex(charges, 'local')
  const globals = byIndex(charges, 'global')
  return {
    ...total,
    Table: { CapacityUnits: sum(charges.filter(({ index }) => index === undefined)) },
    ...(locals !== undefined && { LocalSecondaryIndexes: locals }),
    ...(globals !== undefined && { GlobalSecondaryIndexes: globals }),
  }
}

function byIndex(charges: readonly Charge[], kind: 'local' | 'global'): object | undefined {
  const units = new Map<string, number>()
  for (const { table, index, units: charged } of charges) {
    const definition = table.indexes.find(({ name }) => name === index)
    if (definition?.kind !== kind) continue
    units.set(definition.name, (units.get(definition.name) ?? 0) + charged)
  }
  if (units.size === 0) return undefined
  return Object.fromEntries([...units].map(([name, CapacityUnits]) => [name, { CapacityUnits }]))
}

function sum(charges: readonly Charge[]): number {
  return charges.reduce((total, { units }) => total + units, 0)
}
