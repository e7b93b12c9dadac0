import type { ServiceError } from '../protocol/service-error.ts'
import { decodeNative, type NumberMode } from './decode-native.ts'
import type { Dynakit, DynakitError } from './dynakit.ts'

/** What was asked, for messages. */
export interface NativeRequest {
  readonly operation: string
  readonly tableName: string | undefined
  readonly indexName: string | undefined
  readonly numbers: NumberMode
}

/** What is known of a failure besides the error itself. */
export interface FailureFacts {
  readonly requestId: string
  /** Whether the request may have been carried out all the same. */
  readonly outcomeUnknown: boolean
  /** Whether carrying it out twice leaves the same as once. */
  readonly isRepeatable: boolean
}

/** What an error's message says of a write that may have been carried out. */
export const outcomeUnknownAdvice =
  'The write may have been carried out all the same: read the item before you send it again.'

type ErrorName = Exclude<keyof Dynakit, 'Decimal'>
type Options = Readonly<Record<string, unknown>>

/** How an error of the service becomes one of dynakit's: its class, what its message says, further options. */
interface Translation {
  readonly to: ErrorName
  readonly message: string
  readonly options?: Options
}

type Translate = (error: ServiceError, request: NativeRequest, dynakit: Dynakit) => Translation

const credentials: Translate = ({ name, message }) => ({
  to: 'CredentialsError',
  message: `DynamoDB did not accept the credentials (${name}): ${message}`,
})

const throttled =
  (to: ErrorName): Translate =>
  ({ message, details }) => ({
    to,
    message: `throttled: ${message}`,
    options: { throttlingReasons: details.ThrottlingReasons ?? [] },
  })

const notFound: Translate = (error, request, dynakit) => {
  if (request.indexName !== undefined && /index/i.test(error.message)) return noIndex(error, request, dynakit)
  return {
    to: 'TableNotFoundError',
    message: `table '${request.tableName ?? ''}' was not found. Check its name, region and account, or create it.`,
  }
}

const noIndex: Translate = ({ message }, { indexName = '' }) => ({
  to: 'IndexNotFoundError',
  message:
    `the table has no index '${indexName}' (${message}). ` +
    'Create the index, or correct its name in defineTable.',
  options: { indexName },
})

const invalid: Translate = (error, request, dynakit) => {
  const { message } = error
  if (request.indexName !== undefined && /specified index|unknown index/i.test(message)) {
    return noIndex(error, request, dynakit)
  }
  if (/document path/i.test(message) && !/overlap|conflict/i.test(message)) {
    return {
      to: 'ValidationError',
      message:
        'the update sets a nested path whose parent is not stored (or is not a map or list). ' +
        'Set the whole parent, or call .createParents() to create missing parents as empty maps.',
      options: { rule: 'document-path' },
    }
  }
  return {
    to: 'ValidationError',
    message: `DynamoDB refused it: ${withoutValues(message)}`,
    options: { rule: 'service' },
  }
}

const transientReasons: ReadonlySet<string> = new Set([
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
])

const cancelled: Translate = ({ details }) => {
  const given = (details.CancellationReasons ?? []) as readonly { Code?: string; Message?: string }[]
  const reasons = given.map(({ Code: code = 'None', Message: message }, index) => ({ index, code, message }))
  const failed = reasons.filter(({ code }) => code !== 'None')
  const list = failed.map(({ index, code }) => `operation ${String(index)}: ${code}`).join(', ')
  return {
    to: 'TransactionCanceledError',
    message: `the transaction was cancelled, nothing was written (${list === '' ? 'no reason given' : list}).`,
    options: {
      reasons,
      retryable: failed.length > 0 && failed.every(({ code }) => transientReasons.has(code)),
    },
  }
}

const translations: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  [
    'ConditionalCheckFailedException',
    ({ details }, { numbers }, dynakit) => ({
      to: 'ConditionalCheckFailedError',
      message:
        'the condition was false, nothing was written. Read the item again and decide whether to retry.',
      options: { item: details.Item && decodeNative(details.Item as never, numbers, dynakit) },
    }),
  ],
  ['TransactionCanceledException', cancelled],
  [
    'TransactionConflictException',
    () => ({
      to: 'TransactionConflictError',
      message: 'a transaction on the same item is in progress; send the request again.',
      options: { retryable: true },
    }),
  ],
  ['ProvisionedThroughputExceededException', throttled('ProvisionedThroughputExceededError')],
  ['RequestLimitExceeded', throttled('RequestLimitExceededError')],
  ['ThrottlingException', throttled('ThrottlingError')],
  ['ResourceNotFoundException', notFound],
  ['TableNotFoundException', notFound],
  ['IndexNotFoundException', noIndex],
  [
    'ResourceInUseException',
    ({ message }, { tableName = '' }) => ({
      to: 'TableInUseError',
      message: `table '${tableName}' exists already or is being changed: ${message}`,
    }),
  ],
  ['ValidationException', invalid],
  ['SerializationException', invalid],
  [
    'AccessDeniedException',
    ({ message }, { operation }) => ({
      to: 'AccessDeniedError',
      message: `not permitted: ${message} Grant dynamodb:${operation} on the table and its indexes.`,
    }),
  ],
  ['UnrecognizedClientException', credentials],
  ['InvalidSignatureException', credentials],
  ['ExpiredTokenException', credentials],
])

/**
 * Turns an error of the service into dynakit's error for it.
 *
 * @internal
 */
export function translateError(
  error: ServiceError,
  request: NativeRequest,
  facts: FailureFacts,
  dynakit: Dynakit,
): DynakitError {
  const { to, message, options } = (translations.get(error.name) ?? other(facts))(error, request, dynakit)
  const advice = facts.outcomeUnknown ? ` ${outcomeUnknownAdvice}` : ''
  return new dynakit[to](`${where(request)}: ${message}${advice}`, {
    cause: error,
    statusCode: error.statusCode,
    requestId: facts.requestId,
    operation: request.operation,
    tableName: request.tableName,
    outcomeUnknown: facts.outcomeUnknown,
    ...options,
  })
}

const other =
  ({ outcomeUnknown, isRepeatable }: FailureFacts): Translate =>
  ({ name, message, statusCode }) => ({
    to: 'ServiceError',
    message: `${name}: ${message}`,
    options: {
      serviceCode: name,
      retryable: statusCode >= 500 && (!outcomeUnknown || isRepeatable),
    },
  })

/**
 * Names what was asked, for messages.
 *
 * @internal
 */
export function where({ operation, tableName, indexName }: NativeRequest): string {
  const table = tableName === undefined ? '' : ` on table '${tableName}'`
  const index = indexName === undefined ? '' : `, index '${indexName}'`
  return operation + table + index
}

/** A few of DynamoDB's messages quote a value; that part is cut out. */
function withoutValues(message: string): string {
  return message
    .replace(/Input collection \[.*\]/s, 'Input collection [...]')
    .replace(/(cannot be converted to a numeric value:?).*/s, '$1 ...')
}
