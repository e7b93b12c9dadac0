import type { CallOptions } from '../execution/call.ts'
import type { Explanation } from '../planner/explanation.ts'
import type { Entity, EntityItem } from '../schema/entity.ts'
import type { GroupedPage } from './grouped-page.ts'
import type { ReadBuilder } from './query-builder.ts'
import type { EntityUnion } from './query-target.ts'
import type { UnknownItem } from './unknown-items.ts'

/** Fields that all of several entities have. */
export type CommonItem<Definitions extends readonly Entity[]> = {
  [Name in keyof EntityItem<Definitions[number]>]: EntityItem<Definitions[number]>[Name]
}

/** An item of one of several entities, told apart by `entity`. */
export type UnionItem<Definitions extends readonly Entity[]> = {
  [Position in keyof Definitions]: EntityUnion<
    Definitions[Position]['name'],
    EntityItem<Definitions[Position]>
  >
}[number]

/** The items of several entities, by the entity's name. */
export type GroupedItems<Definitions extends readonly Entity[]> = {
  [Name in Definitions[number]['name']]: EntityItem<Extract<Definitions[number], { readonly name: Name }>>[]
}

/**
 * A query for several entities of one table: an item collection, or part of one.
 *
 * Conditions are on fields that all of the entities have. Items of other entities are left out: naming
 * entities is selecting. An item that has no entity's name at all throws {@link UnknownItemError}, because
 * it may be one that was asked for; {@link UnionBuilder.unknownItems} changes that.
 *
 * @typeParam Definitions - The entities' types.
 * @typeParam Row - What is given for each item.
 *
 * @example
 * ```ts
 * import { createAdapter, defineEntity, defineTable } from 'dynakit'
 * import { z } from 'zod'
 *
 * const table = defineTable({
 *   name: 'Shop',
 *   partitionKey: { name: 'pk', type: 'string' },
 *   sortKey: { name: 'sk', type: 'string' },
 * })
 * const Customer = defineEntity({
 *   name: 'Customer',
 *   table,
 *   attributes: { customerId: z.string(), name: z.string() },
 *   key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'PROFILE' },
 * })
 * const Order = defineEntity({
 *   name: 'Order',
 *   table,
 *   attributes: { customerId: z.string(), orderId: z.string(), total: z.number() },
 *   key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'ORDER#{orderId}' },
 * })
 *
 * const db = createAdapter({ region: 'eu-west-1' })
 * const { items } = await db.query(Customer, Order).where('customerId', '=', 'ada').executeGrouped()
 * console.log(items.Customer[0]?.name, items.Order.length)
 * ```
 */
export interface UnionBuilder<
  Definitions extends readonly Entity[],
  Row = UnionItem<Definitions>,
> extends ReadBuilder<CommonItem<Definitions>, Row, Explanation> {
  /**
   * Says what happens to items that are of none of the entities: `raw` gives them as they are stored, as
   * rows with `entity: undefined`; `throw` refuses any; `skip` leaves all out.
   */
  unknownItems(choice: 'raw'): UnionBuilder<Definitions, UnionItem<Definitions> | UnknownItem>
  unknownItems(choice: 'throw' | 'skip'): UnionBuilder<Definitions>
  /**
   * Reads the items as `execute()` does, and gives them grouped by entity, each group in the order read.
   *
   * @throws UnknownItemError for an item without an entity's name, unless `unknownItems` says otherwise.
   */
  executeGrouped(options?: CallOptions): Promise<GroupedPage<GroupedItems<Definitions>>>
}
