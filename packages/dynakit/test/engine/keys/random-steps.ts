import { Decimal } from 'dynakit'
import fc from 'fast-check'
import type { EntitySpec, Field, FieldKind } from './random-schema.ts'

/** One change of an update, as it is given to the builder. */
export interface Action {
  readonly type: 'set' | 'setIfNotExists' | 'add' | 'append' | 'prepend' | 'deleteFromSet' | 'remove'
  readonly path: string
  readonly value?: unknown
}

/** A condition on the stored item. */
export interface Where {
  readonly field: string
  readonly operator: '=' | 'exists' | 'not_exists'
  readonly value?: unknown
}

/** An item as it is given to a put, without the fields that identify it. */
type GivenItem = Readonly<Record<string, unknown>>

/** One write to one item. */
export type Step = Write & {
  /** Whether it is sent as a transaction of its own. */
  readonly isTransaction?: boolean
}

type Write =
  | { readonly type: 'create' | 'putMany'; readonly item: GivenItem }
  | {
      readonly type: 'put'
      readonly item: GivenItem
      /** Which version the item claims to have been read with, for entities that keep one. */
      readonly claimed: 'current' | 'none' | 'wrong'
    }
  | {
      readonly type: 'update'
      readonly actions: readonly Action[]
      readonly where: readonly Where[]
      readonly createIfMissing: boolean
      readonly createParents: boolean
    }
  | { readonly type: 'delete' | 'deleteMany' | 'deleteAndReturn' | 'deletePermanently' | 'restore' }

const astral = '\u{1F600}'
const text = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('a', 'b', 'ab', 'B', 'x y', 'é', '10', '-1') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(astral, `\u{10FFFF}\uFFFF${astral}`, '\u0000', '{a}', '\\', ':v0'),
  },
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constantFrom('a#b', '#', 'a|b', '|') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      astral.repeat(200),
      astral.repeat(256),
      `${astral.repeat(256)}x`,
      'x'.repeat(2048),
      'x'.repeat(2049),
    ),
  },
)
const number = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 1200 }) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(2.5, 0.001, 1e-7, 99.5, 123_456.789, 0.1, 0.2) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(-1, -2.5, -0, -(10n ** 20n)) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      2n ** 53n,
      2n ** 53n + 1n,
      2n ** 60n,
      9n * 10n ** 37n,
      1e15,
      2 ** 53 - 1,
      Decimal.from('0.1'),
      Decimal.from('12345678901234567890.50'),
      Decimal.from('1e-20'),
    ),
  },
)
const bytes = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 3 }).map((value) => new Uint8Array(value)),
  },
  { weight: 1, arbitrary: fc.constantFrom(new Uint8Array(0), new Uint8Array(1025)) },
)
const date = fc.integer({ min: 0, max: 2_000_000_000_000 }).map((milliseconds) => new Date(milliseconds))
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const any = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 6, arbitrary: number },
  { weight: 1, arbitrary: bytes },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(null, true, ['l'], new Set(['s']), new Set([1]), { m: 1 }),
  },
)
const texts = fc
  .uniqueArray(fc.constantFrom('a', 'b', '#', '', astral), { minLength: 1, maxLength: 3 })
  .map((members) => new Set(members))
const numbers = fc
  .uniqueArray(fc.constantFrom<number | bigint>(0, 1, -2.5, 2n ** 60n), { minLength: 1, maxLength: 3 })
  .map((members) => new Set(members))
const map = fc.record({ a: scalar, b: fc.record({ c: scalar }, { requiredKeys: [] }) }, { requiredKeys: [] })

const good: Readonly<Record<FieldKind, fc.Arbitrary<unknown>>> = {
  text,
  number,
  binary: bytes,
  flag: fc.boolean(),
  date,
  epoch: date,
  any,
  texts,
  numbers,
  list: fc.array(scalar, { maxLength: 3 }),
  map,
}
/** Values that no field, or not that one, can take. */
const bad = fc.constantFrom<unknown>(
  '\uD800',
  Number.NaN,
  2 ** 60,
  new Set(),
  new Date(Number.NaN),
  { deep: [Number.POSITIVE_INFINITY] },
  Symbol.iterator,
)

