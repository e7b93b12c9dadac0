import { clientTransport } from './client-transport.ts'
import { directTransport } from './direct-transport.ts'
import type { SdkClient } from './sdk-transport.ts'
import type { DirectTransportOptions } from './transport-options.ts'
import type { Transport } from './transport.ts'

/** How an adapter is to reach DynamoDB. */
export interface DefaultTransportOptions extends DirectTransportOptions {
  /** A `DynamoDBClient` of the caller's. */
  readonly client?: SdkClient | undefined
}

/**
 * Makes the transport of an adapter: direct, unless a client of the caller's does more than that.
 *
 * @internal
 */
export function defaultTransport(options: DefaultTransportOptions): Transport {
  return options.client ? clientTransport(options.client) : directTransport(options)
}
