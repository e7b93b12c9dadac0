import type { Operator } from '../expressions/field-types.ts'
import type { StoredType } from '../schema/attribute-codec.ts'
import type { CompiledEntity, KeyPart, KeySource } from '../schema/compiled-entity.ts'
import { isCopy } from '../schema/key-template.ts'
import { storedTypeOf } from '../schema/stored-type.ts'

/** A field a key or index is made from, and the conditions on it that the key answers. */
export interface KeyField {
  /** Attribute name. */
  readonly field: string
  /** Operators of conditions that choose items by the key instead of filtering them. */
  readonly operators: readonly Operator[]
}

/** The fields of a key or index as conditions use them, without repetitions. */
export interface KeyFields {
  /** Each needs a condition. */
  readonly partition: readonly KeyField[]
  /** Used from the left: all but the last one used need `=` or `in`. */
  readonly sort: readonly KeyField[]
}

const equalities: readonly Operator[] = ['=', 'in']
const ranges: readonly Operator[] = ['<', '<=', '>', '>=', 'between']

/**
 * Lists the fields of a key or index with the conditions it answers.
 *
 * @param source - The key or index.
 * @param entity - The entity that uses it; none for an untyped table.
 * @returns Its fields.
 * @internal
 */
export function keyFieldsOf(source: KeySource, entity: CompiledEntity | undefined): KeyFields {
  const names = new Set(source.partitionKey.flatMap(({ fields }) => fields))
  const partition = [...names].map((field) => ({ field, operators: equalities }))
  const sort = source.sortKey
    .flatMap((part) => fieldsOfPart(part, entity))
    // A field that stands before is fixed already.
    .filter(({ field }) => !names.has(field) && names.add(field))
  return { partition, sort }
}

function fieldsOfPart(part: KeyPart, entity: CompiledEntity | undefined): readonly KeyField[] {
  const { template, type } = part
  if (!template || isCopy(template)) {
    const [field = part.attribute] = part.fields
    const prefix: readonly Operator[] = type !== 'number' && isPlain(entity, field) ? ['begins_with'] : []
    return [{ field, operators: [...equalities, ...prefix, ...ranges] }]
  }
  const last = template.parts.length - 1
  return template.parts.flatMap((piece, at) => {
    if (typeof piece === 'string') return []
    const { field, width } = piece
    if (width !== undefined) return [{ field, operators: [...equalities, ...(at === last ? ranges : [])] }]
    if (!isText(entity, field)) return [{ field, operators: equalities }]
    const prefix: readonly Operator[] = isPlain(entity, field) ? ['begins_with'] : []
    return [{ field, operators: [...equalities, ...prefix, ...(at === last ? ranges : [])] }]
  })
}

/** Inside a template, only text has the order of the key. Where nothing tells the type, it may be text. */
function isText(entity: CompiledEntity | undefined, field: string): boolean {
  const type: StoredType | undefined = entity && storedTypeOf(entity, field)
  return type === undefined || type === 'string'
}

/** A part of a value makes sense only where the application holds what is stored. */
function isPlain(entity: CompiledEntity | undefined, field: string): boolean {
  return entity?.attributesByName.get(field)?.codec === undefined
}
