import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { ConfigurationError } from '../errors/transport-errors.ts'

const hasNoFile = 'ENOENT'

/** Keeps the state of a long job in a file, which always holds a whole state. */
export class CheckpointFile<State> {
  readonly #path: string
  readonly #kind: string
  #next: State | undefined
  #writing: Promise<void> | undefined
  #failure: Error | undefined

  /**
   * @param path - Where the file is.
   * @param kind - What job the state is of.
   */
  constructor(path: string, kind: string) {
    this.#path = path
    this.#kind = kind
  }

  /**
   * Reads the state of a job that was cut off.
   *
   * @returns The state, or `undefined` when there is none.
   * @throws ConfigurationError when the file is of another job.
   */
  async load(): Promise<State | undefined> {
    let text: string
    try {
      text = await readFile(this.#path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === hasNoFile) return undefined
      throw error
    }
    const { kind, state } = parse(text)
    if (kind === this.#kind) return state as State
    throw new ConfigurationError(
      `${this.#path} is no checkpoint of this ${this.#kind}. Delete it to start from the beginning.`,
    )
  }

  /** Has a state written soon; one that is replaced before its turn is never written. */
  save(state: State): void {
    this.#next = state
    this.#writing ??= this.#writeAll()
  }

  /** Waits until the last state is written. */
  async flush(): Promise<void> {
    await this.#writing
    if (this.#failure) throw this.#failure
  }

  /** Deletes the file: the job is done. */
  async remove(): Promise<void> {
    await this.flush()
    await rm(this.#path, { force: true })
    await rm(`${this.#path}.new`, { force: true })
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#next !== undefined) {
        const state = this.#next
        this.#next = undefined
        // A file that is renamed into place is there as a whole or not at all.
        await writeFile(`${this.#path}.new`, JSON.stringify({ kind: this.#kind, state }))
        await rename(`${this.#path}.new`, this.#path)
      }
    } catch (error) {
      this.#failure = error as Error
    }
    this.#writing = undefined
  }
}

function parse(text: string): { readonly kind?: unknown; readonly state?: unknown } {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
