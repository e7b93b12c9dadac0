import { validationError } from '../protocol/service-error.ts'
import { startingPoint, type EntryRange } from './partition-range.ts'
import type { ReadPosition } from './start-key.ts'

const hashes = 2 ** 31

/**
 * Finds the part of a table or index that a segment of a scan reads: partitions by the hash of their key.
 *
 * @param segment - Which of how many.
 * @param startKey - Where the page starts after; undefined for the first page.
 * @throws ServiceError when the page is to start in another segment.
 * @internal
 */
export function segmentRange(
  { segment, total }: { readonly segment: number; readonly total: number },
  startKey: ReadPosition | undefined,
): EntryRange & { readonly firstHash: number } {
  const first = Math.ceil((segment * hashes) / total)
  const end = Math.ceil(((segment + 1) * hashes) / total)
  if (startKey !== undefined && (startKey.hash < first || startKey.hash >= end)) {
    throw validationError(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with ' +
        `correct Segment. TotalSegments: ${String(total)} Segment: ${String(segment)}`,
    )
  }
  return {
    firstHash: first,
    open: (entries) => entries.seek(startingPoint(startKey, true) ?? (({ hash }) => hash < first)),
    isPast: ({ hash }) => hash >= end,
  }
}
