import { validationError } from '../protocol/service-error.ts'
import type { KeyAttribute, KeySchema } from './table-definition.ts'
import type { KeySchemaElement } from './table-shapes.ts'

/** Attributes that keys can be made of, by name. */
export type DefinedAttributes = ReadonlyMap<string, KeyAttribute>

/**
 * Reads the key schema of a table or local index: a partition key and perhaps a sort key.
 *
 * @param elements - One or two elements.
 * @param defined - The attribute definitions.
 * @throws ServiceError when elements are in the wrong order or name the same or no defined attribute.
 * @internal
 */
export function readKeySchema(elements: readonly KeySchemaElement[], defined: DefinedAttributes): KeySchema {
  const [first, second] = elements
  if (first?.KeyType !== 'HASH') {
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type')
  }
  if (second !== undefined && second.KeyType !== 'RANGE') {
    throw validationError('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type')
  }
  return splitKey(elements, defined)
}

const maximumOfOneType = 4

/**
 * Reads the key schema of a global index: up to four partition key attributes, then up to four sort key
 * attributes.
 *
 * @throws ServiceError when elements are in the wrong order or name the same or no defined attribute.
 * @internal
 */
export function readMultiAttributeKeySchema(
  elements: readonly KeySchemaElement[],
  defined: DefinedAttributes,
): KeySchema {
  if (elements[0]?.KeyType !== 'HASH') {
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type')
  }
  const firstSort = elements.findIndex(({ KeyType }) => KeyType === 'RANGE')
  if (firstSort >= 0 && elements.slice(firstSort).some(({ KeyType }) => KeyType === 'HASH')) {
    throw validationError('Invalid KeySchema: All HASH key elements must come before RANGE key elements')
  }
  for (const type of ['HASH', 'RANGE'] as const) {
    const count = elements.filter(({ KeyType }) => KeyType === type).length
    if (count > maximumOfOneType) {
      throw validationError(
        `Invalid KeySchema: At most ${String(maximumOfOneType)} ${type} key elements are allowed`,
      )
    }
  }
  return splitKey(elements, defined)
}

function splitKey(elements: readonly KeySchemaElement[], defined: DefinedAttributes): KeySchema {
  const names = new Set(elements.map(({ AttributeName }) => AttributeName))
  const attributes = elements.map(({ AttributeName }) => defined.get(AttributeName))
  if (names.size !== elements.length || attributes.includes(undefined)) {
    throw validationError('Invalid KeySchema: Some index key attribute have no definition')
  }
  const ofType = (type: 'HASH' | 'RANGE'): KeyAttribute[] =>
    (attributes as KeyAttribute[]).filter((_, at) => elements[at]?.KeyType === type)
  return { partition: ofType('HASH'), sort: ofType('RANGE') }
}

/**
 * Writes a key schema as the protocol has it.
 *
 * @internal
 */
export function keySchemaElements({ partition, sort }: KeySchema): KeySchemaElement[] {
  return [
    ...partition.map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' as const })),
    ...sort.map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' as const })),
  ]
}
