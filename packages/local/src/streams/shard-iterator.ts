import { ServiceError, validationError } from '../protocol/service-error.ts'

/** A place in a shard, as clients hold it. */
export interface ShardIterator {
  readonly streamArn: string
  readonly shardId: string
  /** The sequence number from which on records are read. */
  readonly from: number
  /** When it was made. */
  readonly at: number
}

const life = 15 * 60_000
const pattern = /^(.+)\|1\|([A-Za-z0-9_-]+)$/

/**
 * Writes an iterator as text.
 *
 * @internal
 */
export function writeShardIterator({ streamArn, shardId, from, at }: ShardIterator): string {
  const place = Buffer.from(JSON.stringify([shardId, from, at])).toString('base64url')
  return `${streamArn}|1|${place}`
}

/**
 * Reads an iterator.
 *
 * @param text - The iterator as a request gives it.
 * @param now - The time.
 * @throws ServiceError when it is none, or has expired.
 * @internal
 */
export function readShardIterator(text: string, now: number): ShardIterator {
  const [, streamArn, place] = pattern.exec(text) ?? []
  const [shardId, from, at] = (place === undefined ? undefined : parsePlace(place)) ?? []
  if (
    streamArn === undefined ||
    typeof shardId !== 'string' ||
    typeof from !== 'number' ||
    typeof at !== 'number'
  ) {
    throw validationError('Invalid ShardIterator')
  }
  if (now - at > life) {
    throw new ServiceError(
      'ExpiredIteratorException',
      'The shard iterator has expired and can no longer be used to retrieve stream records.',
    )
  }
  return { streamArn, shardId, from, at }
}

function parsePlace(text: string): readonly unknown[] | undefined {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    return Array.isArray(place) ? (place as readonly unknown[]) : undefined
  } catch {
    return undefined
  }
}
