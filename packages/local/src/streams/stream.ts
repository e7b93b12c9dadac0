import { OrderedMap } from '../storage/ordered-map.ts'
import type { Owner } from '../storage/tree-node.ts'
import type { KeySchema, StreamDefinition, TableDefinition } from '../tables/table-definition.ts'
import type { Item } from '../values/attribute-value.ts'
import { hashLimit, retention, type Shard, shardId, shardLife } from './shard.ts'

/** Finds a record: its shard's ordinal and its sequence number. */
interface RecordPosition {
  readonly shard: number
  readonly sequence: number
}

/** A change of an item, with the images the stream's view shows. */
export interface StreamRecord extends RecordPosition {
  readonly at: number
  readonly kind: 'INSERT' | 'MODIFY' | 'REMOVE'
  readonly key: Item
  readonly before: Item | undefined
  readonly after: Item | undefined
  readonly byTimeToLive: boolean
}

/** What a stream is besides its records. */
export interface StreamState {
  readonly definition: StreamDefinition
  readonly tableName: string
  readonly key: KeySchema
  /** The shards that are not gone, in the order they were opened. */
  readonly shards: readonly Shard[]
  /** How many shards were opened so far. */
  readonly opened: number
  /** The last sequence number that was given away. */
  readonly sequence: number
  /** When it was switched off; undefined while it takes records. */
  readonly closedAt: number | undefined
}

/**
 * Describes the stream of a table before its first shards are opened.
 *
 * @internal
 */
export function newStream({ name, key }: TableDefinition, definition: StreamDefinition): StreamState {
  return { definition, tableName: name, key, shards: [], opened: 0, sequence: 0, closedAt: undefined }
}

const compare = (left: RecordPosition, right: RecordPosition): number =>
  left.shard - right.shard || left.sequence - right.sequence

/** Trimming looks at every shard; while records are written, this often is enough. */
const trimInterval = 60_000

/**
 * The stream of a table: its shards and records. Changed in place by its owner only.
 *
 * Shards roll when it is next looked at. Which sequence numbers they get depends on time alone, not on when that
 * is.
 */
export class Stream {
  readonly #records: OrderedMap<RecordPosition, StreamRecord>
  #state: StreamState
  #trimmedAt = 0

  /** Makes a stream without records, or a copy of another one. */
  constructor(source: Stream | StreamState, owner: Owner) {
    if (source instanceof Stream) {
      this.#records = source.#records.withOwner(owner)
      this.#state = source.#state
      this.#trimmedAt = source.#trimmedAt
    } else {
      this.#records = new OrderedMap(compare, owner)
      this.#state = source
    }
  }

  get state(): StreamState {
    return this.#state
  }

  get definition(): StreamDefinition {
    return this.#state.definition
  }

  get tableName(): string {
    return this.#state.tableName
  }

  get shards(): readonly Shard[] {
    return this.#state.shards
  }

  get closedAt(): number | undefined {
    return this.#state.closedAt
  }

  /** The sequence number that the next record gets, or an earlier one than that. */
  get upcoming(): number {
    return this.#state.sequence + 1
  }

