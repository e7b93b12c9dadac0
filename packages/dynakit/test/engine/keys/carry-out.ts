import type { DynamoDBAdapter, Entity, NativeValue } from 'dynakit'
import type { Action, Step } from './random-steps.ts'

type Call = (parameter: unknown) => Promise<unknown>

/** A repository whose types are not known. */
type AnyRepository = Record<Exclude<Step['type'], 'update'>, Call> & { update(key: unknown): AnyUpdate }

type AnyUpdate = Record<Action['type'], (...changes: readonly unknown[]) => AnyUpdate> & {
  where(field: string, operator: string, value?: unknown): AnyUpdate
  createIfMissing(): AnyUpdate
  createParents(): AnyUpdate
  returning(choice: string): AnyUpdate
  execute(): Promise<unknown>
}

type AnyTransaction = Record<
  'create' | 'put' | 'update' | 'delete',
  (operation: unknown) => AnyTransaction
> & {
  execute(): Promise<unknown>
}

/** The item that is written. */
export interface Target {
  readonly entity: Entity
  /** Values of the fields that identify it. */
  readonly key: Readonly<Record<string, unknown>>
  /** The stored version, of entities that keep one. */
  readonly version: { readonly current: NativeValue | undefined } | undefined
}

/** Sends a write. */
export async function carryOut(db: DynamoDBAdapter, target: Target, step: Step): Promise<unknown> {
  if (step.isTransaction) return carryOutTogether(db.transaction() as unknown as AnyTransaction, target, step)
  const { entity, key } = target
  const repository = db.repository(entity) as unknown as AnyRepository
  switch (step.type) {
    case 'update':
      return update(repository.update(key).returning('none'), step).execute()
    case 'putMany':
      return repository.putMany([{ ...step.item, ...key }])
    case 'create':
    case 'put':
      return repository[step.type](itemOf(target, step))
    case 'deleteMany':
      return repository.deleteMany([key])
    default:
      return repository[step.type](key)
  }
}

/** Sends a write as a transaction of one operation. */
async function carryOutTogether(transaction: AnyTransaction, target: Target, step: Step): Promise<unknown> {
  const { entity, key } = target
  switch (step.type) {
    case 'create':
    case 'put':
      return transaction[step.type]({ entity, item: itemOf(target, step) }).execute()
    case 'update':
      return transaction.update({ entity, key, updates: (made: AnyUpdate) => update(made, step) }).execute()
    default:
      return transaction.delete({ entity, key }).execute()
  }
}

function itemOf({ key, version }: Target, step: Extract<Step, { readonly item: unknown }>): unknown {
  const item = { ...step.item, ...key }
  if (step.type !== 'put' || !version) return item
  const claimed = { current: version.current, none: undefined, wrong: 999 }[step.claimed]
  return claimed === undefined ? item : { ...item, version: claimed }
}

function update(builder: AnyUpdate, step: Extract<Step, { type: 'update' }>): AnyUpdate {
  let made = builder
  for (const { type, path, value } of step.actions) {
    made = type === 'remove' ? made.remove(path) : made[type]({ [path]: value })
  }
  for (const { field, operator, value } of step.where) {
    made = operator === '=' ? made.where(field, operator, value) : made.where(field, operator)
  }
  if (step.createIfMissing) made = made.createIfMissing()
  return step.createParents ? made.createParents() : made
}
