import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { pause } from '../engine/pause.ts'
import { answerRequest } from './answer-request.ts'
import type { Call } from './call.ts'
import { LostAnswer } from './lost-answer.ts'

/** Where an engine listens. */
export interface ListenOptions {
  /** Port; 0 for any that is free. Default: 0. */
  readonly port?: number | undefined
  /** Address to listen on. Default: 127.0.0.1, which only this machine reaches. */
  readonly host?: string | undefined
  /** Whether the process goes on as long as the engine listens. Default: true. */
  readonly keepsProcessAlive?: boolean | undefined
}

/** An engine that answers over HTTP. */
export interface Listener {
  /** Address to give to SDKs, such as `http://127.0.0.1:8000`. */
  readonly endpoint: string
  readonly port: number
  /** Stops listening, and waits for the answers that are due. */
  readonly close: () => Promise<void>
}

const maximumBody = 64 * 1024 * 1024
/** Longer than clients keep idle connections, so that none is closed under a request. */
const keepAliveTimeout = 120_000

/**
 * Serves DynamoDB's JSON protocol over HTTP.
 *
 * @param call - The engine.
 * @param options - Port and address.
 * @returns Where it listens.
 * @throws Error of Node when the port cannot be had, such as `EADDRINUSE`.
 * @internal
 */
export async function listen(call: Call, options: ListenOptions = {}): Promise<Listener> {
  const { port = 0, host = '127.0.0.1', keepsProcessAlive = true } = options
  // Engines that do not listen, as in most tests, do not wait for it to be loaded.
  const { createServer } = await import('node:http')
  const exchanges = new Set<Exchange>()
  const server = createServer({ keepAliveTimeout, noDelay: true }, (request, response) => {
    const exchange = new Exchange(request, response)
    exchanges.add(exchange)
    response.once('close', () => {
      exchanges.delete(exchange)
      // Whoever has the answer waits for nothing any more, and aborting costs more than answering does.
      if (!response.writableFinished) exchange.end()
    })
    readBody(request, (body) => {
      if (body === undefined) response.writeHead(413, { 'content-length': '0', connection: 'close' }).end()
      else void exchange.answer(call, body)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  if (!keepsProcessAlive) server.unref().on('connection', (socket) => socket.unref())
  const bound = boundPort(server)
  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${String(bound)}`,
    port: bound,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const exchange of exchanges) exchange.end()
      await Promise.all([...exchanges].map((exchange) => exchange.answered))
      server.closeAllConnections()
      await closed
    },
  }
}

function boundPort(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A request and its answer. */
class Exchange {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #ended = new AbortController()
  answered: Promise<void> = Promise.resolve()

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request
    this.#response = response
  }

  /** Ends waits for delayed and withheld answers. */
  end(): void {
    this.#ended.abort()
  }

  answer(call: Call, body: Buffer): Promise<void> {
    const { method = '', url: path = '/', headers } = this.#request
    const { signal } = this.#ended
    this.answered = answerRequest(call, { method, path, headers, body, signal }).then(
      (answer) => {
        this.#response.writeHead(answer.statusCode, answer.headers).end(answer.body)
      },
      (error: unknown) => this.#drop(error),
    )
    return this.answered
  }

  async #drop(error: unknown): Promise<void> {
    if (error instanceof LostAnswer && error.manner === 'silence') await pause(Infinity, this.#ended.signal)
    this.#response.destroy()
  }
}

/** Reads a body, and gives undefined when it is too large. */
function readBody(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = []
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= maximumBody) chunks.push(chunk)
    else chunks.length = 0
  })
  request.on('end', () => {
    if (length > maximumBody) done(undefined)
    else done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length))
  })
}
