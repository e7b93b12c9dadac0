import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { Condition } from '../expressions/condition.ts'
import { atOperation, type OperationPlace } from '../planner/operation-place.ts'
import type { GetRequest, OperationRequest } from '../planner/transaction-request.ts'
import type { UpdateRequest } from '../planner/update-request.ts'
import type { AppItem } from '../schema/compiled-entity.ts'
import type { Entity, EntityInput, EntityItem, EntityKey, ModelFor, PutInput } from '../schema/entity.ts'
import { type ConditionCallback, toCondition } from './condition-builder.ts'
import { gatherUpdate, type UntypedModel, type UpdateChanges } from './update-builder.ts'

/** What an operation requires of the stored item. */
export interface StoredCondition<Item> {
  /** Must be true of the stored item, or nothing of the transaction is written. */
  readonly where?: ConditionCallback<Item> | undefined
  /** Puts the stored item into the error when the condition is false. */
  readonly returnItemOnConditionFailure?: boolean | undefined
}

/** Stores an item of an entity, replacing the one with the same key; as `repository.put` does. */
export interface EntityPut<Definition extends Entity> extends StoredCondition<EntityItem<Definition>> {
  readonly entity: Definition
  readonly item: PutInput<Definition>
}

/** Stores a new item of an entity; as `repository.create` does. */
export interface EntityCreate<Definition extends Entity> {
  readonly entity: Definition
  readonly item: EntityInput<Definition>
  /** Puts the item that is in the way into the error. */
  readonly returnItemOnConditionFailure?: boolean | undefined
}

/** Changes an item of an entity, which must exist; as `repository.update` does. */
export interface EntityUpdate<Definition extends Entity> extends StoredCondition<EntityItem<Definition>> {
  readonly entity: Definition
  readonly key: EntityKey<Definition>
  /** New values by field, or a function that says what to change: `(order) => order.add({ total: 5 })`. */
  readonly updates:
    | Partial<Omit<EntityInput<Definition>, keyof EntityKey<Definition>>>
    | ((update: UpdateChanges<ModelFor<Definition>>) => UpdateChanges<ModelFor<Definition>>)
}

/** Deletes an item of an entity, softly where the entity says so; as `repository.delete` does. */
export interface EntityDelete<Definition extends Entity> extends StoredCondition<EntityItem<Definition>> {
  readonly entity: Definition
  readonly key: EntityKey<Definition>
}

/** Requires something of an item of an entity without writing it; without `where`, that it exists. */
export interface EntityCheck<Definition extends Entity> extends StoredCondition<EntityItem<Definition>> {
  readonly entity: Definition
  readonly key: EntityKey<Definition>
}

/** Stores an item as it is, replacing the one with the same key. */
export interface TablePut<Item extends object> extends StoredCondition<Item> {
  readonly tableName: string
  readonly item: Item
}

/** Stores a new item as it is. The table's key is read from DynamoDB once. */
export interface TableCreate<Item extends object> {
  readonly tableName: string
  readonly item: Item
  /** Puts the item that is in the way into the error. */
  readonly returnItemOnConditionFailure?: boolean | undefined
}

/** Changes an item, which must exist. */
export interface TableUpdate<Item extends object> extends StoredCondition<Item> {
  readonly tableName: string
  readonly key: NativeItem
  /** New values by field, or a function that says what to change: `(item) => item.add({ stock: -1 })`. */
  readonly updates:
    object | ((update: UpdateChanges<UntypedModel<Item>>) => UpdateChanges<UntypedModel<Item>>)
}

/** Deletes an item. */
export interface TableDelete<Item extends object> extends StoredCondition<Item> {
  readonly tableName: string
  readonly key: NativeItem
}

/** Requires something of an item without writing it; without `where`, that it exists. */
export interface TableCheck<Item extends object> extends StoredCondition<Item> {
  readonly tableName: string
  readonly key: NativeItem
}

/** Reads an item of an entity; as `repository.get` does. */
export interface EntityGet<Definition extends Entity> {
  readonly entity: Definition
  readonly key: EntityKey<Definition>
  /** Gives the item also when it is soft-deleted. Only for entities with `softDelete`. */
  readonly withDeleted?: boolean | undefined
  /** Whether an item whose time to live is over counts as missing. Default: as the entity says. */
  readonly excludeExpired?: boolean | undefined
}

/** Reads an item as it is. */
export interface TableGet {
  readonly tableName: string
  readonly key: NativeItem
}

type Put = EntityPut<Entity> | TablePut<object>
type Create = EntityCreate<Entity> | TableCreate<object>
type Update = (
  | (Omit<EntityUpdate<Entity>, 'updates' | 'where'> & StoredCondition<NativeItem>)
  | Omit<TableUpdate<NativeItem>, 'updates'>
) & {
  readonly updates:
    object | ((update: UpdateChanges<UntypedModel<NativeItem>>) => UpdateChanges<UntypedModel<NativeItem>>)
}
type Delete = EntityDelete<Entity> | TableDelete<NativeItem>
type Check = EntityCheck<Entity> | TableCheck<NativeItem>

