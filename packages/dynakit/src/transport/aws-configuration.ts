import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { type Found, merged } from './found-settings.ts'
import { ConfigurationError } from '../errors/transport-errors.ts'
import { type AccountIdEndpointMode, type Endpoint, parseEndpoint } from './endpoint.ts'
import type { DirectTransportOptions } from './transport-options.ts'

/** What AWS's own ways of configuration say, the caller's options first. */
export interface AwsConfiguration {
  readonly region: string
  /** Endpoints in place of AWS's; empty when AWS's own is used. */
  readonly endpoints: readonly Endpoint[]
  readonly useFipsEndpoint: boolean
  readonly useDualstackEndpoint: boolean
  readonly accountIdEndpointMode: AccountIdEndpointMode
  /** `undefined` when nothing says how many. */
  readonly maxAttempts: number | undefined
  /** Name of the application, for the user agent. */
  readonly userAgentAppId: string | undefined
}

/**
 * Finds what the options leave open: in environment variables, then in the shared config.
 *
 * The shared config is read by the AWS SDK, which is loaded only when the region is missing or the files
 * mention a setting that is.
 *
 * @param options - Options of the caller; they come first.
 * @param environment - Environment variables.
 * @throws ConfigurationError when there is no region, or a setting makes no sense.
 * @internal
 */
export async function loadAwsConfiguration(
  options: DirectTransportOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<AwsConfiguration> {
  const variables = withoutEmpty(environment)
  const files = readSharedFiles(variables)
  const given = merged(fromEnvironment(variables, files), fromOptions(options))
  const shared = await fromSharedConfig(given, files, options.profile)
  return complete(merged(given, shared))
}

/** A variable that is empty is as good as none. */
function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
}

function fromOptions(options: DirectTransportOptions): Found {
  const { endpoint } = options
  const endpoints = typeof endpoint === 'string' ? [endpoint] : endpoint
  if (endpoints?.length === 0) {
    throw new ConfigurationError('The list of endpoints is empty. Give one or more, or leave it out.')
  }
  return {
    region: options.region,
    endpoints,
    useFipsEndpoint: options.useFipsEndpoint,
    useDualstackEndpoint: options.useDualstackEndpoint,
    accountIdEndpointMode: options.accountIdEndpointMode,
    maxAttempts: options.retry?.maxAttempts,
  }
}

function fromEnvironment(environment: NodeJS.ProcessEnv, files: string): Found {
  return {
    region: environment.AWS_REGION,
    endpoints: environmentEndpoints(environment, files),
    useFipsEndpoint: readFlag(environment, 'AWS_USE_FIPS_ENDPOINT'),
    useDualstackEndpoint: readFlag(environment, 'AWS_USE_DUALSTACK_ENDPOINT'),
    accountIdEndpointMode: readMode(environment),
    maxAttempts: readAttempts(environment),
    userAgentAppId: environment.AWS_SDK_UA_APP_ID,
  }
}

