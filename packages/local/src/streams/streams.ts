import type { ItemChange } from '../engine/operation-context.ts'
import type { Database, Slot } from '../storage/database.ts'
import type { Owner } from '../storage/tree-node.ts'
import type { StreamView, TableDefinition } from '../tables/table-definition.ts'
import { retention } from './shard.ts'
import { newStream, Stream, type StreamState } from './stream.ts'

/** The streams of a database. Changed in place by their owner only. */
export class Streams {
  readonly #owner: Owner
  readonly #byArn: Map<string, Stream>

  /** Makes no streams, or a copy of others that shares their records. */
  constructor(owner: Owner, source?: Streams) {
    this.#owner = owner
    this.#byArn = new Map(
      source && [...source.#byArn].map(([arn, stream]) => [arn, new Stream(stream, owner)]),
    )
  }

  /** The streams for an owner: themselves if they are its own, or a copy. */
  withOwner(owner: Owner): Streams {
    return owner === this.#owner ? this : new Streams(owner, this)
  }

  /** Finds a stream. */
  get(arn: string): Stream | undefined {
    return this.#byArn.get(arn)
  }

  /** All streams, in the order of their ARNs. */
  get all(): readonly Stream[] {
    return [...this.#byArn.values()].sort((left, right) =>
      left.definition.arn < right.definition.arn ? -1 : 1,
    )
  }

  /**
   * Opens the streams that tables have switched on, closes those that no table has any more, and brings their
   * shards up to the time.
   *
   * @param tables - The tables as they are.
   * @param now - The time.
   * @param shardCount - Shards a stream begins with.
   */
  settle(tables: Database['tables'], now: number, shardCount: number): void {
    for (const { definition } of tables.values()) this.#openFor(definition, shardCount)
    for (const [arn, stream] of this.#byArn) {
      const current = tables.get(stream.tableName)?.definition
      const isOpen = current?.stream?.arn === arn && current.stream.isEnabled
      if (!isOpen && stream.closedAt === undefined) stream.close(now)
      if (stream.closedAt === undefined) stream.roll(now)
      stream.trim(now)
      if (stream.closedAt !== undefined && stream.closedAt <= now - retention) this.#byArn.delete(arn)
    }
  }

  /** Records a change of an item of a table whose stream is on. */
  append(change: ItemChange, now: number, shardCount: number): void {
    const { table, key, before, after, byTimeToLive = false } = change
    const stream = this.#openFor(table, shardCount)
    if (stream === undefined) return
    const { view } = stream.definition
    const kind = before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY'
    const { hash } = (after ?? before) as NonNullable<ItemChange['after']>
    stream.append(hash, {
      at: now,
      kind,
      key,
      before: shows(view, 'OLD_IMAGE') ? before?.item : undefined,
      after: shows(view, 'NEW_IMAGE') ? after?.item : undefined,
      byTimeToLive,
    })
  }

  /** Puts a stream in the place of the one with the same ARN, without its records. */
  put(state: StreamState): Stream {
    const stream = new Stream(state, this.#owner)
    this.#byArn.set(state.definition.arn, stream)
    return stream
  }

  #openFor(table: TableDefinition, shardCount: number): Stream | undefined {
    const definition = table.stream
    if (definition?.isEnabled !== true) return undefined
    let stream = this.#byArn.get(definition.arn)
    // Switched off and on again while the clock stood, it has the name it had.
    if (stream?.closedAt !== undefined) stream = undefined
    if (stream === undefined) {
      stream = this.put(newStream(table, definition))
      stream.open(shardCount, definition.enabledAt)
    }
    return stream
  }
}

function shows(view: StreamView, image: 'OLD_IMAGE' | 'NEW_IMAGE'): boolean {
  return view === image || view === 'NEW_AND_OLD_IMAGES'
}

/** Owned by no database. */
const noStreams = new Streams({})
const slot: Slot<Streams> = { name: 'streams', initial: () => noStreams }

/**
 * Gives the streams of a database, to change them.
 *
 * @internal
 */
export function streamsOf(database: Database): Streams {
  const streams = database.get(slot)
  const owned = streams.withOwner(database.owner)
  if (owned !== streams) database.set(slot, owned)
  return owned
}
