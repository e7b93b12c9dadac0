import { ItemNotFoundError } from '../errors/item-errors.ts'
import type { BatchOptions, Partially } from '../execution/batch-options.ts'
import type { CallOptions } from '../execution/call.ts'
import type { Database } from '../execution/database.ts'
import type { Executor } from '../execution/executor.ts'
import { updateUnique } from '../execution/unique-update.ts'
import { updateEntity } from '../execution/update.ts'
import { updateSubject } from '../execution/update-subject.ts'
import { prepareUpdate } from '../planner/plan-update.ts'
import type { Members } from '../planner/batch-members.ts'
import type { UpdateRequest } from '../planner/update-request.ts'
import type { Page } from '../query-builder/page.ts'
import { type QueryBuilder, startQuery } from '../query-builder/query-builder.ts'
import { entityTarget } from '../query-builder/query-target.ts'
import { startUpdate, type UpdateBuilder } from '../query-builder/update-builder.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import type { Entity, EntityInput, EntityItem, EntityKey } from '../schema/entity.ts'
import { fromStored, storedKey, storedKeyFields } from '../schema/entity-item.ts'
import type { BatchGetResult, BatchWriteResult } from './batch-results.ts'
import { deleteEntities, getEntities, putEntities } from './entity-batches.ts'
import { deleteEntity, deletePermanently, restoreEntity } from './entity-deletes.ts'
import { EntityLoader, type LoaderOptions } from './entity-loader.ts'
import { modifyEntity } from './entity-modify.ts'
import { createEntity, putEntity } from './entity-puts.ts'
import { entityExists, getEntity } from './entity-reads.ts'
import type { EntityBatchGetOptions, EntityGetOptions } from './read-options.ts'
import type { Criteria, IdOf, ModelFor, PutInput, RestoreKey } from './repository-types.ts'
import type { WriteOptions } from './write-options.ts'

/**
 * Stores and reads the items of one entity. Make one with `db.repository(Entity)`, or extend it.
 *
 * @typeParam Definition - The entity's type: `typeof Order`.
 *
 * @example
 * ```ts
 * import { createAdapter, defineEntity, defineTable, Repository, type QueryBuilder, type EntityItem } from 'dynakit'
 * import { z } from 'zod'
 *
 * const Products = defineTable({
 *   name: 'Products',
 *   partitionKey: { name: 'category', type: 'string' },
 *   sortKey: { name: 'id', type: 'string' },
 * })
 * const Product = defineEntity({
 *   name: 'Product',
 *   table: Products,
 *   attributes: { category: z.string(), id: z.string(), name: z.string() },
 * })
 *
 * class ProductRepository extends Repository<typeof Product> {
 *   inCategory(category: string): QueryBuilder<EntityItem<typeof Product>> {
 *     return this.query().where('category', '=', category)
 *   }
 * }
 *
 * const db = createAdapter({ region: 'eu-west-1' })
 * const products = db.repository(Product, ProductRepository)
 * console.log(products.inCategory('books').explain().operation)
 * ```
 */
export class Repository<Definition extends Entity> {
  /** The entity whose items it stores. */
  readonly entity: Definition
  readonly #executor: Executor
  readonly #compiled: CompiledEntity

  /**
   * @param database - The adapter.
   * @param entity - The entity.
   */
  constructor(database: Database, entity: Definition) {
    this.entity = entity
    this.#executor = database['~executor']
    this.#compiled = entity['~compiled']
  }

