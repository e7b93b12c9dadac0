import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import type { AttributeCodec } from './attribute-codec.ts'
import type { KeyTemplate } from './key-template.ts'
import type { StandardSchema } from './standard-schema.ts'
import type { IndexProjection, KeyType, Table } from './table.ts'
import type { UniqueConstraint } from './unique-constraint.ts'

/** One attribute of a key and where its value comes from. */
export interface KeyPart {
  /** Stored attribute name. */
  readonly attribute: string
  /** Its type in the key. */
  readonly type: KeyType
  /** How it is made; `undefined` when it is an attribute of the entity itself. */
  readonly template: KeyTemplate | undefined
  /** Fields its value is made from. */
  readonly fields: readonly string[]
  /** How long its value may be. Default: as long as a partition key. */
  readonly maximumBytes?: number | undefined
  /** How its value must not begin, where values could. */
  readonly reservedPrefix?: string | undefined
}

/** The table's key or an index, as an entity (or an untyped table) uses it. */
export interface KeySource {
  /** Index name; `undefined` for the table itself. */
  readonly indexName: string | undefined
  /** Which kind of key it is. */
  readonly type: 'table' | 'global' | 'local'
  /** Partition key attributes in order. */
  readonly partitionKey: readonly KeyPart[]
  /** Sort key attributes in order. */
  readonly sortKey: readonly KeyPart[]
  /** Attributes it holds. */
  readonly projection: IndexProjection
}

/** One attribute, ready for use. */
export interface CompiledAttribute {
  readonly name: string
  /** `undefined` for the attributes the entity keeps itself. */
  readonly schema: StandardSchema | undefined
  /** The schema's contract, which some libraries make anew each time it is asked for. */
  readonly standard: StandardSchema['~standard'] | undefined
  readonly codec: AttributeCodec<unknown, NativeValue> | undefined
}

/** What an entity definition leads to at run time. */
export interface CompiledEntity {
  readonly name: string
  readonly table: Table
  /** Attributes in order of declaration, those the entity keeps itself last. */
  readonly attributes: readonly CompiledAttribute[]
  readonly attributesByName: ReadonlyMap<string, CompiledAttribute>
  /** The table's key first, then the indexes the entity takes part in. */
  readonly keys: readonly KeySource[]
  /** Why the entity takes no part in an index, by index name. */
  readonly absentIndexes: ReadonlyMap<string, string>
  /** Fields that identify an item. */
  readonly keyFields: readonly string[]
  /** Key attributes that are written beside the entity's own attributes. */
  readonly derived: readonly KeyPart[]
  /** Key attributes that are the entity's own attributes. */
  readonly direct: readonly KeyPart[]
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
  readonly version: string | undefined
  /** Attribute of the time of the soft deletion; `undefined` when items are deleted for good. */
  readonly deletedAt: string | undefined
  /** Empty for most entities. */
  readonly unique: readonly UniqueConstraint[]
  /** Whether reads leave out expired items unless they are asked for. */
  readonly excludeExpired: boolean
  readonly entityAttribute: string | false
  readonly onPartialKey: 'read' | 'refuse'
}

/** An item as the application holds it, before its types are known. */
export type AppItem = Readonly<Record<string, unknown>>

/** An item as it is stored. */
export type StoredItem = NativeItem
