import type { CompiledAttribute, CompiledEntity } from './compiled-entity.ts'

const known = new WeakMap<CompiledAttribute, boolean>()

/**
 * Tells whether every item of an entity has a value for a field.
 *
 * A schema that refuses `undefined`, or answers it with a default, makes the field present. A schema that
 * answers later counts as optional: being wrong that way only costs a better index, never items.
 *
 * @internal
 */
export function isAlwaysPresent(entity: CompiledEntity, field: string): boolean {
  const attribute = entity.attributesByName.get(field)
  if (!attribute) return false
  if (!attribute.schema) return field !== entity.deletedAt
  let present = known.get(attribute)
  if (present === undefined) {
    const result = attribute.schema['~standard'].validate(undefined)
    if (result instanceof Promise) result.catch(() => undefined)
    present = !(result instanceof Promise) && (result.issues !== undefined || result.value !== undefined)
    known.set(attribute, present)
  }
  return present
}
