import type { Decimal } from '../codec/decimal.ts'
import type { NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { CallOptions } from '../execution/call.ts'
import type {
  CheckOperator,
  CheckPath,
  DeepPartial,
  ExistenceOperator,
  FieldPath,
  FieldValue,
  OperandFor,
  Operator,
} from '../expressions/field-types.ts'
import { type Path, parsePath } from '../expressions/path.ts'
import type { UpdateRequest } from '../planner/update-request.ts'
import { noActions, type SetKind, type UpdateActions } from '../expressions/update-actions.ts'
import type { TypeProblem } from '../schema/type-problem.ts'
import type { UpdateReturn } from '../operations/write/update-item.ts'
import { type ConditionCallback, toCondition } from './condition-builder.ts'

/** The types an update works with: an item as read, as given, and its key. */
export interface UpdateModel {
  /** An item as it is read. */
  readonly item: object
  /** An item as it is given. */
  readonly input: object
  /** The fields that identify it, which no update can change. */
  readonly key: object
}

/** The model of items nothing was declared for. */
export interface UntypedModel<Item extends object> {
  readonly item: Item
  readonly input: Item
  /** No field is known to be part of the key. */
  readonly key: object
}

type Addable<Value> = Value extends number | bigint | Decimal
  ? number | bigint | Decimal
  : Members<Value, 'only numbers and sets can be added to'>

type Members<Value, Problem extends string> =
  Value extends ReadonlySet<infer Member> ? ReadonlySet<Member> | readonly Member[] : TypeProblem<Problem>

type Appendable<Value> = Value extends readonly (infer Element)[]
  ? readonly Element[]
  : TypeProblem<'only lists can be appended to'>

type CheckChange<Model extends UpdateModel, Path, Value> = Path extends keyof Model['key']
  ? TypeProblem<`'${Path & string}' is part of the key and cannot change`>
  : CheckPath<Model['input'], Path> extends Path
    ? Value
    : CheckPath<Model['input'], Path>

/** Fields of an item with their values, and paths into them. */
type Fields<Item> = { readonly [Name in keyof Item]?: Item[Name] } & { readonly [path: string]: unknown }

/** Fields of an item with anything, and paths into them. */
type FieldNames<Item> = { readonly [Name in keyof Item]?: unknown } & { readonly [path: string]: unknown }

type Values<Model extends UpdateModel, Changes> = {
  readonly [Path in keyof Changes]: CheckChange<Model, Path, FieldValue<Model['input'], Path>>
}

type Added<Model extends UpdateModel, Changes> = {
  readonly [Path in keyof Changes]: CheckChange<Model, Path, Addable<FieldValue<Model['input'], Path>>>
}

type Appended<Model extends UpdateModel, Changes> = {
  readonly [Path in keyof Changes]: CheckChange<Model, Path, Appendable<FieldValue<Model['input'], Path>>>
}

type Deleted<Model extends UpdateModel, Changes> = {
  readonly [Path in keyof Changes]: CheckChange<
    Model,
    Path,
    Members<FieldValue<Model['input'], Path>, 'members are deleted from sets only'>
  >
}

/** What `returning` leads to. */
export type Returned<Item, Choice extends UpdateReturn> = Choice extends 'none'
  ? undefined
  : Choice extends 'new'
    ? Item
    : Choice extends 'old'
      ? Item | undefined
      : DeepPartial<Item>

/**
 * What an update changes, and under which conditions. Every method returns a new one.
 *
 * @typeParam Model - The types of the item updated.
 */
export interface UpdateChanges<Model extends UpdateModel> {
  /** Gives fields or nested paths new values. */
  set<const Changes extends Fields<Model['input']>>(changes: Changes & Values<Model, Changes>): this
  /** Gives fields values, unless they have one. */
  setIfNotExists<const Changes extends Fields<Model['input']>>(
    changes: Changes & Values<Model, Changes>,
  ): this
  /** Adds to numbers (a missing one counts as 0; negative numbers subtract), or members to sets. */
  add<const Changes extends FieldNames<Model['input']>>(changes: Changes & Added<Model, Changes>): this
  /** Puts elements at the end of lists; a missing list counts as empty. */
  append<const Changes extends FieldNames<Model['input']>>(changes: Changes & Appended<Model, Changes>): this
  /** Puts elements before those of lists; a missing list counts as empty. */
  prepend<const Changes extends FieldNames<Model['input']>>(changes: Changes & Appended<Model, Changes>): this
  /** Takes members out of sets; an empty set is removed. */
  deleteFromSet<const Changes extends FieldNames<Model['input']>>(
    changes: Changes & Deleted<Model, Changes>,
  ): this
  /** Removes fields, nested members or list elements (`'lines[0]'`). */
  remove<const Path extends FieldPath<Model['input']>>(
    ...fields: (Path & CheckChange<Model, Path, Path>)[]
  ): this
  /** Adds a condition on the stored item; all must hold, or nothing is changed. */
  where<
    const Chosen extends Operator,
    const Path extends FieldPath<Model['item']>,
    Value = FieldValue<Model['item'], Path>,
    Checked = CheckOperator<Value, Chosen>,
  >(
    field: Path & CheckPath<Model['item'], Path>,
    operator: Chosen & NoInfer<Checked>,
    operand: NoInfer<OperandFor<Value, Chosen>>,
  ): this
  /** Adds a condition on whether a field is there. */
  where<const Path extends FieldPath<Model['item']>>(
    field: Path & CheckPath<Model['item'], Path>,
    operator: ExistenceOperator,
  ): this
  /** Adds a condition built with `e`. */
  where(build: ConditionCallback<Model['item']>): this
  /** Creates the item when it does not exist. */
  createIfMissing(): this
  /** Puts the stored item into the error when a condition is false. */
  returnItemOnConditionFailure(): this
}

/**
 * An update being built. Every method returns a new builder; nothing is sent before `execute()`.
 *
 * The item must exist, unless `createIfMissing()` is called. Keys of indexes that depend on a changed
 * field are changed with it.
 *
 * @typeParam Model - The types of the item updated.
 * @typeParam Result - What `execute()` gives back.
 *
 * @example
 * ```ts
 * import { createAdapter } from 'dynakit'
 *
 * interface Product { id: string; price: number; stock: number; tags: Set<string> }
 * const db = createAdapter({ region: 'eu-west-1', tableName: 'Products' })
 * const product = await db
 *   .update<Product>({ id: 'p1' })
 *   .set({ price: 25 })
 *   .add({ stock: -1 })
 *   .where('stock', '>', 0)
 *   .execute()
 * console.log(product.stock)
 * ```
 */
export interface UpdateBuilder<
  Model extends UpdateModel,
  Result = Model['item'],
> extends UpdateChanges<Model> {
  /** Chooses what `execute()` gives back. Default: `new`, the whole item after the update. */
  returning<const Choice extends UpdateReturn>(
    choice: Choice,
  ): UpdateBuilder<Model, Returned<Model['item'], Choice>>
  /** Creates missing maps on the way to a nested path that is set. Takes extra requests when some are missing. */
  createParents(): this
  /**
   * Sends the update.
   *
   * @throws ItemNotFoundError when the item does not exist; ConditionalCheckFailedError when a condition
   *   is false; ValidationError for values or fields that are refused.
   */
  execute(options?: CallOptions): Promise<Result>
}

/** Carries out what a builder has gathered. */
export type RunUpdate = (request: UpdateRequest, options: CallOptions | undefined) => Promise<unknown>

const initialRequest: UpdateRequest = Object.freeze({
  actions: noActions,
  conditions: [],
  returns: 'new',
  createIfMissing: false,
  createParents: false,
  returnItemOnConditionFailure: false,
})

/**
 * Starts an update.
 *
 * @param run - Carries it out.
 * @returns The builder; the caller gives it its types.
 * @internal
 */
export function startUpdate(run: RunUpdate): unknown {
  return new Update(run, initialRequest)
}

/**
 * Gathers what an update changes without sending it.
 *
 * @param change - Calls the builder's methods and gives the last builder back.
 * @returns The changes.
 * @throws ValidationError when it gives something else back.
 * @internal
 */
export function gatherUpdate(change: (update: never) => unknown): UpdateRequest {
  const made = change(new Update(refuseToRun, initialRequest) as never)
  if (made instanceof Update) return Update.requestOf(made)
  throw new ValidationError(
    `updates: the function gave ${valueType(made)} back. Give back what it was given with changes: (update) => update.set({ ... }).`,
    { rule: 'transaction-update', field: 'updates', valueType: valueType(made) },
  )
}

function refuseToRun(): Promise<never> {
  return Promise.reject(
    new ValidationError('execute(): an update of a transaction is sent with it. Leave the call out.', {
      rule: 'transaction-update',
      field: 'updates',
    }),
  )
}

class Update {
  readonly #run: RunUpdate
  readonly #request: UpdateRequest

  constructor(run: RunUpdate, request: UpdateRequest) {
    this.#run = run
    this.#request = request
  }

  static requestOf(update: Update): UpdateRequest {
    return update.#request
  }

  #with(change: Partial<UpdateRequest>): Update {
    return new Update(this.#run, Object.freeze({ ...this.#request, ...change }))
  }

  #withActions(change: Partial<UpdateActions>): Update {
    return this.#with({ actions: Object.freeze({ ...this.#request.actions, ...change }) })
  }

  #assign(kind: SetKind, changes: Readonly<Record<string, unknown>>): Update {
    const made = entries(changes).map(([path, value]) => Object.freeze({ path, kind, value }))
    const earlier = this.#request.actions.set.filter((action) => !Object.hasOwn(changes, action.path.text))
    return this.#withActions({ set: [...earlier, ...made] })
  }

  set(changes: Readonly<Record<string, unknown>>): Update {
    return this.#assign('value', changes)
  }

  setIfNotExists(changes: Readonly<Record<string, unknown>>): Update {
    return this.#assign('if-not-exists', changes)
  }

  append(changes: Readonly<Record<string, unknown>>): Update {
    return this.#assign('append', checkLists(changes))
  }

  prepend(changes: Readonly<Record<string, unknown>>): Update {
    return this.#assign('prepend', checkLists(changes))
  }

  add(changes: Readonly<Record<string, unknown>>): Update {
    const made = entries(changes).map(([path, value]) => Object.freeze({ path, value: listToSet(value) }))
    return this.#withActions({ add: [...this.#request.actions.add, ...made] })
  }

  deleteFromSet(changes: Readonly<Record<string, unknown>>): Update {
    const made = entries(changes).map(([path, value]) => Object.freeze({ path, value: listToSet(value) }))
    return this.#withActions({ delete: [...this.#request.actions.delete, ...made] })
  }

  remove(...fields: readonly string[]): Update {
    return this.#withActions({ remove: [...this.#request.actions.remove, ...fields.map(parsePath)] })
  }

  where(...parameters: readonly unknown[]): Update {
    return this.#with({ conditions: [...this.#request.conditions, toCondition(parameters)] })
  }

  returning(choice: UpdateReturn): Update {
    return this.#with({ returns: choice })
  }

  createIfMissing(): Update {
    return this.#with({ createIfMissing: true })
  }

  createParents(): Update {
    return this.#with({ createParents: true })
  }

  returnItemOnConditionFailure(): Update {
    return this.#with({ returnItemOnConditionFailure: true })
  }

  execute(options?: CallOptions): Promise<unknown> {
    return this.#run(this.#request, options)
  }
}

function entries(changes: Readonly<Record<string, unknown>>): readonly (readonly [Path, NativeValue])[] {
  return Object.entries(changes).map(([field, value]) => {
    if (value === undefined) {
      throw new ValidationError(
        `${field}: the new value is undefined. Leave the field out to keep it, or call .remove('${field}').`,
        { rule: 'undefined-change', field, valueType: 'undefined' },
      )
    }
    return [parsePath(field), value as NativeValue]
  })
}

function checkLists(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  for (const [field, value] of Object.entries(changes)) {
    if (Array.isArray(value)) continue
    throw new ValidationError(
      `${field}: give a list of elements, [element], not a value of type ${valueType(value)}.`,
      {
        rule: 'append-list',
        field,
        valueType: valueType(value),
      },
    )
  }
  return changes
}

/** Members for a set may be given as a list. */
function listToSet(value: NativeValue): NativeValue {
  return Array.isArray(value) ? new Set(value as readonly string[]) : value
}
