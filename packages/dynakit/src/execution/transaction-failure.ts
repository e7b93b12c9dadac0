import { createHash } from 'node:crypto'
import type { NativeItem } from '../codec/native-value.ts'
import { DynamoDBError, type DynamoDBErrorOptions } from '../errors/dynamodb-error.ts'
import { errorFromService } from '../errors/from-service.ts'
import { UniqueConstraintError } from '../errors/item-errors.ts'
import {
  type CancellationReason,
  hidePayloads,
  TransactionCanceledError,
  type TransactionFailure,
} from '../errors/transaction-errors.ts'
import { describeOperation, type OperationPlace } from '../planner/operation-place.ts'
import { itemText, type PartOrigin } from '../planner/plan-transaction.ts'
import type { PreparedOperation } from './prepared-operation.ts'
import type { TransactionAttempt } from './transaction-attempt.ts'
import { alreadyKept } from './unique-write.ts'

const hashLength = 12
const conditionFailed = 'ConditionalCheckFailed'

/** One part of the request that failed. */
interface FailedPart {
  readonly origin: PartOrigin
  readonly reason: CancellationReason
}

/**
 * The parts of a cancelled transaction that failed.
 *
 * @internal
 */
export function failedParts(
  error: TransactionCanceledError,
  { origins }: TransactionAttempt,
): readonly FailedPart[] {
  return origins.flatMap((origin, at) => {
    const reason = error.reasons[at]
    return reason === undefined || reason.code === 'None' ? [] : [{ origin, reason }]
  })
}

/**
 * Tells whether a part failed because its condition was false.
 *
 * @internal
 */
export function isConditionFailure({ reason }: FailedPart): boolean {
  return reason.code === conditionFailed
}

/**
 * Names the operations of a cancelled transaction that failed.
 *
 * @param error - The error as it came.
 * @param attempt - What was sent.
 * @param tries - How often it was tried, when others changed the items every time.
 * @returns The error to throw: UniqueConstraintError, with the cancellation as its cause, when unique fields
 *   alone were in the way.
 * @internal
 */
export function describeCancellation(
  error: TransactionCanceledError,
  attempt: TransactionAttempt,
  tries?: number,
): TransactionCanceledError | UniqueConstraintError {
  const facts = factsOf(error)
  const parts = failedParts(error, attempt)
  const failures = attempt.operations.flatMap((operation, at) => {
    // Parts are in order: the operation itself, which says more than its markers do, comes first.
    const part = parts.find(({ origin }) => origin.at === at)
    return part ? [failureOf(operation, part, facts)] : []
  })
  if (failures.length === 0) return error
  const list = failures.map(describeFailure).join(', ')
  const changed =
    tries === undefined
      ? ''
      : ` Others changed the items during each of ${String(tries)} tries; try again later.`
  const canceled = new TransactionCanceledError(
    `TransactWriteItems: the transaction was cancelled, nothing was written: ${list}.${changed}`,
    {
      ...facts,
      cause: error,
      retryable: error.retryable || tries !== undefined,
      failures,
      reasons: reasonsOf(attempt, failures, error),
    },
  )
  const [unique] = failures.map((failure) => failure.error).filter((one) => UniqueConstraintError.is(one))
  const isUnique = failures.every((failure) => UniqueConstraintError.is(failure.error))
  if (!unique || !isUnique) return canceled
  const { message, entity, constraint } = unique
  return new UniqueConstraintError(message, { ...facts, entity, constraint, cause: canceled })
}

function factsOf(error: TransactionCanceledError): DynamoDBErrorOptions {
  const { operation, tableName, statusCode, requestId, outcomeUnknown } = error
  return { operation, tableName, statusCode, requestId, outcomeUnknown }
}

function failureOf(
  operation: PreparedOperation,
  { origin, reason }: FailedPart,
  facts: DynamoDBErrorOptions,
): TransactionFailure {
  const { index, operation: kind, entity, tableName, key } = operation
  const stored = reason.item as NativeItem | undefined
  const known = { index, operation: kind, entity: entity?.name, tableName, keyHash: keyHash(operation) }
  return hidePayloads(
    { ...known, code: reason.code, error: errorOf(operation, origin, reason, { ...facts, tableName }) },
    { key, item: operation.returnsItem && stored ? operation.decode(stored) : undefined },
  ) as unknown as TransactionFailure
}

function errorOf(
  operation: PreparedOperation,
  { role, marker }: PartOrigin,
  reason: CancellationReason,
  facts: DynamoDBErrorOptions,
): DynamoDBError | undefined {
  if (reason.code === conditionFailed) {
    if (role === 'claim' && marker && operation.entity) return alreadyKept(operation.entity, marker, facts)
    if (role !== 'write') return undefined
    const error = operation.refuse(reason.item as NativeItem | undefined, facts)
    return DynamoDBError.is(error) ? error : undefined
  }
  if (reason.code !== 'ValidationError') return undefined
  return errorFromService(
    { name: 'ValidationException', message: reason.message ?? '' },
    { operation: 'TransactWriteItems', tableName: facts.tableName },
  )
}

/** A hash by which an item can be found again by who knows its key. */
function keyHash(operation: Pick<PreparedOperation, 'tableName' | 'key'>): string | undefined {
  const text = itemText(operation)
  return text === undefined
    ? undefined
    : createHash('sha256').update(text).digest('base64url').slice(0, hashLength)
}

function describeFailure(failure: TransactionFailure): string {
  const { index, code, error, keyHash: hash } = failure
  const place = { ...failure, entity: undefined } as OperationPlace
  const what =
    failure.entity === undefined ? describeOperation(place) : `${failure.operation} of ${failure.entity}`
  const key = hash === undefined ? '' : `, key #${hash}`
  const reason = error === undefined || error.code === code ? code : `${code}, ${error.code}`
  return `operation ${String(index)} (${what}${key}): ${reason}`
}

/** One reason for each operation, as the caller counts them. */
function reasonsOf(
  { operations }: TransactionAttempt,
  failures: readonly TransactionFailure[],
  error: TransactionCanceledError,
): readonly CancellationReason[] {
  return operations.map(({ index }, at) => {
    const failure = failures.find((one) => one.index === index)
    const message = failure === undefined ? undefined : error.reasons[at]?.message
    return { index, code: failure?.code ?? 'None', message }
  })
}
