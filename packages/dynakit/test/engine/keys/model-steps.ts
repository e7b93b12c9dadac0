import type { NativeValue } from 'dynakit'
import {
  affectedKeys,
  areKnown,
  fieldsOfTemplates,
  keptChanges,
  madeFrom,
  type Subject,
  type UpdateStep,
} from './affected-keys.ts'
import { isEqual } from './canonical.ts'
import { type Fields, join, madeKeyProblems, madeKeys, ownKeyNames, sharedKeyProblem } from './model-keys.ts'
import { changed, changedInside, refused, segmentsOf, storedForm } from './model-values.ts'
import { defaults } from './define-schema.ts'
import type { EntitySpec } from './random-schema.ts'
import type { Action, Step, Where } from './random-steps.ts'
import { isRefusedAtOnce, ownProblem } from './refused-at-once.ts'

/** How a write may end. */
export type Outcome = 'ok' | 'invalid' | 'missing' | 'exists' | 'condition'

/** What the model says of a write. */
export interface Prediction {
  readonly outcomes: readonly Outcome[]
  /** The item after it, if it is carried out; times are not known. */
  readonly after: Fields | undefined
  /** Whether only DynamoDB can know that it must be refused. */
  readonly isLate: boolean
}

/** Stands for times that are not known. */
export const someTime = '2026-01-01T00:00:00.000Z'

/** Predicts a write. */
export function predict(subject: Subject, state: Fields | undefined, step: Step): Prediction {
  switch (step.type) {
    case 'update':
      return predictUpdate(subject, state, step)
    case 'create':
    case 'put':
    case 'putMany':
      return predictPut(subject, state, step)
    case 'delete':
    case 'deleteAndReturn':
      return subject.entity.softDelete ? predictHiding(subject, state) : gone
    case 'deleteMany':
      return subject.entity.softDelete ? invalid : gone
    case 'restore':
      return subject.entity.softDelete ? predictRestoration(subject, state) : invalid
    default:
      return gone
  }
}

const gone: Prediction = { outcomes: ['ok'], after: undefined, isLate: false }

const invalid: Prediction = { outcomes: ['invalid'], after: undefined, isLate: false }

function predictPut(
  { schema, entity, ids }: Subject,
  state: Fields | undefined,
  step: Extract<Step, { type: 'create' | 'put' | 'putMany' }>,
): Prediction {
  const fields = givenFields(entity, step.item)
  if (!fields || (step.type === 'putMany' && entity.version)) return invalid
  const claimed = step.type === 'put' ? claimedVersion(entity, state, step.claimed) : undefined
  const after: Record<string, NativeValue> = { ...ids, ...fields }
  if (entity.version) after.version = (claimed ?? 0) + 1
  if (entity.timestamps) Object.assign(after, { createdAt: someTime, updatedAt: someTime })
  const problems = join(
    madeKeyProblems(schema, entity, Object.keys(entity.templates), after),
    ...Array.from(ownKeyNames(schema, entity), (name) => ownProblem(schema, name, after[name])),
    sharedKeyProblem(schema, entity, { ...after, ...madeKeys(schema, entity, after) }),
  )
  if (problems.isSure) return invalid
  const late = problems.isPossible ? (['invalid'] as const) : []
  if (step.type === 'create' && state) return { ...invalid, outcomes: ['exists', ...late], isLate: true }
  const isRefused =
    step.type === 'put' &&
    entity.version &&
    (claimed === undefined ? state !== undefined : state?.version !== claimed)
  return { outcomes: [isRefused ? 'condition' : 'ok', ...late], after, isLate: problems.isPossible }
}

function claimedVersion(
  { version }: EntitySpec,
  state: Fields | undefined,
  which: 'current' | 'none' | 'wrong',
): number | undefined {
  if (!version || which === 'none') return undefined
  return which === 'wrong' ? 999 : (state?.version as number | undefined)
}

/** Stored values of the fields; `undefined` when one is refused. */
function givenFields({ fields }: EntitySpec, item: Readonly<Record<string, unknown>>): Fields | undefined {
  const stored: Record<string, NativeValue> = {}
  for (const { name, kind, presence } of fields) {
    const value = item[name] ?? (item[name] === null ? null : undefined)
    const given = value === undefined && presence === 'default' ? defaults[kind] : value
    if (given === undefined && presence === 'optional') continue
    const form = given === undefined ? undefined : storedForm(kind, given)
    if (form === undefined) return undefined
    stored[name] = form
  }
  return stored
}

/** A soft deletion changes an item that is there and not deleted. */
function predictHiding(subject: Subject, state: Fields | undefined): Prediction {
  if (needsRead(subject)) return invalid
  if (!state || isDeleted(state)) return withoutEffect(subject, state, 'ok')
  return predictKept(subject, { ...state, deletedAt: someTime })
}

function predictRestoration(subject: Subject, state: Fields | undefined): Prediction {
  if (needsRead(subject)) return invalid
  if (!state) return withoutEffect(subject, state, 'missing')
  if (!isDeleted(state)) return withoutEffect(subject, state, 'ok')
  const { deletedAt: _, ...others } = state
  return predictKept(subject, others)
}

/** The fields that identify an item may be such that no key can be made. */
function withoutEffect(
  { schema, entity, ids }: Subject,
  state: Fields | undefined,
  outcome: 'ok' | 'missing',
): Prediction {
  const { isPossible } = madeKeyProblems(schema, entity, keysOfKept(entity), state ?? ids)
  return { outcomes: isPossible ? [outcome, 'invalid'] : [outcome], after: state, isLate: false }
}

