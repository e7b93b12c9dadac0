import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import { allOf, type Condition, fieldCondition } from '../expressions/condition.ts'
import { attributePath } from '../expressions/path.ts'
import type { PutItemPlan } from '../operations/write/put-item.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import { toStored } from '../schema/entity-item.ts'
import { checkUnknownFields, validateAttributes } from '../schema/validate.ts'
import { encodeConditions } from './encode-conditions.ts'
import type { WriteRequest } from './write-options.ts'

/** A put, and the item as the application will read it. */
export interface PlannedPut {
  readonly plan: PutItemPlan
  readonly item: AppItem
}

/**
 * Plans the storing of an item.
 *
 * `create` requires that no item has the key. `put` replaces; with `version`, the item must have the
 * version it was read with, and an item without one must not exist yet.
 *
 * @param entity - The entity.
 * @param input - The item as the application gives it.
 * @param mode - Whether an item with the key may exist.
 * @param request - Conditions and what to return.
 * @param now - Time for the timestamps.
 * @returns The plan; a promise only when a schema answers later.
 * @throws ValidationError naming every refused field.
 * @internal
 */
export function planPut(
  entity: CompiledEntity,
  input: AppItem,
  mode: 'create' | 'put',
  request: WriteRequest,
  now: Date,
): PlannedPut | Promise<PlannedPut> {
  checkUnknownFields(entity, input)
  const checked = validateAttributes(entity, entity.attributes, input)
  if (checked instanceof Promise) return checked.then((late) => finishPut(entity, late, mode, request, now))
  return finishPut(entity, checked, mode, request, now)
}

function finishPut(
  entity: CompiledEntity,
  item: Record<string, unknown>,
  mode: 'create' | 'put',
  request: WriteRequest,
  now: Date,
): PlannedPut {
  const versionBefore = takeVersion(entity, item)
  const condition = putCondition(entity, mode, versionBefore, request)
  if (entity.version !== undefined) item[entity.version] = (versionBefore ?? 0) + 1
  if (entity.createdAt !== undefined && (mode === 'create' || item[entity.createdAt] === undefined)) {
    item[entity.createdAt] = now
  }
  if (entity.updatedAt !== undefined) item[entity.updatedAt] = now
  if (entity.deletedAt !== undefined) checkDeletedAt(entity, entity.deletedAt, item, mode)
  return {
    item,
    plan: {
      operation: 'PutItem',
      tableName: entity.table.name,
      item: toStored(entity, item),
      condition,
      returnOld: request.returnOld,
      returnItemOnConditionFailure: request.returnItemOnConditionFailure,
    },
  }
}

function putCondition(
  entity: CompiledEntity,
  mode: 'create' | 'put',
  versionBefore: number | undefined,
  request: WriteRequest,
): Condition | undefined {
  const guard = guardCondition(entity, mode, versionBefore)
  if (request.conditions.length === 0) return guard
  const conditions = encodeConditions(request.conditions, [entity])
  return allOf(guard ? [...conditions, guard] : conditions)
}

/** What the mode and the version require of the stored item. */
function guardCondition(
  entity: CompiledEntity,
  mode: 'create' | 'put',
  versionBefore: number | undefined,
): Condition | undefined {
  if (mode === 'create') return keyMissing(entity)
  if (entity.version === undefined) return undefined
  return versionBefore === undefined ? keyMissing(entity) : fieldCondition(entity.version, '=', versionBefore)
}

function takeVersion(entity: CompiledEntity, item: AppItem): number | undefined {
  const { version } = entity
  const value = version === undefined ? undefined : item[version]
  if (version === undefined || value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new ValidationError(`${entity.name}.${version}: a version is a whole number, as it was read.`, {
    rule: 'version',
    field: version,
    valueType: valueType(value),
  })
}

/** A new item is not deleted; one that was read as deleted stays so. */
function checkDeletedAt(
  entity: CompiledEntity,
  deletedAt: string,
  item: Record<string, unknown>,
  mode: 'create' | 'put',
): void {
  const value = item[deletedAt]
  if (value === undefined) return
  if (mode === 'create') Reflect.deleteProperty(item, deletedAt)
  else if (!(value instanceof Date) || Number.isNaN(value.getTime())) {
    throw new ValidationError(
      `${entity.name}.${deletedAt}: the time of a soft deletion is a Date, as it was read. Leave it out for an item that is not deleted.`,
      { rule: 'soft-delete', field: deletedAt, valueType: valueType(value), tableName: entity.table.name },
    )
  }
}

const missingKeys = new WeakMap<CompiledEntity, Condition>()

/** The condition that no item has the key. */
function keyMissing(entity: CompiledEntity): Condition {
  let condition = missingKeys.get(entity)
  if (!condition) {
    const path = attributePath(entity.table.partitionKey.name)
    condition = Object.freeze({ type: 'field', path, operator: 'not_exists', operands: Object.freeze([]) })
    missingKeys.set(entity, condition)
  }
  return condition
}

/**
 * The condition that the item exists.
 *
 * @param keyAttribute - Name of one of its key attributes.
 * @internal
 */
export function itemExists(keyAttribute: string): Condition {
  return Object.freeze({ type: 'field', path: attributePath(keyAttribute), operator: 'exists', operands: [] })
}
