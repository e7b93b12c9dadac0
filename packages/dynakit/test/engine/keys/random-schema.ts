import type { KeyType } from 'dynakit'
import fc from 'fast-check'

/** What a field holds. `any` holds whatever DynamoDB can store. */
export type FieldKind =
  'text' | 'number' | 'binary' | 'flag' | 'date' | 'epoch' | 'any' | 'texts' | 'numbers' | 'list' | 'map'

/** A field of a random entity. */
export interface Field {
  readonly name: string
  readonly kind: FieldKind
  readonly presence: 'required' | 'optional' | 'default'
}

/** A template as a list, which the test joins by itself. */
export type TemplatePart = string | { readonly field: string; readonly width: number | undefined }

/** A random entity of a random table. */
export interface EntitySpec {
  readonly name: string
  readonly fields: readonly Field[]
  /** Templates of key attributes, the table's among them, by stored name. */
  readonly templates: Readonly<Record<string, readonly TemplatePart[]>>
  /** Fields that identify an item: the first makes the partition key, the second the sort key. */
  readonly ids: readonly Field[]
  readonly timestamps: boolean
  readonly version: boolean
  readonly softDelete: boolean
  readonly onPartialKey: 'read' | 'refuse'
  /** Indexes it declares templates for. */
  readonly indexes: readonly string[]
}

interface IndexSpec {
  readonly name: string
  readonly type: 'global' | 'local'
  readonly partitionKey: readonly string[]
  readonly sortKey: readonly string[]
}

/** A random table with entities. */
export interface SchemaSpec {
  readonly types: Readonly<Record<string, KeyType>>
  readonly hasSortKey: boolean
  readonly indexes: readonly IndexSpec[]
  readonly separator: string
  readonly entityAttribute: string | false
  readonly entities: readonly EntitySpec[]
}

const pool: readonly (readonly [string, FieldKind])[] = [
  ['text1', 'text'],
  ['text2', 'text'],
  ['text3', 'text'],
  ['number1', 'number'],
  ['number2', 'number'],
  ['binary1', 'binary'],
  ['flag1', 'flag'],
  ['date1', 'date'],
  ['epoch1', 'epoch'],
  ['any1', 'any'],
  ['texts1', 'texts'],
  ['numbers1', 'numbers'],
  ['list1', 'list'],
  ['map1', 'map'],
]
/** Attributes of the entities that index keys may be without a template. */
const ownTypes: Readonly<Record<string, KeyType>> = {
  text1: 'string',
  text2: 'string',
  text3: 'string',
  date1: 'string',
  number1: 'number',
  number2: 'number',
  epoch1: 'number',
  binary1: 'binary',
  version: 'number',
  updatedAt: 'string',
  deletedAt: 'string',
}
const madeNames = ['k0', 'k1', 'k2', 'k3', 'k4']
/** Fields every entity has, so that there is something to update. */
const always: ReadonlySet<string> = new Set(['text1', 'text2', 'number1', 'any1'])
/** Fields that can be written into a template. */
const templateKinds: ReadonlySet<FieldKind> = new Set<FieldKind>([
  'text',
  'number',
  'flag',
  'date',
  'epoch',
  'any',
])

const keyType = fc.constantFrom<KeyType>('string', 'string', 'string', 'number', 'binary')

function keyList(names: readonly string[], least: number): fc.Arbitrary<readonly string[]> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.subarray([...names], { minLength: least, maxLength: Math.max(least, 1) }) },
    { weight: 2, arbitrary: fc.subarray([...names], { minLength: least, maxLength: 3 }) },
  )
}

/** One part of a key is made of own attributes, or of attributes made by templates. */
const anyKey = (least: number): fc.Arbitrary<readonly string[]> =>
  fc.oneof(keyList([...Object.keys(ownTypes), 'any1'], least), keyList(madeNames, least))

function index(name: string, hasSortKey: boolean): fc.Arbitrary<IndexSpec> {
  const global = fc
    .record({
      name: fc.constant(name),
      type: fc.constant('global' as const),
      partitionKey: anyKey(1),
      sortKey: anyKey(0),
    })
    .filter(({ partitionKey, sortKey }) => !partitionKey.some((key) => sortKey.includes(key)))
  if (!hasSortKey) return global
  const local = anyKey(1).map((keys) => ({
    name,
    type: 'local' as const,
    partitionKey: [],
    sortKey: keys.slice(0, 1),
  }))
  return fc.oneof({ weight: 3, arbitrary: global }, { weight: 1, arbitrary: local })
}

