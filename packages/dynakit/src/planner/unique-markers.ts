import { createHash } from 'node:crypto'
import { canonicalNumber } from '../codec/decimal.ts'
import { encodeValue } from '../codec/encode.ts'
import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { Condition } from '../expressions/condition.ts'
import { attributePath } from '../expressions/path.ts'
import type { DeleteItemPlan } from '../operations/write/delete-item.ts'
import type { PutItemPlan } from '../operations/write/put-item.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import {
  markerEntity,
  markerPrefix,
  ownerAttribute,
  type UniqueConstraint,
} from '../schema/unique-constraint.ts'
import { isExpired } from './visibility.ts'

/** The item that keeps the values an item has in the fields of one constraint. */
export interface UniqueMarker {
  /** Name of the constraint. */
  readonly constraint: string
  /** Its key: equal for equal values only. */
  readonly text: string
}

/** Sort keys have at most this many bytes, partition keys twice as many. */
const maximumTextBytes = 1024

/**
 * Finds the markers of an item.
 *
 * @param entity - The entity.
 * @param values - Stored values by field; a constraint of which one is missing or `null` has no marker.
 * @param constraints - The constraints wanted. Default: all.
 * @returns The markers in order of the constraints.
 * @throws ValidationError for a value that cannot be compared.
 * @internal
 */
export function uniqueMarkers(
  entity: CompiledEntity,
  values: NativeItem,
  constraints: readonly UniqueConstraint[] = entity.unique,
): readonly UniqueMarker[] {
  return constraints.flatMap((constraint) => {
    const texts: string[] = []
    for (const field of constraint.fields) {
      const value = values[field]
      if (value === undefined || value === null) return []
      texts.push(valueText(entity, constraint, field, value))
    }
    return [{ constraint: constraint.name, text: markerText(entity.name, constraint.name, texts) }]
  })
}

/**
 * Finds the markers of a stored item, whoever wrote it: what cannot be compared has none.
 *
 * @internal
 */
export function storedMarkers(
  entity: CompiledEntity,
  stored: NativeItem,
  constraints: readonly UniqueConstraint[] = entity.unique,
): readonly UniqueMarker[] {
  const comparable = constraints.filter(({ fields }) => fields.every((field) => isComparable(stored[field])))
  return uniqueMarkers(entity, stored, comparable)
}

function isComparable(value: NativeValue | undefined): boolean {
  if (value === undefined || value === null) return false
  return typeof value !== 'object' || value instanceof Uint8Array || isNativeNumber(value)
}

function markerText(entity: string, constraint: string, values: readonly string[]): string {
  const text = markerPrefix + [entity, constraint, ...values].map(escape).join('#')
  if (Buffer.byteLength(text) <= maximumTextBytes) return text
  // Names and at least one value have the separator between them, so no other marker looks like this.
  return markerPrefix + createHash('sha256').update(text).digest('base64url')
}

/** Afterwards every `#` that has no backslash before it separates. */
function escape(part: string): string {
  return part.replace(/[\\#]/g, '\\$&')
}

/** The first letter tells the type, so that `1` and `'1'` differ as they do for DynamoDB. */
function valueText(
  entity: CompiledEntity,
  constraint: UniqueConstraint,
  field: string,
  value: NativeValue,
): string {
  if (typeof value === 'string') return `S${value}`
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  if (value instanceof Uint8Array) return `B${Buffer.from(value).toString('base64')}`
  if (isNativeNumber(value)) {
    encodeValue(value, field)
    return `N${canonicalNumber(value.toString())}`
  }
  throw new ValidationError(
    `${entity.name}.${field}: the unique constraint '${constraint.name}' compares strings, numbers, booleans and binary, and this is of type ${valueType(value)}. Take the field out of the constraint.`,
    { rule: 'unique-value', field, valueType: valueType(value), tableName: entity.table.name },
  )
}

/**
 * Fields of constraints that can change while the item stays the same: those that are not of its key.
 *
 * @internal
 */
export function changingFields(
  { keyFields }: CompiledEntity,
  constraints: readonly UniqueConstraint[],
): readonly string[] {
  const fields = new Set(constraints.flatMap((constraint) => constraint.fields))
  return [...fields].filter((field) => !keyFields.includes(field))
}

/**
 * The markers of which no equal one is among others.
 *
 * @internal
 */
export function markersMissingIn(
  others: readonly UniqueMarker[],
  markers: readonly UniqueMarker[],
): readonly UniqueMarker[] {
  return markers.filter(({ text }) => others.every((other) => other.text !== text))
}

/** What is put into markers and required of them. */
export interface MarkerOwner {
  readonly entity: CompiledEntity
  /** Key of the item whose values are kept. */
  readonly key: NativeItem
  /** When that item expires, if it does: then its markers must go with it. */
  readonly expiresAt: NativeValue | undefined
  readonly now: Date
}

/**
 * Plans the keeping of values for an item: nobody else may keep them, unless that item has expired.
 *
 * @internal
 */
export function claimMarker(owner: MarkerOwner, marker: UniqueMarker): PutItemPlan {
  const { table } = owner.entity
  const { timeToLive } = table.options
  const item: Record<string, NativeValue> = { ...markerKey(owner, marker), [ownerAttribute]: owner.key }
  if (table.entityAttribute !== false) item[table.entityAttribute] = markerEntity
  if (timeToLive !== undefined && isNativeNumber(owner.expiresAt)) item[timeToLive] = owner.expiresAt
  return Object.freeze({
    operation: 'PutItem',
    tableName: table.name,
    item,
    condition: anyOf([
      ...isFreeOrOwn(owner),
      ...(timeToLive === undefined ? [] : [isExpired(timeToLive, owner.now)]),
    ]),
    returnOld: false,
    returnItemOnConditionFailure: false,
  })
}

/**
 * Plans the release of values an item has kept.
 *
 * @internal
 */
export function releaseMarker(owner: MarkerOwner, marker: UniqueMarker): DeleteItemPlan {
  return Object.freeze({
    operation: 'DeleteItem',
    tableName: owner.entity.table.name,
    key: markerKey(owner, marker),
    condition: anyOf(isFreeOrOwn(owner)),
    returnOld: false,
    returnItemOnConditionFailure: false,
  })
}

/** Both key attributes have the same text, which spreads markers also in an index over the sort key. */
function markerKey({ entity: { table } }: MarkerOwner, { text }: UniqueMarker): Record<string, NativeValue> {
  const key: Record<string, NativeValue> = { [table.partitionKey.name]: text }
  if (table.sortKey) key[table.sortKey.name] = text
  return key
}

function isFreeOrOwn({ entity, key }: MarkerOwner): readonly Condition[] {
  return [
    {
      type: 'field',
      path: attributePath(entity.table.partitionKey.name),
      operator: 'not_exists',
      operands: [],
    },
    { type: 'field', path: attributePath(ownerAttribute), operator: '=', operands: [{ value: key }] },
  ]
}

function anyOf(conditions: readonly Condition[]): Condition {
  return Object.freeze({ type: 'or', conditions: Object.freeze(conditions) })
}
