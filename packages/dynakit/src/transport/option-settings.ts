import { ConfigurationError } from '../errors/transport-errors.ts'
import { loadAwsConfiguration } from './aws-configuration.ts'
import { CredentialsCache, credentialsProvider } from './credentials.ts'
import { type LoadSettings, makeDirectSettings } from './direct-settings.ts'
import type { AskSdk } from './endpoint.ts'
import type { HttpLimits } from './http/http-client.ts'
import { makeHttpClient } from './http/make-http-client.ts'
import { RetryPolicy } from './retry-policy.ts'
import type { ConnectionOptions, DirectTransportOptions } from './transport-options.ts'
import { userAgent } from './user-agent.ts'

const defaultLimits: HttpLimits = {
  maxSockets: 50,
  connectTimeout: 5000,
  requestTimeout: 30_000,
  socketTimeout: 15_000,
  idleTimeout: 50_000,
}

/**
 * Completes the limits of connections.
 *
 * @throws ConfigurationError for a limit that is no positive number.
 * @internal
 */
export function limitsOf(options: ConnectionOptions | undefined): HttpLimits {
  const limits: Record<string, number> = { ...defaultLimits }
  for (const name of Object.keys(defaultLimits) as (keyof HttpLimits)[]) {
    const value = options?.[name]
    if (value === undefined) continue
    if (!(value > 0) || (name === 'maxSockets' && value !== Infinity && !Number.isSafeInteger(value))) {
      const unit = name === 'maxSockets' ? 'a whole number from 1' : 'a positive number of milliseconds'
      throw new ConfigurationError(`connections.${name}: give ${unit}.`)
    }
    limits[name] = value
  }
  return limits as unknown as HttpLimits
}

/**
 * Reads the settings of a direct transport from options, and from the AWS configuration where they are
 * silent.
 *
 * @param options - Options of the caller; wrong ones are refused at once.
 * @returns Looks up the rest.
 * @internal
 */
export function optionSettings(options: DirectTransportOptions): LoadSettings {
  const limits = limitsOf(options.connections)
  const { ca, checksum = true } = options
  const agent = options.connections?.agent
  // Refuses wrong numbers now, not with the first request.
  new RetryPolicy(options.retry)
  const credentials = new CredentialsCache(credentialsProvider(options))
  return async (region) => {
    const found = await loadAwsConfiguration(region === undefined ? options : { ...options, region })
    return makeDirectSettings({
      credentials,
      policy: new RetryPolicy({ maxAttempts: found.maxAttempts, ...withoutUndefined(options.retry) }),
      userAgent: userAgent({ appId: found.userAgentAppId }),
      checksum,
      endpoints: found.endpoints,
      endpointParameters: found,
      askSdk,
      makeClient: (target) => makeHttpClient(target, { limits, ca, agent }),
    })
  }
}

/** Only rare endpoints need the SDK's rules. */
const askSdk: AskSdk = async (parameters) => (await import('./aws-sdk.ts')).askSdkForEndpoint(parameters)

function withoutUndefined<Options extends object>(options: Options | undefined): Partial<Options> {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as Partial<Options>
}
