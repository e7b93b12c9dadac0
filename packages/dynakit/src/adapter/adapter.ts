import type { NativeItem } from '../codec/native-value.ts'
import { ConfigurationError } from '../errors/transport-errors.ts'
import { DefinitionError } from '../errors/request-errors.ts'
import type { BatchGetOptions, BatchOptions, Partially } from '../execution/batch-options.ts'
import type { CallOptions } from '../execution/call.ts'
import type { Database } from '../execution/database.ts'
import { Executor } from '../execution/executor.ts'
import type { TransactionOptions, TransactionResult } from '../execution/transaction-options.ts'
import type { TransactionReadResult } from '../execution/transaction-read.ts'
import { type AccessPatterns, accessPatternsOf, tableAccessPatterns } from '../planner/access-patterns.ts'
import { isAsyncIterable, listMembers, type Members } from '../planner/batch-members.ts'
import type { Explanation } from '../planner/explanation.ts'
import { type QueryBuilder, startQuery } from '../query-builder/query-builder.ts'
import { entityTarget, unionTarget } from '../query-builder/query-target.ts'
import { startTransaction, type TransactionBuilder } from '../query-builder/transaction-builder.ts'
import type { TransactionGet, TransactionPart } from '../query-builder/transaction-parts.ts'
import {
  type GotItems,
  startTransactionRead,
  type TransactionReadBuilder,
} from '../query-builder/transaction-read-builder.ts'
import type { UnionBuilder } from '../query-builder/union-builder.ts'
import type { UntypedModel, UpdateBuilder } from '../query-builder/update-builder.ts'
import {
  type BatchGetRequest,
  type BatchWriteRequest,
  type CheckGetRequests,
  type CheckWriteRequest,
  isGetRequest,
  isWriteRequest,
  type PlainItem,
  type RequestedItems,
} from '../repository/batch-requests.ts'
import type { BatchGetResult, BatchWriteResult } from '../repository/batch-results.ts'
import { Repository } from '../repository/repository.ts'
import { getRequested } from '../repository/requested-reads.ts'
import type { TableSources } from '../repository/requested-tables.ts'
import { writeRequested } from '../repository/requested-writes.ts'
import { TableRepository, type TableSource } from '../repository/table-repository.ts'
import type { GetOptions } from '../repository/read-options.ts'
import type { WriteOptions } from '../repository/write-options.ts'
import { entitiesOf, type Entity, type EntityItem } from '../schema/entity.ts'
import type { Table } from '../schema/table.ts'
import { defaultTransport } from '../transport/default-transport.ts'
import type { Transport } from '../transport/transport.ts'
import type { ConnectionStatistics } from '../transport/transport-options.ts'
import type { AdapterOptions } from './adapter-options.ts'
import { TableOperations } from './table-operations.ts'

/** A class whose instances are repositories of an entity. */
export type RepositoryClass<Definition extends Entity, Instance extends Repository<Definition>> = new (
  database: Database,
  entity: Definition,
) => Instance

/**
 * The door to DynamoDB: queries, repositories and tables over one connection.
 *
 * Immutable and safe to share; make one per process with {@link createAdapter}.
 */
export class DynamoDBAdapter implements Database {
  /** For dynakit itself. */
  readonly '~executor': Executor
  /** Creates, describes, changes and deletes tables. */
  readonly tables: TableOperations
  readonly #tables = new Map<string, Promise<Table>>()
  readonly #options: AdapterOptions

  /**
   * @param options - How to reach DynamoDB and what to do by default.
   */
  constructor(options: AdapterOptions = {}) {
    this['~executor'] = new Executor(makeTransport(options), {
      tablePrefix: options.tablePrefix ?? '',
      capacityDetail: options.capacityDetail ?? 'total',
      numbers: options.numbers ?? 'exact',
      timeout: options.timeout,
      cursorSecret: options.cursorSecret,
      onAttempt: options.onAttempt,
    })
    this.tables = new TableOperations(this['~executor'])
    this.#options = options
  }

