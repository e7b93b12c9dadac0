import type { AttributeType } from '../values/attribute-value.ts'

/** Types a key attribute can have. */
type KeyType = Extract<AttributeType, 'S' | 'N' | 'B'>

/** An attribute that is part of a key. */
export interface KeyAttribute {
  readonly name: string
  readonly type: KeyType
}

/**
 * The key of a table or index. Tables and local indexes have one partition key attribute and at most one sort
 * key attribute; global indexes up to four of each.
 */
export interface KeySchema {
  readonly partition: readonly KeyAttribute[]
  readonly sort: readonly KeyAttribute[]
}

/** Which attributes an index holds besides the keys. */
export interface Projection {
  readonly type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'
  readonly attributes: readonly string[]
}

/** Capacity units a second. */
export interface Throughput {
  readonly read: number
  readonly write: number
  /** When it was last raised or lowered, epoch milliseconds. */
  readonly increasedAt?: number
  readonly decreasedAt?: number
  readonly decreasesToday?: number
}

/** Limits of on-demand capacity; -1 or undefined for none. */
export interface OnDemandLimits {
  readonly read?: number
  readonly write?: number
}

/** A state that lasts until a time, epoch milliseconds. */
export interface Transition {
  readonly status: 'CREATING' | 'UPDATING' | 'DELETING'
  readonly until: number
}

/** A secondary index as it was defined. */
export interface IndexDefinition {
  readonly name: string
  readonly kind: 'global' | 'local'
  readonly key: KeySchema
  readonly projection: Projection
  /** What the index is going through; undefined when it is ACTIVE. */
  readonly transition?: Transition
  readonly throughput?: Throughput
  readonly onDemand?: OnDemandLimits
  readonly warm?: { readonly read: number; readonly write: number }
}

/** What a stream shows of each change. */
export type StreamView = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES'

/** The stream a table writes to. */
export interface StreamDefinition {
  readonly arn: string
  readonly label: string
  readonly view: StreamView
  readonly enabledAt: number
  /** False once it was switched off: its records can be read until they are trimmed. */
  readonly isEnabled: boolean
}

/** A table as it was defined. Replaced as a whole by every change. */
export interface TableDefinition {
  readonly name: string
  readonly id: string
  readonly arn: string
  readonly createdAt: number
  /** What the table is going through; undefined when it is ACTIVE. */
  readonly transition?: Transition
  readonly key: KeySchema
  /** Attribute definitions in the order they were given. */
  readonly attributes: readonly KeyAttribute[]
  readonly indexes: readonly IndexDefinition[]
  readonly billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST'
  /** When the table changed to on-demand billing. */
  readonly onDemandSince?: number
  readonly throughput: Throughput
  readonly onDemand?: OnDemandLimits
  readonly warm?: { readonly read: number; readonly write: number }
  readonly tableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS'
  readonly sse?: Readonly<Record<string, unknown>>
  readonly stream?: StreamDefinition
  readonly isDeletionProtected: boolean
  /** Time to live, when it is switched on, and since when. */
  readonly timeToLive?: { readonly attribute: string; readonly changedAt: number }
  /** Time to live that was switched off, and when. */
  readonly formerTimeToLive?: { readonly attribute: string; readonly changedAt: number }
  /** Point-in-time recovery, when it is switched on. */
  readonly recovery?: { readonly since: number; readonly days: number }
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
}
