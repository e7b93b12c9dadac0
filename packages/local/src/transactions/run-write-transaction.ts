import type { Charge, OperationContext } from '../engine/operation-context.ts'
import { carryOut, planWrite, writeCharges } from '../items/write-item.ts'
import type { ItemPosition, StoredItem } from '../storage/stored-item.ts'
import type { ItemWrite, TableStore } from '../storage/table-store.ts'
import { findTable } from '../tables/find-table.ts'
import { changedItem, locateAction, unmetCondition } from './action-effect.ts'
import { cancellationReason, forEachAction } from './cancellation.ts'
import { checkItemsDiffer, conflict } from './item-conflicts.ts'
import { keyReason } from './key-reason.ts'
import { twice } from './transaction-capacity.ts'
import type { TransactionItem } from './transaction-holds.ts'
import type { WriteAction } from './write-action.ts'

/** An action and the item it has to do with. */
export interface PlacedAction {
  readonly action: WriteAction
  readonly table: TableStore
  readonly position: ItemPosition
}

/** An action that was carried out. */
export interface WrittenAction extends PlacedAction {
  readonly charges: readonly Charge[]
  readonly write: ItemWrite
}

/**
 * Carries out all actions of a transaction, or none.
 *
 * @param context - What the operation works with.
 * @param actions - The actions.
 * @returns What was done, action by action.
 * @throws ServiceError (`TransactionCanceledException`) with the reasons of the actions that cannot be done;
 *   others for faults of the request as a whole.
 * @internal
 */
export function runWriteTransaction(
  context: OperationContext,
  actions: readonly WriteAction[],
): readonly WrittenAction[] {
  const placed = placeActions(context, actions)
  for (const { action, table, position } of placed) {
    // An item that is too large from the start is the fault of the request, not of the transaction.
    if (action.kind === 'put') planWrite(table, position, action.item)
  }
  context.holds.mark('transaction', placed.map(itemOf))
  const prepared = forEachAction(placed, cancellationReason, (one) => prepare(context, one))
  for (const { table, write } of prepared) carryOut(context, table.definition, write)
  return prepared
}

/**
 * Finds the items that the actions of a transaction have to do with.
 *
 * @throws ServiceError when a table does not exist, keys do not fit, or an item occurs twice.
 * @internal
 */
export function placeActions(
  context: OperationContext,
  actions: readonly WriteAction[],
): readonly PlacedAction[] {
  const tables = actions.map(({ table }) => findTable(context, table))
  const placed = forEachAction(actions, keyReason, (action, index) => {
    const table = tables[index] as TableStore
    return { action, table, position: locateAction(action, table.definition) }
  })
  checkItemsDiffer(placed.map(itemOf))
  return placed
}

function itemOf({ table, position }: PlacedAction): TransactionItem {
  return { table: table.definition.name, position }
}

/** Works out what an action does. That costs capacity even if its condition turns out not to be met. */
function prepare(context: OperationContext, placed: PlacedAction): WrittenAction {
  const { action, table, position } = placed
  if (context.holds.isHeld(itemOf(placed), 'transaction')) throw conflict()
  const stored = table.items.get(position)
  const unmet = unmetCondition(action, stored)
  const unchanged = { before: stored, after: stored, indexChanges: [] }
  const write = unmet === undefined ? plan(placed, stored) : unchanged
  const charges = twice(writeCharges(table.definition, position, write))
  context.charge(charges)
  if (unmet !== undefined) throw unmet
  return { ...placed, charges, write }
}

function plan({ action, table, position }: PlacedAction, stored: StoredItem | undefined): ItemWrite {
  return action.kind === 'check'
    ? { before: stored, after: stored, indexChanges: [] }
    : planWrite(
        table,
        position,
        changedItem(action, table.definition, stored?.item),
        action.kind === 'update',
      )
}
