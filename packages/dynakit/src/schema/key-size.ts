import type { NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { CompiledEntity, KeyPart } from './compiled-entity.ts'
import type { Table } from './table.ts'

/**
 * Most bytes of a partition key.
 *
 * @internal
 */
export const maximumPartitionKeyBytes = 2048
const maximumSortKeyBytes = 1024

/**
 * Tells how long the value of a key attribute may be.
 *
 * An attribute that is a sort key anywhere in the table is bound by the smaller limit, also in items that
 * lack the other attributes of that key.
 *
 * Source: Amazon DynamoDB Developer Guide, "Quotas in Amazon DynamoDB", partition keys and sort keys.
 *
 * @param table - The table.
 * @param attribute - Name of the attribute.
 * @returns Bytes of its UTF-8 text or of its binary value.
 * @internal
 */
export function maximumKeyBytes(table: Table, attribute: string): number {
  const isNamed = ({ name }: { readonly name: string }): boolean => name === attribute
  const isSortKey =
    table.sortKey?.name === attribute || table.indexes.some(({ sortKey }) => sortKey.some(isNamed))
  return isSortKey ? maximumSortKeyBytes : maximumPartitionKeyBytes
}

/**
 * Measures a key attribute's value.
 *
 * @returns Its bytes; 0 for numbers, which no limit concerns by themselves.
 * @internal
 */
export function keyBytes(value: NativeValue | undefined): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  return value instanceof Uint8Array ? value.length : 0
}

/** Attributes whose values must not exceed a limit together. */
interface SharedLimit {
  readonly where: string
  readonly parts: readonly KeyPart[]
  readonly bytes: number
}

const knownLimits = new WeakMap<CompiledEntity, readonly SharedLimit[]>()

/**
 * Refuses values of multi-attribute keys that are too long together.
 *
 * Source: DynamoDB's own refusal ("Aggregate size for RANGE key attributes ... has exceeded limit"), which
 * also meets items that lack other attributes of the key.
 *
 * @param entity - The entity.
 * @param valueOf - Gives the value of an attribute, as far as it is known.
 * @throws ValidationError naming the attributes.
 * @internal
 */
export function checkKeySizes(
  entity: CompiledEntity,
  valueOf: (attribute: string) => NativeValue | undefined,
): void {
  for (const { where, parts, bytes } of sharedLimits(entity)) {
    const used = parts.reduce((sum, { attribute }) => sum + keyBytes(valueOf(attribute)), 0)
    if (used <= bytes) continue
    const names = parts.map(({ attribute }) => attribute).join(', ')
    throw new ValidationError(
      `${entity.name}: ${where} (${names}) has at most ${String(bytes)} bytes over all its attributes. Shorten a value, or leave an attribute out of the key.`,
      { rule: 'key-size', field: parts[0]?.fields[0], tableName: entity.table.name },
    )
  }
}

function sharedLimits(entity: CompiledEntity): readonly SharedLimit[] {
  let limits = knownLimits.get(entity)
  if (!limits) {
    limits = entity.keys
      .flatMap(({ indexName = '', partitionKey, sortKey }): SharedLimit[] => [
        {
          where: `the partition key of index '${indexName}'`,
          parts: partitionKey,
          bytes: maximumPartitionKeyBytes,
        },
        { where: `the sort key of index '${indexName}'`, parts: sortKey, bytes: maximumSortKeyBytes },
      ])
      .filter(({ parts }) => parts.length > 1)
    knownLimits.set(entity, limits)
  }
  return limits
}
