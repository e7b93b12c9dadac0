import type { NativeItem } from '../codec/native-value.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import type { Page } from './page.ts'
import type { EntityUnion } from './query-target.ts'
import type { UnknownItem } from './unknown-items.ts'

/** The items a query for several entities found, grouped, and where to go on. */
export interface GroupedPage<Groups> extends Omit<Page<never>, 'items' | typeof Symbol.iterator> {
  /** The items of each entity by its name, in the order read; empty lists where there are none. */
  readonly items: Groups
  /** With `unknownItems('raw')`, items of none of the entities as they are stored; otherwise empty. */
  readonly unknown: NativeItem[]
}

/**
 * Groups the rows of a page by entity.
 *
 * @param entities - The entities queried.
 * @param page - Rows as a query for several entities gives them.
 * @returns The page with its items grouped.
 * @internal
 */
export function groupPage(
  entities: readonly CompiledEntity[],
  page: Page<unknown>,
): GroupedPage<Record<string, unknown[]>> {
  // Not by assignment: an entity may have the name of a member every object has.
  const groups = new Map(entities.map(({ name }) => [name, [] as unknown[]]))
  const unknown: NativeItem[] = []
  const { items: rows, [Symbol.iterator]: _rows, ...facts } = page
  for (const row of rows as readonly (EntityUnion<string, unknown> | UnknownItem)[]) {
    if (row.entity === undefined) unknown.push(row.item)
    else groups.get(row.entity)?.push(row.item)
  }
  return { ...facts, items: Object.fromEntries(groups), unknown }
}
