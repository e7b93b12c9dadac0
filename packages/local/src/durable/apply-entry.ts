import type { ItemChange } from '../engine/operation-context.ts'
import { locateItem, locateKey, keyOf } from '../items/locate-item.ts'
import type { Database } from '../storage/database.ts'
import type { TableStore } from '../storage/table-store.ts'
import { streamsOf } from '../streams/streams.ts'
import { expectTransitions } from '../tables/settle-tables.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import { expiriesOf } from '../time-to-live/expiries.ts'
import { restoreToken } from '../transactions/request-tokens.ts'
import type { Item } from '../values/attribute-value.ts'
import type { LogEntry, SavedItem } from './log-entry.ts'

/** The database that a log is applied to, and who must hear of it. */
export interface ReplayTarget {
  readonly database: Database
  /** When what is applied happened. */
  readonly now: number
  /** Feeds streams and expiries, as when it happened. */
  readonly changed: (change: ItemChange) => void
}

/**
 * Does to a database what an entry of its log says.
 *
 * @internal
 */
export function applyEntry(target: ReplayTarget, entry: LogEntry): void {
  const { database, now } = target
  switch (entry.kind) {
    case 'table':
      applyDefinition(database, entry.definition)
      settle(database, now, entry.streamShards)
      return
    case 'drop':
      database.removeTable(entry.table)
      settle(database, now, 1)
      return
    case 'put':
    case 'delete':
      applyWrite(target, entry)
      return
    case 'split':
      streamsOf(database).get(entry.streamArn)?.split(now)
      return
    case 'token':
      restoreToken(database, entry.token, now)
      return
    case 'items':
      for (const saved of entry.items) load(target, database.tableForWrite(entry.table), saved)
      return
    case 'stream':
      streamsOf(database).put(entry.state)
      return
    case 'records': {
      const stream = streamsOf(database).get(entry.streamArn)
      for (const record of entry.records) stream?.add(record)
      return
    }
  }
}

/** Brings streams and expiries into line with the tables. */
function settle(database: Database, now: number, streamShards: number): void {
  streamsOf(database).settle(database.tables, now, streamShards)
  expiriesOf(database).settle(database.tables, now)
}

function applyDefinition(database: Database, definition: TableDefinition): void {
  const existing = database.table(definition.name)
  if (existing?.definition.id === definition.id) {
    database.tableForWrite(definition.name).define(definition)
  } else {
    if (existing !== undefined) database.removeTable(definition.name)
    database.addTable(definition)
  }
  expectTransitions(database, definition)
}

function applyWrite(
  { database, changed }: ReplayTarget,
  entry: Extract<LogEntry, { kind: 'put' | 'delete' }>,
): void {
  const table = database.tableForWrite(entry.table)
  const { definition } = table
  const item: Item | undefined = entry.kind === 'put' ? entry.item : undefined
  const position = item === undefined ? locateKey(definition.key, keyIn(entry)) : locateItem(definition, item)
  const write = table.plan(position, item)
  const { before, after } = write
  if (before === undefined && after === undefined) return
  table.apply(write)
  const key = keyOf(definition.key, (after ?? before)?.item as Item)
  const byTimeToLive = entry.kind === 'delete' && entry.byTimeToLive
  changed({ table: definition, key, before, after, byTimeToLive })
}

function keyIn(entry: Extract<LogEntry, { kind: 'put' | 'delete' }>): Item {
  return entry.kind === 'delete' ? entry.key : entry.item
}

/** Puts an item there without a record of it in the table's stream. */
function load({ database, now }: ReplayTarget, table: TableStore, [item, since = now]: SavedItem): void {
  const { definition } = table
  const write = table.plan(locateItem(definition, item), item)
  table.apply(write)
  const { before, after } = write
  expiriesOf(database).change({ table: definition, key: item, before, after }, since)
}
