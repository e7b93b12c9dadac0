import { TimeoutError } from '../errors/transport-errors.ts'
import { TableNotFoundError } from '../errors/table-errors.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { Call, CallOptions } from '../execution/call.ts'
import type { Executor } from '../execution/executor.ts'
import { createTable } from '../operations/tables/create-table.ts'
import { deleteTable } from '../operations/tables/delete-table.ts'
import { describeTable, type TableDescription } from '../operations/tables/describe-table.ts'
import { listTables } from '../operations/tables/list-tables.ts'
import { describeTimeToLive, type TimeToLive, updateTimeToLive } from '../operations/tables/time-to-live.ts'
import { type TableChange, updateTable } from '../operations/tables/update-table.ts'
import type { Table } from '../schema/table.ts'
import { wait } from './wait.ts'

const firstPause = 20
const longestPause = 5000

/**
 * Creates, describes, changes and deletes tables. Reached as `db.tables`.
 *
 * @example
 * ```ts
 * import { createAdapter, defineTable } from 'dynakit'
 *
 * const Products = defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } })
 * const db = createAdapter({ region: 'eu-west-1' })
 * await db.tables.create(Products)
 * const { status } = await db.tables.describe('Products')
 * console.log(status)
 * ```
 */
export class TableOperations {
  readonly #executor: Executor

  /** @internal */
  constructor(executor: Executor) {
    this.#executor = executor
  }

  /**
   * Creates a table with its indexes, stream and time to live, and waits until it can be used.
   *
   * @param table - The declared table.
   * @returns Its description.
   * @throws TableInUseError when it exists.
   */
  async create(table: Table, options?: CallOptions): Promise<TableDescription> {
    const call = this.#executor.start(options)
    await this.#executor.run(createTable, { operation: 'CreateTable', table }, call)
    const description = await this.#untilUsable(table.name, call)
    const { timeToLive } = table.options
    if (timeToLive !== undefined) await this.#setTimeToLive(table.name, timeToLive, true, call)
    return description
  }

  /**
   * Reads what DynamoDB knows of a table.
   *
   * @throws TableNotFoundError when it does not exist.
   */
  async describe(tableName: string, options?: CallOptions): Promise<TableDescription> {
    return this.#describe(tableName, this.#executor.start(options))
  }

  async #describe(tableName: string, call: Call): Promise<TableDescription> {
    const description = await this.#executor.run(
      describeTable,
      { operation: 'DescribeTable', tableName },
      call,
    )
    const { table } = description
    if (!table) {
      throw new TableNotFoundError(
        `table '${tableName}' is being deleted. Wait until it is gone to create it again.`,
        { tableName, operation: 'DescribeTable' },
      )
    }
    // DynamoDB knows the name with the adapter's prefix, plans are made without it.
    return { ...description, table: { ...table, name: tableName } }
  }

  /** Tells whether a table exists; one that is being deleted still does. */
  exists(tableName: string, options?: CallOptions): Promise<boolean> {
    return this.#isThere(tableName, this.#executor.start(options))
  }

  /**
   * Changes a table: creates or deletes one index, changes billing, stream or deletion protection; waits
   * until the change is done.
   *
   * @param table - The declared table, with the index to create in it.
   * @param change - What to change.
   * @returns Its description afterwards.
   */
  async update(table: Table, change: TableChange, options?: CallOptions): Promise<TableDescription> {
    checkChange(table, change)
    const call = this.#executor.start(options)
    await this.#executor.run(updateTable, { operation: 'UpdateTable', table, change }, call)
    return this.#untilUsable(table.name, call)
  }

  /** Deletes a table with everything in it, and waits until it is gone. */
  async delete(tableName: string, options?: CallOptions): Promise<void> {
    const call = this.#executor.start(options)
    await this.#executor.run(deleteTable, { operation: 'DeleteTable', tableName }, call)
    await this.#until(tableName, call, async () => !(await this.#isThere(tableName, call)))
  }

  async #isThere(tableName: string, call: Call): Promise<boolean> {
    try {
      await this.#executor.run(describeTable, { operation: 'DescribeTable', tableName }, call)
      return true
    } catch (error) {
      if (TableNotFoundError.is(error)) return false
      throw error
    }
  }

  /** Waits until a table and all its indexes can be used. */
  async waitUntilUsable(tableName: string, options?: CallOptions): Promise<TableDescription> {
    return this.#untilUsable(tableName, this.#executor.start(options))
  }

  /** Lists the names of all tables of the account and region. */
  async list(options?: CallOptions): Promise<readonly string[]> {
    const call = this.#executor.start(options)
    const names: string[] = []
    let startAfter: string | undefined
    do {
      const page = await this.#executor.run(listTables, { operation: 'ListTables', startAfter }, call)
      names.push(...page.names)
      startAfter = page.lastName
    } while (startAfter !== undefined)
    return names
  }

  /**
   * Turns time to live on or off.
   *
   * @param tableName - The table.
   * @param attribute - Attribute that holds the expiry time in epoch seconds.
   * @param enabled - On or off. Default: on.
   */
  async setTimeToLive(
    tableName: string,
    attribute: string,
    enabled = true,
    options?: CallOptions,
  ): Promise<void> {
    await this.#setTimeToLive(tableName, attribute, enabled, this.#executor.start(options))
  }

  async #setTimeToLive(tableName: string, attribute: string, enabled: boolean, call: Call): Promise<void> {
    await this.#executor.run(
      updateTimeToLive,
      { operation: 'UpdateTimeToLive', tableName, attribute, enabled },
      call,
    )
  }

  /** Tells which attribute holds the expiry time, and whether time to live is on. */
  async timeToLive(tableName: string, options?: CallOptions): Promise<TimeToLive> {
    const call = this.#executor.start(options)
    return this.#executor.run(describeTimeToLive, { operation: 'DescribeTimeToLive', tableName }, call)
  }

  async #untilUsable(tableName: string, call: Call): Promise<TableDescription> {
    return this.#until(tableName, call, async () => {
      const description = await this.#describe(tableName, call)
      const states = [description.status, ...Object.values(description.indexStatus)]
      return states.every((state) => state === 'ACTIVE') ? description : undefined
    })
  }

  async #until<Result>(
    tableName: string,
    call: Call,
    probe: () => Promise<Result | undefined | false>,
  ): Promise<Result> {
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      const result = await probe()
      if (result !== undefined && result !== false) return result
      if (call.deadline !== undefined && Date.now() + pause >= call.deadline) {
        throw new TimeoutError(
          `table '${tableName}' was not ready before the deadline; the change goes on. Wait longer.`,
          {
            tableName,
          },
        )
      }
      await wait(pause, call.signal)
    }
  }
}

function checkChange(table: Table, change: TableChange): void {
  const { createIndex } = change
  if (createIndex === undefined || table.indexes.some((index) => index.name === createIndex)) return
  throw new ValidationError(
    `table '${table.name}': index '${createIndex}' is not declared. Add it to defineTable first.`,
    {
      rule: 'unknown-index',
      field: 'createIndex',
      tableName: table.name,
    },
  )
}
