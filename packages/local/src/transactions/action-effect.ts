import { checkScalarKeys, checkUpdatedKeys } from '../expressions/check-key-paths.ts'
import { conditionPaths } from '../expressions/expression-paths.ts'
import { checkCondition } from '../items/check-condition.ts'
import { locateItem, locateKey } from '../items/locate-item.ts'
import { updatedItem } from '../items/update-stored-item.ts'
import { ServiceError } from '../protocol/service-error.ts'
import type { ItemPosition, StoredItem } from '../storage/stored-item.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import type { Item } from '../values/attribute-value.ts'
import type { WriteAction } from './write-action.ts'

/**
 * Finds where the item of an action stands.
 *
 * @throws ServiceError when its key does not fit the table, or it looks at or changes key attributes as it must not.
 * @internal
 */
export function locateAction(action: WriteAction, table: TableDefinition): ItemPosition {
  if (action.condition !== undefined) checkScalarKeys(conditionPaths(action.condition), table)
  if (action.kind === 'put') return locateItem(table, action.item)
  const position = locateKey(table.key, action.key)
  if (action.kind === 'update') checkUpdatedKeys(action.update, table)
  return position
}

/**
 * Finds out whether the item is as an action needs it.
 *
 * @param action - The action.
 * @param stored - The item, if there is one.
 * @returns The error of the condition that is not met; undefined when all is well.
 * @internal
 */
export function unmetCondition(action: WriteAction, stored: StoredItem | undefined): Error | undefined {
  if (action.kind === 'put' && action.isInsert === true && stored !== undefined) {
    return new ServiceError('DuplicateItemException', 'Duplicate primary key exists in table')
  }
  try {
    checkCondition(action.condition, stored, action.onFailure)
    return undefined
  } catch (error) {
    return error as Error
  }
}

/**
 * Makes the item an action leads to.
 *
 * @param action - The action.
 * @param table - The table.
 * @param stored - The item as it is, if there is one.
 * @returns The item; undefined when it is deleted.
 * @throws ServiceError when an update cannot be applied.
 * @internal
 */
export function changedItem(
  action: WriteAction,
  table: TableDefinition,
  stored: Item | undefined,
): Item | undefined {
  switch (action.kind) {
    case 'put':
      return action.item
    case 'update':
      return updatedItem(action.update, table, stored, action.key)
    case 'delete':
      return undefined
    case 'check':
      return stored
  }
}
