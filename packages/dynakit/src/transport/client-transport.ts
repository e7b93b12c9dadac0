import { type ClientValues, type FitClient, readClient } from './client-settings.ts'
import { CredentialsCache } from './credentials.ts'
import { DirectSender } from './direct-sender.ts'
import { type DirectSettings, makeDirectSettings } from './direct-settings.ts'
import { makeHttpClient } from './http/make-http-client.ts'
import { limitsOf } from './option-settings.ts'
import { RetryPolicy } from './retry-policy.ts'
import { type SdkClient, sdkTransport } from './sdk-transport.ts'
import type { ConnectionOptions, ConnectionStatistics } from './transport-options.ts'
import type { OperationName, SendOptions, Transport, WireInput, WireOutput } from './transport.ts'
import { userAgent } from './user-agent.ts'

/**
 * Makes the transport for a client of the caller's: direct with the client's configuration, or through the
 * client when it does more than a direct transport would.
 *
 * @internal
 */
export function clientTransport(client: SdkClient): Transport {
  const read = readClient(client)
  if (read.reason === undefined) return new ClientTransport(client, read)
  sayWhy(read.reason)
  return sdkTransport(client)
}

/** Sends directly as long as the client is one that a direct transport can stand in for. */
class ClientTransport implements Transport {
  readonly #sdk: Transport
  readonly #fit: FitClient
  readonly #direct: DirectSender
  #values: ClientValues | undefined
  #choosing: Promise<void> | undefined
  #usesSdk = false

  constructor(client: SdkClient, fit: FitClient) {
    this.#sdk = sdkTransport(client)
    this.#fit = fit
    this.#direct = new DirectSender(() => this.#settings())
  }

  async send(operation: OperationName, input: WireInput, options: SendOptions): Promise<WireOutput> {
    if (!this.#values && !this.#usesSdk) await this.#choose()
    if (!this.#usesSdk && !this.#fit.isUnchanged()) {
      this.#giveUp('it was given middleware or a mock after the adapter was made')
    }
    return (this.#usesSdk ? this.#sdk : this.#direct).send(operation, input, options)
  }

  connections(): ConnectionStatistics {
    return this.#direct.connections()
  }

  async warmUp(connections?: number): Promise<void> {
    await this.#choose()
    if (!this.#usesSdk) await this.#direct.warmUp(connections)
  }

  close(): Promise<void> {
    return this.#direct.close()
  }

  #choose(): Promise<void> {
    this.#choosing ??= this.#fit.load().then(
      (values) => {
        if (values.reason === undefined) this.#values = values
        else this.#giveUp(values.reason)
      },
      (error: unknown) => {
        // What was missing may be there for the next request.
        this.#choosing = undefined
        throw error
      },
    )
    return this.#choosing
  }

  #giveUp(reason: string): void {
    this.#usesSdk = true
    sayWhy(reason)
  }

  async #settings(): Promise<DirectSettings> {
    await this.#choose()
    return settingsOf(this.#values as ClientValues)
  }
}

async function settingsOf(values: ClientValues): Promise<DirectSettings> {
  const { configuration, credentials } = values
  const agents: Partial<Record<string, Pick<ConnectionOptions, 'maxSockets' | 'agent'>>> = {}
  const isLocal = configuration.region === 'local'
  const protocols = new Set(configuration.endpoints.map(({ protocol }) => protocol))
  if (protocols.size === 0) protocols.add(isLocal ? 'http:' : 'https:')
  for (const protocol of protocols) agents[protocol] = await values.agentFor(protocol)
  return makeDirectSettings({
    credentials: new CredentialsCache(credentials),
    policy: new RetryPolicy({ maxAttempts: configuration.maxAttempts }),
    userAgent: userAgent({ appId: configuration.userAgentAppId, parts: values.userAgentParts }),
    checksum: true,
    clockOffset: values.clockOffset,
    endpoints: configuration.endpoints,
    endpointParameters: configuration,
    askSdk: values.askSdk,
    makeClient: (target) => {
      const { maxSockets, agent } = agents[target.protocol] ?? {}
      const limits = limitsOf({ ...values.connections, maxSockets })
      return makeHttpClient(target, { limits, agent })
    },
  })
}

const said = new Set<string>()

/** Once for each reason: a service makes many adapters, and its log is not the place to repeat it. */
function sayWhy(reason: string): void {
  if (said.has(reason)) return
  said.add(reason)
  process.emitWarning(
    `Requests go through the DynamoDBClient you passed, because ${reason}. Sending directly costs a fraction: ` +
      'see docs/connections.md. To choose the client and not read this: createAdapter({ transport: sdkTransport(client) }).',
    { type: 'DynakitWarning', code: 'DYNAKIT_SDK_TRANSPORT' },
  )
}
