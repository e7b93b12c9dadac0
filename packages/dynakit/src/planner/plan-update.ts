import { encodeItem } from '../codec/encode.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { allOf, type Condition } from '../expressions/condition.ts'
import { attributePath, isAttribute, parsePath, rootOf } from '../expressions/path.ts'
import type { SetAction, UpdateActions } from '../expressions/update-actions.ts'
import type { UpdateItemPlan } from '../operations/write/update-item.ts'
import type { CompiledAttribute, CompiledEntity } from '../schema/compiled-entity.ts'
import { checkKeyValue, encodeField, primaryKeyOf } from '../schema/entity-item.ts'
import { checkKeySizes } from '../schema/key-size.ts'
import { validateAttributes } from '../schema/validate.ts'
import { deriveKeys } from './derived-keys.ts'
import { checkActions, encodeActions } from './entity-actions.ts'
import { encodeConditions } from './encode-conditions.ts'
import { itemExists } from './plan-put.ts'
import type { UpdateRequest } from './update-request.ts'

/** An update of an entity's item, checked and in stored values, before its index keys are worked out. */
export interface PreparedUpdate {
  readonly entity: CompiledEntity
  /** The table key. */
  readonly key: NativeItem
  /** Stored values of the fields that identify the item. */
  readonly keyFields: NativeItem
  readonly actions: UpdateActions
  readonly conditions: readonly Condition[]
  readonly request: UpdateRequest
}

/** A plan, or the fields that must be read before there can be one. */
export type UpdateStep =
  | { readonly plan: UpdateItemPlan; readonly needed?: undefined }
  | { readonly plan?: undefined; readonly needed: readonly string[] }

/**
 * Checks an update of an entity's item.
 *
 * @param entity - The entity.
 * @param keyFields - Stored values of the fields that identify the item.
 * @param request - What to change, in the application's values.
 * @param now - Time for the timestamps.
 * @returns The update in stored values.
 * @throws ValidationError for fields and values that are refused.
 * @internal
 */
export async function prepareUpdate(
  entity: CompiledEntity,
  keyFields: NativeItem,
  request: UpdateRequest,
  now: Date,
): Promise<PreparedUpdate> {
  const given = await encodeActions(entity, request.actions)
  checkNotEmpty(entity.name, given)
  const key = primaryKeyOf(entity, keyFields)
  const created = request.createIfMissing ? await forCreation(entity, keyFields, given, now) : given
  checkOwnKeys(entity, created)
  const conditions = [...notDeleted(entity), ...encodeConditions(request.conditions, [entity])]
  return {
    entity,
    key,
    keyFields,
    actions: withKeptAttributes(entity, created, now),
    conditions: request.createIfMissing
      ? conditions
      : [itemExists(entity.table.partitionKey.name), ...conditions],
    request,
  }
}

/**
 * The condition that an item is not soft-deleted; none for entities whose items never are.
 *
 * @internal
 */
export function notDeleted({ deletedAt }: CompiledEntity): readonly Condition[] {
  if (deletedAt === undefined) return []
  return [{ type: 'field', path: attributePath(deletedAt), operator: 'not_exists', operands: [] }]
}

function checkNotEmpty(name: string, { set, remove, add, delete: deleted }: UpdateActions): void {
  if (set.length + remove.length + add.length + deleted.length > 0) return
  throw new ValidationError(
    `${name}: the update changes nothing. Call set, add, remove, append or deleteFromSet.`,
    {
      rule: 'empty-update',
    },
  )
}

/**
 * Adds to an update what the entity keeps by itself.
 *
 * @internal
 */
export function withKeptAttributes(entity: CompiledEntity, actions: UpdateActions, now: Date): UpdateActions {
  const { updatedAt, version } = entity
  const set = [...actions.set]
  if (updatedAt !== undefined) set.push(assign(updatedAt, encodeField(entity, updatedAt, now)))
  const add = version === undefined ? actions.add : [...actions.add, { path: parsePath(version), value: 1 }]
  return { ...actions, set, add }
}

function assign(name: string, value: NativeValue, kind: SetAction['kind'] = 'value'): SetAction {
  return { path: attributePath(name), kind, value }
}

/** An update that may create the item must leave a complete one. */
async function forCreation(
  entity: CompiledEntity,
  keyFields: NativeItem,
  actions: UpdateActions,
  now: Date,
): Promise<UpdateActions> {
  const paths = [...[...actions.set, ...actions.add].map(({ path }) => path), ...actions.remove]
  const touched = new Set(paths.map(rootOf))
  const untouched = entity.attributes.filter(
    ({ name, schema }) => schema && !touched.has(name) && keyFields[name] === undefined,
  )
  const set: SetAction[] = [...actions.set]
  for (const [name, value] of Object.entries(await defaultsOf(entity, untouched))) {
    set.push(assign(name, encodeField(entity, name, value), 'if-not-exists'))
  }
  const tableKeys = [entity.table.partitionKey.name, entity.table.sortKey?.name]
  for (const [name, value] of Object.entries(keyFields)) {
    if (value !== undefined && !tableKeys.includes(name)) set.push(assign(name, value))
  }
  if (entity.entityAttribute !== false) set.push(assign(entity.entityAttribute, entity.name))
  if (entity.createdAt !== undefined) {
    set.push(assign(entity.createdAt, encodeField(entity, entity.createdAt, now), 'if-not-exists'))
  }
  return { ...actions, set }
}

