import type { NativeValue } from 'dynakit'
import { affectedKeys, areKnown, fieldsOfKeys, type Subject, type UpdateStep } from './affected-keys.ts'
import { isNumber, ownKeyNames, ownKeyProblem, type Problems } from './model-keys.ts'
import { isStorable, membersOf, segmentsOf, storedForm } from './model-values.ts'
import type { EntitySpec, Field, SchemaSpec } from './random-schema.ts'
import type { Action } from './random-steps.ts'

/** Whether the update is refused whatever is stored. */
export function isRefusedAtOnce(subject: Subject, step: UpdateStep): boolean {
  const { entity } = subject
  const { actions } = step
  return (
    actions.some((action) => isRefusedAction(subject, action)) ||
    overlap(actions) ||
    (step.createIfMissing && isIncomplete(entity, actions)) ||
    (entity.onPartialKey === 'refuse' && needsStored(subject, step))
  )
}

function isRefusedAction({ schema, entity, ids }: Subject, action: Action): boolean {
  const name = String(segmentsOf(action.path)[0])
  const field = entity.fields.find((candidate) => candidate.name === name)
  if (!field || ids[name] !== undefined) return true
  const isNested = action.path !== name
  const isFed = fieldsOfKeys({ schema, entity, ids }).has(name)
  if (isNested && isFed) return true
  if (!isNested && action.type === 'remove') return field.presence !== 'optional'
  if (!isNested && (action.type === 'set' || action.type === 'setIfNotExists')) {
    const form = storedForm(field.kind, action.value)
    const isOwn = ownKeyNames(schema, entity).has(name)
    return form === undefined || (isOwn && ownProblem(schema, name, form).isSure)
  }
  return isRefusedOperand(schema, field, action, isNested, isFed, ownKeyNames(schema, entity).has(name))
}

function isRefusedOperand(
  schema: SchemaSpec,
  { name, kind }: Field,
  { type, value }: Action,
  isNested: boolean,
  isFed: boolean,
  isOwn: boolean,
): boolean {
  const hasCodec = !isNested && (kind === 'date' || kind === 'epoch')
  switch (type) {
    case 'append':
    case 'prepend':
      return hasCodec || isFed || !isStorable(value)
    case 'add':
      if (hasCodec) return true
      if (isNumber(value)) return !isStorable(value) || (isOwn && schema.types[name] !== 'number')
      return isFed || !isMembers(value)
    case 'deleteFromSet':
      return hasCodec || isFed || !isMembers(value)
    case 'remove':
      return false
    default:
      return !isStorable(value)
  }
}

function isMembers(value: unknown): boolean {
  const members = membersOf(value)
  return members.length > 0 && members.every(isStorable)
}

function overlap(actions: readonly Action[]): boolean {
  const paths = actions.map(({ path }) => segmentsOf(path))
  return paths.some((path, at) =>
    paths.slice(0, at).some((other) => {
      const depth = Math.min(path.length, other.length)
      return path.slice(0, depth).join('.') === other.slice(0, depth).join('.')
    }),
  )
}

/** An update that may create the item must give every field without default. */
function isIncomplete({ fields }: EntitySpec, actions: readonly Action[]): boolean {
  const given = new Set(
    actions.filter(({ type }) => type !== 'deleteFromSet').map(({ path }) => segmentsOf(path)[0]),
  )
  return fields.some(({ name, presence }) => presence === 'required' && !given.has(name))
}

/** Whether an affected key cannot be made from the update alone. */
function needsStored({ entity, ids }: Subject, step: UpdateStep): boolean {
  const known = new Set([...Object.keys(ids), 'updatedAt'])
  for (const { type, path } of step.actions) if (type === 'set' || type === 'remove') known.add(path)
  return !areKnown(entity, affectedKeys(entity, step), known)
}

/** Whether a value can be that of a key attribute of the entity itself. */
export function ownProblem(schema: SchemaSpec, name: string, value: NativeValue | undefined): Problems {
  return ownKeyProblem(schema, name, schema.types[name] ?? 'string', value)
}
