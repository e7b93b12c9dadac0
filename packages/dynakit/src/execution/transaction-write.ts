import { randomUUID } from 'node:crypto'
import type { NativeItem } from '../codec/native-value.ts'
import { TransactionCanceledError } from '../errors/transaction-errors.ts'
import { transactionOf, transactWriteItems } from '../operations/write/transact-write-items.ts'
import type { Call } from './call.ts'
import { ConflictRetry } from './conflict-retry.ts'
import { readExactly } from './exact-reads.ts'
import type { Executor } from './executor.ts'
import type { PreparedOperation } from './prepared-operation.ts'
import { hasChanged, makeAttempt, type TransactionAttempt } from './transaction-attempt.ts'
import { describeCancellation, failedParts, isConditionFailure } from './transaction-failure.ts'

/** How long DynamoDB remembers the token of a transaction. */
const tokenWindow = 10 * 60_000

/**
 * Carries out a transaction: all of its operations, or none.
 *
 * What operations depend on is read before and becomes a condition; when it has changed since, the
 * transaction is made anew from the new items. One that meets others is sent again as it is.
 *
 * @param executor - Carries the requests.
 * @param operations - The checked operations.
 * @param token - The caller's idempotency token, if there is one.
 * @param call - The call it belongs to.
 * @throws TransactionCanceledError naming the operations that failed; UniqueConstraintError when unique fields
 *   alone were in the way; IdempotencyMismatchError.
 * @internal
 */
export async function writeTransaction(
  executor: Executor,
  operations: readonly PreparedOperation[],
  token: string | undefined,
  call: Call,
): Promise<void> {
  const retry = new ConflictRetry(call)
  const foreign = new Set<string>()
  let befores = await readBefore(executor, operations, call)
  let attempt = makeAttempt(operations, befores, foreign)
  let plan = transactionOf(attempt.writes, token ?? randomUUID())
  let limited = withinWindow(call)
  for (;;) {
    const error = await send(() => executor.run(transactWriteItems, plan, limited))
    if (!error) return
    const next = await judge(executor, error, attempt, call)
    if (next === 'final') throw describeCancellation(error, attempt)
    if (next !== 'foreign' && !(await mayTryAgain(retry, limited))) {
      throw describeCancellation(error, attempt, next === 'conflict' ? undefined : retry.tries)
    }
    if (next === 'conflict') continue
    if (next === 'foreign') addForeign(error, attempt, foreign)
    else befores = next
    attempt = makeAttempt(operations, befores, foreign)
    // Another content is another transaction; the one before was certainly not carried out.
    plan = transactionOf(attempt.writes, token ?? randomUUID())
    limited = withinWindow(call)
  }
}

/** After that time an attempt with the same token would be a transaction of its own. */
function withinWindow(call: Call): Call {
  return { ...call, deadline: Math.min(call.deadline ?? Infinity, Date.now() + tokenWindow) }
}

async function mayTryAgain(retry: ConflictRetry, { deadline = Infinity }: Call): Promise<boolean> {
  return Date.now() < deadline && (await retry.wait())
}

async function send(run: () => Promise<unknown>): Promise<TransactionCanceledError | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    if (TransactionCanceledError.is(error)) return error
    throw error
  }
}

function readBefore(
  executor: Executor,
  operations: readonly PreparedOperation[],
  call: Call,
): Promise<readonly (NativeItem | undefined)[]> {
  return Promise.all(
    operations.map(async ({ tableName, key, reads }) =>
      key && reads.length > 0 ? readExactly(executor, tableName, key, reads, call) : undefined,
    ),
  )
}

/** What can be done about a cancellation; new items when the transaction must be made anew from them. */
type Next = 'final' | 'conflict' | 'foreign' | readonly (NativeItem | undefined)[]

async function judge(
  executor: Executor,
  error: TransactionCanceledError,
  attempt: TransactionAttempt,
  call: Call,
): Promise<Next> {
  if (error.retryable) return 'conflict'
  const failed = failedParts(error, attempt)
  const refused = failed.filter(isConditionFailure)
  // Another content under another token could be carried out beside the first.
  if (error.outcomeUnknown === true || refused.length === 0) return 'final'
  if (!failed.every((part) => isConditionFailure(part) || isPassing(part.reason.code))) return 'final'
  if (refused.some(({ origin }) => origin.role === 'claim')) return 'final'
  const suspects = refused.filter(({ origin }) => origin.role === 'write').map(({ origin }) => origin.at)
  if (suspects.length === 0) return 'foreign'
  return readAgain(executor, attempt, suspects, call)
}

function isPassing(code: string): boolean {
  return ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'].includes(code)
}

/** A condition of the caller's that is false is final; items that have changed are not. */
async function readAgain(
  executor: Executor,
  { operations, befores }: TransactionAttempt,
  suspects: readonly number[],
  call: Call,
): Promise<Next> {
  const now = [...befores]
  for (const at of suspects) {
    const operation = operations[at] as PreparedOperation
    const { key, reads, tableName } = operation
    if (!key || reads.length === 0) return 'final'
    const stored = await readExactly(executor, tableName, key, undefined, call)
    if (!hasChanged(operation, befores[at], stored)) return 'final'
    now[at] = stored
  }
  return now
}

/** A value the item has and another one keeps: it was stored before the constraint was declared. */
function addForeign(
  error: TransactionCanceledError,
  attempt: TransactionAttempt,
  foreign: Set<string>,
): void {
  for (const part of failedParts(error, attempt)) {
    const { role, marker } = part.origin
    if (role === 'release' && marker && isConditionFailure(part)) foreign.add(marker.text)
  }
}
