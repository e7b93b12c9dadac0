import { readUnits } from '../capacity/capacity-units.ts'
import type { Charge, OperationContext } from '../engine/operation-context.ts'
import { checkScalarKeys } from '../expressions/check-key-paths.ts'
import type { DocumentPath } from '../expressions/document-path.ts'
import { project } from '../expressions/project.ts'
import { locateKey } from '../items/locate-item.ts'
import type { ItemPosition } from '../storage/stored-item.ts'
import type { TableStore } from '../storage/table-store.ts'
import { findTable } from '../tables/find-table.ts'
import type { Item } from '../values/attribute-value.ts'
import { cancellationReason, forEachAction } from './cancellation.ts'
import { checkItemsDiffer, conflict } from './item-conflicts.ts'
import { keyReason } from './key-reason.ts'
import { twice } from './transaction-capacity.ts'

/** A read of one item in a transaction. */
export interface ReadAction {
  /** The table, by name or ARN. */
  readonly table: string
  readonly key: Item
  /** What to keep of the item; undefined for all of it. */
  readonly paths: readonly DocumentPath[] | undefined
}

/** The items a transaction read, and what that cost. */
export interface ReadTransaction {
  readonly items: readonly (Item | undefined)[]
  readonly charges: readonly Charge[]
}

/**
 * Reads all items of a transaction, or none.
 *
 * @param context - What the operation works with.
 * @param actions - The reads.
 * @throws ServiceError (`TransactionCanceledException`) with the reasons of the reads that cannot be done; others
 *   for faults of the request as a whole.
 * @internal
 */
export function runReadTransaction(
  context: OperationContext,
  actions: readonly ReadAction[],
): ReadTransaction {
  const tables = actions.map(({ table }) => findTable(context, table))
  const positions = forEachAction(actions, keyReason, ({ key, paths }, index) => {
    const { definition } = tables[index] as TableStore
    checkScalarKeys(paths ?? [], definition)
    return locateKey(definition.key, key)
  })
  const places = positions.map((position, index) => ({ table: tables[index] as TableStore, position }))
  checkItemsDiffer(places.map(({ table, position }) => ({ table: table.definition.name, position })))
  const read = forEachAction(places, cancellationReason, (place) => readPlace(context, place))
  return {
    items: read.map(({ item }, index) => {
      const paths = actions[index]?.paths
      return item === undefined || paths === undefined ? item : project(paths, item)
    }),
    charges: read.flatMap(({ charges }) => charges),
  }
}

function readPlace(
  context: OperationContext,
  { table, position }: { readonly table: TableStore; readonly position: ItemPosition },
): { readonly item: Item | undefined; readonly charges: readonly Charge[] } {
  const { definition } = table
  if (context.holds.isHeld({ table: definition.name, position }, 'transaction')) throw conflict()
  const stored = table.items.get(position)
  const units = readUnits(stored?.size ?? 0, true)
  const charges = twice([{ table: definition, kind: 'read', units, hash: position.hash }])
  context.charge(charges)
  return { item: stored?.item, charges }
}
