import { readSync } from 'node:fs'
import { crc32 } from '../protocol/crc32.ts'
import { headerLength, readHeader } from './frame.ts'

const windowLength = 4 * 1024 * 1024

/** How the reading of a log came to an end. */
export interface FramesEnd {
  /** Where the last whole frame ends. */
  readonly end: number
  /** Whether what follows was damaged, and not merely cut short. */
  readonly isDamaged: boolean
}

/**
 * Reads the frames of a log.
 *
 * @param descriptor - The file.
 * @param start - Where the first frame begins.
 * @param size - Where the file ends.
 * @param take - Is given the content of each frame.
 * @internal
 */
export function readFrames(
  descriptor: number,
  start: number,
  size: number,
  take: (content: Buffer) => void,
): FramesEnd {
  const window = new FileWindow(descriptor, size)
  let at = start
  while (size - at >= headerLength) {
    const header = readHeader(window.read(at, headerLength))
    // File systems fill up with zeros what was not written before the machine stopped.
    if (header === undefined) return { end: at, isDamaged: !window.isEmptyFrom(at) }
    const next = at + headerLength + header.length
    if (next > size) break
    const content = window.read(at + headerLength, header.length)
    if (crc32(content) !== header.checksum) return { end: at, isDamaged: next < size }
    take(content)
    at = next
  }
  return { end: at, isDamaged: false }
}

/** Reads a file from front to back with few calls. */
class FileWindow {
  readonly #descriptor: number
  readonly #size: number
  #bytes: Buffer = Buffer.alloc(0)
  #start = 0

  constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor
    this.#size = size
  }

  /** The bytes of a part of the file; valid until the next call. */
  read(at: number, length: number): Buffer {
    const isInside = at >= this.#start && at + length <= this.#start + this.#bytes.length
    if (!isInside) this.#load(at, Math.max(length, Math.min(windowLength, this.#size - at)))
    return this.#bytes.subarray(at - this.#start, at - this.#start + length)
  }

  isEmptyFrom(at: number): boolean {
    for (let from = at; from < this.#size; from += windowLength) {
      const part = this.read(from, Math.min(windowLength, this.#size - from))
      if (part.some((byte) => byte !== 0)) return false
    }
    return true
  }

  #load(at: number, length: number): void {
    this.#bytes = Buffer.allocUnsafe(length)
    this.#start = at
    let filled = 0
    while (filled < length) {
      const read = readSync(this.#descriptor, this.#bytes, filled, length - filled, at + filled)
      if (read === 0) throw new Error('The file became shorter while it was read.')
      filled += read
    }
  }
}
