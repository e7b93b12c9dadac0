import type { StoredType } from './attribute-codec.ts'
import type { CompiledAttribute, CompiledEntity } from './compiled-entity.ts'
import { isCopy } from './key-template.ts'
import { schemaStoredType } from './schema-type.ts'

/**
 * Tells which DynamoDB type a field of an entity is stored as: from its codec, its schema, the keys it is
 * used in, or by asking the schema whether it takes a whole number.
 *
 * @param entity - The entity.
 * @param field - Attribute name.
 * @returns The type, or `undefined` when nothing tells.
 * @internal
 */
export function storedTypeOf(entity: CompiledEntity, field: string): StoredType | undefined {
  if (field === entity.version) return 'number'
  const attribute = entity.attributesByName.get(field)
  if (!attribute) return undefined
  return (
    attribute.codec?.storedType ??
    (attribute.schema && schemaStoredType(attribute.schema)) ??
    typeInKeys(entity, field) ??
    (takesIntegers(attribute) ? 'number' : undefined)
  )
}

function typeInKeys(entity: CompiledEntity, field: string): StoredType | undefined {
  for (const { template, type, fields } of [...entity.direct, ...entity.derived]) {
    if (!fields.includes(field)) continue
    if (!template || isCopy(template)) return type
    const piece = template.parts.find((part) => typeof part === 'object' && part.field === field)
    if (typeof piece === 'object' && piece.width !== undefined) return 'number'
  }
  return undefined
}

/** JSON has no type for `bigint`, so no JSON Schema tells of it. */
function takesIntegers({ standard }: CompiledAttribute): boolean {
  if (!standard) return false
  try {
    const result = standard.validate(1n)
    if (!(result instanceof Promise)) return result.issues === undefined
    result.catch(() => undefined)
    return false
  } catch {
    return false
  }
}
