import { Decimal } from '../codec/decimal.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { Entity, EntityItem, EntityKey } from '../schema/entity.ts'
import type { Table } from '../schema/table.ts'
import type { TypeProblem } from '../schema/type-problem.ts'
import type { PutInput } from './repository-types.ts'

/** One read of `db.batchGet`: of an entity, or of a table with nothing declared for its items. */
export type BatchGetRequest =
  | { readonly entity: Entity; readonly key: object; readonly table?: undefined }
  | { readonly table: string | Table; readonly key: NativeItem; readonly entity?: undefined }

/** One write of `db.batchWrite`: `put` stores an item, `delete` removes the one with this key. */
export type BatchWriteRequest =
  | { readonly entity: Entity; readonly put: object }
  | { readonly entity: Entity; readonly delete: object }
  | { readonly table: string | Table; readonly put: object }
  | { readonly table: string | Table; readonly delete: NativeItem }

/** What reads must look like, one by one: the key is that of the entity. */
export type CheckGetRequests<Requests> = {
  readonly [At in keyof Requests]: Requests[At] extends { readonly entity: infer Definition extends Entity }
    ? { readonly entity: Definition; readonly key: EntityKey<Definition> }
    : BatchGetRequest
}

/** What reads give, one by one. */
export type RequestedItems<Requests> = {
  -readonly [At in keyof Requests]: Requests[At] extends { readonly entity: infer Definition extends Entity }
    ? EntityItem<Definition> | undefined
    : NativeItem | undefined
}

/** What a write must look like: the item or key is that of the entity. */
export type CheckWriteRequest<Request> = Request extends {
  readonly entity: infer Definition extends Entity
}
  ? Request extends { readonly put: unknown }
    ? { readonly put: PutInput<Definition> }
    : { readonly delete: EntityKey<Definition> }
  : unknown

/** An item of the adapter's own table, which must not be mistaken for a request. */
export type PlainItem<Item> = Item extends { readonly entity: Entity }
  ? TypeProblem<'this is a request: its put or delete does not fit the entity'>
  : unknown

/**
 * Tells a read of `db.batchGet` from a key: the value of `key` is an object, and no key attribute's is.
 *
 * @internal
 */
export function isGetRequest(member: unknown): member is BatchGetRequest {
  const { entity, table, key } = membersOf(member)
  return (isEntity(entity) || isTable(table)) && isMap(key)
}

/**
 * Tells a write of `db.batchWrite` from an item: it has `put` or `delete`, and besides only an entity or the
 * name of a table.
 *
 * @internal
 */
export function isWriteRequest(member: unknown): member is BatchWriteRequest {
  const { entity, table, put, delete: deleted, ...others } = membersOf(member)
  const isOne = isMap(put) ? deleted === undefined : put === undefined && isMap(deleted)
  const where = isEntity(entity) ? table === undefined : isTable(table) && entity === undefined
  return isOne && where && Object.keys(others).length === 0
}

/**
 * Makes the error for a member that is no request, where others are.
 *
 * @internal
 */
export function noRequest(member: unknown, form: string): ValidationError {
  return new ValidationError(`this is no request. Give ${form}, all in the same form.`, {
    rule: 'batch-members',
    valueType: valueType(member),
  })
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isEntity(value: unknown): value is Entity {
  return typeof value === 'object' && value !== null && '~compiled' in value
}

function isTable(value: unknown): boolean {
  return typeof value === 'string' || (isMap(value) && 'partitionKey' in value)
}

function isMap(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return (
    !(value instanceof Uint8Array) && !(value instanceof Set) && !Array.isArray(value) && !Decimal.is(value)
  )
}
