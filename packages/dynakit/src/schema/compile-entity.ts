import type { NativeValue } from '../codec/native-value.ts'
import { DefinitionError } from '../errors/request-errors.ts'
import type { AttributeCodec } from './attribute-codec.ts'
import type { CompiledAttribute, CompiledEntity, KeyPart, KeySource } from './compiled-entity.ts'
import type { EntityIndexOptions, EntityOptions } from './entity-types.ts'
import { keptAttributes, keptDateCodec } from './kept-attributes.ts'
import { maximumKeyBytes } from './key-size.ts'
import { isCopy, type KeyTemplate, parseTemplate, templateFields } from './key-template.ts'
import { schemaStoredType } from './schema-type.ts'
import type { StandardSchema } from './standard-schema.ts'
import type { KeyAttribute, TableIndex } from './table.ts'
import { beginsLikeMarker, markerEntity, markerPrefix, uniqueConstraints } from './unique-constraint.ts'

/** What is gathered while an entity is compiled. */
interface Draft {
  readonly options: EntityOptions
  readonly attributes: Map<string, CompiledAttribute>
  /** Key parts made by templates, by stored attribute name. */
  readonly templated: Map<string, KeyPart>
}

/**
 * Checks an entity definition and prepares it for use.
 *
 * @param options - The definition.
 * @returns Everything the other layers need to know of the entity.
 * @throws DefinitionError when the definition contradicts itself or its table.
 * @internal
 */
export function compileEntity(options: EntityOptions): CompiledEntity {
  const draft: Draft = { options, attributes: new Map(), templated: new Map() }
  if (options.name === markerEntity) {
    refuse(
      draft,
      'entity-name',
      `'${markerEntity}' names the items that keep unique values. Choose another name.`,
    )
  }
  const kept = keptAttributes(options)
  for (const [name, schema] of Object.entries(options.attributes)) addAttribute(draft, name, schema)
  for (const name of [kept.createdAt, kept.updatedAt, kept.deletedAt]) addKept(draft, name, keptDateCodec)
  addKept(draft, kept.version, undefined)
  checkEntityAttribute(draft)
  checkTimeToLive(draft, kept.deletedAt)

  addTemplates(draft)
  const keys = [primaryKey(draft), ...indexKeys(draft)]
  const derived = [...draft.templated.values()]
  const direct = directParts(draft, keys)
  const [primary] = keys
  const keyFields = new Set(
    primary ? [...primary.partitionKey, ...primary.sortKey].flatMap((part) => part.fields) : [],
  )
  return Object.freeze({
    name: options.name,
    table: options.table,
    attributes: [...draft.attributes.values()],
    attributesByName: draft.attributes,
    keys,
    absentIndexes: absentIndexes(draft, keys),
    keyFields: [...keyFields],
    derived,
    direct,
    ...kept,
    unique: uniqueConstraints(options),
    excludeExpired: options.excludeExpired ?? false,
    entityAttribute: options.table.entityAttribute,
    onPartialKey: options.onPartialKey ?? 'read',
  })
}

function addAttribute(draft: Draft, name: string, schema: StandardSchema): void {
  if (!/^[^.[\]()\\]+$/.test(name)) {
    refuse(draft, 'attribute-name', `attribute '${name}': a name is not empty and has none of . [ ] ( ) \\`)
  }
  if (typeof (schema as Partial<StandardSchema> | undefined)?.['~standard']?.validate !== 'function') {
    refuse(
      draft,
      'attribute-schema',
      `attribute '${name}' is not a Standard Schema (zod, valibot, arktype, isoDate(), ...).`,
    )
  }
  const codec = (schema as { '~codec'?: AttributeCodec<unknown, NativeValue> })['~codec']
  draft.attributes.set(name, { name, schema, standard: schema['~standard'], codec })
}

function addKept(
  draft: Draft,
  name: string | undefined,
  codec: AttributeCodec<unknown, NativeValue> | undefined,
): void {
  if (name === undefined) return
  if (draft.attributes.has(name)) {
    refuse(
      draft,
      'attribute-name',
      `attribute '${name}' is kept by timestamps, version or softDelete. Remove it, or name those differently.`,
    )
  }
  draft.attributes.set(name, { name, schema: undefined, standard: undefined, codec })
}

function checkEntityAttribute(draft: Draft): void {
  const name = draft.options.table.entityAttribute
  if (name !== false && draft.attributes.has(name)) {
    refuse(
      draft,
      'attribute-name',
      `attribute '${name}' stores the entity's name. Rename it, or set entityAttribute in defineTable.`,
    )
  }
}

