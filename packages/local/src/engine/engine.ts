import { operations } from '../operations/index.ts'
import type { Call, CallContext } from '../protocol/call.ts'
import { listen, type Listener, type ListenOptions } from '../protocol/listen.ts'
import {
  requestHandler,
  type RequestHandlerOptions,
  type SdkRequestHandler,
} from '../protocol/request-handler.ts'
import { ServiceError } from '../protocol/service-error.ts'
import { settleTables } from '../tables/settle-tables.ts'
import { Account } from './account.ts'
import { Clock } from './clock.ts'
import { stateDelays, type StateDelayOptions } from './state-delays.ts'

/** How an engine behaves. All options may be left out. */
export interface EngineOptions {
  /** Gives all regions and access keys one database. Default: each pair has a database of its own. */
  readonly shared?: boolean | undefined
  /** How long tables and indexes stay in their transitional states. Default: `'none'`. */
  readonly delays?: StateDelayOptions | undefined
}

/** An embedded DynamoDB. */
export interface Engine {
  /** The time the engine goes by. */
  readonly clock: Clock
  /** Sends one request, as DynamoDB's JSON protocol has it. */
  readonly call: Call
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

class LocalEngine implements Engine {
  readonly clock = new Clock()
  readonly #options: EngineOptions
  readonly #accounts = new Map<string, Account>()

  constructor(options: EngineOptions) {
    this.#options = options
  }

  readonly call: Call = (operation, input, context) =>
    new Promise((resolve) => {
      resolve(this.#run(operation, input, context))
    })

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
    settleTables(account.database, this.clock.now())
    return operation(account, input)
  }

  #accountOf({ accessKeyId, region }: CallContext): Account {
    const scope = this.#options.shared === true ? '' : `${region} ${accessKeyId}`
    let account = this.#accounts.get(scope)
    if (account === undefined) {
      account = new Account(region, { clock: this.clock, delays: stateDelays(this.#options.delays) })
      this.#accounts.set(scope, account)
    }
    return account
  }
}