/** Random tables with random entities that share them. */
export const randomSchema: fc.Arbitrary<SchemaSpec> = fc
  .record({
    pk: keyType,
    sk: keyType,
    made: fc.tuple(keyType, keyType, keyType, keyType, keyType),
    any: keyType,
    hasSortKey: fc.boolean(),
    separator: fc.constantFrom('#', '|'),
    entityAttribute: fc.constantFrom<string | false>('_entity', 'kind', false),
  })
  .chain(({ pk, sk, made, any, ...rest }) => {
    const madeTypes = Object.fromEntries(madeNames.map((name, at) => [name, made[at] ?? 'string']))
    const types = { ...ownTypes, ...madeTypes, any1: any, pk, sk }
    return fc
      .integer({ min: 1, max: 5 })
      .chain((count) =>
        fc.tuple(...Array.from({ length: count }, (_, at) => index(`index${String(at)}`, rest.hasSortKey))),
      )
      .chain((indexes) => {
        const partial = { types, indexes, ...rest }
        return fc
          .tuple(...['A', 'B', 'C'].map((name) => entity(name, partial)))
          .map((entities): SchemaSpec => ({ ...partial, entities }))
      })
  })

type PartialSchema = Omit<SchemaSpec, 'entities'>

function entity(name: string, schema: PartialSchema): fc.Arbitrary<EntitySpec> {
  const field = ([fieldName, kind]: readonly [string, FieldKind]): fc.Arbitrary<Field | undefined> =>
    fc.constantFrom(undefined, 'required', 'optional', 'optional', 'optional', 'default').map((presence) => {
      if (presence === undefined && !always.has(fieldName)) return undefined
      if (kind === 'any' || presence === undefined || presence === 'optional')
        return { name: fieldName, kind, presence: 'optional' }
      const hasDefault = ['text', 'number', 'flag', 'list', 'map'].includes(kind)
      return {
        name: fieldName,
        kind,
        presence: presence === 'default' && !hasDefault ? 'required' : presence,
      }
    })
  return fc
    .record({
      fields: fc.tuple(...pool.map(field)),
      timestamps: fc.boolean(),
      version: fc.boolean(),
      softDelete: fc.constantFrom(false, false, true),
      onPartialKey: fc.constantFrom<'read' | 'refuse'>('read', 'read', 'read', 'read', 'refuse'),
      pkKind: fc.constantFrom<FieldKind>('text', 'number', 'date'),
      skKind: fc.constantFrom<FieldKind>('text', 'number', 'epoch'),
      isPkOwn: fc.boolean(),
      isSkOwn: fc.boolean(),
    })
    .chain((draft) => {
      const fields = draft.fields.filter((given) => given !== undefined)
      const { ids, keyTemplates } = tableKey(name, schema, draft)
      return templatesFor(schema, [...fields, ...ids], draft).map((made): EntitySpec => {
        const taken = indexesOf(schema, fields, draft, made)
        const used = new Set(taken.flatMap(({ partitionKey, sortKey }) => [...partitionKey, ...sortKey]))
        const kept = Object.entries(made).filter(([key]) => used.has(key))
        return {
          name,
          fields,
          ids,
          templates: { ...keyTemplates, ...Object.fromEntries(kept) },
          timestamps: draft.timestamps,
          version: draft.version,
          softDelete: draft.softDelete,
          onPartialKey: draft.onPartialKey,
          indexes: taken.map(({ name: indexName }) => indexName),
        }
      })
    })
}

interface Draft {
  readonly timestamps: boolean
  readonly version: boolean
  readonly softDelete: boolean
  readonly pkKind: FieldKind
  readonly skKind: FieldKind
  readonly isPkOwn: boolean
  readonly isSkOwn: boolean
}

type Templates = Record<string, readonly TemplatePart[]>

const kindOfType: Readonly<Record<KeyType, FieldKind>> = {
  string: 'text',
  number: 'number',
  binary: 'binary',
}

