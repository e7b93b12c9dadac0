import type { OperationContext } from '../engine/operation-context.ts'
import { validationError } from '../protocol/service-error.ts'
import type { Cursor } from '../storage/cursor.ts'
import type { IndexStore } from '../storage/index-store.ts'
import { OrderedMap } from '../storage/ordered-map.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import type { ReadEntry } from './read-page.ts'

/** Entries in order: the items of a table, or those of an index. */
export interface ReadEntries {
  seek(isBefore: (entry: ReadEntry) => boolean): Cursor<ReadEntry>
}

/** What a Query or Scan reads from. */
export interface ReadSource {
  /** The index; undefined for the table itself. */
  readonly index: IndexStore | undefined
  readonly entries: ReadEntries
}

const nothing: ReadEntries = new OrderedMap<ReadEntry, ReadEntry>(() => 0, {})

/**
 * Finds what a Query or Scan reads from: the table or one of its indexes, as it is or, for eventually consistent
 * reads, as it may have been.
 *
 * @param context - What the operation works with.
 * @param table - The table.
 * @param indexName - The index; undefined for the table itself.
 * @param isConsistent - `ConsistentRead`
 * @throws ServiceError when there is no such index, it cannot be read yet, or not consistently.
 * @internal
 */
export function readSource(
  context: OperationContext,
  table: TableDefinition,
  indexName: string | undefined,
  isConsistent: boolean,
): ReadSource {
  if (indexName === undefined) {
    const seen = isConsistent ? context.database : context.eventual
    return { index: undefined, entries: seen.table(table.name)?.items ?? nothing }
  }
  const index = findIndex(context, table, indexName)
  if (index.definition.kind === 'global' && isConsistent) {
    throw validationError('Consistent reads are not supported on global secondary indexes')
  }
  const eventual = index.definition.kind === 'global' ? context.globalIndexes : context.eventual
  const seen = isConsistent ? context.database : eventual
  return { index, entries: seen.table(table.name)?.indexes.get(indexName)?.entries ?? nothing }
}

function findIndex({ database }: OperationContext, table: TableDefinition, name: string): IndexStore {
  const index = database.table(table.name)?.indexes.get(name)
  const status = index?.definition.transition?.status
  if (index === undefined || status === 'DELETING') {
    throw validationError(`The table does not have the specified index: ${name}`)
  }
  if (status === 'CREATING') {
    throw validationError(`Cannot read from backfilling global secondary index: ${name}`)
  }
  return index
}
