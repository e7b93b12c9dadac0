import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import { isAttribute, type Path, rootOf } from '../expressions/path.ts'
import type { UpdateActions } from '../expressions/update-actions.ts'
import type { CompiledEntity, KeyPart } from '../schema/compiled-entity.ts'

/**
 * Refuses changes after which a field that index keys are made of could be part of no key: those that make
 * it a list or a set, and those of something inside it.
 *
 * @param entity - The entity.
 * @param actions - The update, in stored values.
 * @throws ValidationError naming the field and the key.
 * @internal
 */
export function checkKeyFieldActions(entity: CompiledEntity, actions: UpdateActions): void {
  const parts = keyPartsByField(entity)
  if (parts.size === 0) return
  const partOf = (path: Path): KeyPart | undefined => {
    const part = parts.get(rootOf(path))
    if (part && !isAttribute(path)) throw nothingInside(entity, path, part)
    return part
  }
  for (const path of actions.remove) partOf(path)
  for (const { path, kind, value } of actions.set) {
    const part = partOf(path)
    if (part && (kind === 'append' || kind === 'prepend')) throw noKeyValue(entity, path, part, value)
  }
  for (const { path, value } of actions.add) {
    const part = partOf(path)
    if (part && !canBeAdded(part, value)) throw noKeyValue(entity, path, part, value)
  }
  for (const { path, value } of actions.delete) {
    const part = partOf(path)
    if (part) throw noKeyValue(entity, path, part, value)
  }
}

/** What a template makes of a number is checked when the sum is known. */
function canBeAdded(part: KeyPart, value: NativeValue): boolean {
  return isNativeNumber(value) && (part.template !== undefined || part.type === 'number')
}

const knownParts = new WeakMap<CompiledEntity, ReadonlyMap<string, KeyPart>>()

/** A key attribute for each field that is one or makes one. */
function keyPartsByField(entity: CompiledEntity): ReadonlyMap<string, KeyPart> {
  let parts = knownParts.get(entity)
  if (!parts) {
    // The attribute itself says most: its type is known.
    const ordered = [...entity.derived, ...entity.direct]
    parts = new Map(ordered.flatMap((part) => part.fields.map((field) => [field, part] as const)))
    knownParts.set(entity, parts)
  }
  return parts
}

function nothingInside(entity: CompiledEntity, path: Path, part: KeyPart): ValidationError {
  const field = rootOf(path)
  return new ValidationError(
    `${entity.name}.${path.text}: '${field}' ${roleOf(field, part)}, so there is nothing inside it to change. Set '${field}' itself.`,
    { rule: 'key-nested-path', field: path.text, tableName: entity.table.name },
  )
}

function noKeyValue(entity: CompiledEntity, path: Path, part: KeyPart, value: NativeValue): ValidationError {
  const field = rootOf(path)
  return new ValidationError(
    `${entity.name}.${field}: it ${roleOf(field, part)}, and a value of type ${valueType(value)} cannot be added to it or taken from it. Use set, or take the field out of the key.`,
    { rule: 'key-value-type', field, valueType: valueType(value), tableName: entity.table.name },
  )
}

function roleOf(field: string, { attribute, type }: KeyPart): string {
  return attribute === field ? `is a ${type} key of an index` : `makes the index key '${attribute}'`
}
