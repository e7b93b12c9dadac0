import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { ConfigurationError } from '../errors/transport-errors.ts'
import type { EndpointOptions } from './transport-options.ts'

/** Where requests go, and which region they are signed for. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:'
  /** Name or address; an IPv6 address without its brackets. */
  readonly hostname: string
  /** `undefined` for the port of the protocol. */
  readonly port?: number | undefined
  /** Region to sign for, when it is another than the one asked for. */
  readonly region?: string | undefined
}

/** When account-based endpoints are used. */
export type AccountIdEndpointMode = NonNullable<EndpointOptions['accountIdEndpointMode']>

/** What AWS's endpoint of DynamoDB depends on. */
export interface EndpointParameters {
  readonly region: string
  /** Account of the credentials, or of the table when it is named by its ARN. */
  readonly accountId?: string | undefined
  /** `undefined` when account-based endpoints are not known. */
  readonly accountIdEndpointMode?: AccountIdEndpointMode | undefined
  readonly useFipsEndpoint: boolean
  readonly useDualstackEndpoint: boolean
}

/** An endpoint as the AWS SDK describes it. */
export interface SdkEndpoint {
  readonly url: { readonly protocol: string; readonly hostname: string; readonly port: string }
  readonly properties?: { readonly authSchemes?: unknown } | undefined
}

/** Asks the AWS SDK, which knows every partition. */
export type AskSdk = (parameters: EndpointParameters) => SdkEndpoint | Promise<SdkEndpoint>

const localEndpoint: Endpoint = {
  protocol: 'http:',
  hostname: 'localhost',
  port: 8000,
  region: 'us-east-1',
}

const standardRegion = /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z0-9]+-\d+$/
const governmentRegion = /^us-gov-[a-z0-9]+-\d+$/
const chinaRegion = /^cn-[a-z0-9]+-\d+$/

/** Outside the standard partition, single regions have account-based endpoints. */
const accountRegions: ReadonlySet<string> = new Set([
  'us-gov-east-1',
  'us-gov-west-1',
  'cn-north-1',
  'cn-northwest-1',
])

const hostLabel = /^(?!-)[a-zA-Z0-9-]{1,63}(?<!-)$/

/**
 * Gives AWS's endpoint of DynamoDB.
 *
 * Rules that do not change are here; FIPS, dual-stack and rare partitions are asked of the SDK, once for
 * each set of parameters.
 *
 * @param parameters - What the endpoint depends on.
 * @param askSdk - The SDK's own rules.
 * @returns The endpoint, at once when the SDK need not be asked.
 * @throws ConfigurationError when the parameters contradict each other.
 * @internal
 */
export function resolveEndpoint(
  parameters: EndpointParameters,
  askSdk: AskSdk,
): Endpoint | Promise<Endpoint> {
  return wellKnownEndpoint(parameters) ?? askOnce(parameters, askSdk)
}

function wellKnownEndpoint(parameters: EndpointParameters): Endpoint | undefined {
  const { region, useFipsEndpoint, useDualstackEndpoint } = parameters
  if (useFipsEndpoint || useDualstackEndpoint) return undefined
  if (region === 'local') return localEndpoint
  const suffix = dnsSuffix(region)
  if (suffix === undefined) return undefined
  const account = endpointAccount(parameters)
  const service = account === undefined ? 'dynamodb' : `${account.toLowerCase()}.ddb`
  return { protocol: 'https:', hostname: `${service}.${region}.${suffix}` }
}

function dnsSuffix(region: string): string | undefined {
  if (standardRegion.test(region) || governmentRegion.test(region)) return 'amazonaws.com'
  if (chinaRegion.test(region)) return 'amazonaws.com.cn'
  return undefined
}

/** The account whose endpoint is used, or `undefined` for the endpoint all accounts share. */
function endpointAccount(parameters: EndpointParameters): string | undefined {
  const { region, accountId, accountIdEndpointMode: mode } = parameters
  if (mode === undefined || mode === 'disabled') return undefined
  if (!standardRegion.test(region) && !accountRegions.has(region)) {
    if (mode !== 'required') return undefined
    throw new ConfigurationError(
      `The account id endpoint mode is 'required', and region ${region} has no account-based endpoints. Use 'preferred' or 'disabled'.`,
    )
  }
  if (accountId === undefined) {
    if (mode !== 'required') return undefined
    throw new ConfigurationError(
      "The account id endpoint mode is 'required', and the credentials have no account id. Set AWS_ACCOUNT_ID, give the credentials an accountId, or use 'preferred'.",
    )
  }
  if (hostLabel.test(accountId)) return accountId
  throw new ConfigurationError(
    "The account id of the credentials is not an AWS account id. Correct it, or set the account id endpoint mode to 'disabled'.",
  )
}

