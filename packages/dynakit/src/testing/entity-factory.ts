import type { Database } from '../execution/database.ts'
import { Repository } from '../repository/repository.ts'
import type { Entity, EntityInput, EntityItem } from '../schema/entity.ts'

/** Makes items of an entity for tests. */
export interface EntityFactory<Definition extends Entity> {
  /** Makes an input without storing it. */
  build(overrides?: Partial<EntityInput<Definition>>): EntityInput<Definition>
  /** Makes an item and stores it. */
  create(database: Database, overrides?: Partial<EntityInput<Definition>>): Promise<EntityItem<Definition>>
  /** Makes several items and stores them, in order; overrides may depend on the position, from 0. */
  createMany(
    database: Database,
    count: number,
    overrides?: (position: number) => Partial<EntityInput<Definition>>,
  ): Promise<EntityItem<Definition>[]>
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
export function entityFactory<Definition extends Entity>(
  entity: Definition,
  defaults: (sequence: number) => EntityInput<Definition>,
): EntityFactory<Definition> {
  let sequence = 0
  const build = (overrides?: Partial<EntityInput<Definition>>): EntityInput<Definition> => {
    sequence += 1
    return { ...defaults(sequence), ...overrides }
  }
  const create = (
    database: Database,
    overrides?: Partial<EntityInput<Definition>>,
  ): Promise<EntityItem<Definition>> => new Repository(database, entity).create(build(overrides))
  return {
    build,
    create,
    createMany: async (database, count, overrides) => {
      const items: EntityItem<Definition>[] = []
      for (let position = 0; position < count; position++)
        items.push(await create(database, overrides?.(position)))
      return items
    },
  }
}
