import { badAnswer } from './answer-head.ts'
import { maximumAnswerBytes } from './http-client.ts'

const longestLine = 4096
const noBytes = Buffer.alloc(0)

/**
 * Takes a body apart that comes in chunks.
 *
 * Source: RFC 9112, section 7.1.
 */
export class ChunkedBody {
  readonly #parts: Buffer[] = []
  #length = 0
  /** Bytes not yet understood: the beginning of a line. */
  #rest: Buffer = noBytes
  #state: 'size' | 'data' | 'data-end' | 'trailer' = 'size'
  /** Bytes of the current chunk still to come. */
  #left = 0

  /**
   * Takes more bytes.
   *
   * @param bytes - What came.
   * @returns The bytes after the body when it is complete, otherwise `undefined`.
   * @throws HttpFailure when the bytes are not chunks.
   */
  feed(bytes: Buffer): Buffer | undefined {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    this.#rest = noBytes
    for (;;) {
      if (this.#state === 'data') {
        rest = this.#takeData(rest)
        if (this.#left > 0) return undefined
        this.#state = 'data-end'
      }
      const end = rest.indexOf('\r\n')
      if (end === -1) {
        if (rest.length > longestLine) throw badAnswer('a chunk has no size')
        this.#rest = Buffer.from(rest)
        return undefined
      }
      const line = rest.toString('latin1', 0, end)
      rest = rest.subarray(end + 2)
      if (this.#takeLine(line)) return rest
    }
  }

  /** The whole body. */
  toBuffer(): Buffer {
    const [only] = this.#parts
    return this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts, this.#length)
  }

  #takeData(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.#left)
    this.#left -= part.length
    if (part.length > 0) this.#parts.push(Buffer.from(part))
    return bytes.subarray(part.length)
  }

  /** Understands a line; true when it was the last one. */
  #takeLine(line: string): boolean {
    if (this.#state === 'data-end') {
      if (line !== '') throw badAnswer('a chunk is longer than its size')
      this.#state = 'size'
      return false
    }
    if (this.#state === 'trailer') return line === ''
    const match = /^([0-9a-fA-F]{1,8})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line)
    if (!match) throw badAnswer('a chunk has no size')
    this.#left = parseInt(match[1] as string, 16)
    this.#length += this.#left
    if (this.#length > maximumAnswerBytes) throw badAnswer('it is too long')
    this.#state = this.#left === 0 ? 'trailer' : 'data'
    return false
  }
}
