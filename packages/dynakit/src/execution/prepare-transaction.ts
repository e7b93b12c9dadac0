import { ValidationError } from '../errors/request-errors.ts'
import { atOperation } from '../planner/operation-place.ts'
import type { OperationRequest } from '../planner/transaction-request.ts'
import type { Table } from '../schema/table.ts'
import type { Executor } from './executor.ts'
import { prepareEntityOperation } from './prepare-entity-operation.ts'
import { needsKeyNames, prepareTableOperation } from './prepare-table-operation.ts'
import type { PreparedOperation } from './prepared-operation.ts'

/** Gives a table that is not declared, asking DynamoDB once. */
export type LoadTable = (tableName: string) => Promise<Table>

/**
 * Checks the operations of a transaction.
 *
 * @param executor - Carries the requests.
 * @param requests - The operations.
 * @param loadTable - Gives a table whose key attributes must be known.
 * @returns The operations, ready to be planned once what they depend on is read.
 * @throws ValidationError naming the operation and field that is refused.
 * @internal
 */
export async function prepareTransaction(
  executor: Executor,
  requests: readonly OperationRequest[],
  loadTable: LoadTable,
): Promise<readonly PreparedOperation[]> {
  if (requests.length === 0) {
    throw new ValidationError('operations: the transaction is empty. Give it at least one operation.', {
      rule: 'transaction-empty',
      field: 'operations',
    })
  }
  const now = new Date()
  const keyNames = await findKeyNames(requests, loadTable)
  const prepared: PreparedOperation[] = []
  for (const [index, request] of requests.entries()) {
    const { entity, tableName } = request
    try {
      prepared.push(
        entity
          ? await prepareEntityOperation(executor, entity, request, index, now)
          : prepareTableOperation(request, index, keyNames.get(tableName), now),
      )
    } catch (error) {
      throw atOperation(error, { ...request, index })
    }
  }
  return prepared
}

/**
 * The key attributes of tables that are not declared, where they must be known: to require that an item does
 * not exist, and to tell whether two items that are put are the same.
 */
async function findKeyNames(
  requests: readonly OperationRequest[],
  loadTable: LoadTable,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const keyNames = new Map<string, readonly string[]>()
  for (const { entity, tableName, key } of requests) {
    if (entity) keyNames.set(tableName, namesOf(entity.table))
    else if (key && !keyNames.has(tableName)) keyNames.set(tableName, Object.keys(key))
  }
  const counts = new Map<string, number>()
  for (const { tableName } of requests) counts.set(tableName, (counts.get(tableName) ?? 0) + 1)
  for (const request of requests) {
    const { entity, tableName } = request
    const isOpen = !keyNames.has(tableName) && (counts.get(tableName) ?? 0) > 1
    if (!entity && (isOpen || needsKeyNames(request)))
      keyNames.set(tableName, namesOf(await loadTable(tableName)))
  }
  return keyNames
}

function namesOf({ partitionKey, sortKey }: Table): readonly string[] {
  return sortKey ? [partitionKey.name, sortKey.name] : [partitionKey.name]
}
