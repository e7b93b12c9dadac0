import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { BatchIncompleteError } from '../errors/item-errors.ts'
import { TimeoutError, UnansweredError } from '../errors/transport-errors.ts'
import type { BatchEntry } from './batch-entry.ts'

/** Why a batch ended before everything was carried out. */
export type BatchEnding =
  | { readonly type: 'failed'; readonly cause: unknown }
  | { readonly type: 'idle'; readonly rounds: number; readonly cause: unknown }

/** What became of a batch. */
export interface BatchOutcome<Entry extends BatchEntry> {
  readonly operation: 'BatchGetItem' | 'BatchWriteItem'
  /** Entries that were carried out. */
  readonly processedCount: number
  /** Entries that were taken and not carried out, in the order they were given. */
  readonly left: readonly Entry[]
  /** How many there are, where that was known from the start. */
  readonly total: number | undefined
  /** Whether all members were taken from what the caller gave. */
  readonly isSourceDone: boolean
  /** Names of the tables. */
  readonly tableNames: readonly string[]
  /** Why it ended early, if it did. */
  readonly ending: BatchEnding | undefined
}

/** What is left of a batch, as the result of a call with `partial`. */
export interface BatchRemainder<Given> {
  /** Number of items that were read or written. */
  readonly processedCount: number
  /** Items or keys that are left, as they were given and in that order; give them again. */
  readonly unprocessed: readonly Given[]
  /** False when the call ended before it had taken all that the iterable has to give. */
  readonly isSourceDone: boolean
  /** Why something is left; `undefined` when nothing is. */
  readonly error: BatchIncompleteError | undefined
}

/**
 * Says what is left of a batch.
 *
 * @throws The cause itself when nothing was carried out, nothing is lost by that, and time was not the reason.
 * @internal
 */
export function remainderOf<Given>(outcome: BatchOutcome<BatchEntry>): BatchRemainder<Given> {
  const { processedCount, left, isSourceDone, ending } = outcome
  const unprocessed = left.map(({ given }) => given as Given)
  return { processedCount, unprocessed, isSourceDone, error: ending && incompleteError(outcome, ending) }
}

/**
 * Throws when a batch ended early.
 *
 * @throws BatchIncompleteError, or the cause itself as {@link remainderOf} does.
 * @internal
 */
export function throwIncomplete(outcome: BatchOutcome<BatchEntry>): void {
  if (outcome.ending) throw incompleteError(outcome, outcome.ending)
}

function incompleteError(outcome: BatchOutcome<BatchEntry>, ending: BatchEnding): BatchIncompleteError {
  const { operation, processedCount, left, total, isSourceDone, tableNames } = outcome
  const { cause } = ending
  const isOutOfTime = ending.type === 'idle' || TimeoutError.is(cause)
  const isReplayable = total !== undefined || left.length === 0
  if (processedCount === 0 && !isOutOfTime && isReplayable) throw cause
  const where = `${operation} on table ${tableNames.map((name) => `'${name}'`).join(', ')}`
  const done = operation === 'BatchGetItem' ? 'read' : 'written'
  const taken = processedCount + left.length
  const all = isSourceDone ? String(taken) : `the first ${String(taken)}`
  const counts = `${String(processedCount)} of ${all} were ${done}, ${String(left.length)} are left`
  return new BatchIncompleteError(
    `${where}: ${counts}: ${reason(ending)} error.unprocessed holds what is left; give it again${isSourceDone ? '' : ', and what the iterable has not given yet'}.`,
    {
      cause,
      operation,
      tableName: tableNames.length === 1 ? tableNames[0] : undefined,
      retryable: isOutOfTime || isRetryable(cause),
      outcomeUnknown: DynamoDBError.is(cause) ? cause.outcomeUnknown : undefined,
      unprocessed: left.map(({ given }) => given),
      processedCount,
      isSourceDone,
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
