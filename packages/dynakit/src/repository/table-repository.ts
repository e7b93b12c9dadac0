import { encodeItem } from '../codec/encode.ts'
import type { NativeItem } from '../codec/native-value.ts'
import {
  ConditionalCheckFailedError,
  ItemAlreadyExistsError,
  ItemNotFoundError,
} from '../errors/item-errors.ts'
import type { BatchGetOptions, BatchOptions, Partially } from '../execution/batch-options.ts'
import type { CallOptions } from '../execution/call.ts'
import type { Executor } from '../execution/executor.ts'
import { sendUpdate } from '../execution/update.ts'
import { allOf, attributesOf } from '../expressions/condition.ts'
import { attributePath } from '../expressions/path.ts'
import { getItem } from '../operations/read/get-item.ts'
import { deleteItem } from '../operations/write/delete-item.ts'
import { putItem, type PutItemPlan } from '../operations/write/put-item.ts'
import type { Members } from '../planner/batch-members.ts'
import { encodeConditions } from '../planner/encode-conditions.ts'
import type { Explanation } from '../planner/explanation.ts'
import { planDelete } from '../planner/plan-delete.ts'
import { planUntypedUpdate } from '../planner/plan-update.ts'
import { isVisible } from '../planner/visibility.ts'
import { type QueryBuilder, startQuery } from '../query-builder/query-builder.ts'
import { untypedTarget } from '../query-builder/query-target.ts'
import { startUpdate, type UntypedModel, type UpdateBuilder } from '../query-builder/update-builder.ts'
import type { Table } from '../schema/table.ts'
import type { BatchGetResult, BatchWriteResult } from './batch-results.ts'
import { deleteItems, getItems, putItems } from './table-batches.ts'
import type { GetOptions } from './read-options.ts'
import { tableVisibility } from './table-visibility.ts'
import { toWriteRequest, type WriteOptions } from './write-options.ts'

/** A table, or how to learn its keys and indexes. */
export interface TableSource {
  readonly name: string
  /** The table, when it is declared. */
  readonly table: Table | undefined
  /**
   * Gives the table, asking DynamoDB once when it is not declared.
   *
   * @param withTimeToLive - Whether its time to live must be known, which takes a request of its own.
   */
  load(withTimeToLive?: boolean): Promise<Table>
}

/**
 * Stores and reads items of a table as they are, with nothing declared. Make one with `db.table(name)`.
 *
 * @typeParam Item - What you say the items look like; it is not checked.
 *
 * @example
 * ```ts
 * import { createAdapter } from 'dynakit'
 *
 * interface Product { id: string; name: string }
 * const db = createAdapter({ region: 'eu-west-1' })
 * const products = db.table<Product>('Products')
 * await products.put({ id: 'p1', name: 'Lamp' })
 * console.log(await products.get({ id: 'p1' }))
 * ```
 */
export class TableRepository<Item extends object = NativeItem> {
  readonly #executor: Executor
  readonly #source: TableSource

  /** @internal */
  constructor(executor: Executor, source: TableSource) {
    this.#executor = executor
    this.#source = source
  }

  /**
   * Stores a new item.
   *
   * @throws ItemAlreadyExistsError when an item has the key.
   */
  async create(item: Item, options?: CallOptions): Promise<Item> {
    const call = this.#executor.start(options)
    const table = await this.#source.load()
    const isNew = {
      type: 'field',
      path: attributePath(table.partitionKey.name),
      operator: 'not_exists',
      operands: [],
    } as const
    try {
      await this.#executor.run(putItem, { ...this.#putPlan(item), condition: isNew }, call)
      return item
    } catch (error) {
      if (!ConditionalCheckFailedError.is(error)) throw error
      throw new ItemAlreadyExistsError(
        `table '${this.#source.name}': an item with this key exists already. Use put to replace it, or update to change it.`,
        { cause: error, operation: 'PutItem', tableName: this.#source.name, statusCode: error.statusCode },
      )
    }
  }

  /**
   * Stores an item, replacing the one with the same key.
   *
   * @throws ConditionalCheckFailedError when `options.where` is false of the stored item.
   */
  async put(item: Item, options?: WriteOptions<Item>): Promise<Item> {
    const call = this.#executor.start(options)
    const request = toWriteRequest(options, false)
    const plan: PutItemPlan = {
      ...this.#putPlan(item),
      condition: allOf(encodeConditions(request.conditions, [])),
      returnItemOnConditionFailure: request.returnItemOnConditionFailure,
    }
    await this.#executor.run(putItem, plan, call)
    return item
  }

  #putPlan(item: Item): PutItemPlan {
    return {
      operation: 'PutItem',
      tableName: this.#source.name,
      item: item as NativeItem,
      returnOld: false,
      returnItemOnConditionFailure: false,
    }
  }

  /** Reads an item by its key; `undefined` when there is none. */
  async get(key: NativeItem, options?: GetOptions): Promise<Item | undefined> {
    const call = this.#executor.start(options)
    const visibility = await tableVisibility(this.#source, options)
    const { item } = await this.#executor.run(
      getItem,
      {
        operation: 'GetItem',
        tableName: this.#source.name,
        key,
        consistentRead: options?.consistent ?? false,
      },
      call,
    )
    return item && isVisible(visibility, item) ? (item as Item) : undefined
  }

