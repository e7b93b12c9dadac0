import { DefinitionError } from '../errors/request-errors.ts'
import { checkNames } from './names.ts'
import { deepFreeze } from './deep-freeze.ts'

/** Types a key attribute may have. */
export type KeyType = 'string' | 'number' | 'binary'

/** An attribute that is part of a key. */
export interface KeyAttribute {
  /** Attribute name as stored. */
  readonly name: string
  /** Its DynamoDB type: S, N or B. */
  readonly type: KeyType
}

/** Which attributes an index holds beside the keys: everything, only keys, or the named ones as well. */
export type IndexProjection = 'all' | 'keys-only' | readonly string[]

/** A global secondary index as declared. */
export interface GlobalIndexOptions {
  /** A global index has its own partition key and its own capacity. */
  readonly type: 'global'
  /** One attribute, or up to four (multi-attribute keys). */
  readonly partitionKey: KeyAttribute | readonly KeyAttribute[]
  /** One attribute, or up to four (multi-attribute keys). */
  readonly sortKey?: KeyAttribute | readonly KeyAttribute[]
  /** Attributes copied into the index. Default: `all`. */
  readonly projection?: IndexProjection
}

/** A local secondary index as declared; it shares the table's partition key. */
export interface LocalIndexOptions {
  /** A local index orders the items of one partition key anew. */
  readonly type: 'local'
  /** The attribute it orders by. */
  readonly sortKey: KeyAttribute
  /** Attributes copied into the index. Default: `all`. */
  readonly projection?: IndexProjection
}

/** A secondary index as declared. */
export type IndexOptions = GlobalIndexOptions | LocalIndexOptions

/** Capacity of a table: pay per request, or provisioned capacity units per second. */
export type BillingMode =
  'on-demand' | { readonly readCapacityUnits: number; readonly writeCapacityUnits: number }

/** What the table's stream records. */
export type StreamView = 'keys-only' | 'new-image' | 'old-image' | 'new-and-old-images'

/** A table as declared. */
export interface TableOptions {
  /** Table name, 3 to 255 characters of a-z, A-Z, 0-9, `_`, `-` and `.`. */
  readonly name: string
  /** The partition key. */
  readonly partitionKey: KeyAttribute
  /** The sort key, if the table has one. */
  readonly sortKey?: KeyAttribute
  /** Secondary indexes by name. */
  readonly indexes?: { readonly [name: string]: IndexOptions }
  /** Attribute holding the expiry time in epoch seconds. */
  readonly timeToLive?: string
  /** Turns the stream on. */
  readonly stream?: StreamView
  /** Capacity. Default: `on-demand`. */
  readonly billing?: BillingMode
  /** Attribute that stores the entity's name. Default: `_entity`. `false`: none is written or expected. */
  readonly entityAttribute?: string | false
  /**
   * The one character that separates fields in key templates, refused inside field values so that two
   * different items never share a key. Default: `#`.
   */
  readonly keySeparator?: string
}

/** A secondary index, every option spelled out. */
export interface TableIndex {
  /** Index name. */
  readonly name: string
  /** Global or local. */
  readonly type: 'global' | 'local'
  /** Partition key attributes, in order. */
  readonly partitionKey: readonly KeyAttribute[]
  /** Sort key attributes, in order; empty when there are none. */
  readonly sortKey: readonly KeyAttribute[]
  /** Attributes copied into the index. */
  readonly projection: IndexProjection
}

/** A table: frozen plain data made by {@link defineTable} or read from DescribeTable. */
export interface Table<Options extends TableOptions = TableOptions> {
  /** Table name. */
  readonly name: string
  /** The partition key. */
  readonly partitionKey: KeyAttribute
  /** The sort key, if any. */
  readonly sortKey: KeyAttribute | undefined
  /** Secondary indexes. */
  readonly indexes: readonly TableIndex[]
  /** Attribute that stores the entity's name, or `false`. */
  readonly entityAttribute: string | false
  /** Separator refused in the field values of key templates. */
  readonly keySeparator: string
  /** The options it was declared with. */
  readonly options: Options
}

const maximumKeyAttributes = 4
const maximumLocalIndexes = 5
const maximumIndexes = 20
const tableName = /^[a-zA-Z0-9_.-]{3,255}$/