function valueOf({ kind }: Field): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 150, arbitrary: good[kind] }, { weight: 1, arbitrary: bad })
}

function itemOf({ fields }: EntitySpec): fc.Arbitrary<GivenItem> {
  const absent = Symbol('absent')
  const members = fields.map((field) => {
    const value = valueOf(field)
    if (field.presence === 'required') return value
    const missing = fc.constantFrom<unknown>(absent, undefined)
    return fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: missing })
  })
  return fc
    .tuple(...members)
    .map((values) =>
      Object.fromEntries(
        values.flatMap((value, at) => (value === absent ? [] : [[fields[at]?.name ?? '', value]])),
      ),
    )
}

/** A change that suits the field, or now and then one that does not. */
function actionsOn(field: Field): fc.Arbitrary<Action> {
  const { name, kind } = field
  const action = (type: Action['type'], value: fc.Arbitrary<unknown>, path = name): fc.Arbitrary<Action> =>
    value.map((given) => ({ type, path, value: given }))
  const removal = (path = name): fc.Arbitrary<Action> => fc.constant({ type: 'remove', path })
  const usual = [
    action('set', valueOf(field)),
    action('set', good[kind]),
    action('setIfNotExists', good[kind]),
  ]
  if (field.presence === 'optional') usual.push(removal())
  const special: Partial<Record<FieldKind, readonly fc.Arbitrary<Action>[]>> = {
    number: [action('add', number), action('add', fc.constantFrom(1, -1, 0.1))],
    any: [
      action('add', fc.constantFrom<unknown>(1, -0.5, ['a'], new Set([2]))),
      action('append', fc.constant(['e'])),
    ],
    texts: [
      action('add', texts),
      action('deleteFromSet', texts),
      action('add', fc.constantFrom(['n'], ['a', 'n'])),
    ],
    numbers: [action('add', numbers), action('deleteFromSet', numbers)],
    list: [
      action('append', fc.array(scalar, { maxLength: 2 })),
      action('prepend', fc.array(scalar, { minLength: 1, maxLength: 2 })),
      action('set', scalar, `${name}[0]`),
      action('setIfNotExists', scalar, `${name}[1]`),
      removal(`${name}[0]`),
    ],
    map: [
      action('set', scalar, `${name}.a`),
      action('set', scalar, `${name}.b.c`),
      action('setIfNotExists', scalar, `${name}.b.c`),
      action('add', fc.constantFrom(1, 2n ** 60n), `${name}.a`),
      removal(`${name}.a`),
      removal(`${name}.b.c`),
    ],
  }
  const odd: readonly fc.Arbitrary<Action>[] = [
    action('add', fc.constantFrom<unknown>(1, ['a'], 'text', new Set([1]))),
    action('append', fc.constant(['e'])),
    action('deleteFromSet', fc.constantFrom<unknown>(['a'], new Set([1]))),
    action('set', scalar, `${name}.inside`),
    action('set', scalar, `${name}[0]`),
    removal(`${name}.inside`),
    removal(),
  ]
  return fc.oneof(
    { weight: 12, arbitrary: fc.oneof(...usual, ...(special[kind] ?? [])) },
    { weight: 1, arbitrary: fc.oneof(...odd) },
  )
}

/** A change after which the field is there. */
function assignmentTo({ name, kind }: Field): fc.Arbitrary<Action> {
  const type = fc.constantFrom<Action['type']>(
    'set',
    'set',
    'setIfNotExists',
    ...(kind === 'number' ? ['add' as const] : []),
  )
  return fc.tuple(type, good[kind]).map(([given, value]) => ({ type: given, path: name, value }))
}

