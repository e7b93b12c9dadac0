import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { Condition } from '../expressions/condition.ts'
import type { ConsumedCapacity } from '../operations/capacity.ts'
import type { BatchKey } from '../operations/read/batch-get-item.ts'
import { transactGetItems } from '../operations/read/transact-get-items.ts'
import { atOperation, type OperationPlace } from '../planner/operation-place.ts'
import { itemText } from '../planner/plan-transaction.ts'
import type { GetRequest } from '../planner/transaction-request.ts'
import { entityVisibility, isVisible } from '../planner/visibility.ts'
import { fromStored, isOther, storedKey } from '../schema/entity-item.ts'
import type { Call, CallOptions } from './call.ts'
import { isConflict, retryAfterConflict } from './conflict-retry.ts'
import type { Executor } from './executor.ts'

/** What a transaction that read gives back. */
export interface TransactionReadResult<Items extends readonly unknown[] = readonly unknown[]> {
  /** The item of each key, in their order; `undefined` where there is none to be shown. */
  readonly items: Items
  /** Capacity consumed. */
  readonly capacity: ConsumedCapacity
}

/** A checked read. */
interface PreparedGet {
  readonly request: GetRequest
  readonly key: NativeItem
  readonly text: string
  readonly visibility: readonly Condition[]
}

const maximumGets = 100

/**
 * Reads items as they are at one moment.
 *
 * @param executor - Carries the request.
 * @param requests - The reads; an item that is asked for twice is read once.
 * @param options - Signal, timeout and capacity meter.
 * @returns The items in the application's form.
 * @throws ValidationError for what is refused before anything is sent; TransactionCanceledError when other
 *   transactions were in the way all the time.
 * @internal
 */
export async function readTransaction(
  executor: Executor,
  requests: readonly GetRequest[],
  options: CallOptions | undefined,
): Promise<TransactionReadResult> {
  const call = executor.start(options)
  checkCount(requests.length)
  const prepared: PreparedGet[] = []
  for (const [index, request] of requests.entries()) prepared.push(await prepareGet(request, index))
  const distinct = new Map(prepared.map((get) => [get.text, get]))
  const keys = [...distinct.values()].map(({ request, key }) => ({ tableName: request.tableName, key }))
  const items = await readAll(executor, keys, call)
  const stored = new Map([...distinct.keys()].map((text, at) => [text, items[at]]))
  return {
    items: prepared.map((get) => shown(get, stored.get(get.text))),
    capacity: call.meter.snapshot(),
  }
}

async function readAll(
  executor: Executor,
  keys: readonly BatchKey[],
  call: Call,
): Promise<readonly (NativeItem | undefined)[]> {
  const send = async (): Promise<readonly (NativeItem | undefined)[]> =>
    (await executor.run(transactGetItems, { operation: 'TransactGetItems', keys }, call)).items
  try {
    return await send()
  } catch (error) {
    return await retryAfterConflict(call, error, isConflict, send)
  }
}

function checkCount(count: number): void {
  if (count > 0 && count <= maximumGets) return
  throw new ValidationError(
    count === 0
      ? 'operations: the transaction is empty. Give it at least one key.'
      : `operations: the transaction reads ${String(count)} items, and DynamoDB takes at most ${String(maximumGets)} in one. Read fewer, or use getMany, which is no transaction.`,
    { rule: count === 0 ? 'transaction-empty' : 'transaction-count', field: 'operations' },
  )
}

async function prepareGet(request: GetRequest, index: number): Promise<PreparedGet> {
  const { entity, tableName, withDeleted, excludeExpired } = request
  const place: OperationPlace = { index, operation: 'get', entity, tableName }
  try {
    const key = entity ? await storedKey(entity, request.key) : (request.key as NativeItem)
    const visibility = entity ? entityVisibility(entity, { withDeleted, excludeExpired }) : []
    return { request, key, text: itemText({ tableName, key }) ?? '', visibility }
  } catch (error) {
    throw atOperation(error, place)
  }
}

function shown({ request, visibility }: PreparedGet, stored: NativeItem | undefined): unknown {
  const { entity } = request
  if (!stored || !entity) return stored
  return isOther(entity, stored) || !isVisible(visibility, stored) ? undefined : fromStored(entity, stored)
}
