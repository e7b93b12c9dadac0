import { decodeItem } from '../codec/decode.ts'
import type { NumberMode } from '../codec/number.ts'
import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { errorFromService } from '../errors/from-service.ts'
import { CredentialsError } from '../errors/service-errors.ts'
import { NetworkError } from '../errors/transport-errors.ts'
import { type AwsSdk, loadAwsSdk } from './aws-sdk.ts'
import { cutoff, isReadOperation } from './deadline.ts'
import { decodeOutput, encodeInput } from './sdk-values.ts'
import type { OperationName, SendOptions, Transport, WireInput, WireOutput } from './transport.ts'

/** The part of an AWS SDK `DynamoDBClient` a transport needs; any version of the SDK 3 has it. */
export interface SdkClient {
  /** Sends a command. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the SDK's commands must not appear here
  send(command: any, options?: any): Promise<any>
  /** Closes its sockets. */
  destroy(): void
}

/** Settings of a client dynakit makes itself. */
export interface ClientSettings {
  /** AWS region; default: the SDK's own rules (environment, shared config). */
  readonly region?: string | undefined
  /** Endpoint to use in place of AWS's, such as `http://127.0.0.1:8000`. */
  readonly endpoint?: string | undefined
  /** Credentials; default: the SDK's provider chain. */
  readonly credentials?: Credentials | undefined
  /** Attempts per request, the first included. */
  readonly maxAttempts?: number | undefined
}

/** Static AWS credentials. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
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
  return new SdkTransport(
    () => Promise.resolve(client),
    () => undefined,
  )
}

/**
 * Makes a transport over a client that is made from settings on first use and destroyed on close.
 *
 * @internal
 */
export function ownSdkTransport(settings: ClientSettings): Transport {
  let client: SdkClient | undefined
  const make = async (): Promise<SdkClient> => {
    const sdk = await loadAwsSdk()
    client ??= new sdk.DynamoDBClient(withoutUndefined(settings))
    return client
  }
  return new SdkTransport(make, () => {
    client?.destroy()
  })
}

function withoutUndefined(settings: ClientSettings): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

class SdkTransport implements Transport {
  readonly #client: () => Promise<SdkClient>
  readonly #destroy: () => void

  constructor(client: () => Promise<SdkClient>, destroy: () => void) {
    this.#client = client
    this.#destroy = destroy
  }

  async send(operation: OperationName, input: WireInput, options: SendOptions): Promise<WireOutput> {
    const tableName = input.TableName as string | undefined
    const command = await makeCommand(operation, input)
    const client = await this.#client()
    const limit = cutoff(operation, options, tableName)
    try {
      const early = limit.error(false)
      if (early) throw early
      const output = (await client.send(command, { abortSignal: limit.signal })) as WireOutput
      return decodeOutput(operation, output, options.numbers)
    } catch (error) {
      if (DynamoDBError.is(error)) throw error
      throw limit.error(true) ?? toDynakitError(error, operation, input, options.numbers)
    } finally {
      limit.release()
    }
  }

  close(): Promise<void> {
    this.#destroy()
    return Promise.resolve()
  }
}

type CommandClass = new (input: Record<string, unknown>) => object

async function makeCommand(operation: OperationName, input: WireInput): Promise<object> {
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
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
  readonly Item?: Parameters<typeof decodeItem>[0]
  readonly CancellationReasons?: readonly { readonly Code?: string; readonly Message?: string }[]
  readonly ThrottlingReasons?: readonly { readonly reason?: string; readonly resource?: string }[]
}

function toDynakitError(
  error: unknown,
  operation: OperationName,
  input: WireInput,
  numbers: NumberMode,
): DynamoDBError {
  const sdk = (typeof error === 'object' && error !== null ? error : {}) as SdkError
  const request = {
    operation,
    tableName: input.TableName as string | undefined,
    indexName: input.IndexName as string | undefined,
  }
  const statusCode = sdk.$metadata?.httpStatusCode
  if (statusCode === undefined) return unanswered(error, sdk, request)
  return errorFromService(
    {
      name: sdk.name ?? 'UnknownError',
      message: sdk.message ?? '',
      statusCode,
      requestId: sdk.$metadata?.requestId,
      item: sdk.Item && decodeItem(sdk.Item, numbers),
      cancellationReasons: sdk.CancellationReasons?.map((reason, index) => ({
        index,
        code: reason.Code ?? 'None',
        message: reason.Message,
      })),
      throttlingReasons: sdk.ThrottlingReasons?.map(({ reason, resource }) => ({ reason, resource })),
      cause: error,
    },
    request,
  )
}

interface Request {
  readonly operation: OperationName
  readonly tableName: string | undefined
}

function unanswered(error: unknown, sdk: SdkError, request: Request): DynamoDBError {
  const { operation, tableName } = request
  if (sdk.name === 'CredentialsProviderError') {
    return new CredentialsError(
      `${operation}: no credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, or pass credentials.`,
      { cause: error, operation, tableName },
    )
  }
  const wasNotSent = sdk.code === 'ECONNREFUSED' || sdk.code === 'ENOTFOUND' || sdk.code === 'EAI_AGAIN'
  const outcomeUnknown = !wasNotSent && !isReadOperation(operation)
  const hint = wasNotSent
    ? ' Check the endpoint, the region and the network.'
    : outcomeUnknown
      ? ' The write may have been carried out all the same: read the item before you send it again.'
      : ''
  return new NetworkError(
    `${operation}: no answer from DynamoDB (${sdk.code ?? sdk.name ?? 'unknown reason'}): ${sdk.message ?? ''}.${hint}`,
    { cause: error, operation, tableName, outcomeUnknown, retryable: !outcomeUnknown },
  )
}
