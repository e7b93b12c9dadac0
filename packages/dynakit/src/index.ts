export { createAdapter, DynamoDBAdapter } from './adapter/adapter.ts'
export type { RepositoryClass } from './adapter/adapter.ts'
export type { AdapterOptions } from './adapter/adapter-options.ts'
export { TableOperations } from './adapter/table-operations.ts'
export { exportFile } from './bulk/export-file.ts'
export type { ExportFileOptions, ExportResult } from './bulk/export-file.ts'
export { exportItems } from './bulk/export-items.ts'
export type { ExportChunk, ExportOptions, ExportQuery } from './bulk/export-items.ts'
export { importFile } from './bulk/import-file.ts'
export type { ImportFileOptions } from './bulk/import-file.ts'
export { importItems } from './bulk/import-items.ts'
export type { ImportOptions, ImportResult, ImportTarget } from './bulk/import-items.ts'
export type { ItemFormat } from './bulk/item-format.ts'
export type { TextSource } from './bulk/read-lines.ts'
export { Decimal } from './codec/decimal.ts'
export type { NativeItem, NativeNumber, NativeSet, NativeValue } from './codec/native-value.ts'
export type { NumberMode } from './codec/number.ts'
export { DynamoDBError } from './errors/dynamodb-error.ts'
export type { DynamoDBErrorOptions } from './errors/dynamodb-error.ts'
export {
  BatchIncompleteError,
  ConditionalCheckFailedError,
  ItemAlreadyExistsError,
  ItemNotFoundError,
  UniqueConstraintError,
} from './errors/item-errors.ts'
export type {
  BatchIncompleteOptions,
  ConditionalCheckFailedOptions,
  UniqueConstraintOptions,
} from './errors/item-errors.ts'
export {
  DefinitionError,
  InvalidCursorError,
  ScanNotAllowedError,
  ValidationError,
} from './errors/request-errors.ts'
export type {
  DefinitionOptions,
  RejectedPath,
  ScanNotAllowedOptions,
  ValidationIssue,
  ValidationOptions,
} from './errors/request-errors.ts'
export {
  AccessDeniedError,
  CredentialsError,
  InsufficientPermissionsError,
  ProvisionedThroughputExceededError,
  RequestLimitExceededError,
  ServiceError,
  ThrottledError,
  ThrottlingError,
} from './errors/service-errors.ts'
export type { ServiceErrorOptions, ThrottledOptions, ThrottlingReason } from './errors/service-errors.ts'
export { UnknownItemError } from './errors/unknown-item-error.ts'
export type { UnknownItemOptions } from './errors/unknown-item-error.ts'
export { IndexNotFoundError, TableInUseError, TableNotFoundError } from './errors/table-errors.ts'
export type { IndexNotFoundOptions } from './errors/table-errors.ts'
export {
  IdempotencyMismatchError,
  TransactionCanceledError,
  TransactionConflictError,
} from './errors/transaction-errors.ts'
export type {
  CancellationReason,
  TransactionCanceledOptions,
  TransactionFailure,
  TransactionOperation,
} from './errors/transaction-errors.ts'
export {
  AbortedError,
  ConfigurationError,
  NetworkError,
  TimeoutError,
  UnansweredError,
} from './errors/transport-errors.ts'
export type { BatchRemainder } from './execution/batch-ending.ts'
export type { BatchGetOptions, BatchOptions, Partially } from './execution/batch-options.ts'
export type { BatchProgress } from './execution/batch-progress.ts'
export type { CallOptions } from './execution/call.ts'
export type { Cursor } from './execution/cursor.ts'
export type { Database } from './execution/database.ts'
export type { BudgetName, ReadBudget } from './execution/read-meter.ts'
export type { TransactionOptions, TransactionResult } from './execution/transaction-options.ts'
export type { TransactionReadResult } from './execution/transaction-read.ts'
export type {
  AttributeOperand,
  Condition,
  FieldCondition,
  GroupCondition,
  NotCondition,
  Operand,
} from './expressions/condition.ts'
export type {
  AttributeTypeName,
  CheckOperator,
  CheckPath,
  DeepPartial,
  ExistenceOperator,
  FieldPath,
  FieldValue,
  OperandFor,
  Operator,
  OperatorFor,
  SelectedItem,
} from './expressions/field-types.ts'
export type { Path } from './expressions/path.ts'
export { CapacityMeter } from './operations/capacity.ts'
export type { ConsumedCapacity } from './operations/capacity.ts'
export type { CapacityDetail } from './operations/operation.ts'
export type { TableDescription, TableStatus } from './operations/tables/describe-table.ts'
export type { TimeToLive } from './operations/tables/time-to-live.ts'
export type { TableChange } from './operations/tables/update-table.ts'
export type { UpdateReturn } from './operations/write/update-item.ts'
export type {
  AccessPattern,
  AccessPatterns,
  EntityAccessPatterns,
  PatternKey,
} from './planner/access-patterns.ts'
export type { Members } from './planner/batch-members.ts'
export type { Alternative, Explanation, ExplanationFacts } from './planner/explanation.ts'
export type { KeyField } from './planner/key-fields.ts'
export type { RequestEstimate } from './planner/request-estimate.ts'
export type { ConditionBuilder, ConditionCallback } from './query-builder/condition-builder.ts'
export type { GroupedPage } from './query-builder/grouped-page.ts'
export type { CountResult, Page } from './query-builder/page.ts'
export type { PagesOptions, QueryBuilder, ReadBuilder, ScanOptions } from './query-builder/query-builder.ts'
export type { EntityUnion } from './query-builder/query-target.ts'
export type { CommonItem, GroupedItems, UnionBuilder, UnionItem } from './query-builder/union-builder.ts'
export type { UnknownItem, UnknownItems } from './query-builder/unknown-items.ts'
export type {
  EntityCheck,
  EntityCreate,
  EntityDelete,
  EntityGet,
  EntityPut,
  EntityUpdate,
  StoredCondition,
  TableCheck,
  TableCreate,
  TableDelete,
  TableGet,
  TablePut,
  TableUpdate,
  TransactionGet,
  TransactionPart,
} from './query-builder/transaction-parts.ts'
export type { TransactionBuilder } from './query-builder/transaction-builder.ts'
export type { GotItem, GotItems, TransactionReadBuilder } from './query-builder/transaction-read-builder.ts'
export type {
  Returned,
  UntypedModel,
  UpdateBuilder,
  UpdateChanges,
  UpdateModel,
} from './query-builder/update-builder.ts'
export type {
  BatchGetRequest,
  BatchWriteRequest,
  CheckGetRequests,
  CheckWriteRequest,
  PlainItem,
  RequestedItems,
} from './repository/batch-requests.ts'
export type { BatchGetResult, BatchWriteResult } from './repository/batch-results.ts'
export { EntityLoader } from './repository/entity-loader.ts'
export type { LoaderOptions, LoadMany } from './repository/entity-loader.ts'
export { Repository } from './repository/repository.ts'
export type { Criteria, IdOf, PutInput, RestoreKey } from './repository/repository-types.ts'
export { TableRepository } from './repository/table-repository.ts'
export type { EntityBatchGetOptions, EntityGetOptions, GetOptions } from './repository/read-options.ts'
export type { WriteOptions } from './repository/write-options.ts'
export { attributeCodec, epochMilliseconds, epochSeconds, isoDate } from './schema/attribute-codec.ts'
export type {
  AttributeCodec,
  AttributeCodecOptions,
  CodecAttribute,
  StoredType,
} from './schema/attribute-codec.ts'
export { defineEntity } from './schema/entity.ts'
export type { Entity, EntityInput, EntityItem, EntityKey } from './schema/entity.ts'
export type {
  CheckEntity,
  EntityIndexOptions,
  EntityKeyOptions,
  EntityModel,
  EntityOptions,
  ModelOf,
  Simplify,
  TimestampNames,
} from './schema/entity-types.ts'
export type {
  AttributeSchemas,
  InputOf,
  OutputOf,
  SchemaIssue,
  SchemaResult,
  StandardSchema,
} from './schema/standard-schema.ts'
export type { TypeProblem } from './schema/type-problem.ts'
export { defineTable } from './schema/table.ts'
export type {
  BillingMode,
  GlobalIndexOptions,
  IndexOptions,
  IndexProjection,
  KeyAttribute,
  KeyType,
  LocalIndexOptions,
  StreamView,
  Table,
  TableIndex,
  TableOptions,
} from './schema/table.ts'
export type {
  AttemptEnd,
  AttemptEvent,
  AttemptListener,
  AttemptStart,
  RetryReason,
} from './transport/attempt-event.ts'
export type { Credentials, CredentialsProvider, CredentialsRequest } from './transport/credentials.ts'
export { directTransport } from './transport/direct-transport.ts'
export type { DirectTransport } from './transport/direct-transport.ts'
export { sdkTransport } from './transport/sdk-transport.ts'
export type { SdkClient } from './transport/sdk-transport.ts'
export type {
  ConnectionOptions,
  ConnectionStatistics,
  DirectTransportOptions,
  EndpointOptions,
  RetryOptions,
} from './transport/transport-options.ts'
export type { OperationName, SendOptions, Transport, WireInput, WireOutput } from './transport/transport.ts'
