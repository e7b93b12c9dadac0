import type { TransactionOperation } from '../errors/transaction-errors.ts'
import type { Condition } from '../expressions/condition.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import type { UpdateRequest } from './update-request.ts'

/** One operation of a transaction, in the application's values: plain data. */
export interface OperationRequest {
  readonly operation: Exclude<TransactionOperation, 'get'>
  /** `undefined` for an untyped table. */
  readonly entity: CompiledEntity | undefined
  readonly tableName: string
  /** What a put or create stores. */
  readonly item: AppItem | undefined
  /** Of which item it is, for all but put and create. */
  readonly key: AppItem | undefined
  /** What an update changes. */
  readonly update: UpdateRequest | undefined
  readonly conditions: readonly Condition[]
  readonly returnItemOnConditionFailure: boolean
  /** As the caller gave it. */
  readonly given: unknown
}

/** One read of a transaction. */
export interface GetRequest {
  readonly entity: CompiledEntity | undefined
  readonly tableName: string
  readonly key: AppItem
  readonly withDeleted: boolean | undefined
  readonly excludeExpired: boolean | undefined
}
