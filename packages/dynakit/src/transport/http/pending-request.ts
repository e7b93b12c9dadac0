import { type HttpAnswer, HttpFailure, type HttpRequest } from './http-client.ts'
import type { Job, SocketConnection } from './socket-connection.ts'

/** Header values come from configuration and credentials; a line break in one would begin another request. */
const unsafeValue = /[^\t\x20-\x7e\x80-\xff]/

/** A request from the time it is handed in until its answer or failure. */
export class PendingRequest implements Job {
  readonly text: string
  readonly encoding: 'latin1' | 'utf8'
  /** The connection that carries it, once one does. */
  connection: SocketConnection | undefined
  readonly #resolve: (answer: HttpAnswer) => void
  readonly #reject: (failure: HttpFailure) => void
  readonly #signal: AbortSignal | undefined
  readonly #onOver: (pending: PendingRequest) => void

  constructor(
    request: HttpRequest,
    signal: AbortSignal | undefined,
    resolve: (answer: HttpAnswer) => void,
    reject: (failure: HttpFailure) => void,
    onOver: (pending: PendingRequest) => void,
  ) {
    this.text = writeRequestText(request)
    this.encoding = request.isAscii ? 'latin1' : 'utf8'
    this.#resolve = resolve
    this.#reject = reject
    this.#signal = signal
    this.#onOver = onOver
    signal?.addEventListener('abort', this.#abort, { once: true })
  }

  /** It was answered. */
  resolve(answer: HttpAnswer): void {
    this.#end()
    this.#resolve(answer)
  }

  /** There will be no answer. */
  reject(failure: HttpFailure): void {
    this.#end()
    this.#reject(failure)
  }

  readonly #abort = (): void => {
    const failure = new HttpFailure('ABORTED', this.connection !== undefined, 'aborted')
    // What the endpoint makes of a request cut off is not known: the connection cannot carry another.
    if (this.connection) this.connection.destroy(failure)
    else this.reject(failure)
  }

  #end(): void {
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#onOver(this)
  }
}

function writeRequestText({ headers, body }: HttpRequest): string {
  let text = 'POST / HTTP/1.1\r\n'
  for (let at = 0; at < headers.length; at += 2) {
    const value = headers[at + 1] as string
    if (unsafeValue.test(value)) {
      throw new HttpFailure(
        'ERR_INVALID_CHAR',
        false,
        `header '${String(headers[at])}' has control characters`,
      )
    }
    text += `${headers[at] as string}: ${value}\r\n`
  }
  return `${text}\r\n${body}`
}
