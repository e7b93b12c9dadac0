import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeValue } from '../codec/native-value.ts'
import { plainObject } from '../codec/plain-object.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { AppItem, CompiledAttribute, CompiledEntity, KeyPart, StoredItem } from './compiled-entity.ts'
import { checkKeySizes, keyBytes, maximumPartitionKeyBytes } from './key-size.ts'
import { isCopy, renderTemplate } from './key-template.ts'
import { readNumbers } from './read-numbers.ts'
import { validateAttributes } from './validate.ts'

type Stored = Record<string, NativeValue>

/**
 * Makes the stored form of one field's value.
 *
 * @param entity - The entity.
 * @param name - Attribute name.
 * @param value - Value as the application holds it.
 * @returns Value as it is stored.
 * @internal
 */
export function encodeField(entity: CompiledEntity, name: string, value: unknown): NativeValue {
  const codec = entity.attributesByName.get(name)?.codec
  return codec ? codec.encode(value) : (value as NativeValue)
}

/**
 * Makes the stored form of a checked item: codecs applied, key attributes and entity name added.
 *
 * @param entity - The entity.
 * @param item - Checked values.
 * @returns The item as it is stored.
 * @throws ValidationError when a key cannot be made.
 * @internal
 */
export function toStored(entity: CompiledEntity, item: AppItem): StoredItem {
  const { attributes, derived, entityAttribute } = entity
  const stored = plainObject<NativeValue>(attributes.length + derived.length + 1)
  for (const { name, codec } of attributes) {
    const value = item[name]
    if (value !== undefined) stored[name] = codec ? codec.encode(value) : (value as NativeValue)
  }
  for (const part of derived) {
    const value = keyValue(part, stored)
    if (value !== undefined) stored[part.attribute] = value
  }
  for (const part of entity.direct) checkKeyValue(part, stored[part.attribute])
  checkKeySizes(entity, (attribute) => stored[attribute])
  if (entityAttribute !== false) stored[entityAttribute] = entity.name
  return stored
}

/**
 * Makes the value of a key attribute from stored values.
 *
 * @param part - The key attribute.
 * @param stored - Stored values by field.
 * @returns The value, or `undefined` when a field it needs is missing.
 * @throws ValidationError when the value cannot be a key.
 * @internal
 */
export function keyValue(part: KeyPart, stored: StoredItem): NativeValue | undefined {
  const value = part.template ? templateValue(part, stored) : stored[part.attribute]
  checkKeyValue(part, value)
  return value
}

function templateValue(part: KeyPart, stored: StoredItem): NativeValue | undefined {
  const { template } = part
  if (!template) return undefined
  if (isCopy(template)) {
    const [field = ''] = part.fields
    // A bare field is copied, so that a number or binary key keeps its type.
    if (typeof stored[field] !== 'string') return stored[field]
  }
  return renderTemplate(template, stored)
}

/**
 * Checks that a value can be that of a key attribute.
 *
 * @throws ValidationError when it has another type, is empty or too long.
 * @internal
 */
export function checkKeyValue(part: KeyPart, value: NativeValue | undefined): void {
  if (value === undefined) return
  if (!hasType(part, value)) {
    throw keyError(
      part,
      value,
      'key-value-type',
      `is a ${part.type} key, and the value is of type ${valueType(value)}.`,
    )
  }
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) return
  const { length } = value
  if (length === 0) throw keyError(part, value, 'key-empty', 'a key attribute cannot be empty.')
  if (part.reservedPrefix !== undefined) checkReserved(part, value, part.reservedPrefix)
  // A cheap bound first: UTF-8 needs at most three bytes per UTF-16 unit.
  const { maximumBytes = maximumPartitionKeyBytes } = part
  if (length * 3 <= maximumBytes || keyBytes(value) <= maximumBytes) return
  throw keyError(part, value, 'key-size', `this key attribute has at most ${String(maximumBytes)} bytes.`)
}

function checkReserved(part: KeyPart, value: string | Uint8Array, prefix: string): void {
  if (typeof value !== 'string' || !value.startsWith(prefix)) return
  throw keyError(part, value, 'key-reserved', `keys that begin with '${prefix}' keep unique values.`)
}

function hasType(part: KeyPart, value: NativeValue): boolean {
  if (part.type === 'string') return typeof value === 'string'
  return part.type === 'number' ? isNativeNumber(value) : value instanceof Uint8Array
}

function keyError(part: KeyPart, value: NativeValue, rule: string, reason: string): ValidationError {
  const from = part.template ? ` (made by '${part.template.source}')` : ''
  return new ValidationError(`${part.attribute}${from}: ${reason}`, {
    rule,
    field: part.fields[0] ?? part.attribute,
    valueType: valueType(value),
  })
}

