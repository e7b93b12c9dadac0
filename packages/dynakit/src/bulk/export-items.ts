import type { Cursor } from '../execution/cursor.ts'
import type { ConsumedCapacity } from '../operations/capacity.ts'
import type { Page } from '../query-builder/page.ts'
import type { PagesOptions, StoredPages } from '../query-builder/query-builder.ts'
import { type ItemFormat, writeLine } from './item-format.ts'

/** A query whose items are exported: `db.query()`, `db.table(name).query()`, `repository.query()`. */
export interface ExportQuery {
  /** The query again, going on after a cursor. */
  after(cursor: Cursor | undefined): ExportQuery
  /** Its items, page by page. */
  pages(options?: PagesOptions): AsyncIterable<Page<unknown>>
}

/** Options of an export. */
export interface ExportOptions extends PagesOptions {
  /** How the items are written. Default: `dynamodb`. */
  readonly format?: ItemFormat | undefined
}

/** The items of one page, written as lines. */
export interface ExportChunk {
  /** The lines, each with its end; empty for a page without items. */
  readonly text: string
  /** How many they are. */
  readonly items: number
  /**
   * Pass to `query.after()` to go on behind this chunk, in another process too; `undefined` after the last. Of a
   * scan in segments it has the place of each.
   */
  readonly cursor: Cursor | undefined
  /** Capacity consumed so far. */
  readonly capacity: ConsumedCapacity
}

/**
 * Writes the items of a query as text, a page at a time. Reads on only as the chunks are taken.
 *
 * For a whole table use a query that may scan, in segments: `db.table('T').query().allowScan({ segments: 8 })`.
 *
 * @param query - What is exported. With format `dynamodb`, its items as they are stored.
 * @param options - Format, capacity units per second, signal, timeout and capacity meter.
 * @returns The chunks.
 * @throws ValidationError when format `json` cannot hold a value; what a query throws.
 *
 * @example
 * ```ts
 * import { createAdapter, exportItems } from 'dynakit'
 * import { createWriteStream } from 'node:fs'
 * import { Readable } from 'node:stream'
 * import { pipeline } from 'node:stream/promises'
 *
 * const db = createAdapter({ region: 'eu-west-1' })
 * async function* lines(): AsyncGenerator<string> {
 *   const products = db.table('Products').query().allowScan({ segments: 4 })
 *   for await (const { text } of exportItems(products)) yield text
 * }
 * await pipeline(Readable.from(lines()), createWriteStream('products.jsonl'))
 * ```
 */
export async function* exportItems(
  query: ExportQuery,
  options: ExportOptions = {},
): AsyncGenerator<ExportChunk, void, undefined> {
  const { format = 'dynamodb', ...call } = options
  const pages =
    format === 'dynamodb' ? (query as unknown as StoredPages)['~storedPages'](call) : query.pages(call)
  for await (const { items, cursor, capacity } of pages) {
    let text = ''
    for (const item of items) text += writeLine(item as object, format)
    yield { text, items: items.length, cursor, capacity }
  }
}
