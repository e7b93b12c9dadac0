import { invalidParameter } from '../protocol/service-error.ts'
import { readKeySchema, readMultiAttributeKeySchema, type DefinedAttributes } from './read-key-schema.ts'
import { readOnDemandLimits, readThroughput, readWarmThroughput } from './read-throughput.ts'
import type { IndexDefinition, KeySchema, Projection, TableDefinition } from './table-definition.ts'
import type { GlobalIndexInput, LocalIndexInput, ProjectionInput } from './table-shapes.ts'

/**
 * Reads the definition of a local secondary index.
 *
 * @param input - The index, as the request has it.
 * @param tableKey - The key of the table.
 * @param defined - The attribute definitions.
 * @throws ServiceError when it does not fit the table.
 * @internal
 */
export function readLocalIndex(
  input: LocalIndexInput,
  tableKey: KeySchema,
  defined: DefinedAttributes,
): IndexDefinition {
  checkDefined(input, defined)
  const key = readKeySchema(input.KeySchema, defined)
  if (key.sort.length === 0) {
    throw invalidParameter(`Index KeySchema does not have a range key for index: ${input.IndexName}`)
  }
  const [own, ofTable] = [key.partition[0]?.name ?? '', tableKey.partition[0]?.name ?? '']
  if (own !== ofTable) {
    throw invalidParameter(
      `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${input.IndexName}. ` +
        `index hash key: ${own}, table hash key: ${ofTable}`,
    )
  }
  return { name: input.IndexName, kind: 'local', key, projection: readProjection(input.Projection) }
}

/**
 * Reads the definition of a global secondary index.
 *
 * @param input - The index, as the request has it.
 * @param billingMode - How the table is billed.
 * @param defined - The attribute definitions.
 * @throws ServiceError when it is no proper index, or its throughput does not fit the billing.
 * @internal
 */
export function readGlobalIndex(
  input: GlobalIndexInput,
  billingMode: TableDefinition['billingMode'],
  defined: DefinedAttributes,
): IndexDefinition {
  checkDefined(input, defined)
  const { IndexName: name, ProvisionedThroughput: throughput } = input
  const key = readMultiAttributeKeySchema(input.KeySchema, defined)
  const projection = readProjection(input.Projection)
  if (billingMode === 'PAY_PER_REQUEST' && throughput !== undefined) {
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    )
  }
  if (billingMode === 'PROVISIONED' && throughput === undefined) {
    throw invalidParameter(`ProvisionedThroughput must be specified for index: ${name}`)
  }
  return {
    name,
    kind: 'global',
    key,
    projection,
    throughput: throughput === undefined ? { read: 0, write: 0 } : readThroughput(throughput, name),
    ...readOnDemandLimits(input.OnDemandThroughput),
    ...readWarmThroughput(input.WarmThroughput),
  }
}

function checkDefined({ KeySchema }: LocalIndexInput, defined: DefinedAttributes): void {
  if (KeySchema.every(({ AttributeName }) => defined.has(AttributeName))) return
  const keys = KeySchema.map(({ AttributeName }) => AttributeName).join(', ')
  throw invalidParameter(
    `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys}], ` +
      `AttributeDefinitions: [${[...defined.keys()].join(', ')}]`,
  )
}

function readProjection({ ProjectionType: type, NonKeyAttributes: attributes }: ProjectionInput): Projection {
  if (type === undefined) throw invalidParameter('Unknown ProjectionType: null')
  if (type !== 'INCLUDE' && attributes !== undefined) {
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`)
  }
  if (type === 'INCLUDE' && attributes === undefined) {
    throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified')
  }
  return { type, attributes: attributes ?? [] }
}

const maximumLocal = 5
const maximumGlobal = 20
const maximumProjected = 100

/**
 * Checks what the indexes of a table must keep together: unique names, their number, and that of the
 * attributes they include.
 *
 * @throws ServiceError when they do not.
 * @internal
 */
export function checkIndexes(indexes: readonly IndexDefinition[]): void {
  const names = new Set<string>()
  for (const { name } of indexes) {
    if (names.has(name)) throw invalidParameter(`Duplicate index name: ${name}`)
    names.add(name)
  }
  const locals = indexes.filter(({ kind }) => kind === 'local').length
  if (locals > maximumLocal) {
    throw invalidParameter(
      `Number of LocalSecondaryIndexes exceeds per-table limit of ${String(maximumLocal)}`,
    )
  }
  if (indexes.length - locals > maximumGlobal) {
    throw invalidParameter(
      `GlobalSecondaryIndex count exceeds the per-table limit of ${String(maximumGlobal)}`,
    )
  }
  const included = indexes.reduce((sum, { projection }) => sum + projection.attributes.length, 0)
  if (included > maximumProjected) {
    throw invalidParameter(
      `Number of NonKeyAttributes exceeds per-table limit of ${String(maximumProjected)} across all indexes`,
    )
  }
}