function environmentEndpoints(environment: NodeJS.ProcessEnv, files: string): readonly string[] | undefined {
  if (readFlag(environment, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') === true) return []
  // The files can forbid the variables as well.
  if (/^\s*ignore_configured_endpoint_urls\s*=/m.test(files)) return undefined
  const url = environment.AWS_ENDPOINT_URL_DYNAMODB ?? environment.AWS_ENDPOINT_URL
  return url === undefined ? undefined : [url]
}

function readFlag(environment: NodeJS.ProcessEnv, name: string): boolean | undefined {
  const text = environment[name]?.toLowerCase()
  if (text === undefined) return undefined
  if (text === 'true' || text === 'false') return text === 'true'
  throw new ConfigurationError(`${name} must be 'true' or 'false'.`)
}

function readMode(environment: NodeJS.ProcessEnv): AccountIdEndpointMode | undefined {
  const mode = environment.AWS_ACCOUNT_ID_ENDPOINT_MODE
  if (mode === undefined || mode === 'preferred' || mode === 'required' || mode === 'disabled') return mode
  throw new ConfigurationError("AWS_ACCOUNT_ID_ENDPOINT_MODE must be 'preferred', 'required' or 'disabled'.")
}

function readAttempts(environment: NodeJS.ProcessEnv): number | undefined {
  const text = environment.AWS_MAX_ATTEMPTS
  if (text === undefined) return undefined
  const attempts = Number(text)
  if (Number.isInteger(attempts) && attempts > 0) return attempts
  throw new ConfigurationError('AWS_MAX_ATTEMPTS must be a whole number from 1.')
}

/** What the SDK is asked for only when a file mentions it. */
const mentionsSetting =
  /^\s*(endpoint_url|ignore_configured_endpoint_urls|use_fips_endpoint|use_dualstack_endpoint|account_id_endpoint_mode|max_attempts|sdk[-_]ua[-_]app[-_]id)\s*=/m

/** Most starts need none of it, and so neither the SDK nor what asks it. */
async function fromSharedConfig(given: Found, files: string, profile: string | undefined): Promise<Found> {
  if (given.region !== undefined && !mentionsSetting.test(files)) return {}
  const { readSharedConfig } = await import('./shared-config.ts')
  return readSharedConfig(given, files, profile)
}

/** Both may hold a profile's settings. The SDK does without a file it cannot read, too. */
function readSharedFiles(environment: NodeJS.ProcessEnv): string {
  const home = environment.HOME ?? environment.USERPROFILE ?? homedir()
  const files = [
    environment.AWS_CONFIG_FILE ?? path.join(home, '.aws', 'config'),
    environment.AWS_SHARED_CREDENTIALS_FILE ?? path.join(home, '.aws', 'credentials'),
  ]
  return files.map((file) => readSharedFile(file.replace(/^~(?=\/)/, home))).join('\n')
}

/** At once: mostly there is none, and loading what reads files later would cost every cold start more. */
function readSharedFile(file: string): string {
  if (!existsSync(file)) return ''
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Fills in the defaults and checks what belongs together. */
function complete(found: Found): AwsConfiguration {
  const region = found.region ?? ''
  const isFipsRegion = region.startsWith('fips-') || region.endsWith('-fips')
  const { maxAttempts, userAgentAppId } = found
  const flags = {
    useFipsEndpoint: isFipsRegion || (found.useFipsEndpoint ?? false),
    useDualstackEndpoint: found.useDualstackEndpoint ?? false,
  }
  return {
    region: checkedRegion(isFipsRegion ? realRegion(region) : region),
    endpoints: customEndpoints(found.endpoints ?? [], flags),
    ...flags,
    accountIdEndpointMode: found.accountIdEndpointMode ?? 'preferred',
    maxAttempts,
    userAgentAppId,
  }
}

function realRegion(region: string): string {
  if (region === 'aws-fips' || region === 'fips-aws-global') return 'us-east-1'
  return region.replace(/fips-(dkr-|prod-)?|-fips/, '')
}

function checkedRegion(region: string): string {
  if (/^(?!-)[a-zA-Z0-9-]{1,63}(?<!-)$/.test(region)) return region
  throw new ConfigurationError(`'${region}' is not the name of an AWS region. Give one such as eu-west-1.`)
}

/**
 * Reads endpoints that take the place of AWS's.
 *
 * @param texts - The endpoints.
 * @param flags - Which endpoints of AWS are asked for; those cannot be had at an endpoint of one's own.
 * @throws ConfigurationError when an endpoint is not one, or contradicts a flag.
 * @internal
 */
export function customEndpoints(
  texts: readonly string[],
  flags: Pick<AwsConfiguration, 'useFipsEndpoint' | 'useDualstackEndpoint'>,
): readonly Endpoint[] {
  const flag = flags.useFipsEndpoint ? 'FIPS' : flags.useDualstackEndpoint ? 'dual-stack' : undefined
  if (flag === undefined || texts.length === 0) return texts.map(parseEndpoint)
  throw new ConfigurationError(
    `${flag} endpoints are asked for and an endpoint is set as well. Turn one of the two off.`,
  )
}
