import type { ConnectionStatistics } from '../transport-options.ts'
import {
  Drain,
  type HttpAnswer,
  type HttpClient,
  HttpFailure,
  type HttpLimits,
  type HttpRequest,
  type HttpTarget,
} from './http-client.ts'
import { PendingRequest } from './pending-request.ts'
import { type ConnectionOwner, SocketConnection } from './socket-connection.ts'

/** Trust and limits of a {@link SocketClient}. */
export interface SocketClientOptions {
  readonly limits: HttpLimits
  /** Certificates (PEM) to trust in place of the well-known ones. */
  readonly ca?: string | readonly string[] | undefined
}

/** Somebody who waits for a connection to be made. */
interface Warming {
  readonly resolve: () => void
  readonly reject: (failure: HttpFailure) => void
}

/**
 * Sends over a pool of kept sockets with an HTTP/1.1 of just what DynamoDB needs: POST, one request at a
 * time on each connection, answers with a length, in chunks, or up to the end of the connection.
 *
 * The connection used last is used next: it is the one least likely to be closed by the other side.
 */
export class SocketClient implements HttpClient, ConnectionOwner {
  readonly #target: HttpTarget
  readonly #options: SocketClientOptions
  readonly #drain = new Drain()
  readonly #connections = new Set<SocketConnection>()
  readonly #connecting = new Map<SocketConnection, Warming | undefined>()
  readonly #idle: SocketConnection[] = []
  /** Requests that wait for a connection, in order. */
  readonly #queue = new Set<PendingRequest>()
  readonly #onOver = (pending: PendingRequest): void => {
    this.#queue.delete(pending)
    this.#drain.leave()
  }
  #session: Buffer | undefined
  #isClosed = false

  constructor(target: HttpTarget, options: SocketClientOptions) {
    this.#target = target
    this.#options = options
  }

  send(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new HttpFailure('CLOSED', false, 'the transport is closed')
      if (signal?.aborted === true) throw new HttpFailure('ABORTED', false, 'aborted')
      const pending = new PendingRequest(request, signal, resolve, reject, this.#onOver)
      this.#drain.enter()
      const connection = this.#takeIdle()
      if (connection) {
        start(pending, connection)
        return
      }
      this.#queue.add(pending)
      this.#openForQueue()
    })
  }

  async warmUp(count: number): Promise<void> {
    const missing = Math.min(count, this.#options.limits.maxSockets) - this.#connections.size
    const made: Promise<void>[] = []
    for (let at = 0; at < missing; at++) {
      made.push(
        new Promise((resolve, reject) => {
          this.#open({ resolve, reject })
        }),
      )
    }
    await Promise.all(made)
  }

  statistics(): ConnectionStatistics {
    return { open: this.#connections.size, idle: this.#idle.length, queued: this.#queue.size }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#drain.wait()
    for (const connection of this.#connections) connection.destroy(undefined)
  }

  ready(connection: SocketConnection): void {
    this.#connecting.get(connection)?.resolve()
    this.#connecting.delete(connection)
    const next = this.#nextQueued()
    if (next) start(next, connection)
    else this.#idle.push(connection)
  }

  gone(connection: SocketConnection, failure: HttpFailure | undefined): void {
    this.#connections.delete(connection)
    const idleAt = this.#idle.indexOf(connection)
    if (idleAt !== -1) this.#idle.splice(idleAt, 1)
    if (this.#connecting.has(connection)) this.#notConnected(connection, failure)
    this.#openForQueue()
  }

  resumable(session: Buffer): void {
    this.#session = session
  }

  /** One connection that could not be made fails one request; the others have connections of their own. */
  #notConnected(connection: SocketConnection, failure: HttpFailure | undefined): void {
    const reason = failure ?? new HttpFailure('CLOSED', false, 'the transport is closed')
    const warming = this.#connecting.get(connection)
    this.#connecting.delete(connection)
    this.#session = undefined
    if (warming) warming.reject(reason)
    else this.#nextQueued()?.reject(reason)
  }

  #takeIdle(): SocketConnection | undefined {
    if (this.#idle.length === 0) return undefined
    const now = Date.now()
    for (;;) {
      const connection = this.#idle.pop()
      if (!connection?.isStale(now)) return connection
      connection.destroy(undefined)
    }
  }

  #nextQueued(): PendingRequest | undefined {
    const [next] = this.#queue
    if (next) this.#queue.delete(next)
    return next
  }

  #openForQueue(): void {
    while (this.#queue.size > this.#connecting.size && this.#hasRoom()) this.#open(undefined)
  }

  #hasRoom(): boolean {
    return this.#connections.size < this.#options.limits.maxSockets
  }

  #open(warming: Warming | undefined): void {
    const { limits, ca } = this.#options
    const connection = new SocketConnection(
      { target: this.#target, limits, ca, session: this.#session },
      this,
    )
    this.#connections.add(connection)
    this.#connecting.set(connection, warming)
  }
}

function start(pending: PendingRequest, connection: SocketConnection): void {
  pending.connection = connection
  connection.start(pending)
}
