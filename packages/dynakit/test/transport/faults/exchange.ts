import type { Socket } from 'node:net'

/** A request as it arrived, byte for byte where it matters. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  /** The operation its `x-amz-target` names; empty when there is none. */
  readonly operation: string
  /** Names in lower case; values of a repeated header are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Number of the connection it came on, from 1. */
  readonly connection: number
  /** Time it was complete, in epoch milliseconds. */
  readonly time: number
}

/** One request and the means to answer it. */
export interface Exchange {
  readonly request: RecordedRequest
  /** The connection as the server writes to it: plain, or inside TLS. */
  readonly stream: Socket
  /** Counts the request as carried out. */
  commit(): void
  /** Writes bytes, unless the client has gone. */
  send(bytes: Buffer | string): void
  /** Waits; gives up as soon as the connection closes. */
  pause(milliseconds: number): Promise<void>
  /** Breaks the connection with a TCP reset. */
  reset(): void
}

/** What the server does with one request. */
export interface Answer {
  /** True to answer as soon as the head of the request is there; its body is not waited for. */
  readonly isEarly?: boolean
  run(exchange: Exchange): void | Promise<void>
}