/**
 * Makes the table key of an item from the fields that identify it.
 *
 * @param entity - The entity.
 * @param key - The fields; others are ignored, so that a whole item serves.
 * @returns The stored key; a promise only when a schema answers later.
 * @throws ValidationError when a field is missing or refused.
 * @internal
 */
export function storedKey(entity: CompiledEntity, key: AppItem): StoredItem | Promise<StoredItem> {
  const fields = storedKeyFields(entity, key)
  return fields instanceof Promise
    ? fields.then((late) => primaryKeyOf(entity, late))
    : primaryKeyOf(entity, fields)
}

/**
 * Checks the fields that identify an item and makes their stored form.
 *
 * @param entity - The entity.
 * @param key - The fields; others are ignored.
 * @returns Stored values by field; a promise only when a schema answers later.
 * @throws ValidationError when a field is missing or refused.
 * @internal
 */
export function storedKeyFields(entity: CompiledEntity, key: AppItem): StoredItem | Promise<StoredItem> {
  const checked = validateAttributes(entity, keyAttributes(entity), key)
  return checked instanceof Promise
    ? checked.then((late) => encodeKey(entity, late))
    : encodeKey(entity, checked)
}

function encodeKey(entity: CompiledEntity, checked: AppItem): StoredItem {
  const stored: Stored = {}
  for (const name of entity.keyFields) {
    const value = checked[name]
    if (value !== undefined) stored[name] = encodeField(entity, name, value)
  }
  return stored
}

const keyAttributesOf = new WeakMap<CompiledEntity, readonly CompiledAttribute[]>()

function keyAttributes(entity: CompiledEntity): readonly CompiledAttribute[] {
  let attributes = keyAttributesOf.get(entity)
  if (!attributes) {
    const names = new Set(entity.keyFields)
    attributes = entity.attributes.filter((attribute) => names.has(attribute.name))
    keyAttributesOf.set(entity, attributes)
  }
  return attributes
}

/**
 * Takes the table key out of stored values.
 *
 * @throws ValidationError when a field the key needs is missing.
 * @internal
 */
export function primaryKeyOf(entity: CompiledEntity, stored: StoredItem): StoredItem {
  const key: Stored = {}
  const [primary] = entity.keys
  for (const part of primary ? [...primary.partitionKey, ...primary.sortKey] : []) {
    const value = keyValue(part, stored)
    if (value === undefined) {
      const missing = part.fields.filter((field) => stored[field] === undefined)
      throw new ValidationError(
        `${entity.name}: the key needs ${missing.join(', ')}. Give ${entity.keyFields.join(', ')}.`,
        { rule: 'key-missing', field: missing[0], valueType: 'undefined', tableName: entity.table.name },
      )
    }
    key[part.attribute] = value
  }
  return key
}

/**
 * Makes the application's form of a stored item, or of the part of it that was read.
 *
 * Attributes the entity does not declare (key attributes made by templates among them) are left out.
 *
 * @param entity - The entity.
 * @param stored - Attributes as read.
 * @returns Values as the application holds them.
 * @throws ValidationError when a stored value does not have the type its codec writes.
 * @internal
 */
export function fromStored(entity: CompiledEntity, stored: StoredItem): Record<string, unknown> {
  const { attributes } = entity
  const item = plainObject<unknown>(attributes.length)
  for (const attribute of attributes) {
    const { name, codec } = attribute
    const value = stored[name]
    if (value === undefined) continue
    if (codec) item[name] = decodeField(entity, attribute, value)
    else item[name] = typeof value === 'string' ? value : readNumbers(attribute, value)
  }
  return item
}

function decodeField(entity: CompiledEntity, attribute: CompiledAttribute, value: NativeValue): unknown {
  const { codec, name } = attribute
  if (codec && isStoredAs(codec.storedType, value)) return codec.decode(value)
  throw new ValidationError(
    `${entity.name}.${name}: the stored value is of type ${valueType(value)}, the codec writes ${String(codec?.storedType)}. ` +
      'Something else wrote this item; migrate it, or declare the attribute as it is stored.',
    { rule: 'stored-type', field: name, valueType: valueType(value), tableName: entity.table.name },
  )
}

function isStoredAs(type: string, value: NativeValue): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
      return typeof value === type
    case 'number':
      return isNativeNumber(value)
    case 'binary':
      return value instanceof Uint8Array
    case 'list':
      return Array.isArray(value)
    case 'set':
      return value instanceof Set
    default:
      return typeof value === 'object' && value !== null
  }
}

/**
 * Tells whether an item is of another entity: only where entities were declared with overlapping keys can it
 * be.
 *
 * @internal
 */
export function isOther({ entityAttribute, name }: CompiledEntity, item: StoredItem): boolean {
  if (entityAttribute === false) return false
  const stored = item[entityAttribute]
  return stored !== undefined && stored !== name
}
