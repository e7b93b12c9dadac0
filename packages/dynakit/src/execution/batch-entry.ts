import type { NativeItem } from '../codec/native-value.ts'
import type { NumberMode } from '../codec/number.ts'
import type { KeyShape } from '../planner/key-shape.ts'
import { keyText } from '../planner/key-text.ts'

/** One read or write of a batch while it is carried out. */
export interface BatchEntry {
  /** Keys of its table. */
  readonly shape: KeyShape
  /** Equal for entries of the same item: only one of them is under way at a time. */
  readonly text: string
  /** What the caller gave for it. */
  readonly given: unknown
  /** Its place among what was given. */
  readonly at: number
  /** Bytes of the item that is written; 0 for a key. */
  readonly bytes: number
  /** Bytes it takes in a request: at most at first, exactly once it had to be known. */
  wireBytes: number
}

/**
 * Finds the entries of a request that an answer names as unprocessed.
 *
 * @param entries - The entries of the request.
 * @param unprocessed - Their tables and keys, or items with them, as they were read.
 * @param numbers - How they were read.
 * @returns Those entries; all of them should one not be found, because sending an entry again does no harm.
 * @internal
 */
export function entriesLeft<Entry extends BatchEntry>(
  entries: readonly Entry[],
  unprocessed: readonly { readonly tableName: string; readonly values: NativeItem }[],
  numbers: NumberMode,
): readonly Entry[] {
  if (unprocessed.length === 0) return []
  const byText = new Map(entries.map((entry) => [entry.text, entry]))
  const left: Entry[] = []
  for (const { tableName, values } of unprocessed) {
    const shape = shapeIn(entries, tableName)
    const entry = shape && byText.get(keyText(shape, values, numbers))
    if (!entry) return entries
    left.push(entry)
  }
  return left
}

/**
 * Finds out what the keys of a table are like of which a request has entries.
 *
 * @internal
 */
export function shapeIn(entries: readonly BatchEntry[], tableName: string): KeyShape | undefined {
  return entries.find(({ shape }) => shape.tableName === tableName)?.shape
}
