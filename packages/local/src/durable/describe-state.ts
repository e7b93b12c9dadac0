import type { Database } from '../storage/database.ts'
import type { TableStore } from '../storage/table-store.ts'
import type { StreamRecord } from '../streams/stream.ts'
import { streamsOf } from '../streams/streams.ts'
import { expiriesOf } from '../time-to-live/expiries.ts'
import { savedTokens } from '../transactions/request-tokens.ts'
import type { LogEntry, SavedItem } from './log-entry.ts'

const groupBytes = 256 * 1024
const groupRecords = 200

/**
 * Describes the state of a database as entries of a log that has nothing before them.
 *
 * @param database - The database.
 * @returns Groups of entries, each of a size that can be written at once.
 * @internal
 */
export function* describeState(database: Database): Generator<readonly LogEntry[], void, undefined> {
  for (const { definition } of database.tables.values()) {
    // Its stream follows as it is.
    yield [{ kind: 'table', definition, streamShards: 1 }]
  }
  for (const [table, store] of database.tables) {
    for (const items of groupItems(database, store)) yield [{ kind: 'items', table, items }]
  }
  for (const stream of streamsOf(database).all) {
    yield [{ kind: 'stream', state: stream.state }]
    const streamArn = stream.definition.arn
    for (const shard of stream.shards) {
      for (const records of groupRecordsOf(stream.records(shard, 0))) {
        yield [{ kind: 'records', streamArn, records }]
      }
    }
  }
  for (const token of savedTokens(database)) yield [{ kind: 'token', token }]
}

function* groupItems(
  database: Database,
  { items, definition }: TableStore,
): Generator<readonly SavedItem[], void, undefined> {
  const expiries = expiriesOf(database)
  let group: SavedItem[] = []
  let bytes = 0
  for (const stored of items.entries()) {
    const since = expiries.sinceOf(definition, stored)
    group.push(since === undefined ? [stored.item] : [stored.item, since])
    bytes += stored.size
    if (bytes < groupBytes) continue
    yield group
    group = []
    bytes = 0
  }
  if (group.length > 0) yield group
}

function* groupRecordsOf(
  records: Iterable<StreamRecord>,
): Generator<readonly StreamRecord[], void, undefined> {
  let group: StreamRecord[] = []
  for (const record of records) {
    group.push(record)
    if (group.length < groupRecords) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
