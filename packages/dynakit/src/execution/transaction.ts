import { maximumTransactionParts } from '../operations/write/transact-write-items.ts'
import { tooMany } from '../planner/plan-transaction.ts'
import type { OperationRequest } from '../planner/transaction-request.ts'
import type { Executor } from './executor.ts'
import { type LoadTable, prepareTransaction } from './prepare-transaction.ts'
import { checkToken, type TransactionOptions, type TransactionResult } from './transaction-options.ts'
import { writeTransaction } from './transaction-write.ts'

/**
 * Checks operations and carries them out as one transaction.
 *
 * @param executor - Carries the requests.
 * @param requests - The operations, in the application's values.
 * @param loadTable - Gives a table whose key attributes must be known.
 * @param options - Token, signal, timeout and capacity meter.
 * @returns The items as they are stored.
 * @throws ValidationError for what is refused before anything is sent; and as {@link writeTransaction} does.
 * @internal
 */
export async function runTransaction(
  executor: Executor,
  requests: readonly OperationRequest[],
  loadTable: LoadTable,
  options: TransactionOptions | undefined,
): Promise<TransactionResult> {
  const call = executor.start(options)
  checkToken(options?.idempotencyToken)
  if (requests.length > maximumTransactionParts) throw tooMany(requests.length, 0)
  const operations = await prepareTransaction(executor, requests, loadTable)
  await writeTransaction(executor, operations, options?.idempotencyToken, call)
  return { items: operations.map(({ item }) => item), capacity: call.meter.snapshot() }
}
