import type { ConnectionStatistics } from '../transport-options.ts'

/** Where an HTTP client sends to: one client per endpoint. */
export interface HttpTarget {
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  readonly port: number
}

/** A POST to the root of an endpoint; DynamoDB has no other requests. */
export interface HttpRequest {
  /** Names and values by turns; `host` and `content-length` included. */
  readonly headers: readonly string[]
  readonly body: string
  /** Whether the body has characters beyond ASCII. */
  readonly isAscii: boolean
}

/** The headers of an answer by lower-case name. */
export type HttpHeaders = Readonly<Record<string, string | undefined>>

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: HttpHeaders
  readonly body: Buffer
}

/** Limits of a client's connections; all in milliseconds but the first. */
export interface HttpLimits {
  readonly maxSockets: number
  readonly connectTimeout: number
  readonly requestTimeout: number
  readonly socketTimeout: number
  readonly idleTimeout: number
}

/** Sends requests over kept connections to one endpoint. */
export interface HttpClient {
  /**
   * Sends a request and waits for the whole answer, whatever its status.
   *
   * @throws HttpFailure when there is none.
   */
  send(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpAnswer>
  /** Makes connections ahead of the first requests. */
  warmUp(count: number): Promise<void>
  /** The connections at this moment. */
  statistics(): ConnectionStatistics
  /** Refuses further requests, waits for those in flight, and closes the connections. */
  close(): Promise<void>
}

/** Why a request got no answer: Node's error code, or one of ours. */
export type HttpFailureCode =
  | 'CONNECT_TIMEOUT'
  | 'REQUEST_TIMEOUT'
  | 'SOCKET_TIMEOUT'
  | 'BAD_ANSWER'
  | 'ABORTED'
  | 'CLOSED'
  | (string & {})

/** A request that got no answer. Never leaves the transport. */
export class HttpFailure extends Error {
  readonly code: HttpFailureCode
  /** Whether any part of the request may have reached the endpoint. */
  readonly wasSent: boolean

  constructor(code: HttpFailureCode, wasSent: boolean, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.wasSent = wasSent
  }
}

/** Largest answer that is read; DynamoDB's own limit is 16 MB of items, which JSON makes longer. */
export const maximumAnswerBytes: number = 256 * 1024 * 1024

/**
 * Waits until requests in flight have ended.
 *
 * @internal
 */
export class Drain {
  #inFlight = 0
  #waiting: (() => void)[] = []

  /** A request begins. */
  enter(): void {
    this.#inFlight += 1
  }

  /** A request has ended. */
  leave(): void {
    this.#inFlight -= 1
    if (this.#inFlight > 0) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Resolves when no request is in flight. */
  wait(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
