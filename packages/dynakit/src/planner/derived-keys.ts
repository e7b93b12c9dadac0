import { addNumbers } from '../codec/add.ts'
import { encodeValue } from '../codec/encode.ts'
import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeItem, NativeNumber, NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import { attributePath, isAttribute, type Path, rootOf } from '../expressions/path.ts'
import type { SetAction, UpdateActions } from '../expressions/update-actions.ts'
import type { CompiledEntity, KeyPart } from '../schema/compiled-entity.ts'
import { keyValue } from '../schema/entity-item.ts'

/** What an update does to the index keys that depend on the fields it changes. */
export interface DerivedKeys {
  /** Fields whose stored values must be known first; empty when the update itself says enough. */
  readonly needed: readonly string[]
  /** The update with the changes of the index keys added; only when nothing is needed. */
  readonly actions: UpdateActions
}

/**
 * Finds the index keys an update makes stale, and the changes that keep them right.
 *
 * @param entity - The entity.
 * @param keyFields - Stored values of the fields that identify the item.
 * @param actions - The update, in stored values.
 * @param before - The stored item as read (empty when there is none), or `undefined` when nothing was read.
 * @param isUpsert - Whether the update may create the item, so that every index key must be written.
 * @returns The fields that must be read first, or the completed update.
 * @throws ValidationError when a new value cannot be part of a key.
 * @internal
 */
export function deriveKeys(
  entity: CompiledEntity,
  keyFields: NativeItem,
  actions: UpdateActions,
  before: NativeItem | undefined,
  isUpsert: boolean,
): DerivedKeys {
  const changed = changedAttributes(actions)
  const affected = indexParts(entity).filter(
    (part) => isUpsert || part.fields.some((field) => changed.has(field)),
  )
  const fields = new Set(affected.flatMap((part) => part.fields))
  if (!before) {
    const needed = [...fields].filter((field) => needsStored(field, keyFields, actions))
    if (needed.length > 0) return { needed, actions }
  }
  const after: Record<string, NativeValue | undefined> = {}
  for (const field of fields) after[field] = valueAfter(field, keyFields[field] ?? before?.[field], actions)
  const completed = before ? withAssignments(actions, fields, after) : actions
  return { needed: [], actions: withKeys(completed, affected, after) }
}

/** Index keys made by templates; those of the table itself cannot change. */
function indexParts(entity: CompiledEntity): readonly KeyPart[] {
  const tableKeys = new Set([entity.table.partitionKey.name, entity.table.sortKey?.name])
  return entity.derived.filter((part) => !tableKeys.has(part.attribute))
}

/**
 * Names of the attributes an update changes, or changes something in.
 *
 * @internal
 */
export function changedAttributes(actions: UpdateActions): ReadonlySet<string> {
  const paths = [...actions.set, ...actions.add, ...actions.delete].map(({ path }) => path)
  return new Set([...paths, ...actions.remove].map(rootOf))
}

function needsStored(field: string, keyFields: NativeItem, actions: UpdateActions): boolean {
  if (keyFields[field] !== undefined) return false
  if (actions.remove.some((path) => isField(path, field))) return false
  return !actions.set.some(({ path, kind }) => kind === 'value' && isField(path, field))
}

function isField(path: Path, field: string): boolean {
  return isAttribute(path) && rootOf(path) === field
}

/**
 * The stored value of a field after the update.
 *
 * @internal
 */
export function valueAfter(
  field: string,
  stored: NativeValue | undefined,
  actions: UpdateActions,
): NativeValue | undefined {
  if (actions.remove.some((path) => isField(path, field))) return undefined
  const set = actions.set.find(({ path }) => isField(path, field))
  // A stored null exists.
  if (set) return set.kind === 'if-not-exists' && stored !== undefined ? stored : set.value
  const added = actions.add.find(({ path }) => isField(path, field))
  if (!added) return stored
  if (stored === undefined) return added.value
  return isNativeNumber(added.value) ? sumOf(field, stored, added.value) : stored
}

/** Refuses what DynamoDB would refuse, which does not see the addition. */
function sumOf(field: string, stored: NativeValue, added: NativeNumber): NativeNumber {
  if (!isNativeNumber(stored)) {
    throw new ValidationError(
      `${field}: a number can be added to a number only, and the stored value is of type ${valueType(stored)}. Set it instead.`,
      { rule: 'update-operand', field, valueType: valueType(stored) },
    )
  }
  try {
    const sum = addNumbers(stored, added)
    encodeValue(sum)
    return sum
  } catch (error) {
    if (!ValidationError.is(error)) throw error
    const { rule, valueType: type } = error
    throw new ValidationError(`${field}: the sum cannot be stored. ${error.message}`, {
      rule,
      field,
      valueType: type,
    })
  }
}

/** Relative changes become assignments: they happen under a condition on the value they start from. */
function withAssignments(
  actions: UpdateActions,
  fields: ReadonlySet<string>,
  after: Readonly<Record<string, NativeValue | undefined>>,
): UpdateActions {
  const isRelative = (path: Path): boolean => isAttribute(path) && fields.has(rootOf(path))
  const relative = actions.add.filter(({ path }) => isRelative(path))
  const assigned = relative.flatMap(({ path }): SetAction[] => {
    const value = after[rootOf(path)]
    return value === undefined ? [] : [{ path, kind: 'value', value }]
  })
  return {
    ...actions,
    set: [...actions.set, ...assigned],
    add: actions.add.filter(({ path }) => !isRelative(path)),
  }
}

function withKeys(
  actions: UpdateActions,
  parts: readonly KeyPart[],
  after: Readonly<Record<string, NativeValue | undefined>>,
): UpdateActions {
  const set: SetAction[] = [...actions.set]
  const remove: Path[] = [...actions.remove]
  for (const part of parts) {
    const value = keyValue(part, after)
    const path = attributePath(part.attribute)
    if (value === undefined) remove.push(path)
    else set.push({ path, kind: 'value', value })
  }
  return { ...actions, set, remove }
}