function tableKey(
  name: string,
  { types, hasSortKey, separator }: PartialSchema,
  draft: Draft,
): { readonly ids: readonly Field[]; readonly keyTemplates: Templates } {
  const ids: Field[] = []
  const keyTemplates: Templates = {}
  const add = (
    key: string,
    id: string,
    kind: FieldKind,
    isOwn: boolean,
    parts: readonly TemplatePart[],
  ): void => {
    const type = types[key] ?? 'string'
    const isText = type === 'string' && !isOwn
    ids.push({ name: isOwn ? key : id, kind: isText ? kind : kindOfType[type], presence: 'required' })
    if (!isOwn) keyTemplates[key] = isText ? parts : [{ field: id, width: undefined }]
  }
  const first = { field: 'id1', width: undefined }
  add('pk', 'id1', draft.pkKind, draft.isPkOwn, [`${name}${separator}`, first])
  // `key` always gives the partition key, so a sort key template needs one for that too.
  const isSkOwn = draft.isSkOwn || draft.isPkOwn
  const second = { field: 'id2', width: undefined }
  if (hasSortKey) add('sk', 'id2', draft.skKind, isSkOwn, [`S${separator}`, second, `${separator}end`])
  return { ids, keyTemplates }
}

function templatesFor(
  { types, separator }: PartialSchema,
  fields: readonly Field[],
  { timestamps, version, softDelete }: Draft,
): fc.Arbitrary<Readonly<Templates>> {
  const kept: Field[] = []
  if (timestamps) kept.push({ name: 'updatedAt', kind: 'date', presence: 'required' })
  if (timestamps) kept.push({ name: 'createdAt', kind: 'date', presence: 'required' })
  if (version) kept.push({ name: 'version', kind: 'number', presence: 'required' })
  if (softDelete) kept.push({ name: 'deletedAt', kind: 'date', presence: 'optional' })
  const all = [...fields, ...kept]
  const copies = (kinds: readonly FieldKind[]): fc.Arbitrary<readonly TemplatePart[]>[] =>
    all
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ name }) => fc.constant([{ field: name, width: undefined }]))
  const template = (type: KeyType): fc.Arbitrary<readonly TemplatePart[] | undefined> => {
    if (type === 'number') return fc.oneof(fc.constant(undefined), ...copies(['number', 'epoch', 'any']))
    if (type === 'binary') return fc.oneof(fc.constant(undefined), ...copies(['binary', 'any']))
    return fc.oneof(textTemplate(all, separator), textTemplate(all, separator), ...copies(['text', 'date']))
  }
  return fc
    .tuple(...madeNames.map((name) => template(types[name] ?? 'string')))
    .map((made) =>
      Object.fromEntries(
        made.flatMap((parts, at) => (parts === undefined ? [] : [[madeNames[at] ?? '', parts] as const])),
      ),
    )
}

function textTemplate(fields: readonly Field[], separator: string): fc.Arbitrary<readonly TemplatePart[]> {
  const usable = fields.filter(({ kind }) => templateKinds.has(kind))
  const width = fc.constantFrom<number | undefined>(undefined, undefined, 3, 12, 25)
  const part = fc.tuple(fc.constantFrom(...usable), width).map(([{ name, kind }, wanted]) => ({
    field: name,
    width: ['number', 'epoch', 'any'].includes(kind) ? wanted : undefined,
  }))
  const between = fc.constantFrom(separator, `${separator}x`, `y${separator}z`)
  const ends = fc.constantFrom('', 'K', `K${separator}`)
  return fc
    .tuple(ends, fc.array(fc.tuple(part, between), { minLength: 1, maxLength: 3 }), ends)
    .map(([start, list, end]): TemplatePart[] => {
      const middle = list.flatMap(([given, after], at) => (at < list.length - 1 ? [given, after] : [given]))
      const parts = [start, ...middle, end].filter((given) => given !== '')
      // One bare field is a copy of its value.
      return parts.length === 1 ? ['K', ...parts] : parts
    })
}

/** An index is declared when everything its keys are made of is there. */
function indexesOf(
  { indexes }: PartialSchema,
  fields: readonly Field[],
  { timestamps, version, softDelete }: Draft,
  made: Readonly<Templates>,
): readonly IndexSpec[] {
  const own = new Set(fields.map(({ name }) => name))
  if (timestamps) own.add('updatedAt')
  if (version) own.add('version')
  if (softDelete) own.add('deletedAt')
  return indexes.filter(({ partitionKey, sortKey }) =>
    [...partitionKey, ...sortKey].every((name) => own.has(name) || made[name] !== undefined),
  )
}
