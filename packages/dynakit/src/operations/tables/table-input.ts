import type {
  BillingMode,
  IndexProjection,
  KeyAttribute,
  KeyType,
  StreamView,
  Table,
  TableIndex,
} from '../../schema/table.ts'

type Wire = Readonly<Record<string, unknown>>

const attributeTypes: Readonly<Record<KeyType, string>> = { string: 'S', number: 'N', binary: 'B' }

const streamViews: Readonly<Record<StreamView, string>> = {
  'keys-only': 'KEYS_ONLY',
  'new-image': 'NEW_IMAGE',
  'old-image': 'OLD_IMAGE',
  'new-and-old-images': 'NEW_AND_OLD_IMAGES',
}

/**
 * Writes a key as DynamoDB's KeySchema; several attributes of one role make a multi-attribute key.
 *
 * @internal
 */
export function keySchema(
  partitionKey: readonly KeyAttribute[],
  sortKey: readonly KeyAttribute[],
): readonly Wire[] {
  return [
    ...partitionKey.map((key) => ({ AttributeName: key.name, KeyType: 'HASH' })),
    ...sortKey.map((key) => ({ AttributeName: key.name, KeyType: 'RANGE' })),
  ]
}

/**
 * Writes each key attribute with its type once.
 *
 * @internal
 */
export function attributeDefinitions(keys: readonly KeyAttribute[]): readonly Wire[] {
  const types = new Map(keys.map((key) => [key.name, attributeTypes[key.type]]))
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }))
}

/**
 * Every key attribute of a table and its indexes.
 *
 * @internal
 */
export function allKeyAttributes(table: Table): readonly KeyAttribute[] {
  return [
    table.partitionKey,
    ...(table.sortKey ? [table.sortKey] : []),
    ...table.indexes.flatMap((index) => [...index.partitionKey, ...index.sortKey]),
  ]
}

/**
 * Writes an index as CreateTable and UpdateTable take it.
 *
 * @internal
 */
export function indexInput(index: TableIndex, billing: BillingMode): Wire {
  return {
    IndexName: index.name,
    KeySchema: keySchema(index.partitionKey, index.sortKey),
    Projection: projectionInput(index.projection),
    ProvisionedThroughput: index.type === 'global' ? throughputInput(billing) : undefined,
  }
}

function projectionInput(projection: IndexProjection): Wire {
  if (projection === 'all') return { ProjectionType: 'ALL' }
  if (projection === 'keys-only') return { ProjectionType: 'KEYS_ONLY' }
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: projection }
}

/**
 * Writes provisioned capacity; nothing for on-demand tables.
 *
 * @internal
 */
function throughputInput(billing: BillingMode): Wire | undefined {
  if (billing === 'on-demand') return undefined
  return { ReadCapacityUnits: billing.readCapacityUnits, WriteCapacityUnits: billing.writeCapacityUnits }
}

/**
 * Writes the billing mode.
 *
 * @internal
 */
export function billingInput(billing: BillingMode): Wire {
  return {
    BillingMode: billing === 'on-demand' ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    ProvisionedThroughput: throughputInput(billing),
  }
}

/**
 * Writes a stream setting.
 *
 * @internal
 */
export function streamInput(stream: StreamView | false | undefined): Wire | undefined {
  if (stream === undefined) return undefined
  if (stream === false) return { StreamEnabled: false }
  return { StreamEnabled: true, StreamViewType: streamViews[stream] }
}
