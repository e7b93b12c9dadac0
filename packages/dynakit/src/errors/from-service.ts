import { type DynamoDBError, type DynamoDBErrorOptions } from './dynamodb-error.ts'
import { ConditionalCheckFailedError } from './item-errors.ts'
import { isThrottle } from './failure-reasons.ts'
import { outcomeUnknownAdvice } from './outcome-unknown.ts'
import { ValidationError } from './request-errors.ts'
import {
  AccessDeniedError,
  CredentialsError,
  ProvisionedThroughputExceededError,
  RequestLimitExceededError,
  ServiceError,
  ThrottlingError,
  type ThrottlingReason,
} from './service-errors.ts'
import { IndexNotFoundError, TableInUseError, TableNotFoundError } from './table-errors.ts'
import {
  type CancellationReason,
  IdempotencyMismatchError,
  TransactionCanceledError,
  TransactionConflictError,
} from './transaction-errors.ts'

/**
 * A failure as DynamoDB reports it, whichever transport received it.
 *
 * @internal
 */
export interface ServiceFailure {
  /** Error name without namespace, such as `ConditionalCheckFailedException`. */
  readonly name: string
  readonly message: string
  readonly statusCode?: number | undefined
  readonly requestId?: string | undefined
  /** The stored item of a failed condition, decoded. */
  readonly item?: Readonly<Record<string, unknown>> | undefined
  readonly cancellationReasons?: readonly CancellationReason[] | undefined
  readonly throttlingReasons?: readonly ThrottlingReason[] | undefined
  /** Whether the request may have been carried out all the same. */
  readonly outcomeUnknown?: boolean | undefined
  /** Whether carrying it out twice leaves the same as once. */
  readonly isRepeatable?: boolean | undefined
  /** The transport's own error, kept as `cause`. */
  readonly cause?: unknown
}

/**
 * The request a failure belongs to.
 *
 * @internal
 */
export interface FailedRequest {
  readonly operation: string
  readonly tableName?: string | undefined
  readonly indexName?: string | undefined
}

type Options = DynamoDBErrorOptions
type ErrorFactory = (failure: ServiceFailure, options: Options, request: FailedRequest) => DynamoDBError

const credentials: ErrorFactory = (failure, options, request) =>
  new CredentialsError(
    `${where(request)}: DynamoDB did not accept the credentials (${failure.name}): ${failure.message} ` +
      'Check that the credentials are current, belong to this partition, and that the clock is right.',
    options,
  )

const transient: ErrorFactory = (failure, options, request) =>
  new ServiceError(`${where(request)}: ${failure.name}: ${failure.message}`, {
    ...options,
    retryable: isSafeToRepeat(failure),
    serviceCode: failure.name,
  })

const throttled =
  (
    ThrottledClass:
      typeof ProvisionedThroughputExceededError | typeof RequestLimitExceededError | typeof ThrottlingError,
  ): ErrorFactory =>
  (failure, options, request) =>
    new ThrottledClass(`${where(request)}: throttled: ${failure.message}`, {
      ...options,
      throttlingReasons: failure.throttlingReasons,
    })

const resourceNotFound: ErrorFactory = (failure, options, request) => {
  if (request.indexName !== undefined && /index/i.test(failure.message)) {
    return indexNotFound(failure, options, request)
  }
  const name = request.tableName ?? 'the table'
  return new TableNotFoundError(
    `${where(request)}: table '${name}' was not found. Check its name, region and account, or create it.`,
    options,
  )
}

const indexNotFound: ErrorFactory = (failure, options, request) =>
  new IndexNotFoundError(
    `${where(request)}: the table has no index '${request.indexName ?? ''}' (${failure.message}). ` +
      'Create the index, or correct its name in defineTable.',
    { ...options, indexName: request.indexName },
  )

const validation: ErrorFactory = (failure, options, request) => {
  if (/specified index|unknown index/i.test(failure.message) && request.indexName !== undefined) {
    return indexNotFound(failure, options, request)
  }
  if (/document path/i.test(failure.message) && !/overlap|conflict/i.test(failure.message)) {
    return new ValidationError(
      `${where(request)}: the update sets a nested path whose parent is not stored (or is not a map or list). ` +
        'Set the whole parent, or call .createParents() to create missing parents as empty maps.',
      { ...options, rule: 'document-path' },
    )
  }
  return new ValidationError(`${where(request)}: DynamoDB refused it: ${withoutValues(failure.message)}`, {
    ...options,
    rule: 'service',
  })
}

