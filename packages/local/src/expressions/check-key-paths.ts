import { invalidParameter, validationError } from '../protocol/service-error.ts'
import type { KeySchema, TableDefinition } from '../tables/table-definition.ts'
import { typeOf, type AttributeType } from '../values/attribute-value.ts'
import type { ConditionNode } from './condition-node.ts'
import type { DocumentPath } from './document-path.ts'
import { conditionPaths, updatePaths } from './expression-paths.ts'
import type { UpdateAction, UpdateNode, UpdateOperand } from './update-node.ts'

/**
 * Checks that paths do not lead into key attributes, which have nothing inside.
 *
 * @param paths - Paths of conditions and projections.
 * @param table - The table.
 * @throws ServiceError when one does.
 * @internal
 */
export function checkScalarKeys(paths: readonly DocumentPath[], table: TableDefinition): void {
  for (const [name, ...rest] of paths) {
    if (rest.length === 0) continue
    const isKey = hasAttribute(table.key, name)
    if (!isKey && !table.indexes.some(({ key }) => hasAttribute(key, name))) continue
    throw validationError(
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
        `${isKey ? 'Key' : 'IndexKey'}: ${name}`,
    )
  }
}

/**
 * Checks that an update leaves the key alone and sets the key attributes of indexes to values of their types,
 * as far as that shows without an item.
 *
 * @param update - The update.
 * @param table - The table.
 * @throws ServiceError when it does not.
 * @internal
 */
export function checkUpdatedKeys(update: UpdateNode, table: TableDefinition): void {
  for (const { path } of update.actions) {
    if (hasAttribute(table.key, path[0])) {
      throw invalidParameter(`Cannot update attribute ${path[0]}. This attribute is part of the key`)
    }
  }
  for (const action of update.actions) checkIndexKeyType(action, table)
  checkScalarKeys(updatePaths(update), table)
}

function checkIndexKeyType(action: UpdateAction, table: TableDefinition): void {
  const [name, ...rest] = action.path
  const type = rest.length === 0 ? writtenType(action) : undefined
  if (type === undefined) return
  for (const { name: index, key } of table.indexes) {
    const attribute = [...key.partition, ...key.sort].find((one) => one.name === name)
    if (attribute === undefined || attribute.type === type) continue
    throw invalidParameter(
      `Type mismatch for Index Key ${name} Expected: ${attribute.type} Actual: ${type} IndexName: ${index}`,
    )
  }
}

function writtenType(action: UpdateAction): AttributeType | undefined {
  switch (action.type) {
    case 'set':
      return operandType(action.value)
    case 'add':
      return typeOf(action.value)
    case 'remove':
    case 'delete':
      return undefined
  }
}

function operandType(operand: UpdateOperand): AttributeType | undefined {
  switch (operand.type) {
    case 'value':
      return typeOf(operand.value)
    case 'path':
    case 'if_not_exists':
      return undefined
    case 'list_append':
      return 'L'
    case '+':
    case '-':
      return 'N'
  }
}

/**
 * Checks that the filter of a query leaves the key it queries to the key condition.
 *
 * @param filter - The filter.
 * @param key - The key of the table or index that is queried.
 * @param parameter - What the message calls the filter.
 * @throws ServiceError when the filter has a key attribute.
 * @internal
 */
export function checkFilterKeys(
  filter: ConditionNode,
  key: KeySchema,
  parameter: 'Filter Expression' | 'QueryFilter',
): void {
  const path = conditionPaths(filter).find(([name]) => hasAttribute(key, name))
  if (path === undefined) return
  throw validationError(
    `${parameter} can only contain non-primary key attributes: Primary key attribute: ${path[0]}`,
  )
}

function hasAttribute(key: KeySchema, name: string): boolean {
  return (
    key.partition.some((attribute) => attribute.name === name) ||
    key.sort.some((attribute) => attribute.name === name)
  )
}
