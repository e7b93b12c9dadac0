import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { BatchOptions, Partially } from '../execution/batch-options.ts'
import type { BatchProgress } from '../execution/batch-progress.ts'
import type { BatchWriteResult } from '../repository/batch-results.ts'
import { type ItemFormat, readLine } from './item-format.ts'
import { readLines, type TextSource } from './read-lines.ts'

/** Where items are imported: a repository, or a table. */
export interface ImportTarget<Item> {
  /** Stores many items. */
  putMany(items: AsyncIterable<Item>, options: Partially<BatchOptions>): Promise<BatchWriteResult<Item>>
}

/** Options of an import. */
export interface ImportOptions<Item> extends Omit<BatchOptions, 'partial'> {
  /** How the items are written. Default: `dynamodb`. */
  readonly format?: ItemFormat | undefined
  /** Items at the beginning of the source that are left out, because an earlier import has stored them. */
  readonly skip?: number | undefined
  /** Makes the item that is stored of the one that was read. Default: the item as it was read. */
  readonly map?: ((item: NativeItem) => Item | Promise<Item>) | undefined
  /**
   * Hears how many items at the beginning of the source are stored without a gap, skipped ones included: what to
   * pass as `skip` to go on after a crash.
   */
  readonly onCheckpoint?: ((position: number) => void) | undefined
}

/** What an import has done. */
export interface ImportResult {
  /** Items that were stored by this call. */
  readonly written: number
  /** Items of the source, skipped ones included. */
  readonly position: number
}

/**
 * Stores items that are written one per line, as they come: lines are read as requests have room for them.
 *
 * Puts have no conditions, so that items may be stored again: an import that is cut off goes on with `skip`.
 *
 * @param into - A table, or a repository for items of its entity.
 * @param source - Pieces of text or UTF-8: a file stream, the body of an answer, text.
 * @param options - Format, where to start, and all that `putMany` takes.
 * @returns How many were stored.
 * @throws ValidationError naming the line that is refused (`lines[0]` is the first), once those before it are
 *   on their way; BatchIncompleteError when some could not be stored.
 *
 * @example
 * ```ts
 * import { createAdapter, importItems } from 'dynakit'
 * import { createReadStream } from 'node:fs'
 *
 * const db = createAdapter({ region: 'eu-west-1' })
 * const { written } = await importItems(db.table('Products'), createReadStream('products.jsonl'), {
 *   maxUnitsPerSecond: 500,
 *   onProgress: ({ done, bytes }) => console.log(done, bytes),
 * })
 * console.log(written)
 * ```
 */
export async function importItems<Item = NativeItem>(
  into: ImportTarget<Item>,
  source: TextSource,
  options: ImportOptions<Item> = {},
): Promise<ImportResult> {
  const { format = 'dynamodb', skip = 0, map, onCheckpoint, ...batch } = options
  checkSkip(skip)
  let settled = 0
  const onProgress = (progress: BatchProgress): void => {
    if (progress.settled > settled) {
      settled = progress.settled
      onCheckpoint?.(skip + settled)
    }
    batch.onProgress?.(progress)
  }
  const items = readItems(source, format, skip, map)
  const result = await into.putMany(items, { ...batch, onProgress, partial: true })
  if (result.error) throw lineError(result.error.cause) ?? result.error
  return { written: result.processedCount, position: skip + result.processedCount }
}

async function* readItems<Item>(
  source: TextSource,
  format: ItemFormat,
  skip: number,
  map: ImportOptions<Item>['map'],
): AsyncGenerator<Item, void, undefined> {
  let at = 0
  for await (const line of readLines(source)) {
    if (at++ < skip) continue
    const item = atLine(at - 1, () => readLine(line, format))
    yield map ? await map(item) : (item as Item)
  }
}

function atLine<Made>(at: number, make: () => Made): Made {
  try {
    return make()
  } catch (error) {
    if (!ValidationError.is(error)) throw error
    const place = `lines[${String(at)}]`
    throw new ValidationError(`${place}: ${error.message}`, { rule: error.rule, field: place })
  }
}

/** A line that is refused is what the caller must hear of; what was not stored is in the source. */
function lineError(cause: unknown): ValidationError | undefined {
  return ValidationError.is(cause) ? cause : undefined
}

function checkSkip(skip: number): void {
  if (Number.isSafeInteger(skip) && skip >= 0) return
  throw new ValidationError('skip: give a number of items from 0.', { rule: 'option', field: 'skip' })
}