/** One operation of a transaction as plain data: an object with one member, named after what is done. */
export type TransactionPart =
  | { readonly put: Put }
  | { readonly create: Create }
  | { readonly update: Update }
  | { readonly delete: Delete }
  | { readonly check: Check }

/** One read of a transaction. */
export type TransactionGet = EntityGet<Entity> | TableGet

const operations = ['put', 'create', 'update', 'delete', 'check'] as const
type OperationName = (typeof operations)[number]

/** What the members of all kinds of parts may be. */
interface LoosePart {
  readonly entity?: Entity
  readonly tableName?: string
  readonly item?: AppItem
  readonly key?: AppItem
  readonly updates?: unknown
  readonly where?: ConditionCallback<NativeItem>
  readonly returnItemOnConditionFailure?: boolean
  readonly withDeleted?: boolean
  readonly excludeExpired?: boolean
}

/**
 * Reads an operation as the caller gave it.
 *
 * @param part - The operation.
 * @param index - Its position.
 * @returns The operation as plain data.
 * @throws ValidationError, with its position, when it is not one.
 * @internal
 */
export function toOperationRequest(part: TransactionPart, index: number): OperationRequest {
  const place = `operations[${String(index)}]`
  const name = operationOf(part, place)
  const given = (part as Readonly<Record<string, LoosePart>>)[name] as LoosePart
  const target = targetOf(given, place)
  const isWhole = name === 'put' || name === 'create'
  return Object.freeze({
    operation: name,
    ...target,
    item: isWhole ? objectIn(given, 'item', place) : undefined,
    key: isWhole ? undefined : objectIn(given, 'key', place),
    update: name === 'update' ? updateOf(given, { index, operation: name, ...target }) : undefined,
    conditions: conditionsOf(given),
    returnItemOnConditionFailure: given.returnItemOnConditionFailure ?? false,
    given: part,
  })
}

/**
 * Reads a read as the caller gave it.
 *
 * @throws ValidationError, with its position, when it is not one.
 * @internal
 */
export function toGetRequest(get: TransactionGet, index: number): GetRequest {
  const place = `operations[${String(index)}]`
  const given = get as LoosePart
  const { withDeleted, excludeExpired } = given
  return { ...targetOf(given, place), key: objectIn(given, 'key', place), withDeleted, excludeExpired }
}

function operationOf(part: unknown, place: string): OperationName {
  const names = typeof part === 'object' && part !== null ? Object.keys(part) : []
  const name = operations.find((one) => one === names[0])
  const isOne = names.length === 1 && name !== undefined
  if (isOne && typeof (part as Record<string, unknown>)[name] === 'object') return name
  throw new ValidationError(
    `${place}: an operation is an object with one member, which is one of ${operations.join(', ')}: { put: { tableName, item } }.`,
    { rule: 'transaction-operation', field: place, valueType: valueType(part) },
  )
}

function targetOf(
  { entity, tableName }: LoosePart,
  place: string,
): Pick<OperationRequest, 'entity' | 'tableName'> {
  const compiled = entity?.['~compiled']
  if (compiled && tableName === undefined) return { entity: compiled, tableName: compiled.table.name }
  if (entity === undefined && typeof tableName === 'string' && tableName !== '') {
    return { entity: undefined, tableName }
  }
  throw new ValidationError(
    `${place}: say of what the item is: give either entity, made by defineEntity, or tableName.`,
    { rule: 'transaction-target', field: place, valueType: valueType(entity ?? tableName) },
  )
}

function objectIn(part: LoosePart, name: 'item' | 'key', place: string): AppItem {
  const value: unknown = part[name]
  if (typeof value === 'object' && value !== null) return value as AppItem
  throw new ValidationError(
    `${place}.${name}: ${valueType(value)} is given. Give an object of ${name === 'item' ? 'attributes' : 'the fields that identify the item'}.`,
    { rule: 'transaction-operation', field: `${place}.${name}`, valueType: valueType(value) },
  )
}

function conditionsOf({ where }: LoosePart): readonly Condition[] {
  return where ? [toCondition([where])] : []
}

function updateOf({ updates }: LoosePart, place: OperationPlace): UpdateRequest {
  try {
    return gatherUpdate(toChange(updates))
  } catch (error) {
    throw atOperation(error, place)
  }
}

function toChange(updates: unknown): (update: never) => unknown {
  if (typeof updates === 'function') return updates as (update: never) => unknown
  if (typeof updates === 'object' && updates !== null) {
    return (update: { set(changes: object): unknown }) => update.set(updates)
  }
  throw new ValidationError(
    `updates: ${valueType(updates)} is given. Give new values by field, or a function: (item) => item.add({ count: 1 }).`,
    { rule: 'transaction-update', field: 'updates', valueType: valueType(updates) },
  )
}
