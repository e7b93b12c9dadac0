import { Readable } from 'node:stream'
import { pause } from '../engine/pause.ts'
import { answerRequest } from './answer-request.ts'
import type { Call } from './call.ts'
import { LostAnswer } from './lost-answer.ts'

/** A request as the AWS SDK gives it to its HTTP handler. */
export interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** An answer as the AWS SDK expects it of its HTTP handler. */
export interface SdkResponse {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: Readable
}

/** What the AWS SDK tells its HTTP handler besides the request. */
export interface SdkHandlerOptions {
  readonly abortSignal?: SdkAbortSignal | undefined
  readonly requestTimeout?: number | undefined
}

/** An `AbortSignal`, or one of the AWS SDK's older kind. */
export interface SdkAbortSignal {
  readonly aborted: boolean
  onabort?: unknown
}

/** An HTTP handler of the AWS SDK that reaches an engine without sockets. */
export interface SdkRequestHandler {
  readonly metadata: { readonly handlerProtocol: string }
  handle(request: SdkRequest, options?: SdkHandlerOptions): Promise<{ response: SdkResponse }>
  updateHttpClientConfig(key: never, value: never): void
  httpHandlerConfigs(): Record<string, never>
  destroy(): void
}

/** How a request handler behaves. */
export interface RequestHandlerOptions {
  /** Time after which a withheld answer is given up, in milliseconds, as in the SDK's own handler. Default: never. */
  readonly requestTimeout?: number | undefined
}

/**
 * Makes an HTTP handler for a client of the AWS SDK: what the SDK does (middleware, signatures, serialisation,
 * retries) stays as it is, only the network is left out.
 *
 * @internal
 */
export function requestHandler(call: Call, options: RequestHandlerOptions = {}): SdkRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request, handlerOptions = {}) =>
      handle(call, request, handlerOptions, handlerOptions.requestTimeout ?? options.requestTimeout ?? 0),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  }
}

async function handle(
  call: Call,
  request: SdkRequest,
  { abortSignal }: SdkHandlerOptions,
  requestTimeout: number,
): Promise<{ response: SdkResponse }> {
  throwIfAborted(abortSignal)
  const limit = limitOf(abortSignal, requestTimeout)
  try {
    const { statusCode, headers, body } = await answerRequest(call, {
      method: request.method,
      path: pathOf(request),
      headers: lowerCase(request.headers),
      body: bytesOf(request.body),
      signal: limit.signal,
    })
    return { response: { statusCode, headers, body: Readable.from([body]) } }
  } catch (error) {
    if (!(error instanceof LostAnswer)) throw error
    if (error.manner === 'silence') await pause(Infinity, limit.signal)
    throwIfAborted(abortSignal)
    throw connectionError(error.manner)
  } finally {
    limit.release()
  }
}

function pathOf({ path, query }: SdkRequest): string {
  if (query === undefined || Object.keys(query).length === 0) return path
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? (value as string[]) : [value as string | null]) {
      search.append(name, one ?? '')
    }
  }
  return `${path}?${search.toString()}`
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower: Record<string, string> = {}
  for (const name of Object.keys(headers)) lower[name.toLowerCase()] = headers[name] as string
  return lower
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body
  return Buffer.from(typeof body === 'string' ? body : '')
}

interface Limit {
  readonly signal: AbortSignal | undefined
  release(): void
}

const none: Limit = { signal: undefined, release: () => undefined }

/** Joins the caller's signal and the timeout of the handler. */
function limitOf(abortSignal: SdkAbortSignal | undefined, requestTimeout: number): Limit {
  if (abortSignal === undefined && requestTimeout === 0) return none
  const controller = new AbortController()
  const end = (): void => {
    controller.abort()
  }
  const timer = requestTimeout > 0 ? setTimeout(end, requestTimeout) : undefined
  if (abortSignal instanceof EventTarget) abortSignal.addEventListener('abort', end)
  else if (abortSignal) abortSignal.onabort = end
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer)
      if (abortSignal instanceof EventTarget) abortSignal.removeEventListener('abort', end)
    },
  }
}

function throwIfAborted(abortSignal: SdkAbortSignal | undefined): void {
  if (abortSignal?.aborted !== true) return
  const { reason } = abortSignal as { reason?: unknown }
  const error = new Error('Request aborted', reason instanceof Error ? { cause: reason } : undefined)
  throw Object.assign(error, { name: 'AbortError' })
}

/** The SDK calls every connection that broke a timeout, and knows it by its code. */
function connectionError(manner: LostAnswer['manner']): Error {
  const code = manner === 'reset' ? 'ECONNRESET' : 'ETIMEDOUT'
  const message = manner === 'reset' ? 'socket hang up' : 'The request timed out.'
  return Object.assign(new Error(message), { name: 'TimeoutError', code })
}