/**
 * Declares a table.
 *
 * @param declared - Name, keys, indexes and settings; see {@link TableOptions}.
 * @returns The table as frozen plain data.
 * @throws DefinitionError when the name, a key or an index is not possible in DynamoDB.
 *
 * Source: Amazon DynamoDB Developer Guide, "Naming rules" and "Service, account, and table quotas".
 *
 * @example
 * ```ts
 * import { defineTable } from 'dynakit'
 *
 * export const ShopTable = defineTable({
 *   name: 'Shop',
 *   partitionKey: { name: 'pk', type: 'string' },
 *   sortKey: { name: 'sk', type: 'string' },
 *   indexes: {
 *     byStatus: {
 *       type: 'global',
 *       partitionKey: { name: 'status', type: 'string' },
 *       sortKey: [{ name: 'placedAt', type: 'string' }, { name: 'orderId', type: 'string' }],
 *     },
 *   },
 * })
 * ```
 */
export function defineTable<const Options extends TableOptions>(declared: Options): Table<Options> {
  const options: Options = structuredClone(declared)
  checkTableName(options.name)
  const keyNames = [options.partitionKey.name, ...(options.sortKey ? [options.sortKey.name] : [])]
  checkNames(`table '${options.name}'`, keyNames)
  const separator = options.keySeparator ?? '#'
  if (separator.length !== 1 || separator === '{' || separator === '}') {
    throw new DefinitionError(`table '${options.name}': keySeparator is one character other than { and }.`, {
      rule: 'key-separator',
      definition: options.name,
    })
  }
  const table: Table<Options> = {
    name: options.name,
    partitionKey: options.partitionKey,
    sortKey: options.sortKey,
    indexes: Object.entries(options.indexes ?? {}).map(([name, index]) => toIndex(options, name, index)),
    entityAttribute: options.entityAttribute ?? '_entity',
    keySeparator: separator,
    options,
  }
  checkIndexes(table)
  return deepFreeze(table)
}

function checkTableName(name: string): void {
  if (tableName.test(name)) return
  throw new DefinitionError(
    `table '${name}': a table name has 3 to 255 characters of a-z, A-Z, 0-9, '_', '-' and '.'.`,
    { rule: 'table-name', definition: name },
  )
}

function toIndex(options: TableOptions, name: string, index: IndexOptions): TableIndex {
  const partitionKey = index.type === 'local' ? [options.partitionKey] : toList(index.partitionKey)
  const sortKey = index.sortKey === undefined ? [] : toList(index.sortKey)
  return { name, type: index.type, partitionKey, sortKey, projection: index.projection ?? 'all' }
}

function toList(key: KeyAttribute | readonly KeyAttribute[]): readonly KeyAttribute[] {
  return Array.isArray(key) ? (key as readonly KeyAttribute[]) : [key as KeyAttribute]
}

function checkIndexes(table: Table): void {
  const types = new Map([[table.partitionKey.name, table.partitionKey.type]])
  if (table.sortKey) types.set(table.sortKey.name, table.sortKey.type)
  for (const index of table.indexes) checkIndex(table, index, types)
  const locals = table.indexes.filter((index) => index.type === 'local').length
  if (locals > maximumLocalIndexes || table.indexes.length - locals > maximumIndexes) {
    refuse(
      table.name,
      'index-count',
      `a table has at most ${String(maximumIndexes)} global and ${String(maximumLocalIndexes)} local indexes.`,
    )
  }
}

function checkIndex(table: Table, index: TableIndex, types: Map<string, KeyType>): void {
  const where = `${table.name}.${index.name}`
  if (!tableName.test(index.name)) {
    refuse(where, 'index-name', `an index name has 3 to 255 characters of a-z, A-Z, 0-9, '_', '-' and '.'.`)
  }
  if (index.type === 'local' && !table.sortKey) {
    refuse(where, 'local-index', 'a local index needs a table with a sort key. Make it a global index.')
  }
  for (const part of [index.partitionKey, index.sortKey]) {
    if (part.length > maximumKeyAttributes) {
      refuse(where, 'key-attributes', `a key has at most ${String(maximumKeyAttributes)} attributes.`)
    }
  }
  if (index.partitionKey.length === 0) refuse(where, 'key-attributes', 'a partition key needs an attribute.')
  const keys = [...index.partitionKey, ...index.sortKey]
  checkNames(
    `index '${where}'`,
    keys.map((key) => key.name),
  )
  for (const key of keys) {
    const known = types.get(key.name)
    if (known !== undefined && known !== key.type) {
      refuse(where, 'key-type', `attribute '${key.name}' is ${key.type} here and ${known} in another key.`)
    }
    types.set(key.name, key.type)
  }
}

function refuse(definition: string, rule: string, reason: string): never {
  throw new DefinitionError(`'${definition}': ${reason}`, { rule, definition })
}