  /**
   * Stores a new item.
   *
   * @param input - The item; defaults, timestamps and version are added.
   * @param options - Signal, timeout and capacity meter.
   * @returns The item as it is stored.
   * @throws ItemAlreadyExistsError when an item has the key, also a soft-deleted one; UniqueConstraintError
   *   when another item has its unique fields; ValidationError for refused values.
   */
  create(input: EntityInput<Definition>, options?: CallOptions): Promise<EntityItem<Definition>> {
    return createEntity(this.#executor, this.#compiled, input as AppItem, options)
  }

  /**
   * Stores an item, replacing the one with the same key.
   *
   * With `version: true`, an item that was read is stored only if its version is still the stored one, and
   * an item without version only if none exists. A soft-deleted item is replaced too, by one that is not
   * deleted unless the given one is.
   *
   * @param input - The item.
   * @param options - A condition on the stored item, signal, timeout and capacity meter.
   * @returns The item as it is stored.
   * @throws ConditionalCheckFailedError when the condition or the version check fails; UniqueConstraintError
   *   when another item has its unique fields.
   */
  put(
    input: PutInput<Definition>,
    options?: WriteOptions<EntityItem<Definition>>,
  ): Promise<EntityItem<Definition>> {
    return putEntity(this.#executor, this.#compiled, input, options)
  }

  /** Stores an item; the same as {@link Repository.put}. */
  save(
    input: PutInput<Definition>,
    options?: WriteOptions<EntityItem<Definition>>,
  ): Promise<EntityItem<Definition>> {
    return this.put(input, options)
  }

  /**
   * Reads an item by its key.
   *
   * @param key - The fields that identify it.
   * @param options - Consistency, whether hidden items are given, signal, timeout and capacity meter.
   * @returns The item, or `undefined` when there is none.
   */
  get(key: EntityKey<Definition>, options?: EntityGetOptions): Promise<EntityItem<Definition> | undefined> {
    return getEntity(this.#executor, this.#compiled, key as AppItem, options)
  }

  /**
   * Reads an item that must exist.
   *
   * @throws ItemNotFoundError when there is none.
   */
  async getOrThrow(key: EntityKey<Definition>, options?: EntityGetOptions): Promise<EntityItem<Definition>> {
    const item = await this.get(key, options)
    if (item !== undefined) return item
    const { name, keyFields } = this.entity
    throw new ItemNotFoundError(`${name}: there is no item with this key (${keyFields.join(', ')}).`, {
      operation: 'GetItem',
      tableName: this.#compiled.table.name,
    })
  }

  /** Reads an item by its key, or by the bare value where the key is one field. */
  findById(id: IdOf<Definition>, options?: EntityGetOptions): Promise<EntityItem<Definition> | undefined> {
    return this.get(this.#toKey(id), options)
  }

  /**
   * Reads all items with these values.
   *
   * @param criteria - Values that must be equal; they must lead to a key or index.
   * @returns All of them; use {@link Repository.query} for pages and other conditions.
   * @throws ScanNotAllowedError when no key or index can answer.
   */
  findAll(
    criteria: Criteria<EntityItem<Definition>>,
    options?: CallOptions,
  ): Promise<Page<EntityItem<Definition>>> {
    let query = startQuery(this.#executor, entityTarget(this.#compiled)) as QueryBuilder<
      Record<string, unknown>
    >
    for (const [field, value] of Object.entries(criteria)) {
      if (value !== undefined) query = query.where((e) => e(field, '=', value))
    }
    return query.execute(options)
  }

  /** Tells whether an item with this key exists, without transferring it. */
  exists(key: EntityKey<Definition>, options?: EntityGetOptions): Promise<boolean> {
    return entityExists(this.#executor, this.#compiled, key as AppItem, options)
  }

  /**
   * Reads many items by their keys, in requests of up to 100.
   *
   * @param keys - The fields that identify each; a key that is given twice is read once.
   * @param options - Consistency, whether hidden items are given, requests at once, signal, timeout and
   *   capacity meter.
   * @returns The item of each key, in the order of the keys; `undefined` where there is none.
   * @throws BatchIncompleteError when some could not be read in time; with `partial`, the result says so.
   */
  getMany(
    keys: Members<EntityKey<Definition>>,
    options: Partially<EntityBatchGetOptions>,
  ): Promise<BatchGetResult<EntityItem<Definition>, EntityKey<Definition>>>
  getMany(
    keys: Members<EntityKey<Definition>>,
    options?: EntityBatchGetOptions,
  ): Promise<(EntityItem<Definition> | undefined)[]>
  async getMany(
    keys: Members<EntityKey<Definition>>,
    options?: EntityBatchGetOptions | Partially<EntityBatchGetOptions>,
  ): Promise<unknown> {
    const compiled = this.#compiled
    const result = await getEntities(this.#executor, compiled, keys as Members<AppItem>, options)
    const items = result.items.map((item) => item && fromStored(compiled, item))
    return options?.partial === true ? { ...result, items } : items
  }

  /**
   * Gives a loader: its `get`s of one turn of the event loop go out as one batch.
   *
   * @param options - Consistency, whether hidden items are given, requests at once, timeout and capacity meter;
   *   for all that the loader reads.
   */
  loader(options: LoaderOptions = {}): EntityLoader<EntityItem<Definition>, EntityKey<Definition> & object> {
    return new EntityLoader<EntityItem<Definition>, EntityKey<Definition> & object>(
      (keys, loading) => this.getMany(keys, loading),
      (key) => storedKey(this.#compiled, key as AppItem),
      options,
    )
  }

  /**
   * Stores many items, each replacing the one with the same key, in requests of up to 25.
   *
   * The items are stored each by itself, without conditions: an entity with `version` or `unique` cannot be
   * stored so.
   * When two have the same key, the later one wins. All of them are checked before the first is sent, except
   * for those of an async iterable, which are taken as requests have room for them.
   *
   * @param items - The items; defaults and timestamps are added.
   * @param options - Requests at once, capacity units per second, progress, signal, timeout and capacity meter.
   * @returns The items as they are stored, in their order; for an async iterable, how many were stored.
   * @throws ValidationError naming the item and field that is refused, and for an entity with `version` or
   *   `unique`; BatchIncompleteError when some could not be stored in time; with `partial`, the result says so.
   *
   * @example
   * ```ts
   * import { createAdapter, defineEntity, defineTable } from 'dynakit'
   * import { z } from 'zod'
   *
   * const Products = defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } })
   * const Product = defineEntity({
   *   name: 'Product',
   *   table: Products,
   *   attributes: { id: z.string(), name: z.string() },
   * })
   * const products = createAdapter({ region: 'eu-west-1' }).repository(Product)
   * await products.putMany([{ id: 'p1', name: 'Lamp' }, { id: 'p2', name: 'Book' }])
   * const [lamp, nothing] = await products.getMany([{ id: 'p1' }, { id: 'p3' }])
   * console.log(lamp?.name, nothing)
   * await products.deleteMany([{ id: 'p1' }, { id: 'p2' }])
   * ```
   */
  putMany(
    items: Members<PutInput<Definition>>,
    options: Partially<BatchOptions>,
  ): Promise<BatchWriteResult<PutInput<Definition>>>
  putMany(items: Iterable<PutInput<Definition>>, options?: BatchOptions): Promise<EntityItem<Definition>[]>
  putMany(
    items: AsyncIterable<PutInput<Definition>>,
    options?: BatchOptions,
  ): Promise<BatchWriteResult<PutInput<Definition>>>
  putMany(
    items: Members<PutInput<Definition>>,
    options?: BatchOptions | Partially<BatchOptions>,
  ): Promise<unknown> {
    return putEntities(this.#executor, this.#compiled, items, options)
  }

  /**
   * Deletes many items by their keys, in requests of up to 25. Deleting one that does not exist is no error.
   *
   * @param keys - The fields that identify each.
   * @param options - Requests at once, capacity units per second, progress, signal, timeout and capacity meter.
   * @throws BatchIncompleteError when some could not be deleted in time, with `partial`, the result says so;
   *   ValidationError for an entity with `unique` or `softDelete`, whose items are deleted one by one.
   */
  deleteMany(
    keys: Members<EntityKey<Definition>>,
    options: Partially<BatchOptions>,
  ): Promise<BatchWriteResult<EntityKey<Definition>>>
  deleteMany(keys: Members<EntityKey<Definition>>, options?: BatchOptions): Promise<void>
  async deleteMany(
    keys: Members<EntityKey<Definition>>,
    options?: BatchOptions | Partially<BatchOptions>,
  ): Promise<unknown> {
    const result = await deleteEntities(this.#executor, this.#compiled, keys as Members<AppItem>, options)
    return options?.partial === true ? result : undefined
  }

  /**
   * Starts an update of an item.
   *
   * @param key - The fields that identify it.
   * @returns A builder; nothing is sent before `execute()`.
   */
  update(key: EntityKey<Definition>): UpdateBuilder<ModelFor<Definition>> {
    return startUpdate((request, options) => this.#update(key, request, options)) as UpdateBuilder<
      ModelFor<Definition>
    >
  }

  async #update(
    key: EntityKey<Definition>,
    request: UpdateRequest,
    options: CallOptions | undefined,
  ): Promise<unknown> {
    const call = this.#executor.start(options)
    const compiled = this.#compiled
    const keyFields = await storedKeyFields(compiled, key as AppItem)
    const prepared = await prepareUpdate(compiled, keyFields, request, new Date())
    const subject = updateSubject(compiled)
    const update = compiled.unique.length === 0 ? updateEntity : updateUnique
    const attributes = await update(this.#executor, prepared, subject, call)
    return attributes && subject.decode(attributes)
  }

  /**
   * Reads an item, lets a function change it, and writes what has changed under the condition that nobody else
   * has changed the item in between; when somebody has, it starts again from the new item.
   *
   * With `version`, the condition is on the version; otherwise on every attribute the entity declares. The
   * function may run several times, so it should do nothing but make the changed item.
   *
   * @param key - The fields that identify it.
   * @param change - Gets the item as it was read, gives it changed; `undefined` leaves it as it is.
   * @param options - Signal, timeout and capacity meter.
   * @returns The item as it is stored afterwards.
   * @throws ItemNotFoundError when there is none; ConditionalCheckFailedError, `retryable`, when others changed
   *   it each time until the deadline, or 40 times; UniqueConstraintError; ValidationError for refused values.
   *
   * @example
   * ```ts
   * import { createAdapter, defineEntity, defineTable } from 'dynakit'
   * import { z } from 'zod'
   *
   * const Carts = defineTable({ name: 'Carts', partitionKey: { name: 'id', type: 'string' } })
   * const Cart = defineEntity({
   *   name: 'Cart',
   *   table: Carts,
   *   attributes: { id: z.string(), skus: z.array(z.string()) },
   *   version: true,
   * })
   * const carts = createAdapter({ region: 'eu-west-1' }).repository(Cart)
   * const cart = await carts.modify({ id: 'c1' }, (stored) =>
   *   stored.skus.includes('lamp') ? undefined : { ...stored, skus: [...stored.skus, 'lamp'] },
   * )
   * console.log(cart.version)
   * ```
   */
  modify(
    key: EntityKey<Definition>,
    change: (
      item: EntityItem<Definition>,
    ) => PutInput<Definition> | undefined | Promise<PutInput<Definition> | undefined>,
    options?: CallOptions,
  ): Promise<EntityItem<Definition>> {
    return modifyEntity(this.#executor, this.#compiled, key as AppItem, change, options)
  }

  /**
   * Deletes an item. Deleting one that does not exist is no error.
   *
   * With `softDelete`, the item stays and gets the time of its deletion; reads leave it out until
   * {@link Repository.restore}. One that is soft-deleted already counts as one that does not exist.
   *
   * @param key - The fields that identify it.
   * @param options - A condition on the stored item, signal, timeout and capacity meter.
   * @throws ConditionalCheckFailedError when the condition is false.
   */
  async delete(key: EntityKey<Definition>, options?: WriteOptions<EntityItem<Definition>>): Promise<void> {
    await deleteEntity(this.#executor, this.#compiled, key as AppItem, options, false)
  }

  /**
   * Deletes an item as {@link Repository.delete} does, and gives it back.
   *
   * @returns The item as it was, or `undefined` when there was none.
   */
  async deleteAndReturn(
    key: EntityKey<Definition>,
    options?: WriteOptions<EntityItem<Definition>>,
  ): Promise<EntityItem<Definition> | undefined> {
    const item = await deleteEntity(this.#executor, this.#compiled, key as AppItem, options, true)
    return item && fromStored(this.#compiled, item)
  }

  /**
   * Deletes an item for good, soft-deleted or not. Without `softDelete` it is the same as
   * {@link Repository.delete}.
   *
   * @param key - The fields that identify it.
   * @param options - A condition on the stored item, signal, timeout and capacity meter.
   * @throws ConditionalCheckFailedError when the condition is false.
   */
  async deletePermanently(
    key: EntityKey<Definition>,
    options?: WriteOptions<EntityItem<Definition>>,
  ): Promise<void> {
    await deletePermanently(this.#executor, this.#compiled, key as AppItem, options, false)
  }

  /**
   * Brings a soft-deleted item back. An item that is not deleted stays as it is. Only for entities with
   * `softDelete`.
   *
   * @param key - The fields that identify it.
   * @param options - Signal, timeout and capacity meter.
   * @returns The item.
   * @throws ItemNotFoundError when there is none; ValidationError for an entity without `softDelete`.
   *
   * @example
   * ```ts
   * import { createAdapter, defineEntity, defineTable } from 'dynakit'
   * import { z } from 'zod'
   *
   * const Products = defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } })
   * const Product = defineEntity({
   *   name: 'Product',
   *   table: Products,
   *   attributes: { id: z.string(), name: z.string() },
   *   softDelete: true,
   * })
   * const products = createAdapter({ region: 'eu-west-1' }).repository(Product)
   * await products.delete({ id: 'p1' })
   * const deleted = await products.get({ id: 'p1' }, { withDeleted: true })
   * console.log(deleted?.deletedAt)
   * await products.restore({ id: 'p1' })
   * ```
   */
  restore(key: RestoreKey<Definition>, options?: CallOptions): Promise<EntityItem<Definition>> {
    return restoreEntity(this.#executor, this.#compiled, key as AppItem, options)
  }

  /**
   * Starts a query over the entity's items.
   *
   * @returns A builder; nothing is sent before `execute()`, `first()`, `count()` or `stream()`.
   */
  query(): QueryBuilder<EntityItem<Definition>> {
    return startQuery(this.#executor, entityTarget(this.#compiled)) as QueryBuilder<EntityItem<Definition>>
  }

  #toKey(id: IdOf<Definition>): EntityKey<Definition> {
    const [field] = this.entity.keyFields
    const isBare = typeof id !== 'object' || id === null || id instanceof Date || id instanceof Uint8Array
    return (isBare && field !== undefined ? { [field]: id } : id) as EntityKey<Definition>
  }
}
