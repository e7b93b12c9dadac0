import type { Database } from '../execution/database.ts'
import { Repository } from '../repository/repository.ts'
import type { Entity } from '../schema/entity.ts'
import type { EntityModel } from '../schema/entity-types.ts'

/** Makes items of an entity for tests. */
export interface EntityFactory<Model extends EntityModel> {
  /** Makes an input without storing it. */
  build(overrides?: Partial<Model['input']>): Model['input']
  /** Makes an item and stores it. */
  create(database: Database, overrides?: Partial<Model['input']>): Promise<Model['item']>
  /** Makes several items and stores them, in order; overrides may depend on the position, from 0. */
  createMany(
    database: Database,
    count: number,
    overrides?: (position: number) => Partial<Model['input']>,
  ): Promise<Model['item'][]>
}

/**
 * Makes a factory of test items: a test names only the fields it is about.
 *
 * @param entity - The entity.
 * @param defaults - Makes a complete input; `sequence` counts from 1 and differs in each call.
 * @returns The factory.
 *
 * @example
 * ```ts
 * import { defineEntity, defineTable } from 'dynakit'
 * import { createTestTables, entityFactory } from 'dynakit/testing'
 * import { z } from 'zod'
 *
 * const Products = defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } })
 * const Product = defineEntity({
 *   name: 'Product',
 *   table: Products,
 *   attributes: { id: z.string(), price: z.number() },
 * })
 * const aProduct = entityFactory(Product, (sequence) => ({ id: `p${sequence}`, price: 10 }))
 *
 * const { db, drop } = await createTestTables(Products)
 * const cheap = await aProduct.create(db, { price: 1 })
 * console.log(cheap.price)
 * await drop()
 * ```
 */
export function entityFactory<Model extends EntityModel, const Defaults extends Model['input']>(
  entity: Entity<Model>,
  // A parameter of its own, so that literals such as 'pending' keep their type.
  defaults: (sequence: number) => Defaults,
): EntityFactory<Model> {
  let sequence = 0
  const build = (overrides?: Partial<Model['input']>): Model['input'] => {
    sequence += 1
    return { ...defaults(sequence), ...overrides }
  }
  const create = (database: Database, overrides?: Partial<Model['input']>): Promise<Model['item']> =>
    new Repository(database, entity).create(build(overrides))
  return {
    build,
    create,
    createMany: async (database, count, overrides) => {
      const items: Model['item'][] = []
      for (let position = 0; position < count; position++)
        items.push(await create(database, overrides?.(position)))
      return items
    },
  }
}
