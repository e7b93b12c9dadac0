import type { OperationContext } from '../engine/operation-context.ts'
import { ServiceError, validationError } from '../protocol/service-error.ts'
import { describeTable } from '../tables/describe-table.ts'
import { findAnyTable } from '../tables/find-table.ts'
import { redefineTable } from '../tables/settle-tables.ts'
import { tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { required, structure } from '../validation/shape.ts'

const shape = structure({ TableName: required(tableName) })

/**
 * Deletes a table with its items and indexes.
 *
 * @internal
 */
export function deleteTable(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const { TableName } = readInput(shape, input)
  const { definition } = findAnyTable(context, TableName)
  const { name, transition } = definition
  if (transition?.status === 'CREATING' || transition?.status === 'UPDATING') {
    const doing = transition.status === 'CREATING' ? 'created' : 'updated'
    throw new ServiceError(
      'ResourceInUseException',
      `Attempt to change a resource which is still in use: Table is being ${doing}: ${name}`,
    )
  }
  if (definition.isDeletionProtected) {
    throw validationError(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    )
  }
  if (transition === undefined) {
    const until = context.clock.now() + context.delays.deleteTable
    redefineTable(context.database, { ...definition, transition: { status: 'DELETING', until } })
  }
  return { TableDescription: describeDeleted(findAnyTable(context, name)) }
}

/** A table that is being deleted no longer shows its keys and indexes. */
function describeDeleted(table: ReturnType<typeof findAnyTable>): object {
  const {
    KeySchema: _key,
    AttributeDefinitions: _attributes,
    LocalSecondaryIndexes: _locals,
    GlobalSecondaryIndexes: _globals,
    CreationDateTime: _created,
    ...description
  } = describeTable(table) as Record<string, unknown>
  return description
}
