import type { RejectedPath } from '../errors/request-errors.ts'
import { attributesOf, type Condition } from '../expressions/condition.ts'
import type { CompiledEntity, KeyPart, KeySource } from '../schema/compiled-entity.ts'
import { isAlwaysPresent } from '../schema/field-presence.ts'
import { keySourcesOf } from '../schema/key-sources.ts'
import type { IndexProjection, KeyType, Table } from '../schema/table.ts'
import { accessPatternsText } from './access-patterns-text.ts'
import { type KeyField, keyFieldsOf } from './key-fields.ts'
import { patternExamples } from './pattern-examples.ts'
import { missingAttributes } from './projection.ts'
import { entityVisibility } from './visibility.ts'

/** One attribute of a key, and what its value is made from. */
export interface PatternKey {
  /** Attribute name as stored. */
  readonly attribute: string
  /** Its type. */
  readonly type: KeyType
  /** Template that makes it; left out when it is an attribute of the items themselves. */
  readonly template?: string
}

/** What one key or index is good for. */
export interface AccessPattern {
  /** Index name; left out for the table's own key. */
  readonly indexName?: string
  /** Which kind of key it is. */
  readonly type: 'table' | 'global' | 'local'
  /** Partition key attributes. */
  readonly partitionKey: readonly PatternKey[]
  /** Sort key attributes; none when the key has only a partition key. */
  readonly sortKey: readonly PatternKey[]
  /** Fields that each need a condition with `=` or `in`. None: all items share one partition. */
  readonly partitionFields: readonly KeyField[]
  /**
   * Further fields whose conditions the key answers, used from the left: each with `=` or `in`, the last
   * one used with any of its operators.
   */
  readonly sortFields: readonly KeyField[]
  /** Fields that together identify one item; left out for an index. */
  readonly identifiedBy?: readonly string[]
  /** Fields the items of a partition are ordered by. */
  readonly order: readonly string[]
  /** Optional fields: items without one of them are not in the index. */
  readonly sparseFields: readonly string[]
  /** Attributes it holds, as declared. */
  readonly projection: IndexProjection
  /** Attributes of the items it does not hold; `all` others when the items are not declared. */
  readonly missing: readonly string[] | 'all'
  /** Whether strongly consistent reads are possible. */
  readonly consistentRead: boolean
  /** Lines of code that use it, each field standing for its value. */
  readonly examples: readonly string[]
}

/** The access patterns of one entity, or of a table whose items are not declared. */
export interface EntityAccessPatterns {
  /** Entity name; left out for a table whose items are not declared. */
  readonly entity?: string
  /** Table name. */
  readonly tableName: string
  /** The table's key first, then the indexes the entity takes part in. */
  readonly patterns: readonly AccessPattern[]
  /** Indexes the entity takes no part in, and why. */
  readonly absentIndexes: readonly RejectedPath[]
}

/**
 * What an application can ask its tables: for each entity its keys and indexes, and the conditions each
 * serves. Plain data that prints as text, and as JSON.
 *
 * @example
 * ```ts
 * import { createAdapter, defineEntity, defineTable } from 'dynakit'
 * import { z } from 'zod'
 *
 * const Product = defineEntity({
 *   name: 'Product',
 *   table: defineTable({ name: 'Products', partitionKey: { name: 'id', type: 'string' } }),
 *   attributes: { id: z.string(), price: z.number() },
 * })
 * const db = createAdapter({ region: 'eu-west-1', entities: [Product] })
 * console.log(String(db.accessPatterns()))
 * for (const { patterns } of db.accessPatterns().entities) console.log(patterns[0]?.identifiedBy)
 * ```
 */
export interface AccessPatterns {
  /** Entities in the order given. */
  readonly entities: readonly EntityAccessPatterns[]
  /** The catalogue as text of several lines. */
  toString(): string
}

/**
 * Lists the access patterns of entities.
 *
 * @internal
 */
export function accessPatternsOf(entities: readonly CompiledEntity[]): AccessPatterns {
  return catalogue(
    entities.map((entity) => ({
      entity: entity.name,
      tableName: entity.table.name,
      patterns: entity.keys.map((source) => toPattern(source, entity.table, entity)),
      absentIndexes: [...entity.absentIndexes].map(([indexName, reason]) => ({ indexName, reason })),
    })),
  )
}

/**
 * Lists the access patterns of a table whose items are not declared.
 *
 * @internal
 */
export function tableAccessPatterns(table: Table): AccessPatterns {
  const patterns = keySourcesOf(table).map((source) => toPattern(source, table, undefined))
  return catalogue([{ tableName: table.name, patterns, absentIndexes: [] }])
}

function catalogue(entities: readonly EntityAccessPatterns[]): AccessPatterns {
  const print = (): string => accessPatternsText(entities)
  const methods = { toString: print, [Symbol.for('nodejs.util.inspect.custom')]: print }
  return Object.freeze(Object.assign(Object.create(methods) as object, { entities: Object.freeze(entities) }))
}

function toPattern(source: KeySource, table: Table, entity: CompiledEntity | undefined): AccessPattern {
  const primary = (entity?.keys ?? keySourcesOf(table))[0] as KeySource
  const { partition, sort } = keyFieldsOf(source, entity)
  const visibility = entity ? entityVisibility(entity, undefined) : []
  const missing = missingAttributes(source, primary, entity ? namesOf(entity, visibility) : 'all')
  const fields = [...partition, ...sort].map(({ field }) => field)
  return Object.freeze({
    ...(source.indexName !== undefined && { indexName: source.indexName }),
    type: source.type,
    partitionKey: source.partitionKey.map(toKey),
    sortKey: source.sortKey.map(toKey),
    partitionFields: partition,
    sortFields: sort,
    ...(source.type === 'table' && { identifiedBy: fields }),
    order: sort.map(({ field }) => field),
    sparseFields: sparseFields(source, entity),
    projection: source.projection,
    missing,
    consistentRead: source.type !== 'global',
    examples: patternExamples({ source, primary, table, entity, partition, sort, missing, visibility }),
  })
}

function toKey({ attribute, type, template }: KeyPart): PatternKey {
  return { attribute, type, ...(template && { template: template.source }) }
}

/** Attributes every read of the entity looks at. */
function namesOf(entity: CompiledEntity, visibility: readonly Condition[]): ReadonlySet<string> {
  const names = new Set(entity.attributes.map(({ name }) => name))
  for (const condition of visibility) for (const name of attributesOf(condition)) names.add(name)
  if (entity.entityAttribute !== false) names.add(entity.entityAttribute)
  return names
}

function sparseFields(source: KeySource, entity: CompiledEntity | undefined): readonly string[] {
  if (source.type === 'table' || !entity) return []
  const fields = new Set([...source.partitionKey, ...source.sortKey].flatMap((part) => part.fields))
  return [...fields].filter((field) => !isAlwaysPresent(entity, field))
}
