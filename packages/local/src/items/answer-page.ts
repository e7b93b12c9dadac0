import { readUnits } from '../capacity/capacity-units.ts'
import type { Charge } from '../engine/operation-context.ts'
import type { IndexDefinition, TableDefinition } from '../tables/table-definition.ts'
import { itemOf, readPage, type Page, type PageRequest } from './read-page.ts'
import type { Selection } from './read-select.ts'
import { lastEvaluatedKey } from './start-key.ts'

/** A page to be read, and how to answer with it. */
export interface PageQuery {
  readonly table: TableDefinition
  readonly index: IndexDefinition | undefined
  readonly page: PageRequest
  readonly selection: Selection
  readonly isConsistent: boolean
  /** The partition that bears the load. */
  readonly hash: number
  /** Whether there is one item at most, after which there is no next page. */
  readonly isSingle?: boolean
}

/**
 * Reads a page of a Query or Scan.
 *
 * @returns The answer without its capacity, and what that is.
 * @internal
 */
export function answerPage(query: PageQuery): {
  readonly answer: object
  readonly charges: readonly Charge[]
} {
  const { table, index, selection } = query
  const page = readPage(query.page)
  const last = page.isFull && query.isSingle !== true ? page.evaluated.at(-1) : undefined
  return {
    answer: {
      ...(!selection.isCount && { Items: page.items.map(selection.give) }),
      Count: page.items.length,
      ScannedCount: page.evaluated.length,
      ...(last !== undefined && { LastEvaluatedKey: lastEvaluatedKey(table, index, itemOf(last).item) }),
    },
    charges: readCharges(query, page),
  }
}

/**
 * Counts the capacity of a page: by its size, and by each item that is fetched from behind a local index.
 *
 * @internal
 */
export function readCharges(
  { table, index, selection, isConsistent, hash }: Omit<PageQuery, 'page'>,
  page: Page,
): readonly Charge[] {
  const units = readUnits(page.bytes, isConsistent)
  if (index === undefined) return [{ table, kind: 'read', units, hash }]
  const fetched = selection.isFetched
    ? page.evaluated.reduce((sum, entry) => sum + readUnits(itemOf(entry).size, isConsistent), 0)
    : 0
  return [
    { table, kind: 'read', units: fetched, hash },
    { table, index: index.name, kind: 'read', units, hash },
  ]
}