function checkTimeToLive(draft: Draft, deletedAt: string | undefined): void {
  const { table, excludeExpired } = draft.options
  const { timeToLive } = table.options
  if (excludeExpired === true && timeToLive === undefined) {
    refuse(
      draft,
      'time-to-live',
      `excludeExpired needs to know when items expire. Give timeToLive in defineTable for table '${table.name}'.`,
    )
  }
  if (deletedAt === undefined || deletedAt !== timeToLive) return
  refuse(
    draft,
    'attribute-name',
    `softDelete and the table's timeToLive both use '${deletedAt}'. Name one of them differently.`,
  )
}

/** Reads all templates of the definition first: an index may share a key attribute with the table. */
function addTemplates(draft: Draft): void {
  const { key, indexes, table } = draft.options
  if (key) {
    addTemplate(draft, table.partitionKey, key.partitionKey, 'key.partitionKey')
    if (key.sortKey !== undefined && !table.sortKey) {
      refuse(draft, 'unknown-key', `key.sortKey is given, but table '${table.name}' has no sort key.`)
    }
    if (table.sortKey && key.sortKey !== undefined)
      addTemplate(draft, table.sortKey, key.sortKey, 'key.sortKey')
  }
  for (const [name, templates] of Object.entries(indexes ?? {})) {
    const index = table.indexes.find((candidate) => candidate.name === name)
    if (!index) {
      const known = table.indexes.map((candidate) => candidate.name).join(', ') || 'none'
      refuse(draft, 'unknown-index', `table '${table.name}' has no index '${name}' (it has: ${known}).`)
    }
    addIndexTemplates(draft, index, templates)
  }
}

function addIndexTemplates(draft: Draft, index: TableIndex, templates: EntityIndexOptions): void {
  const where = `indexes.${index.name}`
  if (index.type === 'local' && templates.partitionKey !== undefined) {
    refuse(draft, 'local-index', `${where}: a local index has the table's partition key; give only sortKey.`)
  }
  for (const part of ['partitionKey', 'sortKey'] as const) {
    const given = templates[part]
    if (given === undefined) continue
    const list = typeof given === 'string' ? [given] : given
    if (list.length !== index[part].length) {
      refuse(
        draft,
        'key-attributes',
        `${where}.${part}: the index has ${String(index[part].length)} ${part} attribute(s), ${String(list.length)} template(s) are given.`,
      )
    }
    for (const [at, source] of list.entries()) {
      addTemplate(draft, index[part][at] as KeyAttribute, source, `${where}.${part}`)
    }
  }
}

function addTemplate(draft: Draft, key: KeyAttribute, source: string, where: string): void {
  const template = parseTemplate(
    source,
    draft.options.table.keySeparator,
    `entity '${draft.options.name}', ${where}`,
  )
  const fields = templateFields(template)
  for (const field of fields) {
    if (draft.attributes.has(field)) continue
    refuse(draft, 'unknown-attribute', `${where}: '${source}' names '${field}', which is not an attribute.`)
  }
  if (draft.attributes.has(key.name)) {
    refuse(
      draft,
      'attribute-name',
      `${where}: '${key.name}' is a key made by a template and cannot be an attribute too. Rename the attribute.`,
    )
  }
  const known = draft.templated.get(key.name)
  if (known?.template && known.template.source !== source) {
    refuse(
      draft,
      'template-conflict',
      `${where}: '${key.name}' is made by '${known.template.source}' elsewhere; use one template.`,
    )
  }
  checkTemplateType(draft, key, template, where)
  const maximumBytes = maximumKeyBytes(draft.options.table, key.name)
  draft.templated.set(key.name, { attribute: key.name, type: key.type, template, fields, maximumBytes })
}

function checkTemplateType(draft: Draft, key: KeyAttribute, template: KeyTemplate, where: string): void {
  if (isCopy(template)) {
    checkAttributeType(draft, templateFields(template)[0] ?? '', key, where)
    return
  }
  if (key.type === 'string') return
  refuse(
    draft,
    'key-type',
    `${where}: key '${key.name}' is a ${key.type}; a template makes a string. Use one bare {field}.`,
  )
}

function checkAttributeType(draft: Draft, field: string, key: KeyAttribute, where: string): void {
  const attribute = draft.attributes.get(field)
  const type = attribute?.codec?.storedType ?? (attribute?.schema && schemaStoredType(attribute.schema))
  if (type === undefined || type === key.type) return
  refuse(
    draft,
    'key-type',
    `${where}: attribute '${field}' is stored as ${type}, key '${key.name}' is a ${key.type}.`,
  )
}

