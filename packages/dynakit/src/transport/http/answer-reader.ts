import { type AnswerHead, badAnswer, readHead } from './answer-head.ts'
import { takeBodyBuffer } from './body-buffers.ts'
import { ChunkedBody } from './chunked-body.ts'
import { type HttpAnswer, maximumAnswerBytes } from './http-client.ts'

/** An answer, and what became of the connection. */
export interface ReadAnswer {
  readonly answer: HttpAnswer
  /** Whether the connection may carry another request. */
  readonly keepsAlive: boolean
}

const endOfHead = '\r\n\r\n'
const longestHead = 64 * 1024

/**
 * Reads one answer from the bytes of a connection, however they are cut.
 */
export class AnswerReader {
  /** Bytes of a head that is not complete. */
  #headBytes: Buffer | undefined
  #head: AnswerHead | undefined
  #chunked: ChunkedBody | undefined
  #body: Buffer | undefined
  #filled = 0
  #untilClose: Buffer[] | undefined

  /** Whether any byte of an answer has come. */
  get hasBegun(): boolean {
    return this.#head !== undefined || this.#headBytes !== undefined
  }

  /**
   * Takes more bytes.
   *
   * @param bytes - What came; they are used again by the connection, so what is kept of them is copied.
   * @returns The answer when it is complete, otherwise `undefined`.
   * @throws HttpFailure when the bytes are not an answer.
   */
  feed(bytes: Buffer): ReadAnswer | undefined {
    if (this.#head) return this.#feedBody(this.#head, bytes)
    let all = this.#headBytes ? Buffer.concat([this.#headBytes, bytes]) : bytes
    for (;;) {
      const end = all.indexOf(endOfHead)
      if (end > longestHead || (end === -1 && all.length > longestHead))
        throw badAnswer('its head is too long')
      if (end === -1) {
        this.#headBytes = all === bytes ? Buffer.from(bytes) : all
        return undefined
      }
      const head = readHead(all.toString('latin1', 0, end))
      all = all.subarray(end + endOfHead.length)
      // 100 to 199 announce the answer itself.
      if (head.status >= 200) return this.#startBody(head, all)
      if (head.status === 101) throw badAnswer('it switches protocols')
      this.#headBytes = undefined
    }
  }

  /**
   * The connection ended.
   *
   * @returns The answer when its end is the end of the connection, otherwise `undefined`.
   */
  end(): ReadAnswer | undefined {
    if (!this.#untilClose || !this.#head) return undefined
    return this.#finish(this.#head, Buffer.concat(this.#untilClose), 1)
  }

  #startBody(head: AnswerHead, bytes: Buffer): ReadAnswer | undefined {
    this.#head = head
    const { framing } = head
    if (framing.type === 'chunked') this.#chunked = new ChunkedBody()
    else if (framing.type === 'until-close') this.#untilClose = []
    else if (bytes.length >= framing.length) {
      const body = Buffer.from(bytes.subarray(0, framing.length))
      return this.#finish(head, body, bytes.length - framing.length)
    } else this.#body = takeBodyBuffer(framing.length)
    return this.#feedBody(head, bytes)
  }

  #feedBody(head: AnswerHead, bytes: Buffer): ReadAnswer | undefined {
    if (this.#body) {
      const copied = bytes.copy(this.#body, this.#filled)
      this.#filled += copied
      return this.#filled < this.#body.length
        ? undefined
        : this.#finish(head, this.#body, bytes.length - copied)
    }
    if (this.#chunked) {
      const rest = this.#chunked.feed(bytes)
      return rest && this.#finish(head, this.#chunked.toBuffer(), rest.length)
    }
    this.#filled += bytes.length
    if (this.#filled > maximumAnswerBytes) throw badAnswer('it is too long')
    this.#untilClose?.push(Buffer.from(bytes))
    return undefined
  }

  /** Bytes after an answer belong to no request; the connection is then not used again. */
  #finish(head: AnswerHead, body: Buffer, extraBytes: number): ReadAnswer {
    const { status, headers } = head
    return { answer: { status, headers, body }, keepsAlive: head.keepsAlive && extraBytes === 0 }
  }
}
