import { createAdapter, type DynamoDBAdapter } from '../adapter/adapter.ts'
import type { AdapterOptions } from '../adapter/adapter-options.ts'
import { TableNotFoundError } from '../errors/table-errors.ts'
import { ConfigurationError } from '../errors/transport-errors.ts'
import type { Table } from '../schema/table.ts'
import {
  type LocalClientConfig,
  localClientConfig,
  type LocalEngine,
  startLocalEngine,
} from './local-engine.ts'

/** What a harness sets up. */
export interface TestHarnessOptions {
  /** Tables to create. */
  readonly tables: readonly Table[]
  /** Engine to use. Default: `DYNAMODB_ENDPOINT`, or one that is started and stopped with the harness. */
  readonly engine?: LocalEngine
  /** Further options of the adapter. */
  readonly adapter?: Omit<AdapterOptions, 'client' | 'transport' | 'endpoint' | 'region' | 'credentials'>
}

/**
 * Gives a test file an adapter and empty tables on a local engine, and takes them away afterwards.
 *
 * Each harness has an access key, and so a database, of its own: test files run side by side without
 * seeing each other's tables.
 *
 * @example
 * ```ts
 * import { defineTable } from 'dynakit'
 * import { DynamoDBTestHarness } from 'dynakit/testing'
 *
 * const Products = defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } })
 * const harness = new DynamoDBTestHarness({ tables: [Products] })
 * await harness.setup()
 * await harness.db.table('Products').put({ id: 'p1' })
 * await harness.teardown()
 * ```
 */
export class DynamoDBTestHarness {
  readonly #options: TestHarnessOptions
  #engine: LocalEngine | undefined
  #clientConfig: LocalClientConfig | undefined
  #db: DynamoDBAdapter | undefined

  /**
   * @param options - Tables, engine and adapter options.
   */
  constructor(options: TestHarnessOptions) {
    this.#options = options
  }

  /** The adapter; available after `setup()`. */
  get db(): DynamoDBAdapter {
    return this.#db ?? notSetUp()
  }

  /** Settings for an AWS SDK client that sees the same tables; available after `setup()`. */
  get clientConfig(): LocalClientConfig {
    return this.#clientConfig ?? notSetUp()
  }

  /** Finds or starts the engine, creates the tables and waits until they can be used. */
  async setup(): Promise<void> {
    this.#engine = this.#options.engine ?? (await startLocalEngine())
    this.#clientConfig = localClientConfig(this.#engine.endpoint)
    this.#db = createAdapter({ ...this.#options.adapter, ...this.#clientConfig })
    for (const table of this.#options.tables) await this.#db.tables.create(table)
  }

  /** Deletes every item by dropping the tables and creating them anew. */
  async reset(): Promise<void> {
    for (const table of this.#options.tables) {
      await this.db.tables.delete(table.name)
      await this.db.tables.create(table)
    }
  }

  /** Drops its tables, closes the adapter, and stops the engine if the harness started it. */
  async teardown(): Promise<void> {
    const db = this.#db
    if (db) {
      for (const table of this.#options.tables) await dropIfThere(db, table.name)
      await db.close()
    }
    if (this.#engine !== this.#options.engine) await this.#engine?.stop()
    this.#db = undefined
    this.#engine = undefined
  }
}

async function dropIfThere(db: DynamoDBAdapter, tableName: string): Promise<void> {
  try {
    await db.tables.delete(tableName)
  } catch (error) {
    if (!TableNotFoundError.is(error)) throw error
  }
}

function notSetUp(): never {
  throw new ConfigurationError(
    'The test harness is not set up. Call await harness.setup() before the first test.',
  )
}

/** Tables made for a test file. */
export interface TestTables {
  /** An adapter that sees them. */
  readonly db: DynamoDBAdapter
  /** Settings for an AWS SDK client that sees them. */
  readonly clientConfig: LocalClientConfig
  /** Empties them. */
  reset(): Promise<void>
  /** Drops them and closes the adapter. */
  drop(): Promise<void>
}

/**
 * Creates declared tables on a local engine and waits until they can be used.
 *
 * @param tables - Tables made with `defineTable`.
 * @returns An adapter that sees them, and how to drop them.
 *
 * @example
 * ```ts
 * import { defineTable } from 'dynakit'
 * import { createTestTables } from 'dynakit/testing'
 *
 * const Products = defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } })
 * const { db, drop } = await createTestTables(Products)
 * await db.table('Products').put({ id: 'p1' })
 * await drop()
 * ```
 */
export async function createTestTables(...tables: readonly Table[]): Promise<TestTables> {
  const harness = new DynamoDBTestHarness({ tables })
  await harness.setup()
  return {
    db: harness.db,
    clientConfig: harness.clientConfig,
    reset: () => harness.reset(),
    drop: () => harness.teardown(),
  }
}
