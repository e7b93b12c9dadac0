import { isAscii } from 'node:buffer'

/** Thrown where the text is not what DynamoDB writes; a slower reader then decides. */
export const notCompact: Error = new Error('not compact')
/** Thrown where the window ends inside a value; the value is then read again in another window. */
export const beyondWindow: Error = new Error('beyond window')

/** Size of a window in bytes: what a string cut from it keeps in memory at most. */
export const windowSize = 32_768
/** A value that begins this close to the end of a window is left for the next one. */
const margin = 64
const backslash = 92
/** V8 copies shorter strings; longer ones refer to the text they were cut from. */
const shortestReference = 13
/** Beyond the end of every window. */
const nowhere = 0x3fff_ffff
const highBits = 0x8080_8080

const noBytes = Buffer.alloc(0)
const noView = new DataView(new ArrayBuffer(0))

/**
 * Text of a part of some bytes, and the position of a reader in it.
 *
 * The bytes are read as latin1 in windows, and values are cut from the window's text. A string cut from a
 * longer one keeps the longer one alive in V8; with windows of 32 KB, a kept string keeps at most its
 * window, not a megabyte page. Text with bytes beyond ASCII is decoded as UTF-8 where it occurs.
 *
 * @internal
 */
export abstract class ByteWindow {
  protected bytes: Buffer = noBytes
  /** The same bytes, for comparing four at a time. */
  protected view: DataView = noView
  /** The window: text of the bytes from `base`. */
  protected text = ''
  protected base = 0
  /** Position in the window. */
  protected at = 0
  /** Position after which a value is left for the next window. */
  protected limit = 0
  /** Whether the window reaches to the end of the bytes. */
  protected isLast = true
  /** Positions of the next backslash and the next byte beyond ASCII; text before both is as it stands. */
  private nextEscape = nowhere
  private nextNonAscii = nowhere
  private nextCare = nowhere

  /** Starts at the beginning of some bytes. */
  protected open(bytes: Buffer): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.load(0, windowSize)
  }

  /** Lets go of the bytes. */
  protected close(): void {
    this.bytes = noBytes
    this.view = noView
    this.text = ''
  }

  /** Moves the window. */
  protected load(from: number, size: number): void {
    const { bytes } = this
    const end = Math.min(from + size, bytes.length)
    const isAll = from === 0 && end === bytes.length
    this.base = from
    this.at = 0
    this.text = bytes.toString('latin1', from, end)
    this.isLast = end === bytes.length
    this.limit = this.isLast ? this.text.length : this.text.length - margin
    this.nextEscape = this.findEscape(0)
    this.nextNonAscii = isAscii(isAll ? bytes : bytes.subarray(from, end)) ? nowhere : this.findNonAscii(0)
    this.nextCare = Math.min(this.nextEscape, this.nextNonAscii)
  }

  private findEscape(from: number): number {
    const found = this.text.indexOf('\\', from)
    return found === -1 ? nowhere : found
  }

  private findNonAscii(from: number): number {
    const { view, base } = this
    const end = base + this.text.length
    let at = base + from
    while (
      at + 16 <= end &&
      ((view.getInt32(at, true) |
        view.getInt32(at + 4, true) |
        view.getInt32(at + 8, true) |
        view.getInt32(at + 12, true)) &
        highBits) ===
        0
    ) {
      at += 16
    }
    while (at < end && view.getInt8(at) >= 0) at += 1
    return at < end ? at - base : nowhere
  }

  /** What is wrong at this position: the text, or the window. */
  protected unexpected(): Error {
    return this.at >= this.text.length ? beyondWindow : notCompact
  }

  /** Steps over a character inside a value. */
  protected expect(code: number): void {
    if (this.text.charCodeAt(this.at) !== code) throw this.unexpected()
    this.at += 1
  }

  /** Reads a string, with the position after its opening quote. */
  protected readText(): string {
    const start = this.at
    const end = this.text.indexOf('"', start)
    if (end >= this.nextCare || end === -1 || this.text.length > windowSize)
      return this.readTextWithCare(start, end)
    this.at = end + 1
    return this.text.slice(start, end)
  }

  private readTextWithCare(start: number, firstQuote: number): string {
    if (firstQuote === -1) throw beyondWindow
    if (this.nextEscape < start) this.nextEscape = this.findEscape(start)
    if (this.nextNonAscii < start) this.nextNonAscii = this.findNonAscii(start)
    this.nextCare = Math.min(this.nextEscape, this.nextNonAscii)
    let end = firstQuote
    while (this.isEscaped(start, end)) {
      end = this.text.indexOf('"', end + 1)
      if (end === -1) throw beyondWindow
    }
    this.at = end + 1
    const isAscii = this.nextNonAscii >= end
    if (this.nextEscape < end) {
      const literal = isAscii ? this.text.slice(start - 1, end + 1) : this.decode(start - 1, end + 1)
      return JSON.parse(literal) as string
    }
    if (!isAscii) return this.decode(start, end)
    if (this.text.length <= windowSize || end - start < shortestReference) return this.text.slice(start, end)
    // A string cut from a window that had to grow would keep all of it.
    return this.bytes.toString('latin1', this.base + start, this.base + end)
  }

  private decode(start: number, end: number): string {
    return this.bytes.toString('utf8', this.base + start, this.base + end)
  }

  /** Whether a quote has an odd number of backslashes before it. */
  private isEscaped(start: number, quoteAt: number): boolean {
    if (this.nextEscape >= quoteAt) return false
    let at = quoteAt
    while (at > start && this.text.charCodeAt(at - 1) === backslash) at -= 1
    return ((quoteAt - at) & 1) === 1
  }
}
