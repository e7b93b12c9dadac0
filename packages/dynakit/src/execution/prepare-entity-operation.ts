import type { NativeItem } from '../codec/native-value.ts'
import type { DynamoDBErrorOptions } from '../errors/dynamodb-error.ts'
import { ConditionalCheckFailedError } from '../errors/item-errors.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { allOf, type Condition } from '../expressions/condition.ts'
import { evaluate } from '../expressions/evaluate.ts'
import type { TransactionWrite } from '../operations/write/transact-write-items.ts'
import { encodeConditions } from '../planner/encode-conditions.ts'
import { planDelete } from '../planner/plan-delete.ts'
import { itemExists, planPut } from '../planner/plan-put.ts'
import { prepareSoftDelete } from '../planner/plan-soft-delete.ts'
import { notDeleted, type PreparedUpdate, planUpdate, prepareUpdate } from '../planner/plan-update.ts'
import type { OperationRequest } from '../planner/transaction-request.ts'
import type { UpdateRequest } from '../planner/update-request.ts'
import type { WriteRequest } from '../planner/write-options.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import { fromStored, primaryKeyOf, storedKeyFields } from '../schema/entity-item.ts'
import type { Executor } from './executor.ts'
import { itemExistsError } from './item-exists-error.ts'
import { type OperationPlan, plainPlan, type PreparedOperation } from './prepared-operation.ts'
import { uniqueDelete } from './unique-delete.ts'
import { uniquePut } from './unique-put.ts'
import { uniqueUpdate } from './unique-update.ts'
import { conditionWasFalse, type UniqueWrite } from './unique-write.ts'
import { toUpdateError } from './update.ts'
import { updateSubject } from './update-subject.ts'

/** What the kinds of operations differ in. */
type Particulars = Pick<PreparedOperation, 'key' | 'plan'> &
  Partial<Pick<PreparedOperation, 'reads' | 'pins' | 'needsItem' | 'item' | 'refuse'>>

/**
 * Checks an operation on an item of an entity, and plans it as the same operation alone would be.
 *
 * @param executor - Carries the requests.
 * @param entity - The entity.
 * @param request - The operation.
 * @param index - Its position in the transaction.
 * @param now - Time of the transaction.
 * @returns The operation, ready to be planned once what it depends on is read.
 * @throws ValidationError for what is refused.
 * @internal
 */
export async function prepareEntityOperation(
  executor: Executor,
  entity: CompiledEntity,
  request: OperationRequest,
  index: number,
  now: Date,
): Promise<PreparedOperation> {
  const { operation, tableName, given, returnItemOnConditionFailure: returnsItem } = request
  const particulars = await particularsOf(executor, entity, request, now)
  return {
    ...{ index, operation, entity, tableName, given, now, returnsItem, item: undefined },
    ...{ reads: [], pins: [], needsItem: returnsItem },
    decode: (stored) => fromStored(entity, stored),
    refuse: (stored, facts) => conditionFailed(entity, request, stored, facts),
    ...particulars,
  }
}

function particularsOf(
  executor: Executor,
  entity: CompiledEntity,
  request: OperationRequest,
  now: Date,
): Promise<Particulars> {
  switch (request.operation) {
    case 'put':
    case 'create':
      return putParticulars(executor, entity, request, request.operation, now)
    case 'update':
      return updateParticulars(executor, entity, request, now)
    case 'delete':
      return deleteParticulars(executor, entity, request, now)
    case 'check':
      return checkParticulars(entity, request)
  }
}

function conditionFailed(
  entity: CompiledEntity,
  request: OperationRequest,
  stored: NativeItem | undefined,
  facts: DynamoDBErrorOptions,
): ConditionalCheckFailedError {
  const item = request.returnItemOnConditionFailure && stored ? fromStored(entity, stored) : undefined
  return new ConditionalCheckFailedError(conditionWasFalse(entity), { ...facts, item })
}

function writeRequestOf({ conditions, returnItemOnConditionFailure }: OperationRequest): WriteRequest {
  return { conditions, returnOld: false, returnItemOnConditionFailure }
}

async function putParticulars(
  executor: Executor,
  entity: CompiledEntity,
  request: OperationRequest,
  mode: 'put' | 'create',
  now: Date,
): Promise<Particulars> {
  const { plan, item } = await planPut(entity, request.item ?? {}, mode, writeRequestOf(request), now)
  const key = primaryKeyOf(entity, plan.item)
  const dependent = entity.unique.length === 0 ? undefined : uniquePut(executor, entity, plan, mode, now)
  const put = dependent ? fromUniqueWrite(dependent, plan) : { plan: () => plainPlan(plan) }
  if (mode === 'put') return { ...put, key, item }
  return {
    ...put,
    ...{ key, item },
    // Only the item that is in the way tells whether it is soft-deleted.
    needsItem: request.returnItemOnConditionFailure || entity.deletedAt !== undefined,
    refuse: (stored, facts) => itemExistsError(entity, stored, facts),
  }
}

/** Where there is nothing to write, the write is made all the same: its conditions hold at the time of it. */
function fromUniqueWrite(
  dependent: UniqueWrite,
  write: TransactionWrite,
): Pick<PreparedOperation, 'reads' | 'pins' | 'plan'> {
  return { ...dependencies(dependent), plan: (before) => dependent.plan(before) ?? plainPlan(write) }
}

