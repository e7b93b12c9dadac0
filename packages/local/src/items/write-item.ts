import { indexWriteUnits, writeUnits } from '../capacity/capacity-units.ts'
import type { Charge, OperationContext } from '../engine/operation-context.ts'
import { ServiceError, validationError } from '../protocol/service-error.ts'
import type { ItemPosition, StoredItem } from '../storage/stored-item.ts'
import type { ItemWrite, TableStore } from '../storage/table-store.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import type { Item } from '../values/attribute-value.ts'
import { equalMaps } from '../values/compare.ts'
import { conflict } from '../transactions/item-conflicts.ts'
import { itemCollection, type ItemCollection } from './item-collection-metrics.ts'
import { keyOf } from './locate-item.ts'

const maximumItemSize = 400 * 1024

/** Errors of items that are not as the request needs them. */
const conditionFailures: ReadonlySet<string> = new Set([
  'ConditionalCheckFailedException',
  'DuplicateItemException',
])

/** A write that was carried out. */
export interface WrittenItem extends ItemWrite {
  readonly charges: readonly Charge[]
  /** The member of the answer that `ReturnItemCollectionMetrics` asks for. */
  readonly collection: { readonly ItemCollectionMetrics?: ItemCollection }
}

/**
 * Writes one item: looks at what is there, asks for capacity, and writes.
 *
 * @param context - What the operation works with.
 * @param table - The table.
 * @param position - Where the item stands or is to stand.
 * @param request - The request.
 * @param change - Gives the item to write for the one that is there, undefined to delete it. What it throws ends
 *   the operation.
 * @returns What was written.
 * @throws ServiceError when the item is too large, or the table is throttled.
 * @internal
 */
export function writeItem(
  context: OperationContext,
  table: TableStore,
  position: ItemPosition,
  request: WriteRequest,
  change: (stored: StoredItem | undefined) => Item | undefined,
): WrittenItem {
  const { definition } = table
  const held = { table: definition.name, position }
  if (context.holds.isHeld(held, 'write')) throw conflict()
  context.holds.mark('write', [held])
  const item = changeOrCharge(context, table, position, change)
  const write = planWrite(table, position, item, request.Item === undefined)
  const charges = writeCharges(definition, position, write)
  context.charge(charges)
  carryOut(context, definition, write)
  const key = write.after?.item ?? write.before?.item ?? request.Key
  const isMeasured = request.ReturnItemCollectionMetrics === 'SIZE' && key !== undefined
  const collection = isMeasured
    ? itemCollection(context.database.table(definition.name) ?? table, position, key)
    : undefined
  return {
    ...write,
    charges,
    collection: collection === undefined ? {} : { ItemCollectionMetrics: collection },
  }
}

/** What a request to write an item says besides what to write. */
interface WriteRequest {
  readonly Item?: Item | undefined
  readonly Key?: Item | undefined
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE' | undefined
}

/** A write whose condition fails consumes what reading the item for it costs to write. */
function changeOrCharge(
  context: OperationContext,
  table: TableStore,
  position: ItemPosition,
  change: (stored: StoredItem | undefined) => Item | undefined,
): Item | undefined {
  const stored = table.items.get(position)
  try {
    return change(stored)
  } catch (error) {
    if (error instanceof ServiceError && conditionFailures.has(error.name)) {
      const write = { before: stored, after: undefined, indexChanges: [] }
      context.charge(writeCharges(table.definition, position, write))
    }
    throw error
  }
}

/**
 * Works out what putting or deleting an item would change, without doing it.
 *
 * @param table - The table.
 * @param position - Where the item stands or is to stand.
 * @param item - The item; undefined to delete.
 * @param isUpdate - Whether an update made the item, of which messages tell.
 * @returns The write, for {@link writeCharges} and {@link carryOut}.
 * @throws ServiceError when the item is too large.
 * @internal
 */
export function planWrite(
  table: TableStore,
  position: ItemPosition,
  item: Item | undefined,
  isUpdate = false,
): ItemWrite {
  const write = table.plan(position, item)
  if (write.after !== undefined && write.after.size > maximumItemSize) {
    throw validationError(`Item size ${isUpdate ? 'to update ' : ''}has exceeded the maximum allowed size`)
  }
  return write
}

/**
 * Counts the capacity a write consumes, of the table and each index it changes.
 *
 * @param table - The table.
 * @param position - Where the item stands.
 * @param write - The write.
 * @internal
 */
export function writeCharges(
  table: TableDefinition,
  { hash }: ItemPosition,
  write: ItemWrite,
): readonly Charge[] {
  return [
    { table, kind: 'write', units: writeUnits(write), hash },
    ...write.indexChanges.map((change): Charge => {
      const entry = change.added ?? change.removed
      return {
        table,
        index: change.index,
        kind: 'write',
        units: indexWriteUnits(change),
        hash: entry?.hash ?? hash,
      }
    }),
  ]
}

/**
 * Carries a write out, and tells the table's stream when it changed anything.
 *
 * @param context - What the operation works with.
 * @param table - The table's definition.
 * @param write - The write, worked out on the table as it is.
 * @internal
 */
export function carryOut(context: OperationContext, table: TableDefinition, write: ItemWrite): void {
  const { before, after } = write
  const item = after?.item ?? before?.item
  if (item === undefined) return
  if (before !== undefined && after !== undefined && equalMaps(before.item, after.item)) return
  context.database.tableForWrite(table.name).apply(write)
  context.changed({ table, key: keyOf(table.key, item), before, after })
}
