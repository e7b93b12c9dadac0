import { valueAt } from '../expressions/document-path.ts'
import { setAttribute, type AttributeValue, type Item } from '../values/attribute-value.ts'
import type { Column } from './statement.ts'

/**
 * Gives of an item what a SELECT lists.
 *
 * @param columns - The columns; undefined for all attributes.
 * @param item - The item.
 * @internal
 */
export function pickColumns(columns: readonly Column[] | undefined, item: Item): Item {
  if (columns === undefined) return item
  const picked: Record<string, AttributeValue> = {}
  for (const { path, name } of columns) {
    const value = valueAt(item, path)
    if (value !== undefined) setAttribute(picked, name, value)
  }
  return picked
}