async function defaultsOf(
  entity: CompiledEntity,
  attributes: readonly CompiledAttribute[],
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await validateAttributes(entity, attributes, {})
  } catch (error) {
    if (!ValidationError.is(error)) throw error
    throw new ValidationError(
      `${error.message}. createIfMissing() needs every required attribute in set or setIfNotExists.`,
      { rule: 'incomplete-upsert', field: error.field, valueType: 'undefined', tableName: entity.table.name },
    )
  }
}

/**
 * Completes an update with the index keys that depend on what it changes.
 *
 * @param prepared - The checked update.
 * @param before - The stored item as read (empty when there is none), or `undefined` when nothing was read.
 * @returns The plan, or the fields that must be read first.
 * @throws ValidationError when a key cannot be made, or when fields are missing and the entity refuses to
 *   read them.
 * @internal
 */
export function planUpdate(prepared: PreparedUpdate, before: NativeItem | undefined): UpdateStep {
  const { entity, key, keyFields, actions, conditions, request } = prepared
  const derived = deriveKeys(entity, keyFields, actions, before, request.createIfMissing)
  if (derived.needed.length > 0) {
    if (entity.onPartialKey === 'refuse') throw partialKey(entity, derived.needed)
    return { needed: derived.needed }
  }
  checkKeysTogether(entity, keyFields, derived.actions)
  return {
    plan: {
      operation: 'UpdateItem',
      tableName: entity.table.name,
      key,
      actions: derived.actions,
      condition: allOf(conditions),
      returns: request.returns,
      // Tells a missing item from a false condition.
      returnItemOnConditionFailure: true,
    },
  }
}

function assignments(actions: UpdateActions): ReadonlyMap<string, SetAction> {
  const whole = actions.set.filter(({ path }) => isAttribute(path))
  return new Map(whole.map((action) => [rootOf(action.path), action]))
}

/** Attributes of the entity itself that are key attributes of an index. */
function checkOwnKeys(entity: CompiledEntity, actions: UpdateActions): void {
  if (entity.direct.length === 0) return
  const assigned = assignments(actions)
  for (const part of entity.direct) checkKeyValue(part, assigned.get(part.attribute)?.value)
}

/** Attributes of one key together, as far as the update says what they are. */
function checkKeysTogether(entity: CompiledEntity, keyFields: NativeItem, actions: UpdateActions): void {
  const assigned = assignments(actions)
  checkKeySizes(entity, (attribute) => {
    const action = assigned.get(attribute)
    return action?.kind === 'value' ? action.value : keyFields[attribute]
  })
}

function partialKey(entity: CompiledEntity, needed: readonly string[]): ValidationError {
  const keys = entity.derived
    .filter(({ fields }) => fields.some((field) => needed.includes(field)))
    .map(({ attribute }) => attribute)
  const kept = needed.filter((field) => !entity.attributesByName.get(field)?.schema)
  const remedy =
    kept.length > 0
      ? `The entity keeps ${kept.join(', ')} itself, so define it`
      : `Give ${needed.join(', ')} with set as well, or define the entity`
  return new ValidationError(
    `${entity.name}: the update changes a part of the index keys ${keys.join(', ')}, which also need ${needed.join(', ')}. ${remedy} with onPartialKey: 'read'.`,
    { rule: 'partial-key', field: needed[0], tableName: entity.table.name },
  )
}

/**
 * Plans an update of an item of an untyped table.
 *
 * @param tableName - The table.
 * @param key - The item's key.
 * @param request - What to change.
 * @returns The plan.
 * @throws ValidationError for values that cannot be stored.
 * @internal
 */
export function planUntypedUpdate(
  tableName: string,
  key: NativeItem,
  request: UpdateRequest,
): UpdateItemPlan {
  encodeItem(key)
  checkActions(request.actions)
  checkNotEmpty(`table '${tableName}'`, request.actions)
  const [keyAttribute = ''] = Object.keys(key)
  const conditions = encodeConditions(request.conditions, [])
  return {
    operation: 'UpdateItem',
    tableName,
    key,
    actions: request.actions,
    condition: allOf(request.createIfMissing ? conditions : [itemExists(keyAttribute), ...conditions]),
    returns: request.returns,
    returnItemOnConditionFailure: true,
  }
}
