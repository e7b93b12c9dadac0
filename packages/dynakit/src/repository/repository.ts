import type { NativeItem } from '../codec/native-value.ts'
import {
  ConditionalCheckFailedError,
  ItemAlreadyExistsError,
  ItemNotFoundError,
} from '../errors/item-errors.ts'
import type { BatchGetOptions, BatchOptions } from '../execution/batch-options.ts'
import type { Call, CallOptions } from '../execution/call.ts'
import type { Database } from '../execution/database.ts'
import type { Executor } from '../execution/executor.ts'
import { updateEntity } from '../execution/update.ts'
import { attributePath } from '../expressions/path.ts'
import { getItem } from '../operations/read/get-item.ts'
import { deleteItem } from '../operations/write/delete-item.ts'
import { putItem } from '../operations/write/put-item.ts'
import { planDelete } from '../planner/plan-delete.ts'
import { planPut } from '../planner/plan-put.ts'
import { prepareUpdate } from '../planner/plan-update.ts'
import type { UpdateRequest } from '../planner/update-request.ts'
import type { Page } from '../query-builder/page.ts'
import { type QueryBuilder, startQuery } from '../query-builder/query-builder.ts'
import { entityTarget } from '../query-builder/query-target.ts'
import { startUpdate, type UpdateBuilder } from '../query-builder/update-builder.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import type { Entity, EntityInput, EntityItem, EntityKey } from '../schema/entity.ts'
import { fromStored, storedKey, storedKeyFields } from '../schema/entity-item.ts'
import { deleteEntities, getEntities, putEntities } from './entity-batches.ts'
import type { Criteria, IdOf, ModelFor, PutInput } from './repository-types.ts'
import { failureFacts, withAppItem } from './write-failure.ts'
import { type GetOptions, toWriteRequest, type WriteOptions } from './write-options.ts'

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
   * @throws ItemAlreadyExistsError when an item has the key; ValidationError for refused values.
   */
  async create(input: EntityInput<Definition>, options?: CallOptions): Promise<EntityItem<Definition>> {
    const call = this.#executor.start(options)
    const { plan, item } = await planPut(
      this.#compiled,
      input as AppItem,
      'create',
      toWriteRequest(undefined, false),
      new Date(),
    )
    try {
      await this.#executor.run(putItem, plan, call)
    } catch (error) {
      if (!ConditionalCheckFailedError.is(error)) throw error
      throw new ItemAlreadyExistsError(
        `${this.entity.name}: an item with this key exists already. Use put to replace it, or update to change it.`,
        failureFacts(error),
      )
    }
    return item
  }

  /**
   * Stores an item, replacing the one with the same key.
   *
   * With `version: true`, an item that was read is stored only if its version is still the stored one, and
   * an item without version only if none exists.
   *
   * @param input - The item.
   * @param options - A condition on the stored item, signal, timeout and capacity meter.
   * @returns The item as it is stored.
   * @throws ConditionalCheckFailedError when the condition or the version check fails.
   */
  async put(
    input: PutInput<Definition>,
    options?: WriteOptions<EntityItem<Definition>>,
  ): Promise<EntityItem<Definition>> {
    const call = this.#executor.start(options)
    const { plan, item } = await planPut(
      this.#compiled,
      input,
      'put',
      toWriteRequest(options, false),
      new Date(),
    )
    await withAppItem(this.#compiled, this.#executor.run(putItem, plan, call))
    return item
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
   * @param options - Consistency, signal, timeout and capacity meter.
   * @returns The item, or `undefined` when there is none.
   */
  async get(key: EntityKey<Definition>, options?: GetOptions): Promise<EntityItem<Definition> | undefined> {
    const call = this.#executor.start(options)
    const compiled = this.#compiled
    const made = storedKey(compiled, key as AppItem)
    const { item } = await this.#executor.run(
      getItem,
      {
        operation: 'GetItem',
        tableName: compiled.table.name,
        key: made instanceof Promise ? await made : made,
        consistentRead: options?.consistent ?? false,
      },
      call,
    )
    if (!item || this.#isOther(item)) return undefined
    return fromStored(compiled, item)
  }

  /**
   * Reads an item that must exist.
   *
   * @throws ItemNotFoundError when there is none.
   */
  async getOrThrow(key: EntityKey<Definition>, options?: GetOptions): Promise<EntityItem<Definition>> {
    const item = await this.get(key, options)
    if (item !== undefined) return item
    const { name, keyFields } = this.entity
    throw new ItemNotFoundError(`${name}: there is no item with this key (${keyFields.join(', ')}).`, {
      operation: 'GetItem',
      tableName: this.#compiled.table.name,
    })
  }

  /** Reads an item by its key, or by the bare value where the key is one field. */
  findById(id: IdOf<Definition>, options?: GetOptions): Promise<EntityItem<Definition> | undefined> {
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
  async exists(key: EntityKey<Definition>, options?: GetOptions): Promise<boolean> {
    const call = this.#executor.start(options)
    const { table, entityAttribute } = this.#compiled
    const names = [table.partitionKey.name, ...(entityAttribute === false ? [] : [entityAttribute])]
    const { item } = await this.#executor.run(
      getItem,
      {
        operation: 'GetItem',
        tableName: table.name,
        key: await storedKey(this.#compiled, key as AppItem),
        projection: names.map(attributePath),
        consistentRead: options?.consistent ?? false,
      },
      call,
    )
    return item !== undefined && !this.#isOther(item)
  }

  /**
   * Reads many items by their keys, in requests of up to 100.
   *
   * @param keys - The fields that identify each; a key that is given twice is read once.
   * @param options - Consistency, requests at once, signal, timeout and capacity meter.
   * @returns The item of each key, in the order of the keys; `undefined` where there is none.
   * @throws BatchIncompleteError when some could not be read in time.
   */
  async getMany(
    keys: Iterable<EntityKey<Definition>>,
    options?: BatchGetOptions,
  ): Promise<(EntityItem<Definition> | undefined)[]> {
    const compiled = this.#compiled
    const stored = await getEntities(this.#executor, compiled, keys as Iterable<AppItem>, options)
    return stored.map((item) => (item && !this.#isOther(item) ? fromStored(compiled, item) : undefined))
  }

  /**
   * Stores many items, each replacing the one with the same key, in requests of up to 25.
   *
   * The items are stored each by itself, without conditions: an entity with `version` cannot be stored so.
   * All of them are checked before the first is sent. When two have the same key, the later one wins.
   *
   * @param items - The items; defaults and timestamps are added.
   * @param options - Requests at once, signal, timeout and capacity meter.
   * @returns The items as they are stored, in their order.
   * @throws ValidationError naming the item and field that is refused, and for an entity with `version`;
   *   BatchIncompleteError when some could not be stored in time.
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
  putMany(items: Iterable<PutInput<Definition>>, options?: BatchOptions): Promise<EntityItem<Definition>[]> {
    return putEntities(this.#executor, this.#compiled, items, options)
  }

  /**
   * Deletes many items by their keys, in requests of up to 25. Deleting one that does not exist is no error.
   *
   * @param keys - The fields that identify each.
   * @param options - Requests at once, signal, timeout and capacity meter.
   * @throws BatchIncompleteError when some could not be deleted in time.
   */
  deleteMany(keys: Iterable<EntityKey<Definition>>, options?: BatchOptions): Promise<void> {
    return deleteEntities(this.#executor, this.#compiled, keys as Iterable<AppItem>, options)
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
    const decode = (item: NativeItem): Record<string, unknown> => fromStored(compiled, item)
    const attributes = await updateEntity(this.#executor, prepared, { name: compiled.name, decode }, call)
    return attributes && decode(attributes)
  }

  /**
   * Deletes an item. Deleting one that does not exist is no error.
   *
   * @param key - The fields that identify it.
   * @param options - A condition on the stored item, signal, timeout and capacity meter.
   * @throws ConditionalCheckFailedError when the condition is false.
   */
  async delete(key: EntityKey<Definition>, options?: WriteOptions<EntityItem<Definition>>): Promise<void> {
    await this.#delete(key, options, false)
  }

  /**
   * Deletes an item and gives it back.
   *
   * @returns The item as it was, or `undefined` when there was none.
   */
  async deleteAndReturn(
    key: EntityKey<Definition>,
    options?: WriteOptions<EntityItem<Definition>>,
  ): Promise<EntityItem<Definition> | undefined> {
    const item = await this.#delete(key, options, true)
    return item && fromStored(this.#compiled, item)
  }

  async #delete(
    key: EntityKey<Definition>,
    options: WriteOptions<EntityItem<Definition>> | undefined,
    returnOld: boolean,
  ): Promise<NativeItem | undefined> {
    const call: Call = this.#executor.start(options)
    const compiled = this.#compiled
    const stored = await storedKey(compiled, key as AppItem)
    const plan = planDelete(compiled.table.name, compiled, stored, toWriteRequest(options, returnOld))
    return (await withAppItem(compiled, this.#executor.run(deleteItem, plan, call))).attributes
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

  /** Only where entities were declared with overlapping keys can the item be of another one. */
  #isOther(item: NativeItem): boolean {
    const { entityAttribute, name } = this.#compiled
    if (entityAttribute === false) return false
    const stored = item[entityAttribute]
    return stored !== undefined && stored !== name
  }
}
