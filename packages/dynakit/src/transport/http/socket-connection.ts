import { connect, isIP, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { AnswerReader, type ReadAnswer } from './answer-reader.ts'
import { type HttpAnswer, HttpFailure, type HttpLimits, type HttpTarget } from './http-client.ts'

/** What a connection is made with. */
export interface ConnectionSettings {
  readonly target: HttpTarget
  readonly limits: HttpLimits
  readonly ca: string | readonly string[] | undefined
  /** TLS session of an earlier connection to the same endpoint, which saves most of the handshake. */
  readonly session: Buffer | undefined
}

/** Who a connection reports to. */
export interface ConnectionOwner {
  /** It can carry a request: it was made, or its last request has been answered. */
  ready(connection: SocketConnection): void
  /** It is gone. `failure` says why it could not be made, when it could not. */
  gone(connection: SocketConnection, failure: HttpFailure | undefined): void
  /** It has a TLS session that the next connection may resume. */
  resumable(session: Buffer): void
}

/** A request on its way. */
export interface Job {
  /** Head and body. */
  readonly text: string
  readonly encoding: 'latin1' | 'utf8'
  resolve(answer: HttpAnswer): void
  reject(failure: HttpFailure): void
}

/** Silence after which TCP asks whether the other side is still there, in milliseconds. */
const keepAliveDelay = 10_000

/**
 * One connection, carrying one request at a time.
 */
export class SocketConnection {
  readonly #socket: Socket
  readonly #limits: HttpLimits
  readonly #owner: ConnectionOwner
  #connectTimer: NodeJS.Timeout | undefined
  #requestTimer: NodeJS.Timeout | undefined
  #job: Job | undefined
  #reader: AnswerReader | undefined
  #isConnected = false
  #isGone = false
  /** Time since which it carries no request, in epoch milliseconds. */
  idleSince = 0

  constructor(settings: ConnectionSettings, owner: ConnectionOwner) {
    this.#limits = settings.limits
    this.#owner = owner
    this.#socket = open(settings, (bytes) => {
      this.#take(bytes)
    })
    this.#socket.setNoDelay(true)
    this.#socket.setKeepAlive(true, keepAliveDelay)
    this.#connectTimer = setTimeout(() => {
      const message = `no connection within ${String(settings.limits.connectTimeout)} ms`
      this.destroy(new HttpFailure('CONNECT_TIMEOUT', false, message))
    }, settings.limits.connectTimeout)
    this.#listen(settings.target.protocol === 'https:' ? 'secureConnect' : 'connect')
  }

  #listen(connected: 'connect' | 'secureConnect'): void {
    const socket = this.#socket
    socket.once(connected, () => {
      clearTimeout(this.#connectTimer)
      this.#isConnected = true
      socket.setTimeout(this.#limits.socketTimeout)
      this.#becomeIdle()
    })
    socket.on('timeout', () => {
      this.#onSilence()
    })
    socket.on('session', (session: Buffer) => {
      this.#owner.resumable(session)
    })
    socket.on('error', (error: Error & { code?: string }) => {
      this.destroy(new HttpFailure(error.code ?? 'ECONNRESET', this.#isConnected, error.message, error))
    })
    socket.on('end', () => {
      this.#onEnd()
    })
    socket.on('close', () => {
      this.#onEnd()
    })
  }

  /** Whether it has been idle for too long to be trusted. */
  isStale(now: number): boolean {
    return this.#isGone || now - this.idleSince > this.#limits.idleTimeout
  }

  /** Sends a request; the job hears of its end. */
  start(job: Job): void {
    this.#job = job
    this.#reader = new AnswerReader()
    this.#socket.ref()
    this.#requestTimer = setTimeout(() => {
      const message = `no complete answer within ${String(this.#limits.requestTimeout)} ms`
      this.destroy(new HttpFailure('REQUEST_TIMEOUT', true, message))
    }, this.#limits.requestTimeout)
    this.#socket.write(job.text, job.encoding)
  }

  /** Ends the connection; a request it carries fails. */
  destroy(failure: HttpFailure | undefined): void {
    if (this.#isGone) return
    this.#isGone = true
    clearTimeout(this.#connectTimer)
    clearTimeout(this.#requestTimer)
    this.#socket.destroy()
    const job = this.#job
    this.#job = undefined
    this.#owner.gone(this, this.#isConnected ? undefined : failure)
    job?.reject(failure ?? new HttpFailure('CLOSED', true, 'the connection was closed'))
  }

  #take(bytes: Buffer): void {
    const reader = this.#reader
    if (!reader) {
      // Nobody asked: whatever this is, the next answer could be taken for another one's.
      this.destroy(undefined)
      return
    }
    try {
      const read = reader.feed(bytes)
      if (read) this.#finish(read)
    } catch (error) {
      this.destroy(error instanceof HttpFailure ? error : new HttpFailure('BAD_ANSWER', true, String(error)))
    }
  }

  #finish({ answer, keepsAlive }: ReadAnswer): void {
    const job = this.#job
    clearTimeout(this.#requestTimer)
    this.#job = undefined
    this.#reader = undefined
    if (keepsAlive) this.#becomeIdle()
    else this.destroy(undefined)
    job?.resolve(answer)
  }

  #becomeIdle(): void {
    this.idleSince = Date.now()
    // An idle connection keeps no process alive.
    this.#socket.unref()
    this.#owner.ready(this)
  }

  #onSilence(): void {
    if (this.#job) {
      const message = `no byte of an answer within ${String(this.#limits.socketTimeout)} ms`
      this.destroy(new HttpFailure('SOCKET_TIMEOUT', true, message))
    } else if (this.isStale(Date.now())) this.destroy(undefined)
    else this.#socket.setTimeout(this.#limits.socketTimeout)
  }

  #onEnd(): void {
    if (this.#isGone) return
    const read = this.#reader?.end()
    if (read) {
      this.#finish(read)
      return
    }
    const message = !this.#isConnected
      ? 'the connection was closed before it was made'
      : this.#reader?.hasBegun === true
        ? 'the answer was cut off'
        : 'the connection was closed before an answer came'
    const code = this.#reader?.hasBegun === true ? 'BAD_ANSWER' : 'ECONNRESET'
    this.destroy(new HttpFailure(code, this.#isConnected, message))
  }
}

/** Bytes that come at once at most: a TLS record, or what the system has received. */
const tlsBytes = 16 * 1024
const plainBytes = 64 * 1024

/** All that comes is read into one buffer, which the next bytes overwrite. */
function open(
  { target, ca, session }: ConnectionSettings,
  take: (bytes: Buffer) => void,
): Socket | TLSSocket {
  const { hostname, port } = target
  const isPlain = target.protocol === 'http:'
  const buffer = Buffer.allocUnsafeSlow(isPlain ? plainBytes : tlsBytes)
  const onread: OnReadOpts = {
    buffer,
    callback: (length) => {
      take(buffer.subarray(0, length))
      return true
    },
  }
  if (isPlain) return connect({ host: hostname, port, onread })
  const options: TlsOptions = {
    host: hostname,
    port,
    onread,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(hostname) === 0 && { servername: hostname }),
    ...(ca !== undefined && { ca: ca as string | string[] }),
    ...(session && { session }),
  }
  return connectTls(options)
}

/** Node passes `onread` on, its types do not say so. */
type TlsOptions = ConnectionOptions & { readonly onread: OnReadOpts }
