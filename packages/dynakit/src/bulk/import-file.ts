import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { NativeItem } from '../codec/native-value.ts'
import { ConfigurationError } from '../errors/transport-errors.ts'
import { CheckpointFile } from './checkpoint-file.ts'
import { importItems, type ImportOptions, type ImportResult, type ImportTarget } from './import-items.ts'
import type { TextSource } from './read-lines.ts'

/** Options of an import from a file. */
export interface ImportFileOptions<Item> extends Omit<ImportOptions<Item>, 'skip'> {
  /** Where the state is kept until the import is done. Default: the file's path with `.checkpoint`. */
  readonly checkpoint?: string | undefined
}

interface ImportState {
  readonly position: number
  /** Bytes of the file: another file is not gone on with. */
  readonly size: number
}

/**
 * Stores the items of a file, one per line. When it is cut off, the same call in another process goes on where
 * all items before were stored: none is lost, and a few are stored again.
 *
 * @param into - A table, or a repository for items of its entity.
 * @param path - The file; unpacked on the way when its name ends in `.gz`, as DynamoDB's exports do.
 * @param options - Format, where the state is kept, and all that `putMany` takes.
 * @returns How many were stored.
 * @throws ConfigurationError when the checkpoint is of another file; what {@link importItems} throws.
 *
 * @example
 * ```ts
 * import { createAdapter, importFile } from 'dynakit'
 *
 * const db = createAdapter({ region: 'eu-west-1' })
 * const { written, position } = await importFile(db.table('Products'), 'products.jsonl', { concurrency: 16 })
 * console.log(written, position)
 * ```
 */
export async function importFile<Item = NativeItem>(
  into: ImportTarget<Item>,
  path: string,
  options: ImportFileOptions<Item> = {},
): Promise<ImportResult> {
  const { checkpoint = `${path}.checkpoint`, onCheckpoint, ...importing } = options
  const states = new CheckpointFile<ImportState>(checkpoint, 'import')
  const { size } = await stat(path)
  const before = await states.load()
  if (before && before.size !== size) {
    throw new ConfigurationError(
      `${checkpoint} is of another file: this one has ${String(size)} bytes, and had ${String(before.size)}. Delete it to start from the beginning.`,
    )
  }
  try {
    const result = await importItems(into, openText(path), {
      ...importing,
      skip: before?.position ?? 0,
      onCheckpoint: (position) => {
        states.save({ position, size })
        onCheckpoint?.(position)
      },
    })
    await states.remove()
    return result
  } finally {
    await states.flush()
  }
}

function openText(path: string): TextSource {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  if (!path.endsWith('.gz')) return file
  const text = createGunzip()
  file.on('error', (error) => text.destroy(error))
  text.on('close', () => file.destroy())
  return file.pipe(text)
}
