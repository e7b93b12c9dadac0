import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { ConfigurationError } from '../errors/transport-errors.ts'
import { type AwsConfiguration, customEndpoints } from './aws-configuration.ts'
import { noCredentials, sdkAccountMode, sdkConfiguredEndpoints, sdkParameters, sdkRegion } from './aws-sdk.ts'
import type { CredentialsProvider } from './credentials.ts'
import type { AskSdk } from './endpoint.ts'
import {
  type Client,
  type ClientConfig,
  countMiddleware,
  type CustomEndpoint,
  differenceOf,
  senderProblem,
} from './client-differences.ts'
import { agentOf, agentSettings, handlerLimits } from './client-handler.ts'
import type { ConnectionOptions } from './transport-options.ts'
import type { UserAgentPart } from './user-agent.ts'

/** A client a direct transport cannot stand in for. */
export interface UnfitClient {
  /** Why not; goes after "because". */
  readonly reason: string
}

/** A client a direct transport can stand in for, as far as can be told at once. */
export interface FitClient {
  readonly reason?: undefined
  /**
   * Looks up its settings, and what can only be told from them.
   *
   * @throws ConfigurationError when the client has no region or contradictory settings.
   */
  load(): Promise<ClientValues | UnfitClient>
  /** Whether it still sends as it did: `false` after a mock or middleware was put in. Costs next to nothing. */
  isUnchanged(): boolean
}

/** The settings of a client. */
export interface ClientValues {
  readonly reason?: undefined
  readonly configuration: AwsConfiguration
  readonly credentials: CredentialsProvider
  readonly askSdk: AskSdk
  /** What the client has learnt about the clock so far, in milliseconds. */
  readonly clockOffset: number
  /** Its `customUserAgent`. */
  readonly userAgentParts: readonly UserAgentPart[]
  /** Limits it sets; what it leaves open is missing. */
  readonly connections: Pick<ConnectionOptions, 'connectTimeout' | 'requestTimeout' | 'socketTimeout'>
  /** How it connects with a protocol. */
  agentFor(protocol: 'http:' | 'https:'): Promise<Pick<ConnectionOptions, 'maxSockets' | 'agent'>>
}

/**
 * Tells whether a direct transport can stand in for a client of the caller's, and reads its settings.
 *
 * Whatever the caller has put into the client that a direct transport would pass over is a reason to
 * send through the client: it is compared with one as the SDK makes it.
 *
 * @param client - A `DynamoDBClient`, or what is taken for one.
 * @returns The reason why not, or the settings; they are looked up when they are asked for.
 * @internal
 */
export function readClient(client: unknown): FitClient | UnfitClient {
  if (!isClient(client)) return { reason: 'it is not a DynamoDBClient of the AWS SDK 3' }
  const reason = senderProblem(client)
  if (reason !== undefined) return { reason }
  const fresh = freshClient(client)
  if (!fresh) return { reason: 'it cannot be compared with a new DynamoDBClient' }
  const difference = differenceOf(client, fresh)
  if (difference !== undefined) return { reason: difference }
  const { send } = client
  const { requestHandler } = client.config
  const size = countMiddleware(client)
  // One function for the client, because what it answers is kept by function.
  const askSdk: AskSdk = (parameters) => client.config.endpointProvider(sdkParameters(parameters))
  return {
    load: () => loadValues(client.config, fresh.config, askSdk).catch(throwUnreadable),
    isUnchanged: () =>
      client.send === send &&
      client.config.requestHandler === requestHandler &&
      countMiddleware(client) === size,
  }
}

function isClient(value: unknown): value is Client {
  const { config, middlewareStack, send } = (value ?? {}) as Partial<Client>
  return (
    typeof send === 'function' &&
    typeof middlewareStack?.applyToStack === 'function' &&
    config?.serviceId === 'DynamoDB' &&
    typeof config.requestHandler === 'object' &&
    Array.isArray(config.httpAuthSchemes) &&
    [config.region, config.credentials, config.endpointProvider].every((part) => typeof part === 'function')
  )
}

const freshClients = new WeakMap<object, Client>()

/** A client as the SDK makes it, of the same copy of the SDK. */
function freshClient(client: Client): Client | undefined {
  const sdkClass = sdkClassOf(client)
  if (!sdkClass) return undefined
  const known = freshClients.get(sdkClass)
  if (known) return known
  try {
    const fresh: unknown = new sdkClass({ region: 'us-east-1' })
    if (!isClient(fresh)) return undefined
    freshClients.set(sdkClass, fresh)
    return fresh
  } catch {
    return undefined
  }
}

