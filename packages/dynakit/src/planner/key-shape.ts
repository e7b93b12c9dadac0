import { encodeValue } from '../codec/encode.ts'
import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { KeyAttribute, KeyType, Table } from '../schema/table.ts'

/** What the keys of a table are like. */
export interface KeyShape {
  readonly tableName: string
  /** One or two; the partition key first where the table is known. */
  readonly attributes: readonly KeyAttribute[]
  /** Most bytes of each. */
  readonly limits: readonly number[]
}

const maximumPartitionKeyBytes = 2048
const maximumSortKeyBytes = 1024
const maximumKeyAttributes = 2
const limits: readonly number[] = [maximumPartitionKeyBytes, maximumSortKeyBytes]
/** Where it is not known which attribute is the partition key. */
const upperLimits: readonly number[] = [maximumPartitionKeyBytes, maximumPartitionKeyBytes]

/**
 * Tells what the keys of a table are like.
 *
 * @internal
 */
export function keyShapeOf(table: Table): KeyShape {
  const { name, partitionKey, sortKey } = table
  return { tableName: name, attributes: sortKey ? [partitionKey, sortKey] : [partitionKey], limits }
}

/**
 * Takes one key as the pattern of the others, where the table is not declared.
 *
 * @param tableName - The table.
 * @param key - A key; its attributes are taken in alphabetical order.
 * @returns What keys like it are like.
 * @throws ValidationError when it cannot be a key.
 * @internal
 */
export function keyShapeLike(tableName: string, key: NativeItem): KeyShape {
  const attributes: KeyAttribute[] = []
  for (const name of Object.keys(key).sort()) {
    const value = key[name]
    if (value !== undefined) attributes.push({ name, type: keyTypeOf(value) ?? refuseType(name, value) })
  }
  if (attributes.length === 1 || attributes.length === maximumKeyAttributes) {
    return { tableName, attributes, limits: upperLimits }
  }
  throw new ValidationError(
    `table '${tableName}': a key has one or two attributes, ${String(attributes.length)} are given. Give the partition key, and the sort key where the table has one.`,
    { rule: 'key-attributes', tableName },
  )
}

function keyTypeOf(value: NativeValue): KeyType | undefined {
  if (typeof value === 'string') return 'string'
  if (isNativeNumber(value)) return 'number'
  return value instanceof Uint8Array ? 'binary' : undefined
}

function refuseType(name: string, value: NativeValue): never {
  throw new ValidationError(
    `${name}: a key attribute is a string, a number or binary, and this is of type ${valueType(value)}.`,
    { rule: 'key-value-type', field: name, valueType: valueType(value) },
  )
}

/**
 * Checks that an item has the key attributes its table wants, with values DynamoDB accepts in a key.
 *
 * DynamoDB refuses a whole request because of one of them.
 *
 * @param shape - What the keys of the table are like.
 * @param item - The stored item.
 * @throws ValidationError naming the attribute.
 *
 * Source: Amazon DynamoDB Developer Guide, "Service, account, and table quotas": sort key 1 to 1,024 bytes,
 * partition key 1 to 2,048 bytes.
 * @internal
 */
export function checkItemKey(shape: KeyShape, item: NativeItem): void {
  const { attributes } = shape
  for (let at = 0; at < attributes.length; at++) {
    checkValue(shape, attributes[at] as KeyAttribute, item, shape.limits[at] as number)
  }
}

/**
 * Checks that a key has the attributes its table wants and no others.
 *
 * @param shape - What the keys of the table are like.
 * @param key - The key.
 * @throws ValidationError naming the attribute.
 * @internal
 */
export function checkKey(shape: KeyShape, key: NativeItem): void {
  checkItemKey(shape, key)
  const { attributes, tableName } = shape
  for (const name in key) {
    if (key[name] === undefined || attributes.some((attribute) => attribute.name === name)) continue
    throw new ValidationError(
      `${name}: it is no key attribute of table '${tableName}', or not of the other keys. Give ${namesOf(shape)} only.`,
      { rule: 'key-attributes', field: name, valueType: valueType(key[name]), tableName },
    )
  }
}

function checkValue(shape: KeyShape, { name, type }: KeyAttribute, item: NativeItem, limit: number): void {
  const value = item[name]
  if (value === undefined) {
    refuse(shape, name, value, 'key-missing', `is missing; a key of the table has ${namesOf(shape)}.`)
  }
  if (keyTypeOf(value) !== type) {
    const reason = `is a ${type} key, and the value is of type ${valueType(value)}.`
    refuse(shape, name, value, 'key-value-type', reason)
  }
  if (typeof value === 'string' || value instanceof Uint8Array) checkSize(shape, name, value, limit)
  else if (!Number.isSafeInteger(value)) encodeValue(value, name)
}

function checkSize(shape: KeyShape, name: string, value: string | Uint8Array, limit: number): void {
  if (value.length === 0) refuse(shape, name, value, 'key-empty', 'a key attribute cannot be empty.')
  if (typeof value === 'string' && !value.isWellFormed()) encodeValue(value, name)
  // A cheap bound first: UTF-8 needs at most three bytes per UTF-16 unit.
  if (value.length * 3 <= limit) return
  const bytes = typeof value === 'string' ? Buffer.byteLength(value) : value.length
  if (bytes <= limit) return
  refuse(shape, name, value, 'key-size', `this key attribute has at most ${String(limit)} bytes.`)
}

function refuse(
  { tableName }: KeyShape,
  name: string,
  value: NativeValue | undefined,
  rule: string,
  reason: string,
): never {
  throw new ValidationError(`${name}: ${reason}`, {
    rule,
    field: name,
    valueType: valueType(value),
    tableName,
  })
}

function namesOf({ attributes }: KeyShape): string {
  return attributes.map(({ name }) => name).join(' and ')
}
