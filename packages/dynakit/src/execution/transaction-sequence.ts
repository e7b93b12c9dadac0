import { createHash } from 'node:crypto'
import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { BatchIncompleteError } from '../errors/item-errors.ts'
import { maximumTransactionParts } from '../operations/write/transact-write-items.ts'
import { maximumTransactionBytes, operationBytes, itemText } from '../planner/plan-transaction.ts'
import type { OperationRequest } from '../planner/transaction-request.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'
import { type LoadTable, prepareTransaction } from './prepare-transaction.ts'
import type { PreparedOperation } from './prepared-operation.ts'
import { checkToken, type TransactionOptions, type TransactionResult } from './transaction-options.ts'
import { writeTransaction } from './transaction-write.ts'

const tokenLength = 32

/**
 * Carries operations out as transactions one after the other, each as large as DynamoDB takes.
 *
 * @param executor - Carries the requests.
 * @param requests - Any number of operations, in the application's values.
 * @param loadTable - Gives a table whose key attributes must be known.
 * @param options - Token, signal, timeout and capacity meter.
 * @returns The items as they are stored.
 * @throws BatchIncompleteError when some were carried out and some are left, with what ended it as `cause`;
 *   when nothing was carried out, what ended it.
 * @internal
 */
export async function runTransactionSequence(
  executor: Executor,
  requests: readonly OperationRequest[],
  loadTable: LoadTable,
  options: TransactionOptions | undefined,
): Promise<TransactionResult> {
  const call = executor.start(options)
  checkToken(options?.idempotencyToken)
  const operations = await prepareTransaction(executor, requests, loadTable)
  let done = 0
  for (const [number, chunk] of chunksOf(operations).entries()) {
    const token = tokenOf(options?.idempotencyToken, number)
    await sendChunk(executor, chunk, token, call, operations.slice(done), done)
    done += chunk.length
  }
  return { items: operations.map(({ item }) => item), capacity: call.meter.snapshot() }
}

async function sendChunk(
  executor: Executor,
  chunk: readonly PreparedOperation[],
  token: string | undefined,
  call: Call,
  left: readonly PreparedOperation[],
  done: number,
): Promise<void> {
  try {
    await writeTransaction(executor, chunk, token, call)
  } catch (error) {
    if (done === 0 || !DynamoDBError.is(error)) throw error
    throw incomplete(error, left, done)
  }
}

function incomplete(
  error: DynamoDBError,
  left: readonly PreparedOperation[],
  done: number,
): BatchIncompleteError {
  const { retryable, statusCode, requestId, operation, tableName, outcomeUnknown } = error
  return new BatchIncompleteError(
    `operations: ${String(done)} were carried out, ${String(left.length)} are left: ${error.message}`,
    {
      ...{ cause: error, retryable, statusCode, requestId, operation, tableName, outcomeUnknown },
      unprocessed: left.map(({ given }) => given),
      processedCount: done,
    },
  )
}

/** The same token and the same operations lead to the same tokens. */
function tokenOf(token: string | undefined, number: number): string | undefined {
  if (token === undefined) return undefined
  const text = `${token}\n${String(number)}`
  return createHash('sha256').update(text).digest('base64url').slice(0, tokenLength)
}

/** Operations stay in order; two of the same item never share a transaction. */
function chunksOf(operations: readonly PreparedOperation[]): readonly (readonly PreparedOperation[])[] {
  const chunks: PreparedOperation[][] = []
  let chunk: PreparedOperation[] = []
  let parts = 0
  let bytes = 0
  let texts = new Set<string>()
  for (const operation of operations) {
    const size = mostBytes(operation)
    const count = mostParts(operation)
    const text = itemText(operation)
    const isFull = parts + count > maximumTransactionParts || bytes + size > maximumTransactionBytes
    if (chunk.length > 0 && (isFull || (text !== undefined && texts.has(text)))) {
      chunks.push(chunk)
      ;[chunk, parts, bytes, texts] = [[], 0, 0, new Set<string>()]
    }
    chunk.push(operation)
    parts += count
    bytes += size
    if (text !== undefined) texts.add(text)
  }
  return [...chunks, chunk]
}

/** The operation itself, and for each unique constraint the marker it takes and the one it gives up. */
function mostParts({ entity, operation }: PreparedOperation): number {
  const markers = entity?.unique.length ?? 0
  if (operation === 'check') return 1
  return 1 + (operation === 'create' || operation === 'delete' ? markers : 2 * markers)
}

/** Markers have up to four kilobytes. */
function mostBytes(prepared: PreparedOperation): number {
  return (
    operationBytes({ ...prepared, ...prepared.plan(undefined) }) + (mostParts(prepared) - 1) * markerBytes
  )
}

const markerBytes = 4096
