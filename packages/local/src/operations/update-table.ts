import type { OperationContext } from '../engine/operation-context.ts'
import { invalidParameter, ServiceError, validationError } from '../protocol/service-error.ts'
import { changeStream } from '../tables/change-stream.ts'
import { changeBilling } from '../tables/change-throughput.ts'
import { describeTable } from '../tables/describe-table.ts'
import { findAnyTable, findTableToChange } from '../tables/find-table.ts'
import { readEncryption } from '../tables/read-encryption.ts'
import { checkIndexes, readGlobalIndex } from '../tables/read-index.ts'
import { readOnDemandLimits, readWarmThroughput } from '../tables/read-throughput.ts'
import { redefineTable } from '../tables/settle-tables.ts'
import type { IndexDefinition, KeyAttribute, TableDefinition } from '../tables/table-definition.ts'
import {
  attributeDefinitions,
  billingMode,
  encryptionSpecification,
  globalIndex,
  newName,
  onDemandThroughput,
  provisionedThroughput,
  streamSpecification,
  tableClass,
  tableName,
  warmThroughput,
  type AttributeDefinitionInput,
  type GlobalIndexInput,
} from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { any, boolean, list, required, structure, type TypeOf } from '../validation/shape.ts'

const indexUpdate = structure({
  IndexName: required(newName),
  ProvisionedThroughput: provisionedThroughput,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
})

const shape = structure({
  TableName: required(tableName),
  AttributeDefinitions: attributeDefinitions,
  BillingMode: billingMode,
  ProvisionedThroughput: provisionedThroughput,
  GlobalSecondaryIndexUpdates: list(
    structure({
      Create: globalIndex,
      Update: indexUpdate,
      Delete: structure({ IndexName: required(newName) }),
    }),
  ),
  StreamSpecification: streamSpecification,
  SSESpecification: encryptionSpecification,
  TableClass: tableClass,
  DeletionProtectionEnabled: boolean,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
  ReplicaUpdates: list(any),
})

/** The input of `UpdateTable`. */
type Input = TypeOf<typeof shape>
type IndexUpdate = NonNullable<Input['GlobalSecondaryIndexUpdates']>[number]

/**
 * Changes a table: billing and throughput, its stream, its global indexes, one of which can be created or
 * deleted at a time, and its settings.
 *
 * @internal
 */
export function updateTable(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const request = readInput(shape, input)
  checkAnythingChanges(request)
  checkIndexUpdates(request.GlobalSecondaryIndexUpdates)
  const { definition } = findTableToChange(context, request.TableName)
  const until = context.clock.now() + context.delays.updateTable
  const changed = [changeSettings, changeBilling, changeStream, changeIndexes].reduce(
    (table, change) => change(context, table, request),
    definition,
  )
  redefineTable(context.database, { ...changed, transition: { status: 'UPDATING', until } })
  return { TableDescription: describeTable(findAnyTable(context, definition.name)) }
}

function checkAnythingChanges(request: Input): void {
  const { TableName: _name, AttributeDefinitions: _attributes, ...changes } = request
  if (Object.keys(changes).length > 0) return
  throw validationError(
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or ' +
      'SSESpecification or ReplicaUpdates is required',
  )
}

function changeSettings(context: OperationContext, table: TableDefinition, request: Input): TableDefinition {
  const { sse: _sse, ...withoutEncryption } = table
  return {
    ...(request.SSESpecification?.Enabled === false ? withoutEncryption : table),
    ...readEncryption(context, request.SSESpecification),
    ...(request.TableClass !== undefined && { tableClass: request.TableClass }),
    ...(request.DeletionProtectionEnabled !== undefined && {
      isDeletionProtected: request.DeletionProtectionEnabled,
    }),
    ...readOnDemandLimits(request.OnDemandThroughput),
    ...readWarmThroughput(request.WarmThroughput),
  }
}

function checkIndexUpdates(updates: readonly IndexUpdate[] | undefined): void {
  if (updates === undefined) return
  if (updates.length === 0) throw invalidParameter('GlobalSecondaryIndexUpdate list is empty')
  const names = new Set<string>()
  for (const update of updates) {
    const parts = [update.Create, update.Update, update.Delete].filter((part) => part !== undefined)
    const [part] = parts
    if (part === undefined || parts.length > 1) {
      throw invalidParameter(
        'Exactly one of Create, Update, Delete must be specified in GlobalSecondaryIndexUpdate',
      )
    }
    if (names.has(part.IndexName)) {
      throw invalidParameter(
        `Only one global secondary index update per index is allowed simultaneously. Index: ${part.IndexName}`,
      )
    }
    names.add(part.IndexName)
  }
  if (updates.filter(({ Create, Delete }) => Create !== undefined || Delete !== undefined).length > 1) {
    throw new ServiceError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    )
  }
}

function changeIndexes(context: OperationContext, table: TableDefinition, request: Input): TableDefinition {
  const updates = request.GlobalSecondaryIndexUpdates ?? []
  return updates.reduce((changed, { Create, Delete }) => {
    if (Create !== undefined) return createIndex(context, changed, Create, request.AttributeDefinitions ?? [])
    return Delete === undefined ? changed : deleteIndex(context, changed, Delete.IndexName)
  }, table)
}

function createIndex(
  context: OperationContext,
  table: TableDefinition,
  input: GlobalIndexInput,
  attributes: readonly AttributeDefinitionInput[],
): TableDefinition {
  if (table.indexes.some(({ name }) => name === input.IndexName)) {
    throw validationError('Attempting to create an index which already exists')
  }
  const defined = mergeAttributes(table, attributes)
  const until = context.clock.now() + context.delays.createIndex
  const index = {
    ...readGlobalIndex(input, table.billingMode, defined),
    transition: { status: 'CREATING' as const, until },
  }
  const indexes = [...table.indexes, index]
  checkIndexes(indexes)
  const used = new Set(
    [...table.attributes, ...index.key.partition, ...index.key.sort].map(({ name }) => name),
  )
  return { ...table, indexes, attributes: [...defined.values()].filter(({ name }) => used.has(name)) }
}

function mergeAttributes(
  table: TableDefinition,
  added: readonly AttributeDefinitionInput[],
): ReadonlyMap<string, KeyAttribute> {
  const defined = new Map(table.attributes.map((attribute) => [attribute.name, attribute]))
  for (const { AttributeName: name, AttributeType: type } of added) {
    const known = defined.get(name)
    if (known !== undefined && known.type !== type) {
      throw invalidParameter(`Attribute ${name} is already defined with type ${known.type}`)
    }
    defined.set(name, { name, type })
  }
  return defined
}

function deleteIndex(context: OperationContext, table: TableDefinition, name: string): TableDefinition {
  const index = table.indexes.find((one) => one.name === name && one.kind === 'global')
  if (index === undefined) {
    throw new ServiceError('ResourceNotFoundException', 'Requested resource not found')
  }
  const transition = {
    status: 'DELETING' as const,
    until: context.clock.now() + context.delays.deleteIndex,
  }
  return {
    ...table,
    indexes: table.indexes.map((one): IndexDefinition => (one === index ? { ...one, transition } : one)),
  }
}
