import { validationError } from '../protocol/service-error.ts'
import type { IndexPosition } from '../storage/index-store.ts'
import { partitionHash, sortTexts } from '../storage/sort-text.ts'
import type { ItemPosition } from '../storage/stored-item.ts'
import type { KeyAttribute, KeySchema, TableDefinition } from '../tables/table-definition.ts'
import type { IndexDefinition } from '../tables/table-definition.ts'
import { getAttribute, type AttributeValue, type Item } from '../values/attribute-value.ts'
import { checkItem } from '../values/check-value.ts'
import { keyOf } from './locate-item.ts'

/** A place in a table, or in an index and the table behind it. */
export type ReadPosition = ItemPosition & Partial<IndexPosition>

/**
 * Reads the place a page starts after.
 *
 * @param table - The table.
 * @param index - The index that is read; undefined for the table itself.
 * @param input - `ExclusiveStartKey`
 * @throws ServiceError when it is not made of exactly the key attributes, with the right types.
 * @internal
 */
export function readStartKey(
  table: TableDefinition,
  index: IndexDefinition | undefined,
  input: Item | undefined,
): ReadPosition | undefined {
  if (input === undefined) return undefined
  const key = checkStartKey(input)
  const attributes = new Map(
    [table.key, ...(index === undefined ? [] : [index.key])]
      .flatMap(({ partition, sort }) => [...partition, ...sort])
      .map((attribute) => [attribute.name, attribute]),
  )
  const isRight =
    Object.keys(key).length === attributes.size &&
    [...attributes.values()].every((attribute) => hasKeyValue(attribute, key))
  if (!isRight) {
    throw validationError(
      index === undefined
        ? 'The provided starting key is invalid: The provided key element does not match the schema'
        : 'The provided starting key is invalid',
    )
  }
  const base = positionOf(table.key, key)
  if (index === undefined) return base
  const position = positionOf(index.key, key)
  return { ...position, hash: index.kind === 'local' ? base.hash : position.hash, base }
}

function checkStartKey(input: Item): Item {
  try {
    return checkItem(input)
  } catch (error) {
    throw validationError(
      `The provided starting key is invalid: ${error instanceof Error ? error.message : ''}`,
    )
  }
}

function hasKeyValue({ name, type }: KeyAttribute, key: Item): boolean {
  const value = getAttribute(key, name)
  return value !== undefined && type in value
}

function positionOf({ partition, sort }: KeySchema, key: Item): ItemPosition {
  const values = (attributes: readonly KeyAttribute[]): AttributeValue[] =>
    attributes.map(({ name }) => key[name] as AttributeValue)
  const partitionText = sortTexts(values(partition))
  return {
    hash: partitionHash(partitionText),
    partition: partitionText,
    sort: sortTexts(values(sort)),
  }
}

/**
 * Makes the key the next page starts after.
 *
 * @param table - The table.
 * @param index - The index that is read; undefined for the table itself.
 * @param item - The last item of the page.
 * @internal
 */
export function lastEvaluatedKey(
  table: TableDefinition,
  index: IndexDefinition | undefined,
  item: Item,
): Item {
  return index === undefined
    ? keyOf(table.key, item)
    : { ...keyOf(table.key, item), ...keyOf(index.key, item) }
}
