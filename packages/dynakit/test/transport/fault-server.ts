import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { serveConnection } from './faults/connection.ts'
import type { Answer, RecordedRequest } from './faults/exchange.ts'
import { success } from './faults/service-answers.ts'

const certificate = readFileSync(new URL('certificate/cert.pem', import.meta.url), 'utf8')
const key = readFileSync(new URL('certificate/key.pem', import.meta.url), 'utf8')

/** How a fault server is set up. */
export interface FaultServerOptions {
  /** True for HTTPS. */
  readonly tls?: boolean
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** Answers what the script does not; default: success. */
  readonly respond?: Responder
}

/** An answer, or what makes one from a whole request. */
type Responder = Answer | ((request: RecordedRequest) => Answer)

/** A DynamoDB that does what the test says, down to the bytes. */
export interface FaultServer {
  readonly endpoint: string
  /** Certificate a client must trust; `undefined` without TLS. */
  readonly ca: string | undefined
  /** Every request, in the order they arrived. */
  readonly requests: readonly RecordedRequest[]
  /** The requests that were carried out. */
  readonly carriedOut: readonly RecordedRequest[]
  /** Their number. */
  readonly committed: number
  /** Number of connections ever accepted. */
  readonly accepted: number
  /** Most connections that were open at the same time. */
  readonly mostConnections: number
  /** Number of connections open now. */
  connections(): number
  /** Answers for the next requests, used up one by one. */
  script(...answers: readonly Answer[]): void
  /** Changes how requests beyond the script are answered. */
  respond(responder: Responder): void
  /** Forgets script, log and counters; connections stay. */
  reset(): void
  /** Closes the connections that are open, in the way of a load balancer: a FIN, no answer. */
  closeConnections(): void
  close(): Promise<void>
}

/** Starts a fault server on a free port of the loopback interface. */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const server = new LoopbackServer(options)
  await server.listen()
  return server
}

class LoopbackServer implements FaultServer {
  readonly ca: string | undefined
  readonly #host: string
  requests: RecordedRequest[] = []
  carriedOut: RecordedRequest[] = []
  accepted = 0
  mostConnections = 0
  readonly #initialResponder: Responder
  #responder: Responder
  #script: Answer[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(options: FaultServerOptions) {
    this.#host = options.host ?? '127.0.0.1'
    this.ca = options.tls === true ? certificate : undefined
    this.#initialResponder = options.respond ?? success()
    this.#responder = this.#initialResponder
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#accept(socket)
    })
  }

  get committed(): number {
    return this.carriedOut.length
  }

  get endpoint(): string {
    const { port } = this.#server.address() as AddressInfo
    return `${this.ca === undefined ? 'http' : 'https'}://${this.#host}:${String(port)}`
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, this.#host, resolve)
    })
  }

  #accept(raw: Socket): void {
    this.accepted += 1
    this.#sockets.add(raw)
    this.mostConnections = Math.max(this.mostConnections, this.#sockets.size)
    raw.once('close', () => this.#sockets.delete(raw))
    const stream = this.ca === undefined ? raw : new TLSSocket(raw, { isServer: true, secureContext })
    serveConnection(raw, stream, this.accepted, {
      chooseEarly: () => this.#chooseEarly(),
      choose: (request) => this.#script.shift() ?? this.#fallback(request),
      record: (request) => this.requests.push(request),
      commit: (request) => this.carriedOut.push(request),
    })
  }

  #chooseEarly(): Answer | undefined {
    const [next] = this.#script
    if (next) return next.isEarly === true ? this.#script.shift() : undefined
    const fallback = this.#responder
    return typeof fallback === 'object' && fallback.isEarly === true ? fallback : undefined
  }

  #fallback(request: RecordedRequest): Answer {
    return typeof this.#responder === 'function' ? this.#responder(request) : this.#responder
  }

  connections(): number {
    return this.#sockets.size
  }

  script(...answers: readonly Answer[]): void {
    this.#script.push(...answers)
  }

  respond(responder: Responder): void {
    this.#responder = responder
  }

  reset(): void {
    this.#script = []
    this.#responder = this.#initialResponder
    this.requests = []
    this.carriedOut = []
    this.accepted = 0
    this.mostConnections = this.#sockets.size
  }

  closeConnections(): void {
    for (const socket of this.#sockets) socket.end()
  }

  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    for (const socket of this.#sockets) socket.destroy()
    return closed
  }
}

const secureContext = createSecureContext({ key, cert: certificate })
