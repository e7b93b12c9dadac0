import { Clock } from './clock.ts'
import type { Credentials, CredentialsCache } from './credentials.ts'
import {
  type AskSdk,
  type Endpoint,
  type EndpointParameters,
  hostHeader,
  resolveEndpoint,
  tableAccount,
} from './endpoint.ts'
import { type EndpointNode, EndpointNodes } from './endpoint-nodes.ts'
import type { HttpClient, HttpTarget } from './http/http-client.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { Signer } from './signer.ts'

/** Where the requests of one account go, and how they are signed. */
export interface Destination {
  readonly nodes: EndpointNodes
  readonly signer: Signer
}

/** Everything a direct transport needs to know, once it has been looked up. */
export interface DirectSettings {
  readonly credentials: CredentialsCache
  readonly clock: Clock
  readonly policy: RetryPolicy
  readonly userAgent: string
  /** Whether answers are checked against their checksum. */
  readonly checksum: boolean
  /** Endpoints differ by account where AWS has account-based ones. */
  destination(credentials: Credentials, tableName: string | undefined): Destination | Promise<Destination>
  /** The clients made so far. */
  clients(): readonly HttpClient[]
}

/** Looks the settings up, for a region other than the configured one when it is given. */
export type LoadSettings = (region: string | undefined) => Promise<DirectSettings>

/** What the settings are made of. */
export interface SettingsParts {
  readonly credentials: CredentialsCache
  readonly policy: RetryPolicy
  readonly userAgent: string
  readonly checksum: boolean
  /** Known difference of this machine's clock to AWS's in milliseconds. */
  readonly clockOffset?: number | undefined
  /** Endpoints in place of AWS's; AWS's own when there are none. */
  readonly endpoints: readonly Endpoint[]
  readonly endpointParameters: Omit<EndpointParameters, 'accountId'>
  readonly askSdk: AskSdk
  makeClient(target: HttpTarget): HttpClient
}

/**
 * Puts the settings of a direct transport together; endpoints and connections are made when they are needed.
 *
 * @internal
 */
export function makeDirectSettings(parts: SettingsParts): DirectSettings {
  const { endpoints, endpointParameters } = parts
  const { region } = endpointParameters
  const clients = new Map<string, HttpClient>()
  const destinations = new Map<string | undefined, Destination | Promise<Destination>>()
  const toNode = (endpoint: Endpoint): EndpointNode => {
    const host = hostHeader(endpoint)
    const origin = `${endpoint.protocol}//${host}`
    const client = clients.get(origin) ?? parts.makeClient(targetOf(endpoint))
    clients.set(origin, client)
    return { host, client }
  }
  const toDestination = (found: readonly Endpoint[]): Destination => ({
    nodes: new EndpointNodes(found.map(toNode)),
    signer: new Signer(found[0]?.region ?? region),
  })
  const resolve = (accountId: string | undefined): Destination | Promise<Destination> => {
    const endpoint = resolveEndpoint({ ...endpointParameters, accountId }, parts.askSdk)
    return endpoint instanceof Promise
      ? endpoint.then((late) => toDestination([late]))
      : toDestination([endpoint])
  }
  const fixed = endpoints.length > 0 ? toDestination(endpoints) : undefined
  return {
    ...parts,
    clock: new Clock(parts.clockOffset),
    destination: ({ accountId: owner }, tableName) => {
      if (fixed) return fixed
      const accountId = (tableName && tableAccount(tableName, region)) ?? owner
      return destinations.get(accountId) ?? remember(destinations, accountId, resolve(accountId))
    },
    clients: () => [...clients.values()],
  }
}

function remember(
  destinations: Map<string | undefined, Destination | Promise<Destination>>,
  accountId: string | undefined,
  destination: Destination | Promise<Destination>,
): Destination | Promise<Destination> {
  destinations.set(accountId, destination)
  if (destination instanceof Promise) {
    destination.then(
      (made) => destinations.set(accountId, made),
      () => destinations.delete(accountId),
    )
  }
  return destination
}

function targetOf({ protocol, hostname, port }: Endpoint): HttpTarget {
  return { protocol, hostname, port: port ?? (protocol === 'https:' ? 443 : 80) }
}
