import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { BatchIncompleteError } from '../errors/item-errors.ts'
import { TimeoutError, UnansweredError } from '../errors/transport-errors.ts'
import type { BatchEntry } from './batch-run.ts'

/** Why a batch ended before everything was carried out. */
export type BatchEnding =
  | { readonly type: 'failed'; readonly cause: unknown }
  | { readonly type: 'idle'; readonly rounds: number; readonly cause: unknown }

/**
 * Makes the error of a batch that ended early.
 *
 * @param operation - The operation it is made of.
 * @param entries - All its entries.
 * @param ending - Why it ended.
 * @returns What is left; the cause itself when nothing was carried out and time was not the reason.
 * @internal
 */
export function batchError(
  operation: 'BatchGetItem' | 'BatchWriteItem',
  entries: readonly BatchEntry[],
  ending: BatchEnding,
): unknown {
  const { cause } = ending
  const left = entries.filter(({ isDone }) => !isDone)
  const processedCount = entries.length - left.length
  const isOutOfTime = ending.type === 'idle' || TimeoutError.is(cause)
  if (processedCount === 0 && !isOutOfTime) return cause
  const tables = new Set(entries.map(({ shape }) => shape.tableName))
  const where = `${operation} on table ${Array.from(tables, (name) => `'${name}'`).join(', ')}`
  const done = operation === 'BatchGetItem' ? 'read' : 'written'
  const counts = `${String(processedCount)} of ${String(entries.length)} were ${done}, ${String(left.length)} are left`
  return new BatchIncompleteError(
    `${where}: ${counts}: ${reason(ending)} error.unprocessed holds what is left; give it again.`,
    {
      cause,
      operation,
      tableName: tables.size === 1 ? entries[0]?.shape.tableName : undefined,
      retryable: isOutOfTime || isRetryable(cause),
      outcomeUnknown: DynamoDBError.is(cause) ? cause.outcomeUnknown : undefined,
      unprocessed: left.map(({ given }) => given),
      processedCount,
    },
  )
}

function reason(ending: BatchEnding): string {
  if (ending.type === 'idle') {
    return `DynamoDB carried out nothing in ${String(ending.rounds)} rounds of requests; capacity is used up.`
  }
  return DynamoDBError.is(ending.cause) ? ending.cause.message : 'a request failed; the cause says why.'
}

/** Reads, puts and deletes without condition may be sent again also when their outcome is not known. */
function isRetryable(cause: unknown): boolean {
  return DynamoDBError.is(cause) && (cause.retryable || UnansweredError.is(cause))
}
