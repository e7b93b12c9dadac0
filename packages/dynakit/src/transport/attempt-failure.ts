import type { NativeItem } from '../codec/native-value.ts'
import type { NumberMode } from '../codec/number.ts'
import { readOutput } from '../codec/read-json.ts'
import type { DynamoDBError, DynamoDBErrorOptions } from '../errors/dynamodb-error.ts'
import {
  isOpenFault,
  isThrottle,
  readCancellationReasons,
  readThrottlingReasons,
} from '../errors/failure-reasons.ts'
import { errorFromService, type ServiceFailure } from '../errors/from-service.ts'
import { outcomeUnknownAdvice } from '../errors/outcome-unknown.ts'
import { NetworkError, TimeoutError } from '../errors/transport-errors.ts'
import type { RetryReason } from './attempt-event.ts'
import type { HttpAnswer, HttpFailure } from './http/http-client.ts'
import { readRetryAfter } from './retry-policy.ts'
import { isReadOperation } from './deadline.ts'
import { type OperationName, type WireInput, tableNameOf } from './transport.ts'
import { failureShape } from './wire-shapes.ts'

/** Why one attempt failed, and what may mend it. */
export interface AttemptFailure {
  readonly error: DynamoDBError
  /** Why another attempt may succeed; `undefined` when it would not. */
  readonly reason: RetryReason | undefined
  /** Whether the request may have been carried out all the same. */
  readonly mayBeDone: boolean
  /** Wait the server asked for, in milliseconds. */
  readonly retryAfter: number | undefined
}

/** What a failure needs to know of the request. */
export interface AttemptedRequest {
  readonly operation: OperationName
  readonly input: WireInput
  readonly numbers: NumberMode
  /** Whether an earlier attempt may have been carried out. */
  readonly mayBeDone: boolean
  /** Whether carrying it out twice leaves the same as once. */
  readonly isRepeatable: boolean
}

interface Facts {
  readonly operation: OperationName
  readonly tableName: string | undefined
  readonly indexName: string | undefined
}

function factsOf({ operation, input }: AttemptedRequest): Facts {
  return {
    operation,
    tableName: tableNameOf(input),
    indexName: input.IndexName as string | undefined,
  }
}

/** Refusals of a signature's time; the clock may be off. */
const timeRefusals: ReadonlySet<string> = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
])
const expiries: ReadonlySet<string> = new Set(['ExpiredTokenException', 'ExpiredToken'])
const transientNames: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'RequestTimeoutException',
  'ReplicatedWriteConflictException',
])
const transientStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504])

interface ErrorBody {
  readonly __type?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly Message?: unknown
  readonly Item?: NativeItem
  readonly CancellationReasons?: unknown
  readonly ThrottlingReasons?: unknown
}

/**
 * Reads an answer that reports a failure.
 *
 * @param answer - The answer, its body not compressed.
 * @param request - What was asked.
 * @returns The failure.
 * @internal
 */
export function failureFromAnswer(answer: HttpAnswer, request: AttemptedRequest): AttemptFailure {
  const body = readErrorBody(answer.body, request.numbers)
  const { status, headers } = answer
  const name = errorName(headers['x-amzn-errortype'] ?? body?.__type ?? body?.code) ?? nameOfStatus(status)
  const reason = retryReason(name, status)
  const mayBeDone = isOpenFault(status)
  const failure: ServiceFailure = {
    name,
    message: errorMessage(body, answer),
    statusCode: status,
    requestId: headers['x-amzn-requestid'],
    item: body?.Item,
    cancellationReasons: readCancellationReasons(body?.CancellationReasons),
    throttlingReasons: readThrottlingReasons(body?.ThrottlingReasons),
    ...outcome(request, mayBeDone),
  }
  return {
    error: errorFromService(failure, factsOf(request)),
    reason,
    mayBeDone,
    retryAfter: readRetryAfter(headers, Date.now()),
  }
}

function readErrorBody(bytes: Buffer, numbers: NumberMode): ErrorBody | undefined {
  try {
    return readOutput(bytes, failureShape, numbers)
  } catch {
    return undefined
  }
}

/** The name stands behind a namespace (`com.amazonaws...#Name`) or before a URL (`Name:http://...`). */
function errorName(type: unknown): string | undefined {
  if (typeof type !== 'string') return undefined
  const name = type.slice(type.lastIndexOf('#') + 1).split(/[:,]/)[0]
  return name === '' ? undefined : name
}