  /** Opens the first shards, each for an equal part of the hashes. */
  open(count: number, now: number): void {
    const parts = Array.from({ length: count + 1 }, (_, part) => Math.floor((hashLimit / count) * part))
    this.#change((shards) => {
      for (let part = 0; part < count; part += 1) {
        const [from, end] = parts.slice(part) as [number, number]
        shards.push(this.#make({ parent: undefined, from, to: end - 1 }, now))
      }
    })
  }

  /** Writes a record to the shard of its hash. */
  append(hash: number, record: Omit<StreamRecord, keyof RecordPosition>): void {
    this.roll(record.at)
    if (record.at - this.#trimmedAt >= trimInterval) this.trim(record.at)
    const shard = this.shards.find(
      ({ closedAt, from, to }) => closedAt === undefined && from <= hash && hash <= to,
    )
    // A stream that was switched off takes nothing any more.
    if (shard !== undefined) this.add({ ...record, shard: shard.ordinal, sequence: this.#next() })
  }

  /** Adds a record that has its place already. */
  add(record: StreamRecord): void {
    this.#records.set(record)
  }

  /** Closes the shards whose time has come, and opens one in the place of each. */
  roll(now: number): void {
    const isDue = ({ closedAt, openedAt }: Shard): boolean =>
      closedAt === undefined && openedAt + shardLife <= now
    if (!this.shards.some(isDue)) return
    this.#change((shards) => {
      // In the order of their ends. Those opened here end last, and may have ended too.
      const open = [...shards.keys()]
        .filter((at) => shards[at]?.closedAt === undefined)
        .sort((left, right) => (shards[left] as Shard).openedAt - (shards[right] as Shard).openedAt)
      for (const at of open) {
        const shard = shards[at] as Shard
        if (!isDue(shard)) break
        const end = shard.openedAt + shardLife
        shards[at] = { ...shard, closedAt: end, end: this.#next() }
        open.push(shards.length)
        shards.push(this.#make({ parent: shard.id, from: shard.from, to: shard.to }, end))
      }
    })
  }

  /** Closes every shard, and opens two in the place of each, for half of its hashes. */
  split(now: number): void {
    this.roll(now)
    this.#change((shards) => {
      for (const [at, shard] of [...shards.entries()]) {
        if (shard.closedAt !== undefined || shard.from === shard.to) continue
        const middle = shard.from + Math.floor((shard.to - shard.from) / 2)
        shards[at] = { ...shard, closedAt: now, end: this.#next() }
        shards.push(this.#make({ parent: shard.id, from: shard.from, to: middle }, now))
        shards.push(this.#make({ parent: shard.id, from: middle + 1, to: shard.to }, now))
      }
    })
  }

  /** Closes the stream: its records can be read until they are trimmed. */
  close(now: number): void {
    this.roll(now)
    this.#change((shards) => {
      for (const [at, shard] of [...shards.entries()]) {
        if (shard.closedAt === undefined) shards[at] = { ...shard, closedAt: now, end: this.#next() }
      }
    })
    this.#state = { ...this.#state, closedAt: now }
  }

  /** Drops records that are too old, and closed shards that are. */
  trim(now: number): void {
    this.#trimmedAt = now
    const oldest = now - retention
    this.#change((shards) => {
      const kept = shards
        .map((shard) => ({ ...shard, trimmed: this.#trimRecords(shard, oldest) }))
        .filter(({ closedAt }) => closedAt === undefined || closedAt > oldest)
      shards.splice(0, shards.length, ...kept)
    })
  }

  /** The records of a shard from a sequence number on, in order. */
  *records(shard: Shard, from: number): Generator<StreamRecord, void, undefined> {
    const place = { shard: shard.ordinal, sequence: from }
    const cursor = this.#records.seek((record) => compare(record, place) < 0)
    while (cursor.entry?.shard === shard.ordinal) {
      yield cursor.entry
      cursor.next()
    }
  }

  #trimRecords(shard: Shard, oldest: number): number {
    const old: StreamRecord[] = []
    for (const record of this.records(shard, 0)) {
      if (record.at > oldest) break
      old.push(record)
    }
    for (const record of old) this.#records.delete(record)
    return old.at(-1)?.sequence ?? shard.trimmed
  }

  #change(change: (shards: Shard[]) => void): void {
    const shards = [...this.shards]
    change(shards)
    this.#state = { ...this.#state, shards }
  }

  #make(place: Pick<Shard, 'parent' | 'from' | 'to'>, openedAt: number): Shard {
    const ordinal = this.#state.opened
    this.#state = { ...this.#state, opened: ordinal + 1 }
    const id = shardId(ordinal, openedAt)
    const start = this.#next()
    return { ...place, id, ordinal, openedAt, start, closedAt: undefined, end: undefined, trimmed: 0 }
  }

  #next(): number {
    const sequence = this.#state.sequence + 1
    this.#state = { ...this.#state, sequence }
    return sequence
  }
}
