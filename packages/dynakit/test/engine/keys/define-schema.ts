import {
  Decimal,
  defineEntity,
  defineTable,
  type Entity,
  epochSeconds,
  type IndexOptions,
  isoDate,
  type KeyAttribute,
  type Table,
} from 'dynakit'
import { z } from 'zod'
import type { EntitySpec, Field, FieldKind, SchemaSpec } from './random-schema.ts'

/** Defines the table. */
export function tableOf(spec: SchemaSpec, name: string): Table {
  const key = (attribute: string): KeyAttribute => ({
    name: attribute,
    type: spec.types[attribute] ?? 'string',
  })
  const indexes = spec.indexes.map(
    ({ name: indexName, type, partitionKey, sortKey }): [string, IndexOptions] => {
      if (type === 'local') return [indexName, { type, sortKey: key(sortKey[0] ?? '') }]
      const sort = sortKey.length === 0 ? {} : { sortKey: sortKey.map(key) }
      return [indexName, { type, partitionKey: partitionKey.map(key), ...sort }]
    },
  )
  return defineTable({
    name,
    partitionKey: key('pk'),
    ...(spec.hasSortKey && { sortKey: key('sk') }),
    indexes: Object.fromEntries(indexes),
    entityAttribute: spec.entityAttribute,
    keySeparator: spec.separator,
  })
}

/** Defines an entity of the table. */
export function entityOf(spec: SchemaSpec, table: Table, entitySpec: EntitySpec): Entity {
  const { templates, indexes: taken } = entitySpec
  const source = (attribute: string): string =>
    (templates[attribute] ?? [])
      .map((part) => {
        if (typeof part === 'string') return part
        return part.width === undefined ? `{${part.field}}` : `{${part.field}:${String(part.width)}}`
      })
      .join('')
  const sources = (keys: readonly string[]): string[] | undefined =>
    keys.length > 0 && keys.every((name) => templates[name]) ? keys.map(source) : undefined
  const indexes = spec.indexes
    .filter(({ name }) => taken.includes(name))
    .map(({ name, partitionKey, sortKey }) => [
      name,
      { partitionKey: sources(partitionKey), sortKey: sources(sortKey) },
    ])
  const define = defineEntity as (options: unknown) => Entity
  return define({
    name: entitySpec.name,
    table,
    attributes: Object.fromEntries(
      [...entitySpec.ids, ...entitySpec.fields].map((field) => [field.name, schemaOf(field)]),
    ),
    key: templates.pk && { partitionKey: source('pk'), ...(templates.sk && { sortKey: source('sk') }) },
    indexes: Object.fromEntries(indexes) as unknown,
    timestamps: entitySpec.timestamps,
    version: entitySpec.version,
    softDelete: entitySpec.softDelete,
    onPartialKey: entitySpec.onPartialKey,
    allowKeyOverlap: true,
  })
}

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value)
const aNumber = z.custom<number | bigint | Decimal>(isNumber)

interface Optional {
  optional(): unknown
  default(value: never): unknown
}

const schemas: Readonly<Record<FieldKind, () => Optional>> = {
  text: () => z.string(),
  number: () => aNumber,
  binary: () => z.instanceof(Uint8Array),
  flag: () => z.boolean(),
  date: () => isoDate(),
  epoch: () => epochSeconds(),
  any: () => z.any(),
  texts: () => z.set(z.string()),
  numbers: () => z.set(aNumber),
  list: () => z.array(z.any()),
  map: () => z.record(z.string(), z.any()),
}

/** Values of fields that are not given. */
export const defaults: Readonly<Partial<Record<FieldKind, unknown>>> = {
  text: 'default',
  number: 7,
  flag: false,
  list: [],
  map: {},
}

function schemaOf({ kind, presence }: Field): unknown {
  const schema = schemas[kind]()
  if (presence === 'optional') return schema.optional()
  return presence === 'default' ? schema.default(defaults[kind] as never) : schema
}
