import type { Database, Slot } from '../storage/database.ts'
import type { TableDefinition, Transition } from './table-definition.ts'

/** When the next table or index leaves a transitional state, epoch milliseconds. */
const nextTransition: Slot<number> = { name: 'next transition', initial: () => Infinity }

/**
 * Puts another definition in the place of a table's, whose indexes are built and dropped accordingly.
 *
 * @param database - The database that has the table.
 * @param definition - The definition; its transitions end by themselves when their time has come.
 * @internal
 */
export function redefineTable(database: Database, definition: TableDefinition): void {
  database.tableForWrite(definition.name).define(definition)
  expectTransitions(database, definition)
}

/**
 * Notes when the transitional states of a table end.
 *
 * @internal
 */
export function expectTransitions(database: Database, definition: TableDefinition): void {
  const next = Math.min(database.get(nextTransition), firstEnd(definition))
  if (next !== Infinity) database.set(nextTransition, next)
}

function firstEnd({ transition, indexes }: TableDefinition): number {
  return Math.min(
    ...[transition, ...indexes.map((index) => index.transition)].map((one) => one?.until ?? Infinity),
  )
}

/**
 * Ends the transitional states whose time has come: what was created or updated is active, what was deleted is
 * gone.
 *
 * @param database - The database.
 * @param now - The time.
 * @returns Whether there was any.
 * @internal
 */
export function settleTables(database: Database, now: number): boolean {
  if (now < database.get(nextTransition)) return false
  let next = Infinity
  for (const { definition } of [...database.tables.values()]) {
    if (firstEnd(definition) > now) {
      next = Math.min(next, firstEnd(definition))
    } else if (hasEnded(definition.transition, now) && definition.transition?.status === 'DELETING') {
      database.removeTable(definition.name)
    } else {
      const settled = settle(definition, now)
      database.tableForWrite(definition.name).define(settled)
      next = Math.min(next, firstEnd(settled))
    }
  }
  database.set(nextTransition, next)
  return true
}

function hasEnded(transition: Transition | undefined, now: number): boolean {
  return transition !== undefined && transition.until <= now
}

function settle(definition: TableDefinition, now: number): TableDefinition {
  const indexes = definition.indexes
    .filter(({ transition }) => !(transition?.status === 'DELETING' && hasEnded(transition, now)))
    .map((index) => (hasEnded(index.transition, now) ? withoutTransition(index) : index))
  const settled = hasEnded(definition.transition, now) ? withoutTransition(definition) : definition
  return { ...settled, indexes, attributes: usedAttributes({ ...settled, indexes }) }
}

function withoutTransition<Definition extends { readonly transition?: Transition }>(
  definition: Definition,
): Definition {
  const { transition: _, ...settled } = definition
  return settled as Definition
}

/** The attribute definitions without those that only a deleted index used. */
function usedAttributes({ attributes, key, indexes }: TableDefinition): TableDefinition['attributes'] {
  const used = new Set(
    [key, ...indexes.map((index) => index.key)]
      .flatMap(({ partition, sort }) => [...partition, ...sort])
      .map(({ name }) => name),
  )
  return attributes.filter(({ name }) => used.has(name))
}
