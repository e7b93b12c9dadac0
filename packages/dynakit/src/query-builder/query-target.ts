import type { NativeItem } from '../codec/native-value.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import { fromStored } from '../schema/entity-item.ts'
import type { Table } from '../schema/table.ts'
import { unknownItemError, type UnknownItem, type UnknownItems } from './unknown-items.ts'

/** What a query reads, and how its items are given back. */
export interface QueryTarget {
  /** Kinds of items; none for an untyped table. */
  readonly entities: readonly CompiledEntity[]
  /** The table, when it is declared. */
  readonly table: Table | undefined
  /** The table, read from DynamoDB when it is not declared; its time to live only when it is asked for. */
  loadTable(withTimeToLive: boolean): Promise<Table>
  /** Makes the application's form of a stored item; of several entities, says what one of none becomes. */
  decode(item: NativeItem, unknownItems?: UnknownItems): unknown
}

/**
 * A query for one entity.
 *
 * @internal
 */
export function entityTarget(entity: CompiledEntity): QueryTarget {
  return {
    entities: [entity],
    table: entity.table,
    loadTable: () => Promise.resolve(entity.table),
    decode: (item) => fromStored(entity, item),
  }
}

/** An item of one of several entities, told apart by `entity`. */
export interface EntityUnion<Name extends string, Item> {
  readonly entity: Name
  readonly item: Item
}

/**
 * A query for several entities of one table.
 *
 * @internal
 */
export function unionTarget(entities: readonly CompiledEntity[], table: Table): QueryTarget {
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const attribute = table.entityAttribute === false ? '' : table.entityAttribute
  return {
    entities,
    table,
    loadTable: () => Promise.resolve(table),
    decode: (item, unknownItems): EntityUnion<string, unknown> | UnknownItem => {
      const name = item[attribute]
      const entity = typeof name === 'string' ? byName.get(name) : undefined
      if (entity) return { entity: entity.name, item: fromStored(entity, item) }
      if (unknownItems === 'raw') return { entity: undefined, item }
      throw unknownItemError(table, entities, item)
    },
  }
}

/**
 * A query on a table nothing was declared for.
 *
 * @internal
 */
export function untypedTarget(table: Table | undefined, loadTable: QueryTarget['loadTable']): QueryTarget {
  return { entities: [], table, loadTable, decode: (item) => item }
}
