import { randomUUID } from 'node:crypto'
import type { NativeItem } from '../../codec/native-value.ts'
import { compileExpressions } from '../../expressions/compile.ts'
import type { Condition } from '../../expressions/condition.ts'
import {
  alwaysRepeatable,
  type Operation,
  type OperationSettings,
  returnConsumedCapacity,
} from '../operation.ts'
import type { DeleteItemPlan } from './delete-item.ts'
import type { PutItemPlan } from './put-item.ts'
import type { UpdateItemPlan } from './update-item.ts'

/** Requires something of an item without writing it; only as a part of a transaction. */
interface ConditionCheckPlan {
  readonly operation: 'ConditionCheck'
  readonly tableName: string
  readonly key: NativeItem
  /** Must be true of the stored item, or nothing of the transaction is written. */
  readonly condition: Condition
  /** Puts the stored item into the error when the condition is false. */
  readonly returnItemOnConditionFailure: boolean
}

/** Most parts DynamoDB takes in one transaction. */
export const maximumTransactionParts = 100

/** One part of a transaction. A transaction gives no items back, whatever a part asks for. */
export type TransactionWrite = PutItemPlan | UpdateItemPlan | DeleteItemPlan | ConditionCheckPlan

/**
 * Writes up to 100 items of any tables: all of them or none. No two parts may be of the same item.
 *
 * Source: Amazon DynamoDB API Reference, TransactWriteItems.
 */
export interface TransactWriteItemsPlan {
  readonly operation: 'TransactWriteItems'
  readonly writes: readonly TransactionWrite[]
  /** Tells DynamoDB that attempts are of the same transaction; kept over all of them. */
  readonly token: string
}

/**
 * Makes one transaction of several writes.
 *
 * @param writes - Its parts.
 * @param token - Idempotency token. Default: one of its own.
 * @returns The plan.
 * @internal
 */
export function transactionOf(
  writes: readonly TransactionWrite[],
  token: string = randomUUID(),
): TransactWriteItemsPlan {
  return Object.freeze({
    operation: 'TransactWriteItems',
    writes: Object.freeze([...writes]),
    token,
  })
}

/** TransactWriteItems. */
export const transactWriteItems: Operation<TransactWriteItemsPlan, undefined> = {
  name: 'TransactWriteItems',
  isRead: false,
  // The token makes a second attempt find what the first one did.
  isRepeatable: alwaysRepeatable,
  toInput: (plan, settings) => ({
    TransactItems: plan.writes.map((write) => toWire(write, settings)),
    ClientRequestToken: plan.token,
    ReturnConsumedCapacity: returnConsumedCapacity(settings),
  }),
  toResult: () => undefined,
}

function toWire(write: TransactionWrite, settings: OperationSettings): Readonly<Record<string, unknown>> {
  const common = {
    TableName: settings.tablePrefix + write.tableName,
    ReturnValuesOnConditionCheckFailure: write.returnItemOnConditionFailure ? 'ALL_OLD' : undefined,
  }
  const condition = write.condition && compileExpressions({ condition: write.condition })
  switch (write.operation) {
    case 'PutItem':
      return { Put: { ...common, Item: write.item, ...condition } }
    case 'DeleteItem':
      return { Delete: { ...common, Key: write.key, ...condition } }
    case 'ConditionCheck':
      return { ConditionCheck: { ...common, Key: write.key, ...condition } }
    case 'UpdateItem':
      return {
        Update: {
          ...common,
          Key: write.key,
          ...compileExpressions({ condition: write.condition, update: write.actions }),
        },
      }
  }
}
