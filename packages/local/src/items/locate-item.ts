import { invalidParameter, validationError, type ServiceError } from '../protocol/service-error.ts'
import { partitionHash, sortText } from '../storage/sort-text.ts'
import type { ItemPosition } from '../storage/stored-item.ts'
import type { IndexDefinition, KeyAttribute, KeySchema, TableDefinition } from '../tables/table-definition.ts'
import {
  getAttribute,
  setAttribute,
  typeOf,
  type AttributeValue,
  type Item,
} from '../values/attribute-value.ts'
import { binarySize, textSize } from '../values/size.ts'

const maximumPartitionKey = 2048
const maximumSortKey = 1024

/**
 * Finds where the item of a `Key` parameter stands in its table.
 *
 * @param key - The key of a table.
 * @param input - The parameter, with checked values.
 * @throws ServiceError when it is not made of exactly the key attributes, with the right types.
 * @internal
 */
export function locateKey(key: KeySchema, input: Item): ItemPosition {
  const attributes = key.sort.length === 0 ? 1 : 2
  if (Object.keys(input).length !== attributes) throw keyMismatch()
  const partition = keyValue(key.partition[0] as KeyAttribute, input)
  const sort = key.sort[0] === undefined ? undefined : keyValue(key.sort[0], input)
  return position(key, partition, sort)
}

function keyValue({ name, type }: KeyAttribute, input: Item): AttributeValue {
  const value = getAttribute(input, name)
  if (value === undefined || !(type in value)) throw keyMismatch()
  return value
}

function keyMismatch(): Error {
  return validationError('The provided key element does not match the schema')
}

function position(key: KeySchema, partition: AttributeValue, sort: AttributeValue | undefined): ItemPosition {
  checkKeyValue(key.partition[0] as KeyAttribute, partition)
  if (keySize(partition) > maximumPartitionKey) {
    throw invalidParameter(
      `Size of hashkey has exceeded the maximum size limit of${String(maximumPartitionKey)} bytes`,
    )
  }
  const partitionText = sortText(partition)
  const hash = partitionHash(partitionText)
  if (sort === undefined) return { hash, partition: partitionText, sort: '' }
  checkKeyValue(key.sort[0] as KeyAttribute, sort)
  if (keySize(sort) > maximumSortKey) {
    throw invalidParameter(
      `Aggregated size of all range keys has exceeded the size limit of ${String(maximumSortKey)} bytes`,
    )
  }
  return { hash, partition: partitionText, sort: sortText(sort) }
}

function checkKeyValue({ name }: KeyAttribute, value: AttributeValue): void {
  const kind = emptyKind(value)
  if (kind === undefined) return
  throw validationError(
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ' +
      `${kind} value. Key: ${name}`,
  )
}

/** What an empty key value is called in messages; undefined when it is not empty. */
function emptyKind(value: AttributeValue): string | undefined {
  if ('S' in value && value.S === '') return 'string'
  return 'B' in value && value.B === '' ? 'binary' : undefined
}

function keySize(value: AttributeValue): number {
  if ('S' in value) return textSize(value.S)
  return 'B' in value ? binarySize(value.B) : 0
}

/**
 * Finds where an item belongs in its table, and checks that its values can be keys of the table and its indexes.
 *
 * @param table - The table.
 * @param item - The item, with checked values.
 * @throws ServiceError when a key attribute is missing, or any has the wrong type, is empty or too long.
 * @internal
 */
export function locateItem(table: TableDefinition, item: Item): ItemPosition {
  const { key } = table
  const partition = itemKeyValue(key.partition[0] as KeyAttribute, item)
  const sort = key.sort[0] === undefined ? undefined : itemKeyValue(key.sort[0], item)
  const found = position(key, partition, sort)
  for (const index of table.indexes) checkIndexKey(index, item)
  return found
}

function itemKeyValue({ name, type }: KeyAttribute, item: Item): AttributeValue {
  const value = getAttribute(item, name)
  if (value === undefined) throw invalidParameter(`Missing the key ${name} in the item`)
  if (!(type in value)) {
    throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`)
  }
  return value
}

/** The errors of values that cannot be keys of an index. */
export interface IndexKeyFaults {
  readonly type: (index: IndexDefinition, attribute: KeyAttribute, value: AttributeValue) => ServiceError
  readonly size: (maximum: number) => ServiceError
}

const itemFaults: IndexKeyFaults = {
  type: (index, { name, type }, value) =>
    invalidParameter(
      `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
    ),
  size: (maximum) =>
    invalidParameter(
      maximum === maximumPartitionKey
        ? `Size of hashkey has exceeded the maximum size limit of${String(maximum)} bytes`
        : `Aggregated size of all range keys has exceeded the size limit of ${String(maximum)} bytes`,
    ),
}

/**
 * Checks that what an item has of an index's key attributes can be keys. It need not have them.
 *
 * @throws ServiceError when one has the wrong type, is empty or too long.
 * @internal
 */
export function checkIndexKey(index: IndexDefinition, item: Item, faults: IndexKeyFaults = itemFaults): void {
  checkIndexAttributes(index, index.key.partition, item, maximumPartitionKey, faults)
  checkIndexAttributes(index, index.key.sort, item, maximumSortKey, faults)
}

function checkIndexAttributes(
  index: IndexDefinition,
  attributes: readonly KeyAttribute[],
  item: Item,
  maximumSize: number,
  faults: IndexKeyFaults,
): void {
  let size = 0
  for (const attribute of attributes) {
    const { name, type } = attribute
    const value = getAttribute(item, name)
    if (value === undefined) continue
    if (!(type in value)) throw faults.type(index, attribute, value)
    const kind = emptyKind(value)
    if (kind !== undefined) {
      throw validationError(
        'One or more parameter values are not valid. A value specified for a secondary index key is not ' +
          `supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value. ` +
          `IndexName: ${index.name}, IndexKey: ${name}`,
      )
    }
    size += keySize(value)
  }
  if (size > maximumSize) throw faults.size(maximumSize)
}

/**
 * Gives the key attributes of an item.
 *
 * @internal
 */
export function keyOf({ partition, sort }: KeySchema, item: Item): Item {
  const key: Record<string, AttributeValue> = {}
  for (const { name } of partition) setAttribute(key, name, item[name] as AttributeValue)
  for (const { name } of sort) setAttribute(key, name, item[name] as AttributeValue)
  return key
}
