import { randomUUID } from 'node:crypto'
import type { OperationContext } from '../engine/operation-context.ts'
import { invalidParameter, ServiceError, validationError } from '../protocol/service-error.ts'
import { describeTable } from '../tables/describe-table.ts'
import { readEncryption } from '../tables/read-encryption.ts'
import { checkIndexes, readGlobalIndex, readLocalIndex } from '../tables/read-index.ts'
import { readKeySchema, type DefinedAttributes } from '../tables/read-key-schema.ts'
import { checkStreamInput, openStream } from '../tables/read-stream.ts'
import { checkTags } from '../tables/read-tags.ts'
import { readBilling, readOnDemandLimits, readWarmThroughput } from '../tables/read-throughput.ts'
import { expectTransitions } from '../tables/settle-tables.ts'
import { tableArn } from '../tables/table-arn.ts'
import type { IndexDefinition, KeySchema, TableDefinition } from '../tables/table-definition.ts'
import {
  attributeDefinitions,
  billingMode,
  encryptionSpecification,
  globalIndex,
  keySchema,
  localIndexes,
  newName,
  onDemandThroughput,
  provisionedThroughput,
  streamSpecification,
  tableClass,
  tags,
  warmThroughput,
  type AttributeDefinitionInput,
} from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { boolean, list, required, string, structure, type TypeOf } from '../validation/shape.ts'

const shape = structure({
  TableName: required(newName),
  AttributeDefinitions: required(attributeDefinitions),
  KeySchema: required(keySchema),
  BillingMode: billingMode,
  ProvisionedThroughput: provisionedThroughput,
  LocalSecondaryIndexes: localIndexes,
  GlobalSecondaryIndexes: list(globalIndex),
  StreamSpecification: streamSpecification,
  SSESpecification: encryptionSpecification,
  TableClass: tableClass,
  Tags: tags,
  DeletionProtectionEnabled: boolean,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
  ResourcePolicy: string(),
})

type Input = TypeOf<typeof shape>

const maximumTables = 2500

/**
 * Creates a table with its indexes.
 *
 * @internal
 */
export function createTable(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  if (input.TableName === undefined || input.TableName === null) {
    throw validationError("The parameter 'TableName' is required but was not present in the request")
  }
  const request = readInput(shape, input)
  const definition = define(context, request)
  const { database } = context
  if (database.table(definition.name) !== undefined) {
    throw new ServiceError('ResourceInUseException', `Table already exists: ${definition.name}`)
  }
  if (database.tables.size >= maximumTables) {
    throw new ServiceError(
      'LimitExceededException',
      `Subscriber limit exceeded: There is a limit of ${String(maximumTables)} tables per subscriber`,
    )
  }
  const table = database.addTable(definition)
  expectTransitions(database, definition)
  return { TableDescription: describeTable(table) }
}

function define(context: OperationContext, request: Input): TableDefinition {
  const billing = readBilling(request.BillingMode, request.ProvisionedThroughput)
  const defined = readAttributes(request.AttributeDefinitions)
  const { key, indexes } = readKeys(request, billing.billingMode, defined)
  checkUsed(defined, key, indexes)
  checkStreamInput(request.StreamSpecification)
  checkTags(request.Tags ?? [])
  const now = context.clock.now()
  const arn = tableArn(context, request.TableName)
  const creating = { transition: { status: 'CREATING', until: now + context.delays.createTable } } as const
  return {
    name: request.TableName,
    id: randomUUID(),
    arn,
    createdAt: now,
    ...creating,
    key,
    attributes: [...defined.values()],
    indexes: indexes.map((index) => (index.kind === 'global' ? { ...index, ...creating } : index)),
    ...billing,
    ...(billing.billingMode === 'PAY_PER_REQUEST' && { onDemandSince: now }),
    ...readOnDemandLimits(request.OnDemandThroughput),
    ...readWarmThroughput(request.WarmThroughput),
    ...(request.TableClass !== undefined && { tableClass: request.TableClass }),
    ...readEncryption(context, request.SSESpecification),
    ...openStream(arn, request.StreamSpecification, now),
    isDeletionProtected: request.DeletionProtectionEnabled ?? false,
    tags: request.Tags ?? [],
  }
}

function readAttributes(input: readonly AttributeDefinitionInput[]): DefinedAttributes {
  const defined = new Map(
    input.map(({ AttributeName: name, AttributeType: type }) => [name, { name, type }] as const),
  )
  if (defined.size < input.length) throw validationError('Cannot have two attributes with the same name')
  return defined
}

function readKeys(
  request: Input,
  billing: TableDefinition['billingMode'],
  defined: DefinedAttributes,
): { readonly key: KeySchema; readonly indexes: readonly IndexDefinition[] } {
  const { LocalSecondaryIndexes: locals, GlobalSecondaryIndexes: globals } = request
  const key = readKeySchema(request.KeySchema, defined)
  if (locals?.length === 0) throw invalidParameter('List of LocalSecondaryIndexes is empty')
  if (locals !== undefined && key.sort.length === 0) {
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    )
  }
  if (globals?.length === 0) throw invalidParameter('List of GlobalSecondaryIndexes is empty')
  const indexes = [
    ...(locals ?? []).map((index) => readLocalIndex(index, key, defined)),
    ...(globals ?? []).map((index) => readGlobalIndex(index, billing, defined)),
  ]
  checkIndexes(indexes)
  return { key, indexes }
}

function checkUsed(defined: DefinedAttributes, key: KeySchema, indexes: readonly IndexDefinition[]): void {
  const used = new Set(
    [key, ...indexes.map((index) => index.key)].flatMap(({ partition, sort }) =>
      [...partition, ...sort].map(({ name }) => name),
    ),
  )
  if (used.size === defined.size) return
  if (indexes.length === 0) {
    throw invalidParameter(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    )
  }
  throw invalidParameter(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${[...defined.keys()].join(', ')}], ` +
      `keys used: [${[...used].join(', ')}]`,
  )
}
