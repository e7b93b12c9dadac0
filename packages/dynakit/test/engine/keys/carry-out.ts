import type { NativeValue } from 'dynakit'
import type { Action, Step } from './random-steps.ts'

/** A repository whose types are not known. */
export interface AnyRepository {
  create(item: unknown): Promise<unknown>
  put(item: unknown): Promise<unknown>
  putMany(items: unknown): Promise<unknown>
  update(key: unknown): AnyUpdate
  delete(key: unknown): Promise<unknown>
  deleteMany(keys: unknown): Promise<unknown>
  deleteAndReturn(key: unknown): Promise<unknown>
}

type AnyUpdate = Record<Action['type'], (...changes: readonly unknown[]) => AnyUpdate> & {
  where(field: string, operator: string, value?: unknown): AnyUpdate
  createIfMissing(): AnyUpdate
  createParents(): AnyUpdate
  returning(choice: string): AnyUpdate
  execute(): Promise<unknown>
}

/**
 * Sends a write through the repository.
 *
 * @param version - The stored version, of entities that keep one.
 */
export async function carryOut(
  repository: AnyRepository,
  key: Readonly<Record<string, unknown>>,
  step: Step,
  version: { readonly current: NativeValue | undefined } | undefined,
): Promise<unknown> {
  switch (step.type) {
    case 'update':
      return update(repository.update(key), step).execute()
    case 'putMany':
      return repository.putMany([{ ...step.item, ...key }])
    case 'create':
      return repository.create({ ...step.item, ...key })
    case 'put': {
      const claimed = { current: version?.current, none: undefined, wrong: 999 }[step.claimed]
      return repository.put({
        ...step.item,
        ...key,
        ...(version && claimed !== undefined && { version: claimed }),
      })
    }
    case 'deleteMany':
      return repository.deleteMany([key])
    default:
      return repository[step.type](key)
  }
}

function update(builder: AnyUpdate, step: Extract<Step, { type: 'update' }>): AnyUpdate {
  let made = builder.returning('none')
  for (const { type, path, value } of step.actions) {
    made = type === 'remove' ? made.remove(path) : made[type]({ [path]: value })
  }
  for (const { field, operator, value } of step.where) {
    made = operator === '=' ? made.where(field, operator, value) : made.where(field, operator)
  }
  if (step.createIfMissing) made = made.createIfMissing()
  return step.createParents ? made.createParents() : made
}
