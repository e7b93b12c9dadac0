import type { KeyRange } from '../expressions/match-key-conditions.ts'
import { validationError } from '../protocol/service-error.ts'
import type { Cursor } from '../storage/cursor.ts'
import { compareIndexPositions, comparePositions } from '../storage/index-store.ts'
import { partitionHash, sortTexts } from '../storage/sort-text.ts'
import type { ReadEntry } from './read-page.ts'
import type { ReadEntries } from './read-source.ts'
import { sortRange } from './sort-range.ts'
import type { ReadPosition } from './start-key.ts'

/** A part of a table or index, to be read from one end. */
export interface EntryRange {
  /** Opens a cursor where reading starts. */
  readonly open: (entries: ReadEntries) => Cursor<ReadEntry>
  /** Whether an entry lies beyond the end at which reading stops. */
  readonly isPast: (entry: ReadEntry) => boolean
}

/**
 * Finds the part of a table or index that a query reads.
 *
 * @param range - What the key conditions mean.
 * @param sortAttributes - How many attributes the sort key has.
 * @param isForward - `ScanIndexForward`
 * @param startKey - Where the page starts after; undefined for the first page.
 * @throws ServiceError when the page is to start outside of the range.
 * @internal
 */
export function partitionRange(
  range: KeyRange,
  sortAttributes: number,
  isForward: boolean,
  startKey: ReadPosition | undefined,
): EntryRange & { readonly hash: number } {
  const partition = sortTexts(range.partition)
  // A local index has its entries where the table has the items, a global one by its own partition key.
  const hash = partitionHash(partition)
  const sort = sortRange(range.sort, sortAttributes)
  const isBefore = (entry: ReadEntry): boolean =>
    isInPartition(entry) ? sort.isBefore(entry.sort) : comparePartitions(entry) < 0
  const isAfter = (entry: ReadEntry): boolean =>
    isInPartition(entry) ? sort.isAfter(entry.sort) : comparePartitions(entry) > 0
  function isInPartition(entry: ReadPosition): boolean {
    return entry.hash === hash && entry.partition === partition
  }
  function comparePartitions(entry: ReadPosition): number {
    return comparePositions(entry, { hash, partition, sort: entry.sort })
  }
  if (startKey !== undefined && !isInPartition(startKey)) {
    throw validationError(
      'The provided starting key is outside query boundaries based on provided conditions',
    )
  }
  if (startKey !== undefined && (sort.isBefore(startKey.sort) || sort.isAfter(startKey.sort))) {
    throw validationError('The provided starting key does not match the range key predicate')
  }
  return {
    hash,
    open: (entries) =>
      entries.seek(startingPoint(startKey, isForward) ?? (isForward ? isBefore : isNotAfter)),
    isPast: isForward ? isAfter : isBefore,
  }
  function isNotAfter(entry: ReadEntry): boolean {
    return !isAfter(entry)
  }
}

/**
 * Gives what is before the place a page starts at, for a cursor to seek.
 *
 * @param startKey - Where the page starts after; undefined for the first page.
 * @param isForward - Whether it is read upwards.
 * @internal
 */
export function startingPoint(
  startKey: ReadPosition | undefined,
  isForward: boolean,
): ((entry: ReadEntry) => boolean) | undefined {
  if (startKey === undefined) return undefined
  return isForward
    ? (entry) => compareEntry(entry, startKey) <= 0
    : (entry) => compareEntry(entry, startKey) < 0
}

function compareEntry(entry: ReadEntry, { base, ...position }: ReadPosition): number {
  return 'base' in entry && base !== undefined
    ? compareIndexPositions(entry, { ...position, base })
    : comparePositions(entry, position)
}