/** `DynamoDBClient` itself, for `DynamoDB` and subclasses too: it stands right below the base of all clients. */
function sdkClassOf(client: Client): (new (options: object) => unknown) | undefined {
  let prototype = Object.getPrototypeOf(client) as object | null
  for (; prototype; prototype = Object.getPrototypeOf(prototype) as object | null) {
    const base = Object.getPrototypeOf(prototype) as object | null
    if (base === null || Object.getPrototypeOf(base) === Object.prototype)
      return prototype.constructor as new (options: object) => unknown
  }
  return undefined
}

async function loadValues(
  config: ClientConfig,
  fresh: ClientConfig,
  askSdk: AskSdk,
): Promise<ClientValues | UnfitClient> {
  const region = await sdkRegion(config)
  const maxAttempts = await config.maxAttempts()
  const endpoint = await config.endpoint?.()
  const reason =
    signingProblem(config, region) ??
    (await retryProblem(config, fresh, maxAttempts)) ??
    (endpoint && endpointProblem(endpoint))
  if (reason !== undefined) return { reason }
  const flags = {
    useFipsEndpoint: await config.useFipsEndpoint(),
    useDualstackEndpoint: await config.useDualstackEndpoint(),
  }
  const texts = endpoint ? [urlOf(endpoint)] : await sdkConfiguredEndpoints(config)
  const handler = await config.requestHandler.configProvider
  const freshHandler = await fresh.requestHandler.configProvider
  return {
    configuration: {
      region,
      maxAttempts,
      ...flags,
      endpoints: customEndpoints(texts, flags),
      accountIdEndpointMode: await sdkAccountMode(config),
      userAgentAppId: await config.userAgentAppId?.(),
    },
    credentials: (request) => config.credentials(request).catch(throwNoCredentials),
    askSdk,
    clockOffset: config.systemClockOffset,
    userAgentParts: config.customUserAgent ?? [],
    connections: handlerLimits(handler),
    agentFor: async (protocol) =>
      agentSettings(await agentOf(handler, protocol), await agentOf(freshHandler, protocol)),
  }
}

function signingProblem({ signingRegion, signingName }: ClientConfig, region: string): string | undefined {
  // The SDK fills both in with the first request; for `local` with a region of AWS.
  if (signingName !== undefined && signingName !== 'dynamodb') return 'it signs for another service'
  if (signingRegion === undefined || signingRegion === region || region === 'local') return undefined
  return 'it signs for another region'
}

async function retryProblem(
  config: ClientConfig,
  fresh: ClientConfig,
  maxAttempts: number,
): Promise<string | undefined> {
  const strategy = await config.retryStrategy()
  if (strategy.mode === 'adaptive') return 'its retry mode is adaptive'
  const usual = await fresh.retryStrategy()
  const isUsual =
    strategy.constructor === usual.constructor &&
    strategy.baseDelay === usual.baseDelay &&
    String(strategy.retryBackoffStrategy?.computeNextBackoffDelay) ===
      String(usual.retryBackoffStrategy?.computeNextBackoffDelay) &&
    (await strategy.maxAttemptsProvider?.()) === maxAttempts
  return isUsual ? undefined : 'it has a retryStrategy of its own'
}

function endpointProblem({ path, query, headers }: CustomEndpoint): string | undefined {
  if (path !== undefined && path !== '' && path !== '/') return 'its endpoint has a path'
  if (Object.keys(query ?? {}).length > 0) return 'its endpoint has a query'
  return Object.keys(headers ?? {}).length > 0 ? 'its endpoint has headers' : undefined
}

function urlOf({ protocol, hostname, port }: CustomEndpoint): string {
  return `${protocol}//${hostname}${port === undefined ? '' : `:${String(port)}`}`
}

function throwNoCredentials(cause: unknown): never {
  throw noCredentials(cause)
}

function throwUnreadable(cause: unknown): never {
  if (DynamoDBError.is(cause)) throw cause
  const why = cause instanceof Error ? `: ${cause.message}` : ''
  throw new ConfigurationError(`The settings of the DynamoDBClient cannot be used${why}. Correct them.`, {
    cause,
  })
}
