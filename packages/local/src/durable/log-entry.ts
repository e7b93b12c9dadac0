import type { StreamRecord, StreamState } from '../streams/stream.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import type { SavedToken } from '../transactions/request-tokens.ts'
import type { Item } from '../values/attribute-value.ts'

/** One thing that happened to a database. */
export type LogEntry =
  /** A table was created or changed; its stream, if that is new, began with so many shards. */
  | { readonly kind: 'table'; readonly definition: TableDefinition; readonly streamShards: number }
  | { readonly kind: 'drop'; readonly table: string }
  | { readonly kind: 'put'; readonly table: string; readonly item: Item }
  | { readonly kind: 'delete'; readonly table: string; readonly key: Item; readonly byTimeToLive: boolean }
  | { readonly kind: 'split'; readonly streamArn: string }
  | { readonly kind: 'token'; readonly token: SavedToken }
  | StateEntry

/** An item, and since when it could be found expired. */
export type SavedItem = readonly [item: Item, since?: number]

/** A part of a database as it was when the log was written anew. */
type StateEntry =
  | { readonly kind: 'items'; readonly table: string; readonly items: readonly SavedItem[] }
  | { readonly kind: 'stream'; readonly state: StreamState }
  | { readonly kind: 'records'; readonly streamArn: string; readonly records: readonly StreamRecord[] }

/** What happened to a database at one moment, or a part of its state. */
export interface LogFrame {
  /** Which database of the engine it is. */
  readonly scope: string
  readonly region: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly entries: readonly LogEntry[]
}

/**
 * Writes a frame as bytes.
 *
 * @internal
 */
export function writeLogFrame(frame: LogFrame): Buffer {
  return Buffer.from(JSON.stringify(frame))
}

/**
 * Reads a frame.
 *
 * @internal
 */
export function readLogFrame(content: Buffer): LogFrame {
  return JSON.parse(content.toString()) as LogFrame
}
