/** A part of a stream: the changes of the items whose partition key's hash lies in a range, for about four hours. */
export interface Shard {
  readonly id: string
  /** The shard whose range this one took over. It may be gone already. */
  readonly parent: string | undefined
  /** Place among all shards of the stream, in the order they were opened. */
  readonly ordinal: number
  /** First and last hash. */
  readonly from: number
  readonly to: number
  readonly openedAt: number
  /** The first sequence number. */
  readonly start: number
  /** When it was closed; undefined while it takes records. */
  readonly closedAt: number | undefined
  /** The last sequence number, once it is closed. */
  readonly end: number | undefined
  /** The last sequence number that was trimmed, 0 for none. */
  readonly trimmed: number
}

/** After this time a shard is closed and another one takes its place. */
export const shardLife: number = 4 * 3_600_000
/** Records are kept this long. */
export const retention: number = 24 * 3_600_000
/** Hashes of partition keys are below this. */
export const hashLimit: number = 2 ** 31

/**
 * Makes the name of a shard. Names sort in the order the shards were opened, by which they are listed.
 *
 * @internal
 */
export function shardId(ordinal: number, openedAt: number): string {
  const suffix = ordinal.toString(16).padStart(8, '0')
  return `shardId-${String(Math.floor(openedAt)).padStart(20, '0')}-${suffix}`
}