/** What the SDK said, by the one that was asked and by what. */
const answers = new WeakMap<AskSdk, Map<string, Endpoint | Promise<Endpoint>>>()

function askOnce(parameters: EndpointParameters, askSdk: AskSdk): Endpoint | Promise<Endpoint> {
  const known = answers.get(askSdk) ?? new Map<string, Endpoint | Promise<Endpoint>>()
  answers.set(askSdk, known)
  const { region, accountId, accountIdEndpointMode, useFipsEndpoint, useDualstackEndpoint } = parameters
  const key = JSON.stringify([
    region,
    accountId,
    accountIdEndpointMode,
    useFipsEndpoint,
    useDualstackEndpoint,
  ])
  const answer = known.get(key)
  if (answer) return answer
  const asked = ask(parameters, askSdk)
  known.set(key, asked)
  asked.then(
    (endpoint) => known.set(key, endpoint),
    () => known.delete(key),
  )
  return asked
}

async function ask(parameters: EndpointParameters, askSdk: AskSdk): Promise<Endpoint> {
  try {
    return fromSdk(await askSdk(parameters))
  } catch (cause) {
    if (DynamoDBError.is(cause)) throw cause
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    throw new ConfigurationError(
      `The AWS SDK knows no endpoint for region ${parameters.region} with these settings${why}. Change the region, the endpoint settings, or set an endpoint.`,
      { cause },
    )
  }
}

function fromSdk({ url, properties }: SdkEndpoint): Endpoint {
  const schemes = properties?.authSchemes as readonly { readonly signingRegion?: string }[] | undefined
  return { ...fromUrl(url), ...(schemes?.[0]?.signingRegion && { region: schemes[0].signingRegion }) }
}

function fromUrl(url: SdkEndpoint['url']): Endpoint {
  return {
    protocol: url.protocol === 'http:' ? 'http:' : 'https:',
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(url.port !== '' && { port: Number(url.port) }),
  }
}

/**
 * Reads an endpoint that takes the place of AWS's.
 *
 * Without a protocol it is taken for `https`, on this machine for `http`.
 *
 * @param text - Such as `http://127.0.0.1:8000`, `https://[::1]:8000` or `localhost:8000`.
 * @throws ConfigurationError when it is no address, or has a path, a query or credentials.
 * @internal
 */
export function parseEndpoint(text: string): Endpoint {
  const url = parseUrl(text.trim())
  if (!url || url.hostname === '') throw refusedEndpoint(text, 'is not an address')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refusedEndpoint(text, 'is neither http nor https')
  if (url.username !== '' || url.password !== '') throw refusedEndpoint(text, 'has a user name or password')
  if (url.search !== '' || url.hash !== '') throw refusedEndpoint(text, 'has a query')
  if (url.pathname !== '/') throw refusedEndpoint(text, 'has a path')
  return fromUrl(url)
}

function parseUrl(text: string): URL | undefined {
  const withProtocol = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${impliedProtocol(text)}//${text}`
  try {
    return new URL(withProtocol)
  } catch {
    return undefined
  }
}

function impliedProtocol(text: string): 'http:' | 'https:' {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?\/?$/i.test(text) ? 'http:' : 'https:'
}

function refusedEndpoint(text: string, problem: string): ConfigurationError {
  // What stands before an @ or after a ? may be a secret.
  const name = /[@?#]/.test(text) ? 'The endpoint' : `Endpoint '${text}'`
  return new ConfigurationError(
    `${name} ${problem}. Give protocol, host and port only, such as http://127.0.0.1:8000.`,
  )
}

/**
 * Writes the `host` header for an endpoint.
 *
 * @internal
 */
export function hostHeader({ protocol, hostname, port }: Endpoint): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  return port === undefined || port === (protocol === 'https:' ? 443 : 80) ? host : `${host}:${String(port)}`
}

/**
 * Reads the account of a table that is named by its ARN; such a table is reached through the endpoint of
 * its own account.
 *
 * @param tableName - Name or ARN.
 * @param region - Region requests are sent to.
 * @returns The account, or `undefined` for a plain name or the ARN of another region.
 * @internal
 */
export function tableAccount(tableName: string, region: string): string | undefined {
  if (!tableName.startsWith('arn:')) return undefined
  const [, partition, service, tableRegion, account, ...resource] = tableName.split(':')
  if (!partition || resource.join(':') === '') return undefined
  if (service !== 'dynamodb' || tableRegion !== region) return undefined
  return account !== undefined && hostLabel.test(account) ? account : undefined
}
