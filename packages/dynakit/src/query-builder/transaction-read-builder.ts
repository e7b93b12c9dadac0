import type { NativeItem } from '../codec/native-value.ts'
import type { CallOptions } from '../execution/call.ts'
import type { Executor } from '../execution/executor.ts'
import { readTransaction, type TransactionReadResult } from '../execution/transaction-read.ts'
import type { Entity, EntityItem } from '../schema/entity.ts'
import { type EntityGet, type TableGet, toGetRequest, type TransactionGet } from './transaction-parts.ts'

/** What a read of a transaction gives. */
export type GotItem<Get> = Get extends { readonly entity: infer Definition extends Entity }
  ? EntityItem<Definition> | undefined
  : NativeItem | undefined

/** What the reads of a transaction give, in their places. */
export type GotItems<Gets extends readonly TransactionGet[]> = {
  readonly [Position in keyof Gets]: GotItem<Gets[Position]>
}

/**
 * Reads being put together that see all items as they are at one moment. Every method returns a new builder;
 * nothing is sent before `execute()`.
 *
 * @typeParam Items - What the reads so far give.
 *
 * @example
 * ```ts
 * import { createAdapter } from 'dynakit'
 *
 * interface Account { id: string; balance: number }
 * const db = createAdapter({ region: 'eu-west-1' })
 * const { items } = await db
 *   .transactionRead()
 *   .get<Account>({ tableName: 'Accounts', key: { id: 'a' } })
 *   .get<Account>({ tableName: 'Accounts', key: { id: 'b' } })
 *   .execute()
 * const [a, b] = items
 * console.log((a?.balance ?? 0) + (b?.balance ?? 0))
 * ```
 */
export interface TransactionReadBuilder<Items extends readonly unknown[] = readonly unknown[]> {
  /** Reads an item by its key; `undefined` when there is none to be shown. */
  get<Definition extends Entity>(
    operation: EntityGet<Definition>,
  ): TransactionReadBuilder<readonly [...Items, EntityItem<Definition> | undefined]>
  get<Item extends object = NativeItem>(
    operation: TableGet,
  ): TransactionReadBuilder<readonly [...Items, Item | undefined]>
  /**
   * Sends the reads, up to 100 with up to 4 MB together. They are strongly consistent.
   *
   * @throws ValidationError naming the read that is refused; TransactionCanceledError when other transactions
   *   were in the way all the time.
   */
  execute(options?: CallOptions): Promise<TransactionReadResult<Items>>
}

/**
 * Starts the reads of a transaction.
 *
 * @param executor - Carries the request.
 * @param gets - The reads.
 * @returns The builder; the caller gives it its types.
 * @throws ValidationError, with its position, for what is no read.
 * @internal
 */
export function startTransactionRead(executor: Executor, gets: readonly TransactionGet[] = []): unknown {
  return new TransactionRead(executor, gets)
}

class TransactionRead {
  readonly #executor: Executor
  readonly #gets: readonly TransactionGet[]

  constructor(executor: Executor, gets: readonly TransactionGet[]) {
    this.#executor = executor
    this.#gets = gets
  }

  get(operation: TransactionGet): TransactionRead {
    return new TransactionRead(this.#executor, [...this.#gets, operation])
  }

  async execute(options?: CallOptions): Promise<TransactionReadResult> {
    return readTransaction(this.#executor, this.#gets.map(toGetRequest), options)
  }
}
