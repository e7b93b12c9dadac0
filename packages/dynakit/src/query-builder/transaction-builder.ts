import type { NativeItem } from '../codec/native-value.ts'
import type { Executor } from '../execution/executor.ts'
import type { LoadTable } from '../execution/prepare-transaction.ts'
import { runTransaction } from '../execution/transaction.ts'
import type { TransactionOptions, TransactionResult } from '../execution/transaction-options.ts'
import { runTransactionSequence } from '../execution/transaction-sequence.ts'
import type { OperationRequest } from '../planner/transaction-request.ts'
import type { Entity, EntityItem } from '../schema/entity.ts'
import {
  type EntityCheck,
  type EntityCreate,
  type EntityDelete,
  type EntityPut,
  type EntityUpdate,
  type TableCheck,
  type TableCreate,
  type TableDelete,
  type TablePut,
  type TableUpdate,
  toOperationRequest,
  type TransactionPart,
} from './transaction-parts.ts'

/**
 * A transaction being built: all of its operations are carried out, or none. Every method returns a new
 * builder; nothing is sent before `execute()`.
 *
 * An operation does what the same operation of a repository does: keys of indexes, versions, timestamps,
 * unique fields and soft deletion are kept right. No two operations can be of the same item.
 *
 * @typeParam Items - What the operations so far give back. Leave it out for a builder that grows in a loop:
 *   `let orders: TransactionBuilder = db.transaction()`.
 *
 * @example
 * ```ts
 * import { createAdapter } from 'dynakit'
 *
 * const db = createAdapter({ region: 'eu-west-1' })
 * await db
 *   .transaction()
 *   .put({ tableName: 'Orders', item: { id: 'o1', sku: 'lamp' } })
 *   .update({
 *     tableName: 'Inventory',
 *     key: { sku: 'lamp' },
 *     updates: (stock) => stock.add({ count: -1 }).where('count', '>', 0),
 *   })
 *   .delete({ tableName: 'Carts', key: { customer: 'c1' } })
 *   .execute()
 * ```
 */
export interface TransactionBuilder<Items extends readonly unknown[] = readonly unknown[]> {
  /** Stores an item, replacing the one with the same key. */
  put<Definition extends Entity>(
    operation: EntityPut<Definition>,
  ): TransactionBuilder<readonly [...Items, EntityItem<Definition>]>
  put<Item extends object>(operation: TablePut<Item>): TransactionBuilder<readonly [...Items, Item]>
  /** Stores a new item; when one has its key, nothing of the transaction is written. */
  create<Definition extends Entity>(
    operation: EntityCreate<Definition>,
  ): TransactionBuilder<readonly [...Items, EntityItem<Definition>]>
  create<Item extends object>(operation: TableCreate<Item>): TransactionBuilder<readonly [...Items, Item]>
  /** Changes an item, which must exist. */
  update<Definition extends Entity>(
    operation: EntityUpdate<Definition>,
  ): TransactionBuilder<readonly [...Items, undefined]>
  update<Item extends object = NativeItem>(
    operation: TableUpdate<Item>,
  ): TransactionBuilder<readonly [...Items, undefined]>
  /** Deletes an item. Deleting one that does not exist is no error. */
  delete<Definition extends Entity>(
    operation: EntityDelete<Definition>,
  ): TransactionBuilder<readonly [...Items, undefined]>
  delete<Item extends object = NativeItem>(
    operation: TableDelete<Item>,
  ): TransactionBuilder<readonly [...Items, undefined]>
  /** Requires something of an item without writing it; without `where`, that it exists. */
  check<Definition extends Entity>(
    operation: EntityCheck<Definition>,
  ): TransactionBuilder<readonly [...Items, undefined]>
  check<Item extends object = NativeItem>(
    operation: TableCheck<Item>,
  ): TransactionBuilder<readonly [...Items, undefined]>
  /**
   * Sends the transaction. It has up to 100 parts and 4 MB; each marker of a unique field is a part.
   *
   * @throws TransactionCanceledError naming the operations that failed; UniqueConstraintError when unique
   *   fields alone were in the way; ValidationError naming the operation that is refused; with
   *   `outcomeUnknown`, when no answer says whether it was carried out.
   */
  execute(options?: TransactionOptions): Promise<TransactionResult<Items>>
  /**
   * Sends any number of operations as transactions one after the other: each is carried out as a whole or
   * not at all, all together are not. Two operations of the same item are carried out in their order.
   *
   * @throws BatchIncompleteError when some were carried out and others are left (`unprocessed`, as they were
   *   given, with what ended it as `cause`); when none was carried out, as `execute` does.
   */
  executeNonAtomically(options?: TransactionOptions): Promise<TransactionResult<Items>>
}

/**
 * Starts a transaction.
 *
 * @param executor - Carries the requests.
 * @param loadTable - Gives a table that is not declared.
 * @param parts - Operations as plain data.
 * @returns The builder.
 * @throws ValidationError, with its position, for what is no operation.
 * @internal
 */
export function startTransaction(
  executor: Executor,
  loadTable: LoadTable,
  parts: readonly TransactionPart[] = [],
): TransactionBuilder<readonly []> {
  const requests = parts.map(toOperationRequest)
  return new Transaction(executor, loadTable, requests) as unknown as TransactionBuilder<readonly []>
}

class Transaction {
  readonly #executor: Executor
  readonly #loadTable: LoadTable
  readonly #requests: readonly OperationRequest[]

  constructor(executor: Executor, loadTable: LoadTable, requests: readonly OperationRequest[]) {
    this.#executor = executor
    this.#loadTable = loadTable
    this.#requests = requests
  }

  #with(part: unknown): Transaction {
    const request = toOperationRequest(part as TransactionPart, this.#requests.length)
    return new Transaction(this.#executor, this.#loadTable, [...this.#requests, request])
  }

  put(operation: unknown): Transaction {
    return this.#with({ put: operation })
  }

  create(operation: unknown): Transaction {
    return this.#with({ create: operation })
  }

  update(operation: unknown): Transaction {
    return this.#with({ update: operation })
  }

  delete(operation: unknown): Transaction {
    return this.#with({ delete: operation })
  }

  check(operation: unknown): Transaction {
    return this.#with({ check: operation })
  }

  execute(options?: TransactionOptions): Promise<TransactionResult> {
    return runTransaction(this.#executor, this.#requests, this.#loadTable, options)
  }

  executeNonAtomically(options?: TransactionOptions): Promise<TransactionResult> {
    return runTransactionSequence(this.#executor, this.#requests, this.#loadTable, options)
  }
}