function primaryKey(draft: Draft): KeySource {
  const { table } = draft.options
  const apartFromMarkers = (part: KeyPart): KeyPart => {
    if (part.type !== 'string' || table.entityAttribute === false) return part
    const begins = beginsLikeMarker(part.template)
    if (begins === 'always') {
      refuse(
        draft,
        'reserved-key',
        `key.partitionKey: keys that begin with '${markerPrefix}' keep unique values. Begin it differently.`,
      )
    }
    if (begins === 'never') return part
    const reserved = { ...part, reservedPrefix: markerPrefix }
    if (part.template) draft.templated.set(part.attribute, reserved)
    return reserved
  }
  const required = (key: KeyAttribute, part: string): KeyPart =>
    findPart(draft, key, `the table's ${part}`) ??
    refuse(
      draft,
      'missing-key',
      `nothing makes '${key.name}', the table's ${part}. Give key.${part}, or an attribute '${key.name}'.`,
    )
  return {
    indexName: undefined,
    type: 'table',
    partitionKey: [apartFromMarkers(required(table.partitionKey, 'partitionKey'))],
    sortKey: table.sortKey ? [required(table.sortKey, 'sortKey')] : [],
    projection: 'all',
  }
}

function findPart(draft: Draft, key: KeyAttribute, where: string): KeyPart | undefined {
  const templated = draft.templated.get(key.name)
  if (templated) return templated
  if (!draft.attributes.has(key.name)) return undefined
  checkAttributeType(draft, key.name, key, where)
  return directPart(draft, key)
}

function directPart({ options }: Draft, { name, type }: KeyAttribute): KeyPart {
  const maximumBytes = maximumKeyBytes(options.table, name)
  return { attribute: name, type, template: undefined, fields: [name], maximumBytes }
}

/** DynamoDB checks key attributes also of an index the item is not in, because it lacks others. */
function directParts(draft: Draft, keys: readonly KeySource[]): readonly KeyPart[] {
  const parts = new Map<string, KeyPart>()
  for (const part of keys.flatMap((key) => [...key.partitionKey, ...key.sortKey])) {
    if (!part.template) parts.set(part.attribute, part)
  }
  for (const key of draft.options.table.indexes.flatMap((index) => [
    ...index.partitionKey,
    ...index.sortKey,
  ])) {
    if (draft.attributes.has(key.name) && !parts.has(key.name)) parts.set(key.name, directPart(draft, key))
  }
  return [...parts.values()]
}

function indexKeys(draft: Draft): readonly KeySource[] {
  return draft.options.table.indexes.flatMap((index) => {
    const missing = missingKeys(draft, index)
    const isDeclared = draft.options.indexes?.[index.name] !== undefined
    if (missing.length > 0 && isDeclared) {
      refuse(
        draft,
        'missing-key',
        `indexes.${index.name}: nothing makes '${missing.join("', '")}'. Give a template for each key attribute of the index.`,
      )
    }
    if (missing.length > 0) return []
    const toPart = (key: KeyAttribute): KeyPart[] => {
      const part = findPart(draft, key, `index '${index.name}'`)
      return part ? [part] : []
    }
    return [
      {
        indexName: index.name,
        type: index.type,
        partitionKey: index.partitionKey.flatMap(toPart),
        sortKey: index.sortKey.flatMap(toPart),
        projection: index.projection,
      },
    ]
  })
}

function missingKeys(draft: Draft, index: TableIndex): readonly string[] {
  return [...index.partitionKey, ...index.sortKey]
    .map((key) => key.name)
    .filter((name) => !draft.templated.has(name) && !draft.attributes.has(name))
}

function absentIndexes(draft: Draft, keys: readonly KeySource[]): ReadonlyMap<string, string> {
  const present = new Set(keys.map((key) => key.indexName))
  const absent = draft.options.table.indexes.filter((index) => !present.has(index.name))
  return new Map(
    absent.map((index) => [
      index.name,
      `${draft.options.name} has no attribute or template for '${missingKeys(draft, index).join("', '")}'`,
    ]),
  )
}

function refuse(draft: Draft, rule: string, reason: string): never {
  throw new DefinitionError(`entity '${draft.options.name}': ${reason}`, {
    rule,
    definition: draft.options.name,
  })
}