const factories: ReadonlyMap<string, ErrorFactory> = new Map<string, ErrorFactory>([
  [
    'ConditionalCheckFailedException',
    (failure, options, request) =>
      new ConditionalCheckFailedError(
        `${where(request)}: the condition was false, nothing was written. ` +
          'Read the item again and decide whether to retry.',
        { ...options, item: failure.item },
      ),
  ],
  [
    'TransactionCanceledException',
    (failure, options, request) => {
      const reasons = failure.cancellationReasons ?? []
      const failed = reasons.filter((reason) => reason.code !== 'None')
      const list = failed.map((reason) => `operation ${String(reason.index)}: ${reason.code}`).join(', ')
      return new TransactionCanceledError(
        `${where(request)}: the transaction was cancelled, nothing was written (${list || 'no reason given'}).`,
        { ...options, reasons, retryable: failed.length > 0 && failed.every(isTransientReason) },
      )
    },
  ],
  [
    'TransactionConflictException',
    (_failure, options, request) =>
      new TransactionConflictError(
        `${where(request)}: a transaction on the same item is in progress; send the request again.`,
        { ...options, retryable: true },
      ),
  ],
  [
    'IdempotentParameterMismatchException',
    (_failure, options, request) =>
      new IdempotencyMismatchError(
        `${where(request)}: another transaction had the same idempotencyToken within the last ten minutes, nothing was written. ` +
          'Give each transaction a token of its own; read the items to find out whether this one was carried out before.',
        options,
      ),
  ],
  ['ProvisionedThroughputExceededException', throttled(ProvisionedThroughputExceededError)],
  ['RequestLimitExceeded', throttled(RequestLimitExceededError)],
  ['ThrottlingException', throttled(ThrottlingError)],
  ['ThrottledException', throttled(ThrottlingError)],
  ['ResourceNotFoundException', resourceNotFound],
  ['TableNotFoundException', resourceNotFound],
  ['IndexNotFoundException', indexNotFound],
  [
    'ResourceInUseException',
    (failure, options, request) =>
      new TableInUseError(
        `${where(request)}: table '${request.tableName ?? ''}' exists already or is being changed: ${failure.message}`,
        options,
      ),
  ],
  ['ValidationException', validation],
  ['SerializationException', validation],
  [
    'AccessDeniedException',
    (failure, options, request) =>
      new AccessDeniedError(
        `${where(request)}: not permitted: ${failure.message} Grant dynamodb:${request.operation} on the table and its indexes.`,
        options,
      ),
  ],
  ['UnrecognizedClientException', credentials],
  ['InvalidSignatureException', credentials],
  ['ExpiredTokenException', credentials],
  ['ExpiredToken', credentials],
  ['MissingAuthenticationTokenException', credentials],
  ['MissingAuthenticationToken', credentials],
  ['IncompleteSignatureException', credentials],
  ['InvalidClientTokenId', credentials],
  ['InternalServerError', transient],
  ['InternalFailure', transient],
  ['ServiceUnavailable', transient],
  ['ServiceUnavailableException', transient],
  ['TransactionInProgressException', transient],
  ['ReplicatedWriteConflictException', transient],
])

/**
 * Turns a failure reported by DynamoDB into the error class for it.
 *
 * @param failure - Name, message and facts of the failure.
 * @param request - What was asked of DynamoDB.
 * @returns The error to throw; {@link ServiceError} when the name is not known.
 * @internal
 */
export function errorFromService(failure: ServiceFailure, request: FailedRequest): DynamoDBError {
  return failure.outcomeUnknown === true
    ? makeError({ ...failure, message: `${failure.message} ${outcomeUnknownAdvice}`.trim() }, request)
    : makeError(failure, request)
}

function makeError(failure: ServiceFailure, request: FailedRequest): DynamoDBError {
  const options: Options = {
    cause: failure.cause,
    statusCode: failure.statusCode,
    requestId: failure.requestId,
    operation: request.operation,
    tableName: request.tableName,
    outcomeUnknown: failure.outcomeUnknown,
  }
  const factory = factories.get(failure.name)
  if (factory) return factory(failure, options, request)
  return new ServiceError(`${where(request)}: ${failure.name}: ${withoutValues(failure.message)}`, {
    ...options,
    retryable: isPassing(failure) && isSafeToRepeat(failure),
    serviceCode: failure.name,
  })
}

function isPassing({ name, statusCode = 0 }: ServiceFailure): boolean {
  return statusCode >= 500 || isThrottle(name, statusCode)
}

function isSafeToRepeat({ outcomeUnknown, isRepeatable }: ServiceFailure): boolean {
  return outcomeUnknown !== true || isRepeatable === true
}

const transientReasons = new Set([
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
])

function isTransientReason(reason: CancellationReason): boolean {
  return transientReasons.has(reason.code)
}

function where(request: FailedRequest): string {
  const table = request.tableName === undefined ? '' : ` on table '${request.tableName}'`
  const index = request.indexName === undefined ? '' : `, index '${request.indexName}'`
  return request.operation + table + index
}

/** DynamoDB quotes the offending value in a few of its messages; those parts are cut out. */
function withoutValues(message: string): string {
  return message
    .replace(/Input collection \[.*\]/s, 'Input collection [...]')
    .replace(/(converted into a number:?).*/s, '$1 ...')
    .replace(/(The parameter cannot be converted to a numeric value:?).*/s, '$1 ...')
}
