import { equalValues } from '../codec/compare.ts'
import { copyItem } from '../codec/copy-value.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { ConditionalCheckFailedError, ItemNotFoundError } from '../errors/item-errors.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { Call, CallOptions } from '../execution/call.ts'
import { ConflictRetry } from '../execution/conflict-retry.ts'
import { asOrdinaryRead, readExactly } from '../execution/exact-reads.ts'
import type { Executor } from '../execution/executor.ts'
import { updateUnique } from '../execution/unique-update.ts'
import { exactPins } from '../execution/unique-write.ts'
import { updateEntity } from '../execution/update.ts'
import { updateSubject } from '../execution/update-subject.ts'
import type { Condition } from '../expressions/condition.ts'
import { attributePath, type Path } from '../expressions/path.ts'
import { noActions, type SetAction, type UpdateActions } from '../expressions/update-actions.ts'
import { itemExists, planPut } from '../planner/plan-put.ts'
import { notDeleted, type PreparedUpdate } from '../planner/plan-update.ts'
import { entityVisibility, isVisible } from '../planner/visibility.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import { fromStored, isOther, primaryKeyOf, storedKeyFields } from '../schema/entity-item.ts'
import { toWriteRequest } from './write-options.ts'

/** Makes the changed item of an item as it was read; nothing when it stays as it is. */
type Change = (item: AppItem) => AppItem | undefined | Promise<AppItem | undefined>

/** The item to change, and what identifies it. */
interface Subject {
  readonly entity: CompiledEntity
  readonly keyFields: NativeItem
  readonly key: NativeItem
}

/**
 * Reads an item, has it changed, and writes what has changed under the condition that the item is still as it
 * was read; when it is not, everything starts again from the new item.
 *
 * @returns The item as it is stored afterwards, in the application's form.
 * @throws ItemNotFoundError when there is none; ConditionalCheckFailedError when others change it all the time.
 * @internal
 */
export async function modifyEntity(
  executor: Executor,
  entity: CompiledEntity,
  given: AppItem,
  change: Change,
  options: CallOptions | undefined,
): Promise<AppItem> {
  const call = executor.start(options)
  const keyFields = await storedKeyFields(entity, given)
  const subject: Subject = { entity, keyFields, key: primaryKeyOf(entity, keyFields) }
  const retry = new ConflictRetry(call)
  for (;;) {
    const before = await readItem(executor, subject, call)
    const { item, refusal } = await writeChange(executor, subject, before, change, call)
    if (item) return item
    if (!(await retry.wait())) throw keepsChanging(subject, retry, refusal)
  }
}

async function readItem(executor: Executor, { entity, key }: Subject, call: Call): Promise<NativeItem> {
  const { name: tableName } = entity.table
  const item = await readExactly(executor, tableName, key, undefined, call)
  if (item && !isOther(entity, item) && isVisible(entityVisibility(entity, undefined), item)) return item
  throw new ItemNotFoundError(`${entity.name}: the item to modify does not exist. Create it first.`, {
    operation: 'GetItem',
    tableName,
  })
}

/** The item as it is stored now, or the error that says that it is another one than was read. */
type Outcome =
  | { readonly item: AppItem; readonly refusal?: undefined }
  | { readonly item?: undefined; readonly refusal: unknown }

async function writeChange(
  executor: Executor,
  subject: Subject,
  before: NativeItem,
  change: Change,
  call: Call,
): Promise<Outcome> {
  const { entity } = subject
  const ordinary = asOrdinaryRead(executor, before)
  const item = fromStored(entity, ordinary)
  // What the change is given may be changed in place.
  const changed = await change(fromStored(entity, copyItem(ordinary)))
  if (changed === undefined) return { item }
  const input = { ...changed, ...keptFields(entity, item) }
  const { plan, item: after } = await planPut(
    entity,
    input,
    'put',
    toWriteRequest(undefined, false),
    new Date(),
  )
  checkSameKey(subject, plan.item)
  const actions = differences(entity, ordinary, plan.item)
  if (!actions) return { item }
  const refusal = await send(executor, prepare(subject, before, actions), call)
  return refusal === undefined ? { item: after } : { refusal }
}

/** Attributes the entity keeps itself are not for the change to say. */
function keptFields({ createdAt, updatedAt, version, deletedAt }: CompiledEntity, item: AppItem): AppItem {
  const names = [createdAt, updatedAt, version, deletedAt].filter((name) => name !== undefined)
  return Object.fromEntries(names.map((name) => [name, item[name]]))
}

function checkSameKey({ entity, key }: Subject, stored: NativeItem): void {
  const changed = Object.entries(key).some(([name, value]) => !isSame(stored[name], value))
  if (!changed) return
  throw new ValidationError(
    `${entity.name}: the change gives the item another key (${entity.keyFields.join(', ')}), and no write can change a key. Create a new item and delete this one.`,
    { rule: 'key-change', field: entity.keyFields[0], tableName: entity.table.name },
  )
}

/** Only what differs is written: attributes that are not declared stay. */
function differences(
  entity: CompiledEntity,
  before: NativeItem,
  after: NativeItem,
): UpdateActions | undefined {
  const set: SetAction[] = []
  const remove: Path[] = []
  let isChanged = false
  for (const { name } of entity.attributes) {
    const value = after[name]
    if (isSame(before[name], value)) continue
    if (name !== entity.updatedAt && name !== entity.version) isChanged = true
    const path = attributePath(name)
    if (value === undefined) remove.push(path)
    else set.push({ path, kind: 'value', value })
  }
  return isChanged ? { ...noActions, set, remove } : undefined
}

function isSame(left: NativeValue | undefined, right: NativeValue | undefined): boolean {
  return left === undefined || right === undefined ? left === right : equalValues(left, right)
}

function prepare(
  { entity, key, keyFields }: Subject,
  before: NativeItem,
  actions: UpdateActions,
): PreparedUpdate {
  const pins = exactPins(entity, []).map((name): Condition => {
    const value = before[name]
    const path = attributePath(name)
    return value === undefined
      ? { type: 'field', path, operator: 'not_exists', operands: [] }
      : { type: 'field', path, operator: '=', operands: [{ value }] }
  })
  return {
    ...{ entity, key, keyFields, actions },
    conditions: [itemExists(entity.table.partitionKey.name), ...notDeleted(entity), ...pins],
    request: {
      ...{ actions, conditions: [], returns: 'none' },
      ...{ createIfMissing: false, createParents: false, returnItemOnConditionFailure: false },
    },
  }
}

async function send(executor: Executor, prepared: PreparedUpdate, call: Call): Promise<unknown> {
  const { entity } = prepared
  const update = entity.unique.length === 0 ? updateEntity : updateUnique
  try {
    await update(executor, prepared, updateSubject(entity), call)
    return undefined
  } catch (error) {
    const isCondition = ConditionalCheckFailedError.is(error) || ItemNotFoundError.is(error)
    // Where the outcome is not known, it may be this write itself that has changed the item.
    if (isCondition && error.outcomeUnknown !== true) return error
    throw error
  }
}

function keepsChanging(
  { entity }: Subject,
  { tries }: ConflictRetry,
  cause: unknown,
): ConditionalCheckFailedError {
  return new ConditionalCheckFailedError(
    `${entity.name}: others changed the item during each of ${String(tries)} tries to modify it. Try again later.`,
    { operation: 'UpdateItem', tableName: entity.table.name, retryable: true, cause },
  )
}
