import { LogFile } from './log-file.ts'
import { type LogFrame, readLogFrame, writeLogFrame } from './log-entry.ts'

/** A file that keeps what an engine holds. */
export interface JournalOptions {
  readonly file: string
  /** Waits for the disk after each write, so that nothing is lost when the machine stops. */
  readonly sync: boolean
}

const shortest = 16 * 1024 * 1024
/** A log is written anew when it has become this many times as long as the state it stands for. */
const growth = 3

/** The log of an engine: everything that happened, or the state it came to and what happened since. */
export class Journal {
  readonly #log: LogFile
  /** Length of the log when it was opened or written anew. */
  #compact = 0

  /**
   * @param options - Where it is, and how it is kept.
   * @param replay - Is given everything that is in it.
   * @throws Error when the file is no log, is damaged, or is in use by another process.
   */
  constructor({ file, sync }: JournalOptions, replay: (frame: LogFrame) => void) {
    this.#log = new LogFile(file, { sync }, (content) => {
      replay(readLogFrame(content))
    })
    this.#compact = this.#log.length
  }

  /** Writes what happened. When this returns, it is safe. */
  write(frame: LogFrame): void {
    this.#log.append(writeLogFrame(frame))
  }

  /**
   * Tells whether it should be written anew.
   *
   * @param stateBytes - Bytes of the state, if that is known. Default: what the log was when it was last looked at.
   */
  isLong(stateBytes: number = this.#compact): boolean {
    return this.#log.length > Math.max(shortest, stateBytes * growth)
  }

  /**
   * Writes it anew.
   *
   * @param frames - The state.
   */
  rewrite(frames: Iterable<LogFrame>): void {
    this.#log.replace(map(frames, writeLogFrame))
    this.#compact = this.#log.length
  }

  /** Closes the file. */
  close(): void {
    this.#log.close()
  }
}

function* map<Value, Result>(
  values: Iterable<Value>,
  change: (value: Value) => Result,
): Generator<Result, void, undefined> {
  for (const value of values) yield change(value)
}
