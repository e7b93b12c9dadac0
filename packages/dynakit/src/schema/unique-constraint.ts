import { DefinitionError } from '../errors/request-errors.ts'
import type { EntityOptions } from './entity-types.ts'
import type { KeyTemplate } from './key-template.ts'
import { schemaStoredType } from './schema-type.ts'
import type { CodecAttribute } from './attribute-codec.ts'
import type { StandardSchema } from './standard-schema.ts'
import type { Table } from './table.ts'

/** Fields of which no two items of an entity have the same values. */
export interface UniqueConstraint {
  readonly name: string
  /** Attributes in the order they were declared. */
  readonly fields: readonly string[]
}

/**
 * What stands in the entity attribute of the items that keep unique values; no entity has this name.
 *
 * @internal
 */
export const markerEntity = '_unique'

/**
 * How the partition keys of those items begin; no other item of an entity has a key like that.
 *
 * @internal
 */
export const markerPrefix = '_unique#'

/**
 * Attribute of those items that holds the key of the item whose values they keep.
 *
 * @internal
 */
export const ownerAttribute = '_owner'

/** Types whose values can be compared as text. */
const comparableTypes: ReadonlySet<unknown> = new Set([undefined, 'string', 'number', 'binary', 'boolean'])

/**
 * Checks the unique constraints of an entity.
 *
 * @param options - The definition.
 * @returns The constraints in order of declaration.
 * @throws DefinitionError when the table cannot keep them, or a field is no attribute or cannot be compared.
 * @internal
 */
export function uniqueConstraints(options: EntityOptions): readonly UniqueConstraint[] {
  const constraints = Object.entries(options.unique ?? {}).map(([name, fields]): UniqueConstraint => ({
    name,
    fields: [...fields],
  }))
  if (constraints.length === 0) return constraints
  checkTable(options)
  for (const constraint of constraints) checkFields(options, constraint)
  return constraints
}

function checkTable({ name, table }: EntityOptions): void {
  if (table.partitionKey.type !== 'string' || (table.sortKey && table.sortKey.type !== 'string')) {
    refuse(
      name,
      'unique-key-type',
      `unique values are kept in items of the same table, whose keys are strings; a key of table '${table.name}' is not. Store the entity in a table with string keys.`,
    )
  }
  if (table.entityAttribute === false) {
    refuse(
      name,
      'unique-entity-attribute',
      `unique values are kept in items of the same table, and with entityAttribute: false they could not be told from others. Leave entityAttribute on in defineTable.`,
    )
  }
  if (!namesInUse(table).has(ownerAttribute)) return
  refuse(
    name,
    'unique-owner-attribute',
    `unique needs the attribute '${ownerAttribute}' for itself, and table '${table.name}' uses it for a key, an index, the entity's name or time to live. Rename it there.`,
  )
}

function namesInUse({
  partitionKey,
  sortKey,
  indexes,
  entityAttribute,
  options,
}: Table): ReadonlySet<unknown> {
  const keys = indexes.flatMap((index) => [...index.partitionKey, ...index.sortKey])
  return new Set([
    partitionKey.name,
    sortKey?.name,
    ...keys.map((key) => key.name),
    entityAttribute,
    options.timeToLive,
  ])
}

function checkFields({ name: entity, attributes }: EntityOptions, { name, fields }: UniqueConstraint): void {
  const where = `unique.${name}`
  if (fields.length === 0) refuse(entity, 'unique-fields', `${where}: name at least one attribute.`)
  for (const [at, field] of fields.entries()) {
    const schema = Object.hasOwn(attributes, field) ? attributes[field] : undefined
    if (!schema) refuse(entity, 'unknown-attribute', `${where}: '${field}' is not an attribute.`)
    if (fields.indexOf(field) !== at)
      refuse(entity, 'unique-fields', `${where}: '${field}' stands there twice.`)
    const type = storedTypeOf(schema)
    if (comparableTypes.has(type)) continue
    refuse(
      entity,
      'unique-fields',
      `${where}: '${field}' is stored as a ${String(type)}; only strings, numbers, booleans and binary are compared.`,
    )
  }
}

function storedTypeOf(schema: StandardSchema): string | undefined {
  const { '~codec': codec } = schema as Partial<CodecAttribute<unknown, unknown, never>>
  return codec?.storedType ?? schemaStoredType(schema)
}

/**
 * Tells whether a partition key could begin like those of the items that keep unique values.
 *
 * @param template - How the key is made; `undefined` when it is an attribute as it is.
 * @returns `always` and `never` follow from the template, `sometimes` from the values.
 * @internal
 */
export function beginsLikeMarker(template: KeyTemplate | undefined): 'always' | 'sometimes' | 'never' {
  const first = template?.parts[0]
  if (typeof first !== 'string') return 'sometimes'
  if (first.startsWith(markerPrefix)) return 'always'
  return markerPrefix.startsWith(first) && template?.parts.length !== 1 ? 'sometimes' : 'never'
}

function refuse(entity: string, rule: string, reason: string): never {
  throw new DefinitionError(`entity '${entity}': ${reason}`, { rule, definition: entity })
}