function updateOf(entity: EntitySpec): fc.Arbitrary<Step> {
  const { fields } = entity
  const list = fc
    .oneof(
      { weight: 30, arbitrary: fc.subarray([...fields], { minLength: 1, maxLength: 4 }) },
      // The same field twice.
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...fields), { minLength: 2, maxLength: 3 }) },
      { weight: 2, arbitrary: fc.constant(fields) },
    )
    .chain((chosen) => fc.tuple(...chosen.map(actionsOn)))
  const forbidden = fc.constantFrom<Action>(
    { type: 'set', path: entity.ids[0]?.name ?? '', value: 'x' },
    { type: 'remove', path: 'version' },
    { type: 'set', path: 'updatedAt', value: new Date(0) },
    { type: 'set', path: 'k0', value: 'x' },
  )
  const conditions = fields.flatMap(({ name, kind }): fc.Arbitrary<Where>[] => [
    fc.constantFrom('exists', 'not_exists').map((operator) => ({ field: name, operator })),
    ...(kind === 'text' || kind === 'number' || kind === 'flag'
      ? [good[kind].map((value): Where => ({ field: name, operator: '=', value }))]
      : []),
  ])
  const required = fields.filter(({ presence }) => presence === 'required')
  const whole = fc
    .subarray(
      fields.filter(({ presence }) => presence !== 'required'),
      { minLength: required.length === 0 ? 1 : 0 },
    )
    .chain((more) => fc.tuple(...[...required, ...more].map(assignmentTo)))
  const isUpsert = (wanted: boolean) => (actions: readonly Action[]) => ({ actions, createIfMissing: wanted })
  return fc
    .tuple(
      fc.oneof(
        { weight: 60, arbitrary: list.map(isUpsert(false)) },
        { weight: 20, arbitrary: whole.map(isUpsert(true)) },
        { weight: 3, arbitrary: list.map(isUpsert(true)) },
        {
          weight: 2,
          arbitrary: fc.tuple(list, forbidden).map(([some, one]) => isUpsert(false)([...some, one])),
        },
      ),
      fc.oneof(
        { weight: 5, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(fc.oneof(...conditions), { minLength: 1, maxLength: 2 }) },
      ),
    )
    .map(([change, where]) => ({ type: 'update' as const, ...change, where, createParents: false }))
}

/** Setting a nested path, its parents included. */
function deepUpdateOf(path: string): fc.Arbitrary<Step> {
  return scalar.map((value) => ({
    type: 'update' as const,
    actions: [{ type: 'set' as const, path, value }],
    where: [],
    createIfMissing: false,
    createParents: true,
  }))
}

function inTransaction(step: fc.Arbitrary<Step>): fc.Arbitrary<Step> {
  return fc
    .tuple(step, fc.constantFrom(false, false, false, true))
    .map(([given, isTransaction]) => (isTransaction ? { ...given, isTransaction } : given))
}

/** Random writes to one item of an entity, by every way a repository has. */
export function stepsOf(entity: EntitySpec, length: number): fc.Arbitrary<readonly Step[]> {
  const item = itemOf(entity)
  const create = item.map((given): Step => ({ type: 'create', item: given }))
  const claimed = fc.constantFrom<'current' | 'none' | 'wrong'>(
    'current',
    'current',
    'current',
    'none',
    'wrong',
  )
  const put = fc
    .tuple(item, claimed)
    .map(([given, which]): Step => ({ type: 'put', item: given, claimed: which }))
  const putMany = item.map((given): Step => ({ type: 'putMany', item: given }))
  const removal = fc.constantFrom<Step>(
    { type: 'delete' },
    { type: 'deleteMany' },
    { type: 'deleteAndReturn' },
    { type: 'deletePermanently' },
  )
  const deep = entity.fields
    .filter(({ kind }) => kind === 'map' || kind === 'text')
    .map(({ name, kind }) => deepUpdateOf(kind === 'map' ? `${name}.b.c` : `${name}.b`))
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 60, arbitrary: inTransaction(updateOf(entity)) },
    { weight: 6, arbitrary: inTransaction(create) },
    { weight: 8, arbitrary: inTransaction(put) },
    { weight: entity.version ? 1 : 6, arbitrary: putMany },
    { weight: 2, arbitrary: removal },
    { weight: 2, arbitrary: inTransaction(fc.constant({ type: 'delete' })) },
    { weight: entity.softDelete ? 6 : 1, arbitrary: fc.constant({ type: 'restore' }) },
    { weight: 2, arbitrary: fc.oneof(...deep) },
  )
  return fc
    .tuple(fc.oneof(create, put), fc.array(step, { minLength: length, maxLength: length }))
    .map(([first, rest]) => [first, ...rest])
}
