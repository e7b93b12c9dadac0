import { pause } from '../engine/pause.ts'
import type { Call, CallContext } from '../protocol/call.ts'
import { LostAnswer } from '../protocol/lost-answer.ts'
import type { Cutoff } from './cutoff.ts'
import { type Dynakit, loadDynakit } from './dynakit.ts'
import { NativeExchange, type NativeSendOptions } from './native-exchange.ts'
import {
  mayBeDone,
  type NativeRetryOptions,
  type NativeRetryReason,
  retryDelay,
  retryReason,
} from './native-retry.ts'

/** How a transport for dynakit behaves. */
export interface NativeTransportOptions {
  /** Region, which has a database of its own. Default: `us-east-1`. */
  readonly region?: string | undefined
  /** Access key, which has a database of its own. Default: `local`. */
  readonly accessKeyId?: string | undefined
  /** How failed requests are sent again. */
  readonly retry?: NativeRetryOptions | undefined
  /** Time after which a withheld answer is given up, in milliseconds. Default: 30,000. */
  readonly requestTimeout?: number | undefined
}

/** A transport for adapters of dynakit: `createAdapter({ transport })`. */
export interface NativeTransport {
  /** Sends one request with JavaScript values. */
  send(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    options: NativeSendOptions,
  ): Promise<Readonly<Record<string, unknown>>>
  /** Refuses further requests. The engine stays. */
  close(): Promise<void>
  /** Gives the transport for another region of the engine. */
  inRegion(region: string): NativeTransport
}

const defaultRequestTimeout = 30_000
const defaultAttempts = 4

/**
 * Makes a transport for dynakit: JavaScript values go in and come out, without a byte of JSON between.
 *
 * @internal
 */
export function nativeTransport(call: Call, options: NativeTransportOptions = {}): NativeTransport {
  return new EngineTransport(call, options)
}

class EngineTransport implements NativeTransport {
  readonly #call: Call
  readonly #options: NativeTransportOptions
  readonly #caller: CallContext
  #dynakit: Dynakit | undefined
  #isClosed = false

  constructor(call: Call, options: NativeTransportOptions) {
    this.#call = call
    this.#options = options
    const { region = 'us-east-1', accessKeyId = 'local' } = options
    this.#caller = { region, accessKeyId }
  }

  async send(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    options: NativeSendOptions,
  ): Promise<Readonly<Record<string, unknown>>> {
    const dynakit = (this.#dynakit ??= await loadDynakit())
    if (this.#isClosed) {
      throw new dynakit.ConfigurationError('The transport is closed; it takes no further requests.', {})
    }
    const exchange = new NativeExchange(operation, input, options, dynakit)
    try {
      return await this.#deliver(exchange)
    } finally {
      exchange.limit?.release()
    }
  }

  close(): Promise<void> {
    this.#isClosed = true
    return Promise.resolve()
  }

  inRegion(region: string): NativeTransport {
    return new EngineTransport(this.#call, { ...this.#options, region })
  }

  /** Makes attempts until one succeeds or no other is permitted. */
  async #deliver(exchange: NativeExchange): Promise<Readonly<Record<string, unknown>>> {
    const { limit } = exchange
    const context = limit ? { ...this.#caller, signal: limit.signal } : this.#caller
    for (let attempt = 1; ; attempt += 1) {
      exchange.throwIfEnded()
      const report = exchange.begin(attempt)
      try {
        const output = await this.#call(exchange.request.operation, exchange.encoded, context)
        report?.(undefined, undefined, 0)
        return exchange.decode(output)
      } catch (error) {
        await this.#waitOutSilence(error, limit)
        const failure = exchange.failed(error)
        const retry = this.#planRetry(exchange, error, attempt)
        report?.(failure, retry?.reason, retry?.delay ?? 0)
        exchange.throwIfEnded()
        if (retry === undefined) throw failure
        if (limit?.leaves(retry.delay) === false) limit.giveUp()
        else if (retry.delay > 0) await pause(retry.delay, limit?.signal)
        exchange.lastFailure = failure
      }
    }
  }

  #waitOutSilence(error: unknown, limit: Cutoff | undefined): Promise<void> | undefined {
    if (!(error instanceof LostAnswer) || error.manner === 'reset') return undefined
    return pause(this.#options.requestTimeout ?? defaultRequestTimeout, limit?.signal)
  }

  #planRetry(
    exchange: NativeExchange,
    error: unknown,
    attempt: number,
  ): { readonly reason: NativeRetryReason; readonly delay: number } | undefined {
    const { retry = {} } = this.#options
    const reason = retryReason(error)
    if (reason === undefined || attempt >= (retry.maxAttempts ?? defaultAttempts)) return undefined
    if (mayBeDone(error) && !exchange.isRepeatable) return undefined
    return { reason, delay: retryDelay(reason, attempt, retry) }
  }
}
