import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https'
import type { Socket } from 'node:net'
import type { ConnectionStatistics, HttpAgent as AgentOfCaller } from '../transport-options.ts'
import {
  Drain,
  type HttpAnswer,
  type HttpClient,
  HttpFailure,
  type HttpLimits,
  type HttpRequest,
  type HttpTarget,
  maximumAnswerBytes,
} from './http-client.ts'

/** Trust and sockets of a {@link NodeClient}. */
export interface NodeClientOptions {
  readonly limits: HttpLimits
  /** Certificates (PEM) to trust in place of the well-known ones. */
  readonly ca?: string | readonly string[] | undefined
  /** An agent of the caller's, such as one for a proxy; it stays open on close. */
  readonly agent?: AgentOfCaller | undefined
}

/**
 * Sends through `node:http` and `node:https`, for callers who bring an agent of their own.
 */
export class NodeClient implements HttpClient {
  readonly #target: HttpTarget
  readonly #limits: HttpLimits
  readonly #agent: HttpAgent
  readonly #ownsAgent: boolean
  readonly #drain = new Drain()
  #isClosed = false

  constructor(target: HttpTarget, options: NodeClientOptions) {
    this.#target = target
    this.#limits = options.limits
    this.#ownsAgent = options.agent === undefined
    this.#agent = (options.agent as HttpAgent | undefined) ?? makeAgent(target, options)
  }

  async send(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    if (this.#isClosed) throw new HttpFailure('CLOSED', false, 'the transport is closed')
    this.#drain.enter()
    try {
      return await this.#exchange('POST', request, signal)
    } finally {
      this.#drain.leave()
    }
  }

  async warmUp(count: number): Promise<void> {
    const ping = { headers: ['host', this.#target.hostname], body: '', isAscii: true }
    await Promise.all(Array.from({ length: count }, () => this.#exchange('GET', ping, undefined)))
  }

  statistics(): ConnectionStatistics {
    const idle = countOf(this.#agent.freeSockets)
    return { open: countOf(this.#agent.sockets) + idle, idle, queued: countOf(this.#agent.requests, isAlive) }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#drain.wait()
    if (this.#ownsAgent) this.#agent.destroy()
  }

  #exchange(
    method: string,
    { headers, body }: HttpRequest,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const { protocol, hostname, port } = this.#target
      const open = protocol === 'https:' ? httpsRequest : httpRequest
      const sent = open({
        method,
        path: '/',
        host: hostname,
        port,
        headers,
        agent: this.#agent,
        timeout: this.#limits.socketTimeout,
      } as unknown as RequestOptions)
      const fail = (error: Error): void => {
        watch.end()
        reject(error instanceof HttpFailure ? error : toFailure(error, watch.isSent()))
      }
      const watch = watchRequest(sent, this.#limits, signal, fail)
      sent.once('error', fail)
      sent.once('response', (response) => {
        readAnswer(response, fail, (answer) => {
          watch.end()
          resolve(answer)
        })
      })
      if (signal?.aborted === true) watch.abort()
      else sent.end(body)
    })
  }
}

function makeAgent({ protocol }: HttpTarget, { limits, ca }: NodeClientOptions): HttpAgent {
  const options = {
    keepAlive: true,
    // The connection used last is the one least likely to be closed by the other side.
    scheduling: 'lifo' as const,
    maxSockets: limits.maxSockets,
    timeout: limits.idleTimeout,
  }
  if (protocol === 'http:') return new HttpAgent(options)
  return new HttpsAgent({ ...options, ...(ca !== undefined && { ca: ca as string | string[] }) })
}

function countOf(
  lists: NodeJS.ReadOnlyDict<readonly object[]>,
  counts: (member: object) => boolean = () => true,
): number {
  let count = 0
  for (const list of Object.values(lists)) count += list?.filter(counts).length ?? 0
  return count
}

/** The agent keeps requests that were cut off in its queue until their turn comes. */
function isAlive(request: { readonly destroyed?: boolean }): boolean {
  return request.destroyed !== true
}

interface Watch {
  /** Whether the request may have reached the endpoint. */
  isSent(): boolean
  /** Cuts the request, because its signal had fired before. */
  abort(): void
  /** Stops the timers and listeners. */
  end(): void
}

/** Cuts a request by its timeouts and its signal. */
function watchRequest(
  sent: ClientRequest,
  limits: HttpLimits,
  signal: AbortSignal | undefined,
  fail: (failure: HttpFailure) => void,
): Watch {
  let isSent = false
  let timer: NodeJS.Timeout | undefined
  const cut = (code: string, message: string): void => {
    const failure = new HttpFailure(code, isSent, message)
    // A request that waits for a socket of the agent tells nobody that it was destroyed.
    sent.once('error', () => undefined)
    sent.destroy(failure)
    fail(failure)
  }
  const onAbort = (): void => {
    cut('ABORTED', 'aborted')
  }
  const onSent = (): void => {
    isSent = true
    clearTimeout(timer)
    timer = setTimeout(() => {
      cut('REQUEST_TIMEOUT', `no complete answer within ${String(limits.requestTimeout)} ms`)
    }, limits.requestTimeout)
  }
  sent.once('socket', (socket: Socket) => {
    if (!socket.connecting) {
      onSent()
      return
    }
    timer = setTimeout(() => {
      cut('CONNECT_TIMEOUT', `no connection within ${String(limits.connectTimeout)} ms`)
    }, limits.connectTimeout)
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', onSent)
  })
  sent.once('timeout', () => {
    cut('SOCKET_TIMEOUT', `no byte of an answer within ${String(limits.socketTimeout)} ms`)
  })
  signal?.addEventListener('abort', onAbort, { once: true })
  return {
    isSent: () => isSent,
    abort: onAbort,
    end: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

function readAnswer(
  response: IncomingMessage,
  fail: (error: Error) => void,
  done: (answer: HttpAnswer) => void,
): void {
  const chunks: Buffer[] = []
  let length = 0
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (length > maximumAnswerBytes)
      response.destroy(new HttpFailure('BAD_ANSWER', true, 'the answer is too long'))
  })
  response.once('error', fail)
  // An answer that is cut off ends with 'aborted' or 'close', not with 'error', when it has no length.
  response.once('close', () => {
    if (!response.complete) fail(new HttpFailure('BAD_ANSWER', true, 'the answer was cut off'))
  })
  response.once('end', () => {
    if (!response.complete) return
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
    done({ status: response.statusCode ?? 0, headers: response.headers as HttpAnswer['headers'], body })
  })
}

function toFailure(error: Error & { code?: string }, wasSent: boolean): HttpFailure {
  const code = error.code ?? 'BAD_ANSWER'
  // llhttp's complaints about the answer.
  return new HttpFailure(code.startsWith('HPE_') ? 'BAD_ANSWER' : code, wasSent, error.message, error)
}
