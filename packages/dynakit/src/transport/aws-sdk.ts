import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { CredentialsError } from '../errors/service-errors.ts'
import { ConfigurationError } from '../errors/transport-errors.ts'
import type { Credentials, CredentialsProvider, CredentialsRequest } from './credentials.ts'
import type { AccountIdEndpointMode, EndpointParameters, SdkEndpoint } from './endpoint.ts'

/** The part of the AWS SDK dynakit uses; loaded on first use only. */
export type AwsSdk = typeof import('@aws-sdk/client-dynamodb')

/** The SDK's rules for endpoints; its parameters have names of their own. */
type SdkEndpointProvider = (parameters: Readonly<Record<string, unknown>>) => SdkEndpoint

/**
 * The configuration of a `DynamoDBClient` as far as dynakit reads it. Members that came after version
 * 3.600 are optional.
 */
export interface SdkConfig {
  readonly region: () => Promise<string>
  readonly credentials: (request?: CredentialsRequest) => Promise<Credentials>
  readonly maxAttempts: () => Promise<number>
  readonly useFipsEndpoint: () => Promise<boolean>
  readonly useDualstackEndpoint: () => Promise<boolean>
  readonly accountIdEndpointMode?: (() => Promise<string | undefined>) | undefined
  readonly ignoreConfiguredEndpointUrls?: boolean | undefined
  readonly serviceConfiguredEndpoint?: (() => Promise<string | undefined>) | undefined
  readonly userAgentAppId?: (() => Promise<string | undefined>) | undefined
  readonly endpointProvider: SdkEndpointProvider
}

/** What the SDK is told; it looks up the rest itself. */
export interface SdkConfigOptions {
  readonly region?: string | undefined
  /** Profile of the shared config. */
  readonly profile?: string | undefined
  readonly useFipsEndpoint?: boolean | undefined
}

let loading: Promise<AwsSdk> | undefined

/**
 * Loads `@aws-sdk/client-dynamodb`.
 *
 * @returns The module.
 * @throws ConfigurationError when it is not installed.
 * @internal
 */
export function loadAwsSdk(): Promise<AwsSdk> {
  loading ??= import('@aws-sdk/client-dynamodb').catch((cause: unknown) => {
    loading = undefined
    throw new ConfigurationError(
      'The AWS SDK is needed here and is not installed. Run: npm install @aws-sdk/client-dynamodb',
      { cause },
    )
  })
  return loading
}

/**
 * Makes a configuration of the SDK: environment, shared config and defaults as the SDK has them.
 *
 * Its members are functions that look up their value when they are called and keep it.
 *
 * @param options - What is known already.
 * @throws ConfigurationError when the SDK is not installed.
 * @internal
 */
export async function loadSdkConfig(options: SdkConfigOptions): Promise<SdkConfig> {
  const { DynamoDBClient } = await loadAwsSdk()
  const known = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const client = new DynamoDBClient(known)
  return client.config as unknown as SdkConfig
}

/**
 * Asks the SDK's own rules for an endpoint of DynamoDB.
 *
 * @throws ConfigurationError when the SDK is not installed; the SDK's error when it knows none.
 * @internal
 */
export async function askSdkForEndpoint(parameters: EndpointParameters): Promise<SdkEndpoint> {
  const { endpointProvider } = await loadSdkConfig({ region: parameters.region })
  return endpointProvider(sdkParameters(parameters))
}

/**
 * Names the parameters of an endpoint as the SDK does.
 *
 * @internal
 */
export function sdkParameters(parameters: EndpointParameters): Readonly<Record<string, unknown>> {
  return {
    Region: parameters.region,
    UseFIPS: parameters.useFipsEndpoint,
    UseDualStack: parameters.useDualstackEndpoint,
    ...(parameters.accountId !== undefined && { AccountId: parameters.accountId }),
    ...(parameters.accountIdEndpointMode !== undefined && {
      AccountIdEndpointMode: parameters.accountIdEndpointMode,
    }),
  }
}

/**
 * Makes a provider that finds credentials through the SDK's own chain; the SDK is loaded with the first call.
 *
 * @internal
 */
export function sdkCredentials(options: SdkConfigOptions): CredentialsProvider {
  let config: SdkConfig | undefined
  return async (request) => {
    try {
      config ??= await loadSdkConfig(options)
      return await config.credentials(request)
    } catch (cause) {
      throw noCredentials(cause)
    }
  }
}

/**
 * Says how to set credentials.
 *
 * @param cause - Why none were found.
 * @internal
 */
export function noCredentials(cause: unknown): CredentialsError {
  return new CredentialsError(
    'No AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, or pass credentials to createAdapter.',
    { cause },
  )
}

/**
 * Asks a configuration of the SDK for its region.
 *
 * @throws ConfigurationError when there is none.
 * @internal
 */
export async function sdkRegion(config: SdkConfig): Promise<string> {
  const region = await config.region().catch((cause: unknown) => {
    throw missingRegion(cause)
  })
  // A provider of the caller's may find none without failing.
  if (!region) throw missingRegion(undefined)
  return region
}

/**
 * Says how to set a region.
 *
 * @param cause - Why none was found.
 * @internal
 */
export function missingRegion(cause: unknown): ConfigurationError {
  const places = DynamoDBError.is(cause)
    ? 'set AWS_REGION; to have it read from ~/.aws/config, npm install @aws-sdk/client-dynamodb'
    : 'set AWS_REGION or the region of your profile in ~/.aws/config'
  const hint = process.env.AWS_DEFAULT_REGION
    ? ' AWS_DEFAULT_REGION is not read, as in the AWS SDK for JavaScript.'
    : ''
  return new ConfigurationError(`No AWS region is set. Pass region to createAdapter, or ${places}.${hint}`, {
    cause,
  })
}

/**
 * Asks a configuration of the SDK for the endpoint that environment or shared config set.
 *
 * @returns The endpoint, or an empty list.
 * @internal
 */
export async function sdkConfiguredEndpoints(config: SdkConfig): Promise<readonly string[]> {
  const url = config.ignoreConfiguredEndpointUrls ? undefined : await config.serviceConfiguredEndpoint?.()
  return url ? [url] : []
}

/**
 * Asks a configuration of the SDK when account-based endpoints are used; older versions have none.
 *
 * @internal
 */
export async function sdkAccountMode(config: SdkConfig): Promise<AccountIdEndpointMode> {
  if (!config.accountIdEndpointMode) return 'disabled'
  return (await config.accountIdEndpointMode()) as AccountIdEndpointMode
}
