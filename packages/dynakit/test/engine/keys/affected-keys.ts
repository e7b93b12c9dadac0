import { type Fields, ownKeyNames } from './model-keys.ts'
import { segmentsOf } from './model-values.ts'
import type { EntitySpec, SchemaSpec } from './random-schema.ts'
import type { Step } from './random-steps.ts'

/** The item a sequence of writes is about. */
export interface Subject {
  readonly schema: SchemaSpec
  readonly entity: EntitySpec
  /** Stored values of the fields that identify it. */
  readonly ids: Fields
}

/** An update. */
export type UpdateStep = Extract<Step, { type: 'update' }>

/** Fields that index keys are, or are made of. */
export function fieldsOfKeys({ schema, entity }: Subject): ReadonlySet<string> {
  return new Set([...fieldsOfTemplates(entity), ...ownKeyNames(schema, entity)])
}

/** Fields that keys made by templates are made of. */
export function fieldsOfTemplates({ templates }: EntitySpec): ReadonlySet<string> {
  const parts = Object.values(templates).flat()
  return new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.field])))
}

/** What every change of an item changes as well. */
export function keptChanges({ timestamps, version }: EntitySpec): readonly string[] {
  return [...(timestamps ? ['updatedAt'] : []), ...(version ? ['version'] : [])]
}

/** Keys of indexes that are made from one of the fields. */
export function madeFrom({ templates }: EntitySpec, fields: ReadonlySet<unknown>): readonly string[] {
  return Object.entries(templates)
    .filter(([name]) => name !== 'pk' && name !== 'sk')
    .filter(([, parts]) => parts.some((part) => typeof part !== 'string' && fields.has(part.field)))
    .map(([name]) => name)
}

/** Whether everything the keys are made of is known. */
export function areKnown(
  { templates }: EntitySpec,
  names: readonly string[],
  known: ReadonlySet<string>,
): boolean {
  return names.every((name) =>
    (templates[name] ?? []).every((part) => typeof part === 'string' || known.has(part.field)),
  )
}

/** Keys made by templates that the update must write. */
export function affectedKeys(
  entity: EntitySpec,
  { actions, createIfMissing }: UpdateStep,
): readonly string[] {
  if (createIfMissing) return Object.keys(entity.templates).filter((name) => name !== 'pk' && name !== 'sk')
  const touched = actions.map(({ path }) => segmentsOf(path)[0])
  return madeFrom(entity, new Set([...touched, ...keptChanges(entity)]))
}
