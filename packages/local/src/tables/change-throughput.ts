import type { OperationContext } from '../engine/operation-context.ts'
import { invalidParameter, resourceNotFound, validationError } from '../protocol/service-error.ts'
import { readBilling, readOnDemandLimits, readThroughput, readWarmThroughput } from './read-throughput.ts'
import type { IndexDefinition, TableDefinition, Throughput } from './table-definition.ts'
import type { OnDemandInput, ThroughputInput, WarmInput } from './table-shapes.ts'

/** What `UpdateTable` says about billing and throughput. */
export interface BillingChange {
  readonly BillingMode?: TableDefinition['billingMode'] | undefined
  readonly ProvisionedThroughput?: ThroughputInput | undefined
  readonly GlobalSecondaryIndexUpdates?: readonly { readonly Update?: IndexChange | undefined }[] | undefined
}

interface IndexChange {
  readonly IndexName: string
  readonly ProvisionedThroughput?: ThroughputInput | undefined
  readonly OnDemandThroughput?: OnDemandInput | undefined
  readonly WarmThroughput?: WarmInput | undefined
}

/**
 * Changes how a table is billed, and the throughput of the table and its global indexes.
 *
 * @param context - What the operation works with.
 * @param table - The table.
 * @param request - The request of `UpdateTable`.
 * @throws ServiceError when the parts of the request do not fit each other or the table, or nothing changes.
 * @internal
 */
export function changeBilling(
  { clock }: Pick<OperationContext, 'clock'>,
  table: TableDefinition,
  request: BillingChange,
): TableDefinition {
  const now = clock.now()
  const updates = (request.GlobalSecondaryIndexUpdates ?? []).flatMap(({ Update }) => Update ?? [])
  const mode = request.BillingMode ?? table.billingMode
  const indexes = changeIndexes(table, updates, mode, now)
  if (mode === 'PAY_PER_REQUEST') {
    readBilling(mode, request.ProvisionedThroughput)
    if (table.billingMode === mode) return { ...table, indexes }
    return { ...table, indexes, billingMode: mode, throughput: none(table.throughput), onDemandSince: now }
  }
  if (table.billingMode === 'PAY_PER_REQUEST') checkProvisioned(table, updates)
  const input = request.ProvisionedThroughput
  if (input === undefined) {
    if (request.BillingMode !== undefined) readBilling(mode, input)
    return { ...table, indexes }
  }
  const throughput = changeThroughput(table.throughput, readThroughput(input), now)
  if (table.billingMode === mode && throughput === table.throughput) throw unchanged('table', input)
  return { ...table, indexes, billingMode: mode, throughput }
}

function none({ read: _read, write: _write, ...rest }: Throughput): Throughput {
  return { ...rest, read: 0, write: 0 }
}

/** The new throughput with the times of its changes; the old one when nothing changes. */
function changeThroughput(old: Throughput, wanted: Throughput, now: number): Throughput {
  if (old.read === wanted.read && old.write === wanted.write) return old
  const isIncreased = wanted.read > old.read || wanted.write > old.write
  const isDecreased = wanted.read < old.read || wanted.write < old.write
  return {
    ...old,
    ...wanted,
    ...(isIncreased && { increasedAt: now }),
    ...(isDecreased && { decreasedAt: now, decreasesToday: decreasesToday(old, now) + 1 }),
  }
}

const day = 86_400_000

/** Decreases are counted by days of UTC. */
function decreasesToday({ decreasedAt, decreasesToday: count = 0 }: Throughput, now: number): number {
  return decreasedAt !== undefined && Math.floor(decreasedAt / day) === Math.floor(now / day) ? count : 0
}

function unchanged(
  what: string,
  { ReadCapacityUnits: read, WriteCapacityUnits: write }: ThroughputInput,
): Error {
  return validationError(
    `The provisioned throughput for the ${what} will not change. The requested value equals the current value. ` +
      `Current ReadCapacityUnits provisioned for the ${what}: ${String(read)}. ` +
      `Requested ReadCapacityUnits: ${String(read)}. ` +
      `Current WriteCapacityUnits provisioned for the ${what}: ${String(write)}. ` +
      `Requested WriteCapacityUnits: ${String(write)}. ` +
      'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
  )
}

/** A table that changes to provisioned capacity has to say what each of its global indexes gets. */
function checkProvisioned({ indexes }: TableDefinition, updates: readonly IndexChange[]): void {
  for (const { name, kind } of indexes) {
    const update = updates.find(({ IndexName }) => IndexName === name)
    if (kind === 'local' || update?.ProvisionedThroughput !== undefined) continue
    throw invalidParameter(`ProvisionedThroughput must be specified for index: ${name}`)
  }
}

function changeIndexes(
  { indexes }: TableDefinition,
  updates: readonly IndexChange[],
  mode: TableDefinition['billingMode'],
  now: number,
): readonly IndexDefinition[] {
  for (const { IndexName } of updates) {
    const index = indexes.find(({ name, kind }) => name === IndexName && kind === 'global')
    if (index === undefined) throw resourceNotFound()
  }
  return indexes.map((index) => {
    const update = updates.find(({ IndexName }) => IndexName === index.name)
    if (index.kind === 'local') return index
    if (mode === 'PAY_PER_REQUEST') return changeOnDemandIndex(index, update)
    return update === undefined ? index : changeProvisionedIndex(index, update, now)
  })
}

function changeOnDemandIndex(index: IndexDefinition, update: IndexChange | undefined): IndexDefinition {
  if (update?.ProvisionedThroughput !== undefined) {
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${index.name} when BillingMode is PAY_PER_REQUEST`,
    )
  }
  return {
    ...index,
    throughput: none(index.throughput ?? { read: 0, write: 0 }),
    ...readOnDemandLimits(update?.OnDemandThroughput),
    ...readWarmThroughput(update?.WarmThroughput),
  }
}

function changeProvisionedIndex(index: IndexDefinition, update: IndexChange, now: number): IndexDefinition {
  const input = update.ProvisionedThroughput
  const old = index.throughput ?? { read: 0, write: 0 }
  const throughput = input && changeThroughput(old, readThroughput(input, index.name), now)
  if (input !== undefined && throughput === old) throw unchanged(`index ${index.name}`, input)
  return {
    ...index,
    ...(throughput !== undefined && { throughput }),
    ...readWarmThroughput(update.WarmThroughput),
  }
}
