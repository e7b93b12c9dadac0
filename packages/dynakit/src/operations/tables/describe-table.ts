import {
  defineTable,
  type IndexOptions,
  type IndexProjection,
  type KeyAttribute,
  type KeyType,
  type Table,
  type TableOptions,
} from '../../schema/table.ts'
import { alwaysRepeatable, type Operation } from '../operation.ts'

/** Reads what DynamoDB knows of a table. */
export interface DescribeTablePlan {
  readonly operation: 'DescribeTable'
  readonly tableName: string
}

/** States a table or index goes through. */
export type TableStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | (string & {})

/** What DynamoDB knows of a table. */
export interface TableDescription {
  /** Keys and indexes. */
  readonly table: Table
  /** State of the table. */
  readonly status: TableStatus
  /** State of each global index by name. */
  readonly indexStatus: Readonly<Record<string, TableStatus>>
  /** Number of items; DynamoDB updates it about every six hours. */
  readonly itemCount: number
  /** Size in bytes; DynamoDB updates it about every six hours. */
  readonly sizeBytes: number
  /** ARN of the table. */
  readonly arn: string | undefined
  /** ARN of the newest stream, when there is one. */
  readonly streamArn: string | undefined
}

/** The same, where the keys may be missing: DynamoDB does not tell them of a table that is being deleted. */
export interface KnownTable extends Omit<TableDescription, 'table'> {
  readonly table: Table | undefined
}

/** DescribeTable. */
export const describeTable: Operation<DescribeTablePlan, KnownTable> = {
  name: 'DescribeTable',
  isRead: true,
  isRepeatable: alwaysRepeatable,
  toInput: (plan, settings) => ({ TableName: settings.tablePrefix + plan.tableName }),
  toResult: (output) => toTableDescription(output.Table),
}

interface WireKey {
  readonly AttributeName: string
  readonly KeyType: string
}

interface WireIndex {
  readonly IndexName: string
  readonly IndexStatus?: string
  readonly KeySchema: readonly WireKey[]
  readonly Projection?: { readonly ProjectionType?: string; readonly NonKeyAttributes?: readonly string[] }
}

interface WireTable {
  readonly TableName?: string
  readonly TableStatus?: string
  readonly TableArn?: string
  readonly LatestStreamArn?: string
  readonly ItemCount?: number
  readonly TableSizeBytes?: number
  readonly KeySchema?: readonly WireKey[]
  readonly AttributeDefinitions?: readonly {
    readonly AttributeName: string
    readonly AttributeType: string
  }[]
  readonly GlobalSecondaryIndexes?: readonly WireIndex[]
  readonly LocalSecondaryIndexes?: readonly WireIndex[]
}

/**
 * Reads a table description of DynamoDB's API.
 *
 * @internal
 */
export function toTableDescription(description: unknown): KnownTable {
  const wire = (description ?? {}) as WireTable
  const globals = wire.GlobalSecondaryIndexes ?? []
  return {
    table: toTable(wire),
    status: wire.TableStatus ?? 'ACTIVE',
    indexStatus: Object.fromEntries(globals.map((index) => [index.IndexName, index.IndexStatus ?? 'ACTIVE'])),
    itemCount: wire.ItemCount ?? 0,
    sizeBytes: wire.TableSizeBytes ?? 0,
    arn: wire.TableArn,
    streamArn: wire.LatestStreamArn,
  }
}

const keyTypes: Readonly<Record<string, KeyType>> = { S: 'string', N: 'number', B: 'binary' }

function toTable(wire: WireTable): Table | undefined {
  const types = new Map(
    (wire.AttributeDefinitions ?? []).map((definition) => [
      definition.AttributeName,
      definition.AttributeType,
    ]),
  )
  const toKeys = (schema: readonly WireKey[] | undefined, role: string): readonly KeyAttribute[] =>
    (schema ?? [])
      .filter((key) => key.KeyType === role)
      .map((key) => ({
        name: key.AttributeName,
        type: keyTypes[types.get(key.AttributeName) ?? 'S'] ?? 'string',
      }))
  const [partitionKey] = toKeys(wire.KeySchema, 'HASH')
  if (!partitionKey) return undefined
  const [sortKey] = toKeys(wire.KeySchema, 'RANGE')
  const indexes: Record<string, IndexOptions> = {}
  for (const index of wire.LocalSecondaryIndexes ?? []) {
    const [key] = toKeys(index.KeySchema, 'RANGE')
    if (key) indexes[index.IndexName] = { type: 'local', sortKey: key, projection: toProjection(index) }
  }
  for (const index of wire.GlobalSecondaryIndexes ?? []) {
    const keys = toKeys(index.KeySchema, 'RANGE')
    indexes[index.IndexName] = {
      type: 'global',
      partitionKey: toKeys(index.KeySchema, 'HASH'),
      ...(keys.length > 0 && { sortKey: keys }),
      projection: toProjection(index),
    }
  }
  const options: TableOptions = {
    name: wire.TableName ?? '',
    partitionKey,
    ...(sortKey && { sortKey }),
    indexes,
    entityAttribute: false,
  }
  return defineTable(options)
}

function toProjection(index: WireIndex): IndexProjection {
  const type = index.Projection?.ProjectionType
  if (type === 'INCLUDE') return index.Projection?.NonKeyAttributes ?? []
  return type === 'KEYS_ONLY' ? 'keys-only' : 'all'
}