function nameOfStatus(status: number): string {
  if (status === 503) return 'ServiceUnavailable'
  return status === 500 ? 'InternalServerError' : `HTTP ${String(status)}`
}

function errorMessage(body: ErrorBody | undefined, { status }: HttpAnswer): string {
  const message = body?.message ?? body?.Message
  if (typeof message === 'string') return message
  if (body) return ''
  return `the answer (status ${String(status)}) is not from DynamoDB. Check the endpoint, and proxies on the way.`
}

function retryReason(name: string, status: number): RetryReason | undefined {
  if (isThrottle(name, status)) return 'throttled'
  if (expiries.has(name)) return 'expired-credentials'
  if (timeRefusals.has(name)) return 'clock-skew'
  return transientNames.has(name) || transientStatuses.has(status) ? 'transient' : undefined
}

/** What an error says of a request that may have been carried out. */
function outcome(
  request: AttemptedRequest,
  mayBeDone: boolean,
): { readonly outcomeUnknown: boolean; readonly isRepeatable: boolean } {
  const isKnown = isReadOperation(request.operation) || !(mayBeDone || request.mayBeDone)
  return { outcomeUnknown: !isKnown, isRepeatable: request.isRepeatable }
}

const neverMended: ReadonlySet<string> = new Set([
  'CLOSED',
  'ERR_INVALID_URL',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
const certificateProblem = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/

/**
 * Tells whether a connection failed because the endpoint's certificate is not trusted.
 *
 * @param code - Error code of Node.
 * @internal
 */
export function isCertificateProblem(code: string): boolean {
  return certificateProblem.test(code)
}

const timeouts: ReadonlySet<string> = new Set(['CONNECT_TIMEOUT', 'REQUEST_TIMEOUT', 'SOCKET_TIMEOUT'])

/**
 * Makes the failure of an attempt that got no answer, or one that cannot be trusted.
 *
 * @param failure - What the connection reported.
 * @param request - What was asked.
 * @param endpoint - Host and port, for the message.
 * @returns The failure.
 * @internal
 */
export function failureFromConnection(
  failure: HttpFailure,
  request: AttemptedRequest,
  endpoint: string,
): AttemptFailure {
  const { operation, tableName } = factsOf(request)
  const { outcomeUnknown, isRepeatable } = outcome(request, failure.wasSent)
  const where = tableName === undefined ? operation : `${operation} on table '${tableName}'`
  const facts = { operation, tableName, outcomeUnknown }
  const error = connectionError(failure, where, endpoint, facts, !outcomeUnknown || isRepeatable)
  const reason = isMendable(failure) ? 'transient' : undefined
  return { error, reason, mayBeDone: failure.wasSent, retryAfter: undefined }
}

function isMendable({ code }: HttpFailure): boolean {
  return !neverMended.has(code) && !isCertificateProblem(code)
}

/**
 * Makes the error of a connection that failed.
 *
 * @param failure - What the connection reported.
 * @param where - What was being done.
 * @param endpoint - Host and port.
 * @param facts - What is known of the request, if there was one.
 * @param isSafe - Whether it may be done again.
 * @internal
 */
export function connectionError(
  failure: HttpFailure,
  where: string,
  endpoint: string,
  facts: DynamoDBErrorOptions,
  isSafe: boolean,
): NetworkError | TimeoutError {
  const ErrorClass = timeouts.has(failure.code) ? TimeoutError : NetworkError
  const advice = hint(failure, facts.outcomeUnknown === true)
  return new ErrorClass(
    `${where}: no answer from ${endpoint} (${failure.code}): ${failure.message}.${advice}`,
    {
      ...facts,
      cause: failure.cause ?? failure,
      retryable: isMendable(failure) && isSafe,
    },
  )
}

function hint(failure: HttpFailure, outcomeUnknown: boolean): string {
  if (outcomeUnknown) return ` ${outcomeUnknownAdvice}`
  if (isCertificateProblem(failure.code)) {
    return " The endpoint's certificate is not trusted: give the option ca, or set NODE_EXTRA_CA_CERTS."
  }
  return failure.wasSent ? '' : ' Check the endpoint, the region and the network.'
}
