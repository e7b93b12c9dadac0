import type { HttpAgent } from '../transport-options.ts'
import type { HttpAnswer, HttpClient, HttpLimits, HttpTarget } from './http-client.ts'
import { SocketClient } from './socket-client.ts'

/** What a client is made with. */
export interface HttpClientOptions {
  readonly limits: HttpLimits
  /** Certificates (PEM) to trust in place of the well-known ones. */
  readonly ca?: string | readonly string[] | undefined
  /** An agent of the caller's; requests then go through `node:http` and `node:https`. */
  readonly agent?: HttpAgent | undefined
}

/**
 * Makes the HTTP client for an endpoint.
 *
 * @internal
 */
export function makeHttpClient(target: HttpTarget, options: HttpClientOptions): HttpClient {
  return options.agent === undefined ? new SocketClient(target, options) : new LateNodeClient(target, options)
}

/** Loads `node:http` and `node:https` only for those who use an agent: they add to every cold start. */
class LateNodeClient implements HttpClient {
  readonly #made: Promise<HttpClient>
  #client: HttpClient | undefined

  constructor(target: HttpTarget, options: HttpClientOptions) {
    this.#made = import('./node-client.ts').then(({ NodeClient }) => {
      this.#client = new NodeClient(target, options)
      return this.#client
    })
  }

  async send(...parameters: Parameters<HttpClient['send']>): Promise<HttpAnswer> {
    const client = this.#client ?? (await this.#made)
    return client.send(...parameters)
  }

  async warmUp(count: number): Promise<void> {
    await (await this.#made).warmUp(count)
  }

  statistics(): ReturnType<HttpClient['statistics']> {
    return this.#client?.statistics() ?? { open: 0, idle: 0, queued: 0 }
  }

  async close(): Promise<void> {
    await (await this.#made).close()
  }
}