  /**
   * Reads an item that must exist.
   *
   * @throws ItemNotFoundError when there is none.
   */
  async getOrThrow(key: NativeItem, options?: GetOptions): Promise<Item> {
    const item = await this.get(key, options)
    if (item !== undefined) return item
    throw new ItemNotFoundError(
      `table '${this.#source.name}': there is no item with this key (${Object.keys(key).join(', ')}).`,
      { operation: 'GetItem', tableName: this.#source.name },
    )
  }

  /** Tells whether an item with this key exists, without transferring it. */
  async exists(key: NativeItem, options?: GetOptions): Promise<boolean> {
    const call = this.#executor.start(options)
    const visibility = await tableVisibility(this.#source, options)
    const names = new Set([
      ...Object.keys(key),
      ...visibility.flatMap((condition) => [...attributesOf(condition)]),
    ])
    const { item } = await this.#executor.run(
      getItem,
      {
        operation: 'GetItem',
        tableName: this.#source.name,
        key,
        projection: [...names].map(attributePath),
        consistentRead: options?.consistent ?? false,
      },
      call,
    )
    return item !== undefined && isVisible(visibility, item)
  }

  /**
   * Reads many items by their keys, in requests of up to 100.
   *
   * @param keys - All with the same attributes; a key that is given twice is read once.
   * @param options - Consistency, requests at once, signal, timeout and capacity meter.
   * @returns The item of each key, in the order of the keys; `undefined` where there is none.
   * @throws BatchIncompleteError when some could not be read in time; with `partial`, the result says so.
   */
  getMany(
    keys: Members<NativeItem>,
    options: Partially<BatchGetOptions>,
  ): Promise<BatchGetResult<Item, NativeItem>>
  getMany(keys: Members<NativeItem>, options?: BatchGetOptions): Promise<(Item | undefined)[]>
  getMany(
    keys: Members<NativeItem>,
    options?: BatchGetOptions | Partially<BatchGetOptions>,
  ): Promise<unknown> {
    return getItems(this.#executor, this.#source, keys, options)
  }

  /**
   * Stores many items, each replacing the one with the same key, in requests of up to 25.
   *
   * The items are stored each by itself, without conditions. When two have the same key, the later one wins.
   * All of them are checked before the first is sent, except for those of an async iterable, which are taken
   * as requests have room for them. The key attributes are read from DynamoDB once when the table is not
   * declared.
   *
   * @param items - The items.
   * @param options - Requests at once, capacity units per second, progress, signal, timeout and capacity meter.
   * @returns The items; for an async iterable, how many were stored.
   * @throws ValidationError naming the item and field that is refused; BatchIncompleteError when some could
   *   not be stored in time; with `partial`, the result says so.
   */
  putMany(items: Members<Item>, options: Partially<BatchOptions>): Promise<BatchWriteResult<Item>>
  putMany(items: Iterable<Item>, options?: BatchOptions): Promise<Item[]>
  putMany(items: AsyncIterable<Item>, options?: BatchOptions): Promise<BatchWriteResult<Item>>
  putMany(items: Members<Item>, options?: BatchOptions | Partially<BatchOptions>): Promise<unknown> {
    return putItems(this.#executor, this.#source, items as Members<NativeItem>, options)
  }

  /**
   * Deletes many items by their keys, in requests of up to 25. Deleting one that does not exist is no error.
   *
   * @param keys - All with the same attributes.
   * @param options - Requests at once, capacity units per second, progress, signal, timeout and capacity meter.
   * @throws BatchIncompleteError when some could not be deleted in time; with `partial`, the result says so.
   */
  deleteMany(
    keys: Members<NativeItem>,
    options: Partially<BatchOptions>,
  ): Promise<BatchWriteResult<NativeItem>>
  deleteMany(keys: Members<NativeItem>, options?: BatchOptions): Promise<void>
  async deleteMany(
    keys: Members<NativeItem>,
    options?: BatchOptions | Partially<BatchOptions>,
  ): Promise<unknown> {
    const result = await deleteItems(this.#executor, this.#source, keys, options)
    return options?.partial === true ? result : undefined
  }

  /** Starts an update of an item; nothing is sent before `execute()`. */
  update(key: NativeItem): UpdateBuilder<UntypedModel<Item>> {
    const { name } = this.#source
    const subject = { name: `table '${name}'`, decode: (item: NativeItem) => item }
    return startUpdate(async (request, options) => {
      const call = this.#executor.start(options)
      return sendUpdate(this.#executor, planUntypedUpdate(name, key, request), request, subject, call)
    }) as UpdateBuilder<UntypedModel<Item>>
  }

  /**
   * Deletes an item. Deleting one that does not exist is no error.
   *
   * @throws ConditionalCheckFailedError when `options.where` is false of the stored item.
   */
  async delete(key: NativeItem, options?: WriteOptions<Item>): Promise<void> {
    await this.#delete(key, options, false)
  }

  /** Deletes an item and gives it back, or `undefined` when there was none. */
  async deleteAndReturn(key: NativeItem, options?: WriteOptions<Item>): Promise<Item | undefined> {
    return (await this.#delete(key, options, true)) as Item | undefined
  }

  async #delete(
    key: NativeItem,
    options: WriteOptions<Item> | undefined,
    returnOld: boolean,
  ): Promise<NativeItem | undefined> {
    const call = this.#executor.start(options)
    encodeItem(key)
    const plan = planDelete(this.#source.name, undefined, key, toWriteRequest(options, returnOld))
    return (await this.#executor.run(deleteItem, plan, call)).attributes
  }

  /** Starts a query; keys and indexes are read from DynamoDB once when the table is not declared. */
  query(): QueryBuilder<Item, Item, Promise<Explanation>> {
    const target = untypedTarget(undefined, (withTimeToLive) => this.#source.load(withTimeToLive))
    return startQuery(this.#executor, target) as QueryBuilder<Item, Item, Promise<Explanation>>
  }
}
