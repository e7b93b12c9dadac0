import { decodeItem } from '../codec/decode.ts'
import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { isOpenFault, readCancellationReasons, readThrottlingReasons } from '../errors/failure-reasons.ts'
import { errorFromService } from '../errors/from-service.ts'
import { CredentialsError } from '../errors/service-errors.ts'
import { outcomeUnknownAdvice, unreadableWrite } from '../errors/outcome-unknown.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { NetworkError, TimeoutError } from '../errors/transport-errors.ts'
import { isCertificateProblem } from './attempt-failure.ts'
import { type AwsSdk, loadAwsSdk } from './aws-sdk.ts'
import { cutoff, isReadOperation } from './deadline.ts'
import { unlessAborted } from './pause.ts'
import { reportAttempts, type SdkCommand, skipUnusedLogging } from './sdk-middleware.ts'
import { decodeOutput, encodeInput } from './sdk-values.ts'
import {
  type OperationName,
  type SendOptions,
  type Transport,
  type WireInput,
  type WireOutput,
  tableNameOf,
} from './transport.ts'

/** The part of an AWS SDK `DynamoDBClient` a transport needs; any version of the SDK 3 has it. */
export interface SdkClient {
  /** Sends a command. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the SDK's commands must not appear here
  send(command: any, options?: any): Promise<any>
  /** Closes its sockets. */
  destroy(): void
}

/**
 * Makes a transport that sends through an AWS SDK client.
 *
 * The client is used as it is: its middleware, retries, agents and credentials stay in force. It stays
 * yours: `close()` does not destroy it.
 *
 * @param client - A `DynamoDBClient` (not the document client).
 * @returns The transport, for `createAdapter({ transport })`.
 *
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
 * import { createAdapter, sdkTransport } from 'dynakit'
 *
 * const client = new DynamoDBClient({ region: 'eu-west-1' })
 * const db = createAdapter({ transport: sdkTransport(client), tableName: 'Products' })
 * await db.close()
 * ```
 */
export function sdkTransport(client: SdkClient): Transport {
  return new SdkTransport(client)
}

class SdkTransport implements Transport {
  readonly #client: SdkClient

  constructor(client: SdkClient) {
    this.#client = client
  }

  async send(operation: OperationName, input: WireInput, options: SendOptions): Promise<WireOutput> {
    const tableName = tableNameOf(input)
    const command = await makeCommand(operation, input)
    skipUnusedLogging(command)
    if (options.onAttempt) reportAttempts(command, options.onAttempt, operation, tableName)
    const limit = cutoff(operation, options, tableName)
    try {
      const early = limit.error(false)
      if (early) throw early
      // The SDK hears of the signal only once it sends; the caller need not wait for its credentials.
      const sent = this.#client.send(command, { abortSignal: limit.signal }) as Promise<WireOutput>
      const output = await unlessAborted(sent, limit.signal)
      if (output === undefined) throw limit.error(true) ?? new Error('the client answered nothing')
      return decodeOutput(operation, output, options.numbers)
    } catch (error) {
      if (ValidationError.is(error) && !isReadOperation(operation)) throw unreadableWrite(error)
      if (DynamoDBError.is(error)) throw error
      throw limit.error(true) ?? toDynakitError(error, operation, input, options)
    } finally {
      limit.release()
    }
  }

  /** The client is the caller's. */
  close(): Promise<void> {
    return Promise.resolve()
  }
}

type CommandClass = new (input: Record<string, unknown>) => SdkCommand

async function makeCommand(operation: OperationName, input: WireInput): Promise<SdkCommand> {
  const encoded = encodeInput(operation, input)
  const sdk: AwsSdk = await loadAwsSdk()
  const Command = sdk[`${operation}Command`] as unknown as CommandClass
  return new Command(encoded)
}

/** What the SDK's errors carry. */
interface SdkError {
  readonly name?: string
  readonly message?: string
  readonly code?: string
  readonly $metadata?: {
    readonly httpStatusCode?: number
    readonly requestId?: string
    readonly attempts?: number
  }
  readonly Item?: Parameters<typeof decodeItem>[0]
  readonly CancellationReasons?: unknown
  readonly ThrottlingReasons?: unknown
}

function toDynakitError(
  error: unknown,
  operation: OperationName,
  input: WireInput,
  options: SendOptions,
): DynamoDBError {
  const sdk = (typeof error === 'object' && error !== null ? error : {}) as SdkError
  const isRead = isReadOperation(operation)
  const request = {
    operation,
    tableName: tableNameOf(input),
    indexName: input.IndexName as string | undefined,
    isRepeatable: options.isRepeatable ?? isRead,
  }
  const statusCode = sdk.$metadata?.httpStatusCode
  // A success that became an error is an answer the SDK could not read.
  if (statusCode === undefined || statusCode < 300) return unanswered(error, sdk, request)
  // The SDK sends writes again also after an answer was lost; then a false condition may be its own doing.
  const wasRepeated = (sdk.$metadata?.attempts ?? 1) > 1 && sdk.name === 'ConditionalCheckFailedException'
  return errorFromService(
    {
      name: sdk.name ?? 'UnknownError',
      message: sdk.message ?? '',
      statusCode,
      requestId: sdk.$metadata?.requestId,
      item: sdk.Item && decodeItem(sdk.Item, options.numbers),
      cancellationReasons: readCancellationReasons(sdk.CancellationReasons),
      throttlingReasons: readThrottlingReasons(sdk.ThrottlingReasons),
      outcomeUnknown: !isRead && (isOpenFault(statusCode) || wasRepeated),
      isRepeatable: request.isRepeatable,
      cause: error,
    },
    request,
  )
}

interface Request {
  readonly operation: OperationName
  readonly tableName: string | undefined
  readonly isRepeatable: boolean
}

const connectionFailures: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])

function unanswered(error: unknown, sdk: SdkError, request: Request): DynamoDBError {
  const { operation, tableName, isRepeatable } = request
  if (sdk.name === 'CredentialsProviderError') {
    return new CredentialsError(
      `${operation}: no credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, or pass credentials.`,
      { cause: error, operation, tableName },
    )
  }
  const isUntrusted = isCertificateProblem(sdk.code ?? '')
  const wasNotSent =
    isUntrusted ||
    connectionFailures.has(sdk.code ?? '') ||
    /connect.*timed? ?out|connection timed out/i.test(sdk.message ?? '')
  const outcomeUnknown = !wasNotSent && !isReadOperation(operation)
  const hint = wasNotSent
    ? ' Check the endpoint, the region and the network.'
    : outcomeUnknown
      ? ` ${outcomeUnknownAdvice}`
      : ''
  // The SDK calls every connection that broke a timeout.
  const isTimeout = sdk.name === 'TimeoutError' && (sdk.code ?? 'ETIMEDOUT') === 'ETIMEDOUT'
  const ErrorClass = isTimeout ? TimeoutError : NetworkError
  return new ErrorClass(
    `${operation}: no answer from DynamoDB (${sdk.code ?? sdk.name ?? 'unknown reason'}): ${sdk.message ?? ''}.${hint}`,
    {
      cause: error,
      operation,
      tableName,
      outcomeUnknown,
      retryable: !isUntrusted && (!outcomeUnknown || isRepeatable),
    },
  )
}
