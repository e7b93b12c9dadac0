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
  const conditions = [...encodeConditions(request.conditions, [entity])]
  const versionBefore = takeVersion(entity, item)
  if (mode === 'create' || (entity.version !== undefined && versionBefore === undefined)) {
    conditions.push(keyMissing(entity))
  } else if (entity.version !== undefined) {
    conditions.push(fieldCondition(entity.version, '=', versionBefore))
  }
  if (entity.version !== undefined) item[entity.version] = (versionBefore ?? 0) + 1
  if (entity.createdAt !== undefined && (mode === 'create' || item[entity.createdAt] === undefined)) {
    item[entity.createdAt] = now
  }
  if (entity.updatedAt !== undefined) item[entity.updatedAt] = now
  return {
    item,
    plan: {
      operation: 'PutItem',
      tableName: entity.table.name,
      item: toStored(entity, item),
      condition: allOf(conditions),
      returnOld: request.returnOld,
      returnItemOnConditionFailure: request.returnItemOnConditionFailure,
    },
  }
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

/**
 * The condition that no item has the key.
 *
 * @internal
 */
function keyMissing(entity: CompiledEntity): Condition {
  return Object.freeze({
    type: 'field',
    path: attributePath(entity.table.partitionKey.name),
    operator: 'not_exists',
    operands: [],
  })
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
