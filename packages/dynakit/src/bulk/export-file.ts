import { type FileHandle, open } from 'node:fs/promises'
import { ConfigurationError } from '../errors/transport-errors.ts'
import type { Cursor } from '../execution/cursor.ts'
import type { ConsumedCapacity } from '../operations/capacity.ts'
import { CheckpointFile } from './checkpoint-file.ts'
import { type ExportChunk, exportItems, type ExportOptions, type ExportQuery } from './export-items.ts'

/** Options of an export to a file. */
export interface ExportFileOptions extends ExportOptions {
  /** Where the state is kept until the export is done. Default: the file's path with `.checkpoint`. */
  readonly checkpoint?: string | undefined
  /** Hears how far the export is, after each page. */
  readonly onProgress?: ((progress: ExportResult) => void) | undefined
}

/** What an export has done. */
export interface ExportResult {
  /** Items in the file. */
  readonly items: number
  /** Bytes of the file. */
  readonly bytes: number
  /** Capacity consumed by this call. */
  readonly capacity: ConsumedCapacity
}

interface ExportState {
  readonly cursor: Cursor | null
  readonly items: number
  readonly bytes: number
  readonly isDone: boolean
}

/** Pages between two states are read again after a crash; states are not free either. */
const stateEveryBytes = 1024 * 1024

/**
 * Writes the items of a query to a file, one per line. When it is cut off, the same call in another process goes
 * on where the file was complete: no item is lost, and none is written twice.
 *
 * A file that is there without a checkpoint is replaced.
 *
 * @param query - What is exported; the same one to go on.
 * @param path - The file.
 * @param options - Format, where the state is kept, capacity units per second, progress, signal, timeout and capacity meter.
 * @returns How many items and bytes the file has.
 * @throws InvalidCursorError when the checkpoint is of another query, ConfigurationError when it is of another
 *   file; what a query throws.
 *
 * @example
 * ```ts
 * import { createAdapter, exportFile } from 'dynakit'
 *
 * const db = createAdapter({ region: 'eu-west-1' })
 * const query = db.table('Products').query().allowScan({ segments: 8 })
 * const { items, bytes } = await exportFile(query, 'products.jsonl')
 * console.log(items, bytes)
 * ```
 */
export async function exportFile(
  query: ExportQuery,
  path: string,
  options: ExportFileOptions = {},
): Promise<ExportResult> {
  const { checkpoint = `${path}.checkpoint`, onProgress, ...exporting } = options
  const states = new CheckpointFile<ExportState>(checkpoint, 'export')
  const before = await states.load()
  const file = await open(path, before ? 'r+' : 'w')
  try {
    const writer = new FileWriter(file, states, before)
    const { size } = await file.stat()
    if (size < writer.bytes) throw otherFile(path, checkpoint, size, writer.bytes)
    // What was written after the last state comes again.
    await file.truncate(writer.bytes)
    if (before?.isDone !== true) {
      for await (const chunk of exportItems(query.after(before?.cursor ?? undefined), exporting)) {
        await writer.write(chunk)
        onProgress?.(writer.result)
      }
    }
    await file.datasync()
    await states.remove()
    return writer.result
  } finally {
    await file.close()
  }
}

function otherFile(path: string, checkpoint: string, size: number, bytes: number): ConfigurationError {
  return new ConfigurationError(
    `${path} has ${String(size)} bytes, and had ${String(bytes)} when ${checkpoint} was written. Delete the checkpoint to start from the beginning.`,
  )
}

class FileWriter {
  readonly #file: FileHandle
  readonly #states: CheckpointFile<ExportState>
  #items: number
  #capacity: ConsumedCapacity = { readUnits: 0, writeUnits: 0, requests: 0 }
  #bytesOfState: number
  bytes: number

  constructor(file: FileHandle, states: CheckpointFile<ExportState>, before: ExportState | undefined) {
    this.#file = file
    this.#states = states
    this.#items = before?.items ?? 0
    this.bytes = before?.bytes ?? 0
    this.#bytesOfState = this.bytes
  }

  get result(): ExportResult {
    return { items: this.#items, bytes: this.bytes, capacity: this.#capacity }
  }

  async write({ text, items, cursor, capacity }: ExportChunk): Promise<void> {
    const bytes = Buffer.from(text)
    for (let from = 0; from < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, from, bytes.length - from, this.bytes + from)
      from += bytesWritten
    }
    this.bytes += bytes.length
    this.#items += items
    this.#capacity = capacity
    const isDone = cursor === undefined
    if (!isDone && this.bytes - this.#bytesOfState < stateEveryBytes) return
    await this.#file.datasync()
    this.#states.save({ cursor: cursor ?? null, items: this.#items, bytes: this.bytes, isDone })
    await this.#states.flush()
    this.#bytesOfState = this.bytes
  }
}
