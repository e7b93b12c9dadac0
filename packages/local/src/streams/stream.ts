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

const compare = (left: RecordPosition, right: RecordPosition): number =>
  left.shard - right.shard || left.sequence - right.sequence

/** Gives the sequence numbers of a database, which rise over all its streams. */
export type NextSequence = () => number

/** Trimming looks at every shard; while records are written, this often is enough. */
const trimInterval = 60_000

/** The stream of a table: its shards and records. Changed in place by its owner only. */
export class Stream {
  readonly definition: StreamDefinition
  readonly tableName: string
  readonly key: KeySchema
  readonly #records: OrderedMap<RecordPosition, StreamRecord>
  #shards: readonly Shard[] = []
  #opened = 0
  #closedAt: number | undefined
  #trimmedAt: number

  /** Makes the stream of a table without shards, or a copy of another stream. */
  constructor(
    source: Stream | { readonly table: TableDefinition; readonly definition: StreamDefinition },
    owner: Owner,
  ) {
    this.definition = source.definition
    if (source instanceof Stream) {
      this.tableName = source.tableName
      this.key = source.key
      this.#records = source.#records.withOwner(owner)
      this.#shards = source.#shards
      this.#opened = source.#opened
      this.#closedAt = source.#closedAt
      this.#trimmedAt = source.#trimmedAt
    } else {
      this.tableName = source.table.name
      this.key = source.table.key
      this.#records = new OrderedMap(compare, owner)
      this.#trimmedAt = source.definition.enabledAt
    }
  }

  /** The shards that are not gone, in the order they were opened. */
  get shards(): readonly Shard[] {
    return this.#shards
  }

  /** When it was switched off; undefined while it takes records. */
  get closedAt(): number | undefined {
    return this.#closedAt
  }

  /** Opens the first shards, each for an equal part of the hashes. */
  open(count: number, now: number, next: NextSequence): void {
    for (let part = 0; part < count; part += 1) {
      const from = Math.floor((hashLimit / count) * part)
      const to = Math.floor((hashLimit / count) * (part + 1)) - 1
      this.#add({ parent: undefined, from, to }, now, next())
    }
  }

  /** Writes a record to the shard of its hash. */
  append(hash: number, record: Omit<StreamRecord, keyof RecordPosition>, next: NextSequence): void {
    this.roll(record.at, next)
    if (record.at - this.#trimmedAt >= trimInterval) this.trim(record.at)
    const shard = this.#shards.find(
      ({ closedAt, from, to }) => closedAt === undefined && from <= hash && hash <= to,
    )
    // A stream that was switched off takes nothing any more.
    if (shard !== undefined) this.#records.set({ ...record, shard: shard.ordinal, sequence: next() })
  }

  /** Closes the shards whose time has come, and opens one in the place of each. */
  roll(now: number, next: NextSequence): void {
    for (let due = this.#due(now); due.length > 0; due = this.#due(now)) {
      for (const shard of due) {
        const end = shard.openedAt + shardLife
        this.#close(shard, end, next())
        this.#add({ parent: shard.id, from: shard.from, to: shard.to }, end, next())
      }
    }
  }

  /** Closes every shard, and opens two in the place of each, for half of its hashes. */
  split(now: number, next: NextSequence): void {
    this.roll(now, next)
    for (const shard of this.#shards) {
      if (shard.closedAt !== undefined || shard.from === shard.to) continue
      const middle = shard.from + Math.floor((shard.to - shard.from) / 2)
      this.#close(shard, now, next())
      this.#add({ parent: shard.id, from: shard.from, to: middle }, now, next())
      this.#add({ parent: shard.id, from: middle + 1, to: shard.to }, now, next())
    }
  }

  /** Closes the stream: its records can be read until they are trimmed. */
  close(now: number, next: NextSequence): void {
    this.roll(now, next)
    for (const shard of this.#shards) {
      if (shard.closedAt === undefined) this.#close(shard, now, next())
    }
    this.#closedAt = now
  }

  /** Drops records that are too old, and closed shards that are. */
  trim(now: number): void {
    this.#trimmedAt = now
    const oldest = now - retention
    const kept: Shard[] = []
    for (const shard of this.#shards) {
      const trimmed = this.#trimRecords(shard, oldest)
      if (shard.closedAt === undefined || shard.closedAt > oldest) kept.push({ ...shard, trimmed })
    }
    this.#shards = kept
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

  #due(now: number): readonly Shard[] {
    return this.#shards.filter(
      ({ closedAt, openedAt }) => closedAt === undefined && openedAt + shardLife <= now,
    )
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

  #add(place: Pick<Shard, 'parent' | 'from' | 'to'>, openedAt: number, start: number): void {
    const ordinal = this.#opened
    this.#opened += 1
    const id = shardId(ordinal, openedAt)
    const shard = { ...place, id, ordinal, openedAt, start, closedAt: undefined, end: undefined, trimmed: 0 }
    this.#shards = [...this.#shards, shard]
  }

  #close(shard: Shard, closedAt: number, end: number): void {
    this.#shards = this.#shards.map((one) => (one === shard ? { ...one, closedAt, end } : one))
  }
}
