import type { IndexStore } from '../storage/index-store.ts'
import type { TableStore } from '../storage/table-store.ts'
import { keySchemaElements } from './read-key-schema.ts'
import { warmThroughputOf } from './read-throughput.ts'
import type { IndexDefinition, OnDemandLimits, TableDefinition, Throughput } from './table-definition.ts'

/**
 * Describes a table as `DescribeTable` does.
 *
 * @internal
 */
export function describeTable(table: TableStore): object {
  const { definition } = table
  const indexes = [...table.indexes.values()]
  const locals = indexes.filter((index) => index.definition.kind === 'local')
  const globals = indexes.filter((index) => index.definition.kind === 'global')
  return {
    AttributeDefinitions: definition.attributes.map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    TableName: definition.name,
    KeySchema: keySchemaElements(definition.key),
    TableStatus: definition.transition?.status ?? 'ACTIVE',
    CreationDateTime: seconds(definition.createdAt),
    ProvisionedThroughput: describeThroughput(definition.throughput),
    TableSizeBytes: table.sizeBytes,
    ItemCount: table.items.size,
    TableArn: definition.arn,
    TableId: definition.id,
    ...describeBilling(definition),
    ...(locals.length > 0 && {
      LocalSecondaryIndexes: locals.map((index) => describeIndex(definition, index)),
    }),
    ...(globals.length > 0 && {
      GlobalSecondaryIndexes: globals.map((index) => ({
        ...describeIndex(definition, index),
        ...describeGlobalIndex(definition, index.definition),
      })),
    }),
    ...describeStream(definition),
    ...(definition.sse !== undefined && { SSEDescription: definition.sse }),
    ...(definition.tableClass !== undefined && { TableClassSummary: { TableClass: definition.tableClass } }),
    DeletionProtectionEnabled: definition.isDeletionProtected,
    ...describeOnDemandLimits(definition.onDemand),
    WarmThroughput: describeWarm(definition, definition),
  }
}

/** Time as the protocol has it. */
function seconds(milliseconds: number): number {
  return milliseconds / 1000
}

function describeThroughput({ read, write, increasedAt, decreasedAt, decreasesToday }: Throughput): object {
  return {
    ...(increasedAt !== undefined && { LastIncreaseDateTime: seconds(increasedAt) }),
    ...(decreasedAt !== undefined && { LastDecreaseDateTime: seconds(decreasedAt) }),
    NumberOfDecreasesToday: decreasesToday ?? 0,
    ReadCapacityUnits: read,
    WriteCapacityUnits: write,
  }
}

function describeBilling({ billingMode, onDemandSince }: TableDefinition): object {
  if (onDemandSince === undefined) return {}
  return {
    BillingModeSummary: {
      BillingMode: billingMode,
      LastUpdateToPayPerRequestDateTime: seconds(onDemandSince),
    },
  }
}

function describeIndex(table: TableDefinition, { definition, entries, sizeBytes }: IndexStore): object {
  const { name, key, projection } = definition
  return {
    IndexName: name,
    KeySchema: keySchemaElements(key),
    Projection: {
      ProjectionType: projection.type,
      ...(projection.attributes.length > 0 && { NonKeyAttributes: projection.attributes }),
    },
    IndexSizeBytes: sizeBytes,
    ItemCount: entries.size,
    IndexArn: `${table.arn}/index/${name}`,
  }
}

function describeGlobalIndex(table: TableDefinition, index: IndexDefinition): object {
  return {
    IndexStatus: index.transition?.status ?? 'ACTIVE',
    ...(index.transition?.status === 'CREATING' &&
      table.transition?.status !== 'CREATING' && { Backfilling: true }),
    ProvisionedThroughput: describeThroughput(index.throughput ?? { read: 0, write: 0 }),
    ...describeOnDemandLimits(index.onDemand),
    WarmThroughput: describeWarm(table, index),
  }
}

function describeOnDemandLimits(limits: OnDemandLimits | undefined): object {
  if (limits === undefined) return {}
  return {
    OnDemandThroughput: { MaxReadRequestUnits: limits.read ?? -1, MaxWriteRequestUnits: limits.write ?? -1 },
  }
}

function describeWarm({ billingMode }: TableDefinition, of: TableDefinition | IndexDefinition): object {
  const { read, write } = warmThroughputOf(billingMode, of)
  return { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write, Status: of.transition?.status ?? 'ACTIVE' }
}

function describeStream({ stream }: TableDefinition): object {
  if (stream === undefined) return {}
  return {
    ...(stream.isEnabled && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view } }),
    LatestStreamLabel: stream.label,
    LatestStreamArn: stream.arn,
  }
}
