import { DirectSender } from './direct-sender.ts'
import { optionSettings } from './option-settings.ts'
import type { ConnectionStatistics, DirectTransportOptions } from './transport-options.ts'
import type { Transport } from './transport.ts'

/** A transport that keeps connections of its own. */
export interface DirectTransport extends Transport {
  /** The connections at this moment. */
  connections(): ConnectionStatistics
  /**
   * Makes connections to each endpoint ahead of the first requests, and looks up credentials.
   *
   * @param connections - How many connections per endpoint. Default: 1.
   * @throws NetworkError, TimeoutError when one cannot be made; CredentialsError.
   */
  warmUp(connections?: number): Promise<void>
  /**
   * Gives the transport for another region; it shares credentials and options and is closed with this one.
   *
   * @param region - AWS region, such as `eu-central-1`.
   */
  inRegion(region: string): DirectTransport
  /** Refuses further requests, waits for those in flight, and closes the connections. */
  close(): Promise<void>
}

/**
 * Makes a transport that speaks DynamoDB's protocol itself, at a fraction of the cost of the AWS SDK.
 *
 * It signs requests (Signature Version 4) and retries them as the SDK does, over kept connections. The
 * configuration comes from the options and, where they are silent, from where AWS tools find it:
 * environment, shared config and credentials files, SSO, containers, instance metadata. The AWS SDK is
 * loaded only when its credential chain, a config file, or a rare kind of endpoint makes it necessary.
 *
 * `createAdapter` makes one by itself; make one when several adapters are to share it.
 *
 * @param options - Region, credentials, endpoint, retries and connections.
 * @returns The transport, for `createAdapter({ transport })`.
 *
 * @example
 * ```ts
 * import { createAdapter, directTransport } from 'dynakit'
 *
 * const transport = directTransport({ region: 'eu-west-1', retry: { maxAttempts: 6 } })
 * const db = createAdapter({ transport, tableName: 'Products' })
 * console.log(transport.connections().open)
 * await db.close()
 * ```
 */
export function directTransport(options: DirectTransportOptions = {}): DirectTransport {
  return new DirectSender(optionSettings(options))
}