/** A transaction never gives old items back, so never all attributes are read. */
function dependencies({ reads, pins }: UniqueWrite): Pick<PreparedOperation, 'reads' | 'pins'> {
  return { reads: reads === 'all' ? pins : reads, pins }
}

async function keyFieldsOf(entity: CompiledEntity, { key }: OperationRequest): Promise<NativeItem> {
  return storedKeyFields(entity, key ?? {})
}

async function updateParticulars(
  executor: Executor,
  entity: CompiledEntity,
  request: OperationRequest,
  now: Date,
): Promise<Particulars> {
  const update = updateRequestOf(request)
  const subject = updateSubject(entity)
  const prepared = await prepareUpdate(entity, await keyFieldsOf(entity, request), update, now)
  const dependent = entity.unique.length === 0 ? undefined : uniqueUpdate(executor, prepared, subject)
  const facts = { operation: 'UpdateItem', tableName: entity.table.name } as const
  return {
    ...(dependent
      ? { ...dependencies(dependent), plan: (before) => dependent.plan(before) as OperationPlan }
      : completedUpdate(prepared)),
    key: prepared.key,
    // Tells a missing item from a false condition.
    needsItem: true,
    refuse: (stored, more) => {
      const failed = new ConditionalCheckFailedError(conditionWasFalse(entity), { ...more, item: stored })
      return toUpdateError(failed, facts, update, subject)
    },
  }
}

/**
 * Reads what an update asks for; what makes sense only for an update by itself is refused.
 *
 * @internal
 */
export function updateRequestOf(request: OperationRequest): UpdateRequest {
  const { update, conditions, returnItemOnConditionFailure } = request
  if (!update) throw new Error('an update has changes')
  if (update.createParents) {
    throw new ValidationError(
      'createParents() takes requests of its own, which would be no part of the transaction. Set the whole parent, or create the parents before.',
      { rule: 'transaction-update', field: 'updates' },
    )
  }
  return {
    ...update,
    conditions: [...conditions, ...update.conditions],
    returns: 'none',
    returnItemOnConditionFailure: returnItemOnConditionFailure || update.returnItemOnConditionFailure,
  }
}

/** Index keys that need fields the update does not give are made from what is read before. */
function completedUpdate(prepared: PreparedUpdate): Pick<PreparedOperation, 'reads' | 'pins' | 'plan'> {
  const { partitionKey } = prepared.entity.table
  const { plan, needed = [] } = planUpdate(prepared, undefined)
  if (plan) return { reads: [], pins: [], plan: () => plainPlan(plan) }
  return {
    reads: [partitionKey.name, ...needed],
    pins: needed,
    plan: (before) => plainPlan(planUpdate(prepared, before ?? {}).plan as TransactionWrite),
  }
}

async function deleteParticulars(
  executor: Executor,
  entity: CompiledEntity,
  request: OperationRequest,
  now: Date,
): Promise<Particulars> {
  const keyFields = await keyFieldsOf(entity, request)
  if (entity.deletedAt !== undefined) return softDelete(entity, entity.deletedAt, keyFields, request, now)
  const key = primaryKeyOf(entity, keyFields)
  const plan = planDelete(entity.table.name, entity, key, writeRequestOf(request))
  if (entity.unique.length === 0) return { key, plan: () => plainPlan(plan) }
  return { key, ...fromUniqueWrite(uniqueDelete(executor, entity, keyFields, plan), plan) }
}

/** Deleting an item that is not there, or deleted already, is no error; then that is what is required. */
function softDelete(
  entity: CompiledEntity,
  deletedAt: string,
  keyFields: NativeItem,
  request: OperationRequest,
  now: Date,
): Particulars {
  const { name: tableName, partitionKey } = entity.table
  const prepared = prepareSoftDelete(entity, keyFields, writeRequestOf(request), now)
  const { key } = prepared
  const { needed = [] } = planUpdate(prepared, undefined)
  const conditions = encodeConditions(request.conditions, [entity])
  const isThere = allOf([itemExists(partitionKey.name), ...notDeleted(entity)]) as Condition
  const isNothing = (before: NativeItem | undefined): boolean =>
    !evaluate(isThere, before ?? {}) && conditions.every((condition) => evaluate(condition, {}))
  return {
    key,
    reads: [partitionKey.name, deletedAt, ...needed],
    pins: [deletedAt, ...needed],
    plan: (before) =>
      plainPlan(
        isNothing(before)
          ? checkPlan(tableName, key, Object.freeze({ type: 'not', condition: isThere }))
          : (planUpdate(prepared, before ?? {}).plan as TransactionWrite),
      ),
  }
}

async function checkParticulars(entity: CompiledEntity, request: OperationRequest): Promise<Particulars> {
  const { name: tableName, partitionKey } = entity.table
  const key = primaryKeyOf(entity, await keyFieldsOf(entity, request))
  const conditions = encodeConditions(request.conditions, [entity])
  const required = conditions.length === 0 ? [itemExists(partitionKey.name)] : conditions
  const condition = allOf([...notDeleted(entity), ...required]) as Condition
  return { key, plan: () => plainPlan(checkPlan(tableName, key, condition)) }
}

/**
 * Plans the check of an item that is not written.
 *
 * @internal
 */
export function checkPlan(tableName: string, key: NativeItem, condition: Condition): TransactionWrite {
  return { operation: 'ConditionCheck', tableName, key, condition, returnItemOnConditionFailure: false }
}
