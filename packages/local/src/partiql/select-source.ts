import type { OperationContext } from '../engine/operation-context.ts'
import { conditionPaths } from '../expressions/expression-paths.ts'
import { readSource, type ReadSource } from '../items/read-source.ts'
import { invalidParameter, validationError } from '../protocol/service-error.ts'
import type { IndexStore } from '../storage/index-store.ts'
import type { IndexDefinition, TableDefinition } from '../tables/table-definition.ts'
import { javaSetOrder } from '../values/java-set-order.ts'
import type { KeyBranch } from './key-branches.ts'
import type { SelectStatement } from './statement.ts'

/**
 * Finds what a SELECT reads from.
 *
 * @param context - What the operation works with.
 * @param table - The table.
 * @param statement - The statement.
 * @param isConsistent - `ConsistentRead`
 * @throws ServiceError when there is no such index, or it cannot be read that way.
 * @internal
 */
export function selectSource(
  context: OperationContext,
  table: TableDefinition,
  { index: name }: SelectStatement,
  isConsistent: boolean,
): ReadSource {
  const index = findIndex(table, name)
  if (isConsistent && index?.kind === 'global') {
    throw validationError('Strongly consistent read is not supported on Global Secondary Indexes')
  }
  return readSource(context, table, name, isConsistent)
}

/**
 * Finds the index a SELECT reads.
 *
 * @param table - The table.
 * @param name - The index; undefined for the table itself.
 * @throws ServiceError when there is none, or PartiQL cannot read it.
 * @internal
 */
export function findIndex(table: TableDefinition, name: string | undefined): IndexDefinition | undefined {
  if (name === undefined) return undefined
  const index = table.indexes.find((one) => one.name === name)
  if (index === undefined || index.transition?.status === 'DELETING') {
    throw validationError('The table does not have the specified index')
  }
  if (index.key.partition.length > 1 || index.key.sort.length > 1) {
    throw validationError(
      'PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.',
    )
  }
  return index
}

/**
 * Checks that an index holds what the parts of a WHERE clause filter by. One part that does is enough.
 *
 * @param branches - The parts; undefined when everything is read, and what is not there met nothing.
 * @param index - The index that is read; undefined for the table itself.
 * @throws ServiceError when it does not.
 * @internal
 */
export function checkFilters(
  branches: readonly KeyBranch[] | undefined,
  index: IndexStore | undefined,
): void {
  if (branches === undefined || index === undefined || index.definition.projection.type === 'ALL') return
  const missing = branches.map(({ filters }) => {
    const names = new Set(filters.flatMap(conditionPaths).map(([name]) => name))
    return [...names].filter((name) => !index.projectedNames.has(name))
  })
  const last = missing.at(-1)
  if (last === undefined || missing.some(({ length }) => length === 0)) return
  throw invalidParameter(
    `Secondary index ${index.definition.name} does not project one or more filter attributes: ` +
      `[${javaSetOrder(last).join(', ')}]`,
  )
}
