import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { lockFile } from './file-lock.ts'
import { writeFrame } from './frame.ts'
import { readFrames } from './read-frames.ts'

/** Stands at the beginning of every log. */
const signature = Buffer.from('dynakit-local log 1\n')

/** How a log is kept. */
export interface LogFileOptions {
  /** Waits for the disk after each write, so that nothing is lost when the machine stops. */
  readonly sync: boolean
}

/**
 * A file to which frames are appended. What was appended survives the end of the process, however that ends; a
 * frame that was cut short is dropped when the file is opened again.
 */
export class LogFile {
  readonly #file: string
  readonly #sync: boolean
  readonly #unlock: () => void
  #descriptor: number
  #length: number

  /**
   * @param file - Where the log is, or is to be.
   * @param options - How it is kept.
   * @param replay - Is given every frame that is there.
   * @throws Error when the file is no log, is damaged, or is in use by another process.
   */
  constructor(file: string, options: LogFileOptions, replay: (content: Buffer) => void) {
    this.#file = path.resolve(file)
    this.#sync = options.sync
    this.#unlock = lockFile(this.#file)
    let descriptor: number | undefined
    try {
      rmSync(this.#newFile, { force: true })
      descriptor = openSync(this.#file, 'a+')
      this.#descriptor = descriptor
      this.#length = this.#replay(descriptor, replay)
    } catch (error) {
      if (descriptor !== undefined) closeSync(descriptor)
      this.#unlock()
      throw error
    }
  }

  /** Bytes of the log. */
  get length(): number {
    return this.#length
  }

  /**
   * Appends a frame. When this returns, the frame is safe.
   *
   * @throws Error of Node when it cannot be written; then the log is as it was.
   */
  append(content: Buffer): void {
    const frame = writeFrame(content)
    try {
      writeAll(this.#descriptor, frame)
      if (this.#sync) fdatasyncSync(this.#descriptor)
    } catch (error) {
      this.#cutOff()
      throw error
    }
    this.#length += frame.length
  }

  /**
   * Puts other frames in the place of all those there are, at once: after a failure the log has either.
   *
   * @param contents - The frames.
   */
  replace(contents: Iterable<Buffer>): void {
    const descriptor = openSync(this.#newFile, 'a+')
    try {
      const length = writeLog(descriptor, contents)
      fsyncSync(descriptor)
      renameSync(this.#newFile, this.#file)
      syncFolder(path.dirname(this.#file))
      closeSync(this.#descriptor)
      this.#descriptor = descriptor
      this.#length = length
    } catch (error) {
      if (this.#descriptor !== descriptor) closeSync(descriptor)
      throw error
    }
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#descriptor)
    this.#unlock()
  }

  /** Takes away what was written of a frame. What stays is dropped when the log is opened again. */
  #cutOff(): void {
    try {
      ftruncateSync(this.#descriptor, this.#length)
    } catch {
      // Why it could not be written is what counts.
    }
  }

  get #newFile(): string {
    return `${this.#file}.new`
  }

  #replay(descriptor: number, replay: (content: Buffer) => void): number {
    const { size } = fstatSync(descriptor)
    const beginning = Buffer.alloc(Math.min(size, signature.length))
    readSync(descriptor, beginning, 0, beginning.length, 0)
    if (!signature.subarray(0, beginning.length).equals(beginning)) {
      throw new Error(`The file ${this.#file} is no log of dynakit-local. Take another file.`)
    }
    if (size < signature.length) {
      ftruncateSync(descriptor, 0)
      return writeLog(descriptor, [])
    }
    const { end, isDamaged } = readFrames(descriptor, signature.length, size, replay)
    if (isDamaged) {
      throw new Error(
        `The file ${this.#file} is damaged at byte ${String(end)}. Restore it from a copy, ` +
          'or cut it off there and lose what was written after that.',
      )
    }
    // What follows was cut short, and answered to nobody.
    if (end < size) ftruncateSync(descriptor, end)
    return end
  }
}

function writeLog(descriptor: number, contents: Iterable<Buffer>): number {
  writeAll(descriptor, signature)
  let length = signature.length
  for (const content of contents) {
    const frame = writeFrame(content)
    writeAll(descriptor, frame)
    length += frame.length
  }
  return length
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(descriptor, bytes, written, bytes.length - written)
  }
}

/** Makes a new name in a folder safe; not every file system lets folders be opened. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r')
    fsyncSync(descriptor)
    closeSync(descriptor)
  } catch {
    // Then the system sees to it.
  }
}