function isDeleted(state: Fields): boolean {
  return state.deletedAt !== undefined
}

/** A change of nothing but what the entity keeps itself. */
function predictKept({ schema, entity }: Subject, changed: Fields): Prediction {
  const after = withKept(entity, changed)
  const problems = join(
    madeKeyProblems(schema, entity, keysOfKept(entity), after),
    sharedKeyProblem(schema, entity, { ...after, ...madeKeys(schema, entity, after) }),
  )
  return {
    outcomes: problems.isPossible ? ['ok', 'invalid'] : ['ok'],
    after,
    isLate: problems.isPossible,
  }
}

function keysOfKept(entity: EntitySpec): readonly string[] {
  return madeFrom(entity, new Set(['deletedAt', ...keptChanges(entity)]))
}

/** Whether such a change needs what the entity refuses to read. */
function needsRead({ entity, ids }: Subject): boolean {
  const known = new Set([...Object.keys(ids), 'updatedAt', 'deletedAt'])
  return entity.onPartialKey === 'refuse' && !areKnown(entity, keysOfKept(entity), known)
}

function withKept(entity: EntitySpec, fields: Fields): Record<string, NativeValue> {
  const after: Record<string, NativeValue> = { ...fields }
  if (entity.version) after.version = ((fields.version as number | undefined) ?? 0) + 1
  if (entity.timestamps)
    Object.assign(after, { createdAt: fields.createdAt ?? someTime, updatedAt: someTime })
  return after
}

function predictUpdate(subject: Subject, state: Fields | undefined, given: UpdateStep): Prediction {
  const { schema, entity, ids } = subject
  const step = { ...given, actions: withoutReplaced(given.actions) }
  if (isRefusedAtOnce(subject, step)) return invalid
  const before = state ?? ids
  const { after, isLate, isSure } = apply(entity, before, step)
  const affected = affectedKeys(entity, step)
  const keys = madeKeyProblems(schema, entity, affected, after)
  const shared = sharedKeyProblem(schema, entity, { ...after, ...madeKeys(schema, entity, after) })
  const isPossible = isLate || isSure || keys.isPossible || shared.isPossible
  const late = isPossible ? (['invalid'] as const) : []
  const prediction = { after, isLate: isLate || shared.isPossible }
  if (state && isDeleted(state)) {
    return { ...prediction, outcomes: [step.createIfMissing ? 'exists' : 'missing', ...late] }
  }
  if (!state && !step.createIfMissing) return { ...prediction, outcomes: ['missing', ...late] }
  if (!step.where.every((where) => isTrue(where, state ?? {}))) {
    return { ...prediction, outcomes: ['condition', ...late] }
  }
  if (isLate || isSure || keys.isSure) return { ...prediction, outcomes: ['invalid'] }
  return { ...prediction, outcomes: ['ok', ...late] }
}

/** Of several assignments to one path, the builder keeps the last. */
function withoutReplaced(actions: readonly Action[]): readonly Action[] {
  const isAssignment = ({ type }: Action): boolean =>
    type !== 'add' && type !== 'deleteFromSet' && type !== 'remove'
  return actions.filter(
    (action, at) =>
      !isAssignment(action) ||
      !actions.slice(at + 1).some((later) => isAssignment(later) && later.path === action.path),
  )
}

function isTrue({ field, operator, value }: Where, state: Fields): boolean {
  const stored = state[field]
  if (operator === 'exists') return stored !== undefined
  if (operator === 'not_exists') return stored === undefined
  return stored !== undefined && isEqual(stored, value as NativeValue)
}

interface Applied {
  readonly after: Fields
  /** Only DynamoDB can tell that something is wrong with the stored value. */
  readonly isLate: boolean
  /** The value is read for a key made by a template, so it is known that something is wrong. */
  readonly isSure: boolean
}

function apply(entity: EntitySpec, before: Fields, step: UpdateStep): Applied {
  const read = fieldsOfTemplates(entity)
  const after: Record<string, NativeValue> = { ...before }
  let isLate = false
  let isSure = false
  // Positions in lists are those before the update, so removals come last.
  const isRemoval = ({ type }: Action): boolean => type === 'remove'
  const ordered = [...step.actions.filter((action) => !isRemoval(action)), ...step.actions.filter(isRemoval)]
  for (const given of ordered) {
    const [name, ...rest] = segmentsOf(given.path) as [string, ...(string | number)[]]
    const kind = entity.fields.find((field) => field.name === name)?.kind
    const isWhole = rest.length === 0 && (given.type === 'set' || given.type === 'setIfNotExists')
    const action = isWhole && kind ? { ...given, value: storedForm(kind, given.value) } : given
    const value =
      rest.length === 0
        ? changed(action, after[name])
        : changedInside(after[name], rest, action, step.createParents)
    if (value === refused) {
      if (read.has(name)) isSure = true
      else isLate = true
    } else if (value === undefined) Reflect.deleteProperty(after, name)
    else after[name] = value
  }
  if (step.createIfMissing) addDefaults(entity, after, step.actions)
  return { after: withKept(entity, after), isLate, isSure }
}

function addDefaults(
  { fields }: EntitySpec,
  after: Record<string, NativeValue>,
  actions: readonly Action[],
): void {
  const touched = new Set(actions.map(({ path }) => segmentsOf(path)[0]))
  for (const { name, kind, presence } of fields) {
    if (presence !== 'default' || touched.has(name) || after[name] !== undefined) continue
    after[name] = defaults[kind] as NativeValue
  }
}
