import { encodeValue } from '../codec/encode.ts'
import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import { isAttribute, type Path, rootOf } from '../expressions/path.ts'
import type { SetAction, UpdateActions } from '../expressions/update-actions.ts'
import type { CompiledAttribute, CompiledEntity } from '../schema/compiled-entity.ts'
import { encodeField } from '../schema/entity-item.ts'
import { isAlwaysPresent } from '../schema/field-presence.ts'
import { validateAttributes } from '../schema/validate.ts'
import { checkKeyFieldActions } from './key-field-actions.ts'

/**
 * Checks that an update can be carried out as far as can be told without the item, naming the field if not.
 *
 * @throws ValidationError for a value that cannot be stored, added or taken out, and for a path that is
 *   changed twice.
 * @internal
 */
export function checkActions(actions: UpdateActions): void {
  for (const { path, value } of [...actions.set, ...actions.add, ...actions.delete])
    encodeValue(value, path.text)
  for (const { path, value } of actions.add) {
    if (isNativeNumber(value) || value instanceof Set) continue
    throw wrongOperand(path, value, 'add takes a number, or the members of a set')
  }
  for (const { path, value } of actions.delete) {
    if (!(value instanceof Set)) throw wrongOperand(path, value, 'deleteFromSet takes the members of a set')
  }
  checkPathsApart(actions)
}

function wrongOperand(path: Path, value: NativeValue, reason: string): ValidationError {
  return new ValidationError(`${path.text}: ${reason}, not a value of type ${valueType(value)}.`, {
    rule: 'update-operand',
    field: path.text,
    valueType: valueType(value),
  })
}

/**
 * DynamoDB refuses two changes of one path, or of a path and one inside it.
 *
 * Source: Amazon DynamoDB API Reference, UpdateItem, UpdateExpression.
 */
function checkPathsApart({ set, remove, add, delete: taken }: UpdateActions): void {
  const paths = [...set.map(({ path }) => path), ...remove]
  for (const { path } of add) paths.push(path)
  for (const { path } of taken) paths.push(path)
  for (const [at, path] of paths.entries()) {
    const other = paths.find((earlier, before) => before < at && areNested(earlier, path))
    if (!other) continue
    const what = other.text === path.text ? 'it is changed twice' : `'${other.text}' is changed as well`
    throw new ValidationError(
      `${path.text}: ${what} in the same update, and DynamoDB takes one change per path. Join them into one, or send two updates.`,
      { rule: 'path-overlap', field: path.text },
    )
  }
}

/** Whether two paths are the same, or one leads into the other. */
function areNested({ segments: left }: Path, { segments: right }: Path): boolean {
  const depth = Math.min(left.length, right.length)
  for (let at = 0; at < depth; at++) if (left[at] !== right[at]) return false
  return true
}

/**
 * Checks the actions of an update against its entity and puts stored values in place of the application's.
 *
 * @param entity - The entity.
 * @param actions - What the update changes, in the application's values.
 * @returns The actions in stored values; a promise only when a schema answers later.
 * @throws ValidationError for fields that cannot change and values their schemas refuse.
 * @internal
 */
export function encodeActions(
  entity: CompiledEntity,
  actions: UpdateActions,
): UpdateActions | Promise<UpdateActions> {
  const paths = [...actions.set, ...actions.add, ...actions.delete].map(({ path }) => path)
  for (const path of [...paths, ...actions.remove]) checkChangeable(entity, path)
  for (const path of actions.remove) checkRemovable(entity, path)
  const relative = actions.set.filter(({ kind }) => kind === 'append' || kind === 'prepend')
  for (const { path, value } of [...actions.add, ...actions.delete, ...relative])
    checkWithoutCodec(entity, path, value)

  const given: Record<string, unknown> = {}
  for (const { path, kind, value } of actions.set) if (isWholeValue(path, kind)) given[rootOf(path)] = value
  const attributes = entity.attributes.filter((attribute) => Object.hasOwn(given, attribute.name))
  const checked = validateAttributes(entity, attributes, given)
  return checked instanceof Promise
    ? checked.then((late) => encodeSets(entity, actions, attributes, late))
    : encodeSets(entity, actions, attributes, checked)
}

function isWholeValue(path: Path, kind: SetAction['kind']): boolean {
  return isAttribute(path) && (kind === 'value' || kind === 'if-not-exists')
}

function encodeSets(
  entity: CompiledEntity,
  actions: UpdateActions,
  attributes: readonly CompiledAttribute[],
  checked: Readonly<Record<string, unknown>>,
): UpdateActions {
  const stored = new Map(
    attributes.map(({ name }) => [
      name,
      checked[name] === undefined ? undefined : encodeField(entity, name, checked[name]),
    ]),
  )
  const set = actions.set.map((action) => {
    const value = isWholeValue(action.path, action.kind) ? stored.get(rootOf(action.path)) : action.value
    if (value === undefined) throw vanished(entity, action.path)
    return Object.freeze({ ...action, value })
  })
  const encoded = Object.freeze({ ...actions, set: Object.freeze(set) })
  checkActions(encoded)
  checkKeyFieldActions(entity, encoded)
  return encoded
}

function vanished(entity: CompiledEntity, path: Path): ValidationError {
  return new ValidationError(
    `${entity.name}.${path.text}: its schema turned the value into undefined. Call .remove('${path.text}') instead.`,
    { rule: 'undefined-change', field: path.text },
  )
}

function checkChangeable(entity: CompiledEntity, path: Path): void {
  const name = rootOf(path)
  const refuse = (rule: string, reason: string): never => {
    throw new ValidationError(`${entity.name}.${path.text}: ${reason}`, {
      rule,
      field: path.text,
      tableName: entity.table.name,
    })
  }
  if (path.isSize) refuse('path-syntax', 'size() cannot be changed; it follows from the value.')
  if (!entity.attributesByName.has(name)) {
    refuse(
      'unknown-attribute',
      'the entity has no such attribute. Correct the name, or declare it in defineEntity.',
    )
  }
  if (entity.keyFields.includes(name)) {
    refuse(
      'key-change',
      'it is part of the key, which an update cannot change. Create a new item and delete this one.',
    )
  }
  if ([entity.createdAt, entity.updatedAt, entity.version, entity.deletedAt].includes(name)) {
    refuse('kept-attribute', 'the entity keeps this attribute itself; leave it out.')
  }
}

function checkRemovable(entity: CompiledEntity, path: Path): void {
  if (!isAttribute(path) || !isAlwaysPresent(entity, rootOf(path))) return
  throw new ValidationError(
    `${entity.name}.${path.text}: the attribute is required and cannot be removed. Make it optional, or set a value.`,
    { rule: 'remove-required', field: path.text, tableName: entity.table.name },
  )
}

function checkWithoutCodec(entity: CompiledEntity, path: Path, value: NativeValue): void {
  if (!isAttribute(path) || !entity.attributesByName.get(rootOf(path))?.codec) return
  throw new ValidationError(
    `${entity.name}.${path.text}: the attribute has a codec, so nothing can be added to its stored form. Read it and set a new value.`,
    { rule: 'codec', field: path.text, valueType: valueType(value), tableName: entity.table.name },
  )
}
