import { readUnits } from '../capacity/capacity-units.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import { checkScalarKeys } from '../expressions/check-key-paths.ts'
import { locateKey } from '../items/locate-item.ts'
import type { ItemPosition } from '../storage/stored-item.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import { setAttribute, type AttributeValue, type Item } from '../values/attribute-value.ts'
import { pickColumns } from './columns.ts'
import { keyBranches } from './key-branches.ts'
import type { AnsweredStatement } from './run-write-statement.ts'
import { findIndex } from './select-source.ts'
import type { SelectStatement } from './statement.ts'

/**
 * Finds the key of the one item a SELECT means.
 *
 * @param statement - The statement.
 * @param table - Its table.
 * @param isChecked - Whether the values of the key are to have the right types.
 * @returns The key; undefined when the WHERE clause does not consist of it, or an index is read.
 * @throws ServiceError when the statement does not fit the table.
 * @internal
 */
export function selectedKey(
  statement: SelectStatement,
  table: TableDefinition,
  isChecked: boolean,
): Item | undefined {
  checkScalarKeys(statement.columns()?.map(({ path }) => path) ?? [], table)
  if (findIndex(table, statement.index) !== undefined) return undefined
  const branches = keyBranches(statement.where, table.key, isChecked)
  const [branch] = branches ?? []
  const sort = branch?.sort.find(({ operator }) => operator === '=')?.values[0]
  const isOne = branches?.length === 1 && (table.key.sort.length === 0 || sort !== undefined)
  if (branch === undefined || !isOne || branch.filters.length > 0) return undefined
  const key: Record<string, AttributeValue> = {}
  for (const { name } of table.key.partition) setAttribute(key, name, branch.partition)
  for (const { name } of table.key.sort) if (sort !== undefined) setAttribute(key, name, sort)
  return key
}

/** A SELECT, and the item it means. */
export interface PlacedSelect {
  readonly statement: SelectStatement
  readonly position: ItemPosition
}

/**
 * Finds where the item with a key stands.
 *
 * @throws ServiceError when the key does not fit the table.
 * @internal
 */
export function placeSelect(statement: SelectStatement, table: TableDefinition, key: Item): PlacedSelect {
  return { statement, position: locateKey(table.key, key) }
}

/**
 * Reads the item a SELECT means.
 *
 * @param context - What the operation works with.
 * @param table - The table of the statement.
 * @param placed - The statement.
 * @param isConsistent - `ConsistentRead`
 * @throws ServiceError when the table is throttled.
 * @internal
 */
export function runSingleSelect(
  context: OperationContext,
  table: TableDefinition,
  { statement, position }: PlacedSelect,
  isConsistent: boolean,
): AnsweredStatement {
  const seen = isConsistent ? context.database : context.eventual
  const stored = seen.table(table.name)?.items.get(position)
  const units = readUnits(stored?.size ?? 0, isConsistent)
  const charges = [{ table, kind: 'read', units, hash: position.hash }] as const
  context.charge(charges)
  return { item: stored && pickColumns(statement.columns(), stored.item), charges }
}