  /**
   * Gives a table to work on with nothing declared for its items.
   *
   * @param table - Its name, or a declared table.
   * @returns A repository of items as they are.
   */
  table<Item extends object = NativeItem>(table: string | Table): TableRepository<Item> {
    return new TableRepository<Item>(this['~executor'], this.#source(table))
  }

  /**
   * Gives the repository of an entity.
   *
   * @param entity - The entity.
   * @param RepositoryOf - A class of yours that extends {@link Repository}.
   */
  repository<Definition extends Entity>(entity: Definition): Repository<Definition>
  repository<Definition extends Entity, Instance extends Repository<Definition>>(
    entity: Definition,
    RepositoryOf: RepositoryClass<Definition, Instance>,
  ): Instance
  repository<Definition extends Entity>(
    entity: Definition,
    RepositoryOf: RepositoryClass<Definition, Repository<Definition>> = Repository,
  ): Repository<Definition> {
    return new RepositoryOf(this, entity)
  }

  /**
   * Starts a query: over the adapter's table, over one entity, or over several entities of one table that
   * share a partition key.
   *
   * @returns A builder; nothing is sent before `execute()`, `first()`, `count()` or `stream()`.
   */
  query<Item extends object = NativeItem>(): QueryBuilder<Item, Item, Promise<Explanation>>
  query<Definition extends Entity>(entity: Definition): QueryBuilder<EntityItem<Definition>>
  query<const Definitions extends readonly [Entity, Entity, ...Entity[]]>(
    ...entities: Definitions
  ): UnionBuilder<Definitions>
  query(...entities: readonly Entity[]): unknown {
    const [first, ...others] = entities
    if (!first) return this.#default().query()
    if (others.length === 0) return startQuery(this['~executor'], entityTarget(first['~compiled']))
    checkUnion(first, others)
    return startQuery(
      this['~executor'],
      unionTarget(
        entities.map((entity) => entity['~compiled']),
        first.table,
      ),
    )
  }

  /**
   * Lists the keys and indexes of entities, and the conditions each serves: plain data that prints as text.
   *
   * @param entities - Default: the adapter's `entities`; without those, all that are defined on its `table`.
   * @throws ConfigurationError when there are neither.
   *
   * @example
   * ```ts
   * import { createAdapter, defineTable } from 'dynakit'
   *
   * const table = defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } })
   * const db = createAdapter({ region: 'eu-west-1', table })
   * console.log(String(db.accessPatterns()))
   * ```
   */
  accessPatterns(...entities: readonly Entity[]): AccessPatterns {
    const declared = entities.length > 0 ? entities : (this.#options.entities ?? [])
    if (declared.length > 0) return accessPatternsOf(declared.map((entity) => entity['~compiled']))
    const { table } = this.#options
    if (!table) {
      throw new ConfigurationError(
        'accessPatterns: there is nothing to list. Name the entities, or pass entities or a declared table to createAdapter.',
      )
    }
    const defined = entitiesOf(table)
    return defined.length > 0 ? accessPatternsOf(defined) : tableAccessPatterns(table)
  }

  /** Stores a new item in the adapter's table; see {@link TableRepository.create}. */
  create<Item extends object>(item: Item, options?: CallOptions): Promise<Item> {
    return this.#default<Item>().create(item, options)
  }

  /** Stores an item in the adapter's table, replacing the one with the same key. */
  put<Item extends object>(item: Item, options?: WriteOptions<Item>): Promise<Item> {
    return this.#default<Item>().put(item, options)
  }

  /** Reads an item of the adapter's table; `undefined` when there is none. */
  get<Item extends object = NativeItem>(key: NativeItem, options?: GetOptions): Promise<Item | undefined> {
    return this.#default<Item>().get(key, options)
  }

  /** Reads an item of the adapter's table that must exist. */
  getOrThrow<Item extends object = NativeItem>(key: NativeItem, options?: GetOptions): Promise<Item> {
    return this.#default<Item>().getOrThrow(key, options)
  }

  /** Tells whether an item of the adapter's table exists. */
  exists(key: NativeItem, options?: GetOptions): Promise<boolean> {
    return this.#default().exists(key, options)
  }

  /** Starts an update of an item of the adapter's table. */
  update<Item extends object = NativeItem>(key: NativeItem): UpdateBuilder<UntypedModel<Item>> {
    return this.#default<Item>().update(key)
  }

  /** Deletes an item of the adapter's table. */
  delete<Item extends object = NativeItem>(key: NativeItem, options?: WriteOptions<Item>): Promise<void> {
    return this.#default<Item>().delete(key, options)
  }

  /**
   * Reads many items: of the adapter's table by their keys, or of any entities and tables by requests.
   *
   * @param requests - Keys of the adapter's table, or `{ entity, key }` and `{ table, key }` in any mixture.
   * @param options - Consistency, requests at once, capacity units per second, progress, signal, timeout and
   *   capacity meter.
   * @returns The item of each key, in their order; `undefined` where there is none. Of requests each has the type
   *   of its entity.
   * @throws BatchIncompleteError when some could not be read in time; with `partial`, the result says so.
   *
   * @example
   * ```ts
   * import { createAdapter, defineEntity, defineTable } from 'dynakit'
   * import { z } from 'zod'
   *
   * const Users = defineTable({ name: 'Users', partitionKey: { name: 'id', type: 'string' } })
   * const User = defineEntity({ name: 'User', table: Users, attributes: { id: z.string(), name: z.string() } })
   * const db = createAdapter({ region: 'eu-west-1' })
   * const [user, settings] = await db.batchGet([
   *   { entity: User, key: { id: 'u1' } },
   *   { table: 'Settings', key: { id: 'u1' } },
   * ])
   * console.log(user?.name, settings?.theme)
   * ```
   */
  batchGet<const Requests extends readonly BatchGetRequest[]>(
    requests: Requests & CheckGetRequests<Requests>,
    options: Partially<BatchGetOptions>,
  ): Promise<BatchGetResult<RequestedItems<Requests>[number], Requests[number]>>
  batchGet<const Requests extends readonly BatchGetRequest[]>(
    requests: Requests & CheckGetRequests<Requests>,
    options?: BatchGetOptions,
  ): Promise<RequestedItems<Requests>>
  batchGet<Item extends object = NativeItem>(
    keys: Members<NativeItem>,
    options: Partially<BatchGetOptions>,
  ): Promise<BatchGetResult<Item, NativeItem>>
  batchGet<Item extends object = NativeItem>(
    keys: Members<NativeItem>,
    options?: BatchGetOptions,
  ): Promise<(Item | undefined)[]>
  async batchGet(
    given: Members<NativeItem> | readonly BatchGetRequest[],
    options?: BatchGetOptions | Partially<BatchGetOptions>,
  ): Promise<unknown> {
    if (!Array.isArray(given) || !isGetRequest(given[0])) {
      return this.#default().getMany(given as Members<NativeItem>, options as BatchGetOptions)
    }
    const requests = given as readonly BatchGetRequest[]
    const result = await getRequested(this['~executor'], this.#sources, requests, options)
    return options?.partial === true ? result : result.items
  }

  /**
   * Writes many items: stores items in the adapter's table, or stores and deletes items of any entities and
   * tables by requests. Each replaces the item with the same key; see {@link TableRepository.putMany}.
   *
   * @param requests - Items for the adapter's table, or `{ entity, put }`, `{ entity, delete }`,
   *   `{ table, put }` and `{ table, delete }` in any mixture. An item that itself has exactly `table` and `put`
   *   or `delete` is stored with `db.table(name).putMany`.
   * @param options - Requests at once, capacity units per second, progress, signal, timeout and capacity meter.
   * @returns The items; of requests and of an async iterable, how many were written.
   * @throws BatchIncompleteError when some could not be written in time; with `partial`, the result says so.
   *
   * @example
   * ```ts
   * import { createAdapter, defineEntity, defineTable } from 'dynakit'
   * import { z } from 'zod'
   *
   * const Users = defineTable({ name: 'Users', partitionKey: { name: 'id', type: 'string' } })
   * const User = defineEntity({ name: 'User', table: Users, attributes: { id: z.string(), name: z.string() } })
   * const db = createAdapter({ region: 'eu-west-1', tableName: 'Products' })
   * await db.batchWrite([{ id: 'p1', name: 'Lamp' }, { id: 'p2', name: 'Book' }])
   * const { processedCount } = await db.batchWrite([
   *   { entity: User, put: { id: 'u1', name: 'Ada' } },
   *   { entity: User, delete: { id: 'u2' } },
   *   { table: 'Settings', delete: { id: 'u2' } },
   * ])
   * console.log(processedCount) // 3
   * ```
   */
  batchWrite<Request extends BatchWriteRequest>(
    requests: Members<Request & CheckWriteRequest<Request>>,
    options?: BatchOptions | Partially<BatchOptions>,
  ): Promise<BatchWriteResult<Request>>
  batchWrite<Item extends object>(
    items: Members<Item & PlainItem<Item>>,
    options: Partially<BatchOptions>,
  ): Promise<BatchWriteResult<Item>>
  batchWrite<Item extends object>(
    items: Iterable<Item & PlainItem<Item>>,
    options?: BatchOptions,
  ): Promise<Item[]>
  batchWrite<Item extends object>(
    items: AsyncIterable<Item & PlainItem<Item>>,
    options?: BatchOptions,
  ): Promise<BatchWriteResult<Item>>
  async batchWrite(
    given: Members<object>,
    options?: BatchOptions | Partially<BatchOptions>,
  ): Promise<unknown> {
    const executor = this['~executor']
    const members = given as Members<BatchWriteRequest>
    if (isAsyncIterable(given)) {
      const ownTable = this.#options.table ?? this.#options.tableName
      return writeRequested(executor, this.#sources, members, options, ownTable)
    }
    const list = listMembers(members as Iterable<BatchWriteRequest>, 'items')
    if (isWriteRequest(list[0])) return writeRequested(executor, this.#sources, list, options)
    return this.#default().putMany(list, options as BatchOptions)
  }

  /**
   * Starts a transaction: operations on items of any tables and entities, of which all are carried out or none.
   *
   * @returns A builder; nothing is sent before `execute()`.
   */
  transaction(): TransactionBuilder<readonly []> {
    return startTransaction(this['~executor'], (tableName) => this.#source(tableName).load())
  }

  /**
   * Carries out a transaction whose operations are plain data; the same as {@link DynamoDBAdapter.transaction}
   * with the operations called one by one.
   *
   * @param parts - The operations, up to 100.
   * @param options - Idempotency token, signal, timeout and capacity meter.
   * @returns The items of `put` and `create` as they are stored, in their places.
   * @throws As {@link TransactionBuilder.execute} does.
   *
   * @example
   * ```ts
   * import { createAdapter, type TransactionPart } from 'dynakit'
   *
   * const db = createAdapter({ region: 'eu-west-1' })
   * const skus = ['lamp', 'book']
   * const reservations = skus.map((sku): TransactionPart => ({
   *   update: {
   *     tableName: 'Inventory',
   *     key: { sku },
   *     updates: (stock) => stock.add({ count: -1 }).where('count', '>', 0),
   *   },
   * }))
   * await db.transactWrite([...reservations, { put: { tableName: 'Orders', item: { id: 'o1', skus } } }])
   * ```
   */
  async transactWrite(
    parts: Iterable<TransactionPart>,
    options?: TransactionOptions,
  ): Promise<TransactionResult> {
    const load = (tableName: string): Promise<Table> => this.#source(tableName).load()
    return startTransaction(this['~executor'], load, [...parts]).execute(options)
  }

  /**
   * Starts reads that see items of any tables and entities as they are at one moment.
   *
   * @returns A builder; nothing is sent before `execute()`.
   */
  transactionRead(): TransactionReadBuilder<readonly []> {
    return startTransactionRead(this['~executor']) as TransactionReadBuilder<readonly []>
  }

  /**
   * Reads items as they are at one moment; the same as {@link DynamoDBAdapter.transactionRead} with the reads
   * given at once.
   *
   * @param gets - The reads, up to 100.
   * @param options - Signal, timeout and capacity meter.
   * @returns The items in the places of the reads; `undefined` where there is none to be shown.
   * @throws As {@link TransactionReadBuilder.execute} does.
   *
   * @example
   * ```ts
   * import { createAdapter } from 'dynakit'
   *
   * const db = createAdapter({ region: 'eu-west-1' })
   * const { items } = await db.transactGet([
   *   { tableName: 'Orders', key: { id: 'o1' } },
   *   { tableName: 'Inventory', key: { sku: 'lamp' } },
   * ])
   * const [order, stock] = items
   * console.log(order?.id, stock?.count)
   * ```
   */
  transactGet<const Gets extends readonly TransactionGet[]>(
    gets: Gets,
    options?: CallOptions,
  ): Promise<TransactionReadResult<GotItems<Gets>>> {
    const reads = startTransactionRead(this['~executor'], gets) as TransactionReadBuilder<GotItems<Gets>>
    return reads.execute(options)
  }

  /**
   * Gives an adapter for another region with the same options; it shares credentials with this one and is
   * closed with it.
   *
   * @param region - AWS region, such as `eu-central-1`.
   * @throws ConfigurationError when the adapter sends through an AWS SDK client or a transport of yours,
   *   which know one region only.
   *
   * @example
   * ```ts
   * import { createAdapter } from 'dynakit'
   *
   * const db = createAdapter({ region: 'eu-west-1', tableName: 'Products' })
   * const frankfurt = db.inRegion('eu-central-1')
   * await frankfurt.get({ id: 'p1' })
   * await db.close()
   * ```
   */
  inRegion(region: string): DynamoDBAdapter {
    const { transport } = this['~executor']
    if (transport.inRegion) {
      return new DynamoDBAdapter({ ...this.#options, transport: transport.inRegion(region) })
    }
    throw new ConfigurationError(
      `The transport of this adapter sends to one region only. Make another adapter for ${region}.`,
    )
  }

  /**
   * The connections at this moment: open, idle, and requests that wait for one.
   *
   * @returns The numbers, or `undefined` when the transport does not keep connections of its own (the AWS SDK).
   */
  connections(): ConnectionStatistics | undefined {
    return this['~executor'].transport.connections?.()
  }

  /**
   * Makes connections and looks up credentials ahead of the first requests. Does nothing with a transport
   * that cannot (the AWS SDK).
   *
   * @param connections - How many connections. Default: 1.
   */
  async warmUp(connections?: number): Promise<void> {
    await this['~executor'].transport.warmUp?.(connections)
  }

  /**
   * Refuses further calls, waits for requests in flight, and closes the connections. A client you passed in
   * stays open.
   */
  close(): Promise<void> {
    return this['~executor'].transport.close()
  }

  #default<Item extends object>(): TableRepository<Item> {
    const table = this.#options.table ?? this.#options.tableName
    if (table !== undefined) return this.table(table)
    throw new ConfigurationError(
      "The adapter has no table of its own. Pass tableName to createAdapter, or use db.table('name') or db.repository(Entity).",
    )
  }

  get #sources(): TableSources {
    return { sourceOf: (table) => this.#source(table) }
  }

  #source(table: string | Table): TableSource {
    if (typeof table !== 'string') return { name: table.name, table, load: () => Promise.resolve(table) }
    return {
      name: table,
      table: undefined,
      load: (withTimeToLive) =>
        withTimeToLive === true ? this.#describeWithTimeToLive(table) : this.#describeOnce(table),
    }
  }

  /** When items expire is not part of the description, and rarely needed. */
  async #describeWithTimeToLive(tableName: string): Promise<Table> {
    const table = await this.#describeOnce(tableName)
    const name = `${tableName}, with its time to live`
    const described = await this.#once(name, async () => {
      const { attribute, status } = await this.tables.timeToLive(tableName)
      const isOn = attribute !== undefined && (status === 'ENABLED' || status === 'ENABLING')
      const options = { ...table.options, ...(isOn && { timeToLive: attribute }) }
      return Object.freeze({ ...table, options: Object.freeze(options) })
    })
    // It may be turned on a moment later.
    if (described.options.timeToLive === undefined) this.#tables.delete(name)
    return described
  }

  #describeOnce(tableName: string): Promise<Table> {
    return this.#once(tableName, async () => (await this.tables.describe(tableName)).table)
  }

  #once(name: string, describe: () => Promise<Table>): Promise<Table> {
    let described = this.#tables.get(name)
    if (!described) {
      described = describe()
      // A failure must not be remembered: the table may be created a moment later.
      described.catch(() => this.#tables.delete(name))
      this.#tables.set(name, described)
    }
    return described
  }
}

function makeTransport(options: AdapterOptions): Transport {
  if (options.transport) return options.transport
  const { maxAttempts, retry } = options
  return defaultTransport(
    maxAttempts === undefined ? options : { ...options, retry: { maxAttempts, ...retry } },
  )
}

function checkUnion(first: Entity, others: readonly Entity[]): void {
  const { table } = first
  const stranger = others.find((entity) => entity.table !== table)
  if (stranger) {
    throw new DefinitionError(
      `query: '${first.name}' and '${stranger.name}' are not entities of one table, so one query cannot read both.`,
      { rule: 'union-table', definition: stranger.name },
    )
  }
  if (table.entityAttribute !== false) return
  throw new DefinitionError(
    `query: table '${table.name}' has entityAttribute: false, so its items cannot be told apart. Query the entities one by one.`,
    { rule: 'union-entity-attribute', definition: table.name },
  )
}

/**
 * Makes an adapter: the door to DynamoDB.
 *
 * Nothing is sent before the first call. Without options, region and credentials come from where the AWS
 * SDK finds them.
 *
 * @param options - How to reach DynamoDB and what to do by default.
 * @returns The adapter.
 *
 * @example
 * ```ts
 * import { createAdapter } from 'dynakit'
 *
 * const db = createAdapter({ region: 'eu-west-1', tableName: 'Products' })
 * await db.put({ id: 'p1', category: 'electronics', name: 'Lamp', price: 30 })
 * ```
 */
export function createAdapter(options?: AdapterOptions): DynamoDBAdapter {
  return new DynamoDBAdapter(options)
}
