import { applyUpdate } from '../expressions/apply-update.ts'
import { readAttributeUpdates, type AttributeUpdate } from '../expressions/legacy/read-attribute-updates.ts'
import type { UpdateNode } from '../expressions/update-node.ts'
import { validationError } from '../protocol/service-error.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import type { AttributeValue, Item } from '../values/attribute-value.ts'
import { maximumDepth } from '../values/check-value.ts'
import { checkIndexKey, type IndexKeyFaults } from './locate-item.ts'

const noUpdate: UpdateNode = { actions: [], typeMismatch: '' }

/** What index keys turn out to be once the update is carried out. */
const faults: IndexKeyFaults = {
  type: () =>
    validationError('The update expression attempted to update the secondary index key to unsupported type'),
  size: () =>
    validationError(
      'The update expression attempted to update the secondary index key beyond allowed size limits',
    ),
}

/**
 * Finds out what a request changes.
 *
 * @param update - Its `UpdateExpression`, if it has one.
 * @param updates - Its `AttributeUpdates`, if it has them.
 * @throws ServiceError for the first fault of the latter.
 * @internal
 */
export function readUpdate(
  update: UpdateNode | undefined,
  updates: Readonly<Record<string, AttributeUpdate>> | undefined,
): UpdateNode {
  return update ?? (updates === undefined ? noUpdate : readAttributeUpdates(updates))
}

/**
 * Makes the item an update leads to.
 *
 * @param update - The update.
 * @param table - The table.
 * @param stored - The item as it is, if there is one.
 * @param key - Its key.
 * @throws ServiceError when the update cannot be applied to the item, or leads to one that is not allowed.
 * @internal
 */
export function updatedItem(
  update: UpdateNode,
  table: TableDefinition,
  stored: Item | undefined,
  key: Item,
): Item {
  const item = applyUpdate(update, stored ?? key)
  const changed = new Set(update.actions.map(({ path }) => path[0]))
  for (const index of table.indexes) {
    checkEmptyKeys(
      [...index.key.partition, ...index.key.sort].map(({ name }) => name),
      item,
      changed,
    )
    checkIndexKey(index, item, faults)
  }
  for (const name of changed) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined
    if (value === undefined || isWithin(value, maximumDepth)) continue
    throw validationError('Nesting Levels have exceeded supported limits')
  }
  return item
}

function checkEmptyKeys(names: readonly string[], item: Item, changed: ReadonlySet<string>): void {
  for (const name of names) {
    const value = changed.has(name) && Object.hasOwn(item, name) ? item[name] : undefined
    if (value === undefined) continue
    const kind =
      'S' in value && value.S === '' ? 'string' : 'B' in value && value.B === '' ? 'binary' : undefined
    if (kind === undefined) continue
    throw validationError(
      'One or more parameter values are not valid. The update expression attempted to update a secondary index ' +
        `key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value.`,
    )
  }
}

/** Whether lists and maps are nested no deeper than this. */
function isWithin(value: AttributeValue, depth: number): boolean {
  if ('L' in value) return depth > 1 && value.L.every((member) => isWithin(member, depth - 1))
  if ('M' in value) return depth > 1 && Object.values(value.M).every((member) => isWithin(member, depth - 1))
  return true
}
