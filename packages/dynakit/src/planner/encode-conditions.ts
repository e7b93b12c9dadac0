import { encodeValue } from '../codec/encode.ts'
import { equalValues } from '../codec/compare.ts'
import type { NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import { type Condition, type FieldCondition, mapFields, type Operand } from '../expressions/condition.ts'
import { isAttribute, type Path, rootOf } from '../expressions/path.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'

/**
 * Puts stored values in place of the application's values in conditions.
 *
 * @param conditions - Conditions as the caller gave them.
 * @param entities - The entities queried; none for an untyped table.
 * @returns The conditions in stored values.
 * @throws ValidationError for a value that cannot be stored, or that the entities store differently.
 * @internal
 */
export function encodeConditions(
  conditions: readonly Condition[],
  entities: readonly CompiledEntity[],
): readonly Condition[] {
  return conditions.map((condition) => mapFields(condition, (field) => encodeField(field, entities)))
}

function encodeField(condition: FieldCondition, entities: readonly CompiledEntity[]): FieldCondition {
  const { path, operator, operands } = condition
  if (operator === 'attribute_type') return condition
  const encode = (operand: Operand): Operand =>
    'attribute' in operand ? operand : Object.freeze({ value: encodeOperand(path, operand.value, entities) })
  return Object.freeze({ ...condition, operands: Object.freeze(operands.map(encode)) })
}

function encodeOperand(path: Path, value: NativeValue, entities: readonly CompiledEntity[]): NativeValue {
  const [first, ...others] = entities
  if (!first || !isAttribute(path)) return checked(path, value)
  const stored = encodeFor(first, path, value)
  for (const other of others) {
    if (equalValues(stored, encodeFor(other, path, value))) continue
    throw new ValidationError(
      `${path.text}: ${first.name} and ${other.name} store this attribute differently. Query them one by one.`,
      { rule: 'mixed-storage', field: path.text, valueType: valueType(value) },
    )
  }
  return stored
}

function encodeFor(entity: CompiledEntity, path: Path, value: NativeValue): NativeValue {
  const name = rootOf(path)
  const attribute = entity.attributesByName.get(name)
  if (!attribute) {
    throw new ValidationError(`${entity.name}.${path.text}: the entity has no such attribute.`, {
      rule: 'unknown-attribute',
      field: path.text,
    })
  }
  if (!attribute.codec) return checked(path, value)
  try {
    return checked(path, attribute.codec.encode(value))
  } catch (cause) {
    if (ValidationError.is(cause)) throw cause
    throw new ValidationError(
      `${entity.name}.${path.text}: the attribute's codec refused a value of type ${valueType(value)}.`,
      { rule: 'codec', field: path.text, valueType: valueType(value), cause },
    )
  }
}

/** Encodes and throws the result away: the error then names the field, not a placeholder. */
function checked(path: Path, value: NativeValue): NativeValue {
  encodeValue(value, path.text)
  return value
}
