import {
  nativeTransport,
  type NativeTransport,
  type NativeTransportOptions,
} from '../native/native-transport.ts'
import { operations } from '../operations/index.ts'
import type { Call, CallContext } from '../protocol/call.ts'
import { listen, type Listener, type ListenOptions } from '../protocol/listen.ts'
import {
  requestHandler,
  type RequestHandlerOptions,
  type SdkRequestHandler,
} from '../protocol/request-handler.ts'
import { ServiceError } from '../protocol/service-error.ts'
import { streamNotFound } from '../streams/find-stream.ts'
import { Account, type AccountSettings } from './account.ts'
import { Clock, type Duration, milliseconds } from './clock.ts'
import { stateDelays, type StateDelayOptions } from './state-delays.ts'

/** How an engine behaves. All options may be left out. */
export interface EngineOptions {
  /** Gives all regions and access keys one database. Default: each pair has a database of its own. */
  readonly shared?: boolean | undefined
  /** How long tables and indexes stay in their transitional states. Default: `'none'`. */
  readonly delays?: StateDelayOptions | undefined
  /**
   * How long an item is still there after its time to live has passed (or after it was written with a time in
   * the past). DynamoDB takes up to a few days. Default: 10 minutes.
   */
  readonly expiryDelay?: Duration | undefined
  /** Shards that a stream begins with; DynamoDB has one for each partition of the table. Default: 1. */
  readonly streamShards?: number | undefined
}

const defaultExpiryDelay = '10m'

/** An embedded DynamoDB. */
export interface Engine {
  /** The time the engine goes by. */
  readonly clock: Clock
  /** Sends one request, as DynamoDB's JSON protocol has it. */
  readonly call: Call
  /**
   * Splits the open shards of a stream in two, as DynamoDB does when a table grows.
   *
   * @param streamArn - The stream: `LatestStreamArn` of its table.
   * @throws ServiceError (`ResourceNotFoundException`) when there is none.
   */
  splitShards(streamArn: string): void
  /** Makes a transport for adapters of dynakit: `createAdapter({ transport: engine.transport() })`. */
  transport(options?: NativeTransportOptions): NativeTransport
  /** Makes an HTTP handler for a client of the AWS SDK 3: its option `requestHandler`. */
  requestHandler(options?: RequestHandlerOptions): SdkRequestHandler
  /** Listens for HTTP on this machine. */
  listen(options?: ListenOptions): Promise<Listener>
}

/**
 * Starts an engine in this process.
 *
 * @param options - How it behaves.
 * @returns The engine, without tables.
 *
 * @example
 * ```ts
 * import { createEngine } from 'dynakit-local'
 *
 * const engine = createEngine()
 * const { endpoint, close } = await engine.listen({ port: 8000 })
 * console.log(endpoint)
 * await close()
 * ```
 */
export function createEngine(options: EngineOptions = {}): Engine {
  return new LocalEngine(options)
}

/** Operations that change tables, with which streams and expiries come and go. */
const tableOperations: ReadonlySet<string> = new Set([
  'CreateTable',
  'DeleteTable',
  'UpdateTable',
  'UpdateTimeToLive',
])

class LocalEngine implements Engine {
  readonly clock = new Clock()
  readonly #options: EngineOptions
  readonly #settings: AccountSettings
  readonly #accounts = new Map<string, Account>()

  constructor(options: EngineOptions) {
    const { delays, expiryDelay = defaultExpiryDelay, streamShards = 1 } = options
    this.#options = options
    this.#settings = {
      clock: this.clock,
      delays: stateDelays(delays),
      expiryDelay: milliseconds(expiryDelay),
      streamShards,
    }
  }

  readonly call: Call = (operation, input, context) =>
    new Promise((resolve) => {
      resolve(this.#run(operation, input, context))
    })

  splitShards(streamArn: string): void {
    const found = [...this.#accounts.values()].filter((account) => account.splitShards(streamArn))
    if (found.length === 0) throw streamNotFound(streamArn)
  }

  transport(options?: NativeTransportOptions): NativeTransport {
    return nativeTransport(this.call, options)
  }

  requestHandler(options?: RequestHandlerOptions): SdkRequestHandler {
    return requestHandler(this.call, options)
  }

  listen(options?: ListenOptions): Promise<Listener> {
    return listen(this.call, options)
  }

  #run(name: string, input: Readonly<Record<string, unknown>>, context: CallContext): object {
    const operation = operations.get(name)
    if (operation === undefined) throw new ServiceError('UnknownOperationException', '')
    const account = this.#accountOf(context)
    account.settle()
    if (!tableOperations.has(name)) return operation(account, input)
    account.tablesChanged()
    const output = operation(account, input)
    account.tablesChanged()
    return output
  }

  #accountOf({ accessKeyId, region }: CallContext): Account {
    const scope = this.#options.shared === true ? '' : `${region} ${accessKeyId}`
    let account = this.#accounts.get(scope)
    if (account === undefined) {
      account = new Account(region, this.#settings)
      this.#accounts.set(scope, account)
    }
    return account
  }
}
