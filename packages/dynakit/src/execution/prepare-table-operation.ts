import { encodeItem } from '../codec/encode.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { ConditionalCheckFailedError, ItemAlreadyExistsError } from '../errors/item-errors.ts'
import { allOf, type Condition } from '../expressions/condition.ts'
import { attributePath } from '../expressions/path.ts'
import type { PutItemPlan } from '../operations/write/put-item.ts'
import type { TransactionWrite } from '../operations/write/transact-write-items.ts'
import { encodeConditions } from '../planner/encode-conditions.ts'
import { keyShapeLike } from '../planner/key-shape.ts'
import { planDelete } from '../planner/plan-delete.ts'
import { itemExists } from '../planner/plan-put.ts'
import { planUntypedUpdate } from '../planner/plan-update.ts'
import type { OperationRequest } from '../planner/transaction-request.ts'
import { checkPlan, updateRequestOf } from './prepare-entity-operation.ts'
import { plainPlan, type PreparedOperation } from './prepared-operation.ts'
import { toUpdateError } from './update.ts'

/**
 * Checks an operation on an item of a table nothing is declared for.
 *
 * @param request - The operation.
 * @param index - Its position in the transaction.
 * @param keyNames - The table's key attributes, partition key first; `undefined` where they are not known.
 * @param now - Time of the transaction.
 * @throws ValidationError for what is refused.
 * @internal
 */
export function prepareTableOperation(
  request: OperationRequest,
  index: number,
  keyNames: readonly string[] | undefined,
  now: Date,
): PreparedOperation {
  const { operation, tableName, given, returnItemOnConditionFailure: returnsItem } = request
  const name = `table '${tableName}'`
  const subject = { name, decode: (stored: NativeItem) => stored }
  const write = writeOf(request, keyNames)
  return {
    ...{ index, operation, entity: undefined, tableName, given, now, returnsItem },
    ...{ reads: [], pins: [] },
    item: request.item,
    key: write.operation === 'PutItem' ? keyIn(write.item, keyNames) : write.key,
    // Tells a missing item from a false condition.
    needsItem: returnsItem || operation === 'update',
    plan: () => plainPlan(write),
    decode: subject.decode,
    refuse: (stored, facts) => {
      if (operation === 'create') {
        const advice = 'Use put to replace it, or update to change it.'
        return new ItemAlreadyExistsError(`${name}: an item with this key exists already. ${advice}`, facts)
      }
      const item = returnsItem || operation === 'update' ? stored : undefined
      const failed = new ConditionalCheckFailedError(
        `${name}: the condition was false, nothing was written. Read the item again and decide whether to retry.`,
        { ...facts, item },
      )
      if (operation !== 'update') return failed
      return toUpdateError(failed, { operation: 'UpdateItem', tableName }, updateRequestOf(request), subject)
    },
  }
}

/**
 * Tells whether the key attributes of an operation's table must be known for it.
 *
 * @internal
 */
export function needsKeyNames({ entity, operation }: OperationRequest): boolean {
  return !entity && operation === 'create'
}

function writeOf(request: OperationRequest, keyNames: readonly string[] | undefined): TransactionWrite {
  const { operation, tableName, returnItemOnConditionFailure } = request
  const key = (request.key ?? {}) as NativeItem
  if (operation === 'put' || operation === 'create') return putOf(request, keyNames)
  keyShapeLike(tableName, key)
  if (operation === 'update') return planUntypedUpdate(tableName, key, updateRequestOf(request))
  if (operation === 'delete') {
    const { conditions } = request
    return planDelete(tableName, undefined, key, {
      conditions,
      returnOld: false,
      returnItemOnConditionFailure,
    })
  }
  const conditions = encodeConditions(request.conditions, [])
  const [keyAttribute = ''] = Object.keys(key)
  return checkPlan(tableName, key, allOf(conditions) ?? itemExists(keyAttribute))
}

function putOf(request: OperationRequest, keyNames: readonly string[] = []): PutItemPlan {
  const { operation, tableName } = request
  const item = (request.item ?? {}) as NativeItem
  encodeItem(item)
  const conditions = encodeConditions(request.conditions, [])
  const [partitionKey = ''] = keyNames
  return {
    operation: 'PutItem',
    tableName,
    item,
    condition: allOf(operation === 'create' ? [isMissing(partitionKey), ...conditions] : conditions),
    returnOld: false,
    returnItemOnConditionFailure: false,
  }
}

function isMissing(keyAttribute: string): Condition {
  return { type: 'field', path: attributePath(keyAttribute), operator: 'not_exists', operands: [] }
}

/** The key of an item; `undefined` where DynamoDB would refuse it, which then says why. */
function keyIn(item: NativeItem, keyNames: readonly string[] | undefined): NativeItem | undefined {
  if (!keyNames || keyNames.some((name) => item[name] === undefined)) return undefined
  return Object.fromEntries(keyNames.map((name) => [name, item[name]]))
}
