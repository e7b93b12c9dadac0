import type { CodecAttribute } from './attribute-codec.ts'
import type { TemplateNames } from './key-template.ts'
import type { AttributeSchemas, InputOf, OutputOf } from './standard-schema.ts'
import type { Table, TableOptions } from './table.ts'
import type { TypeProblem } from './type-problem.ts'

/** Flattens an intersection for display. */
export type Simplify<Type> = { [Key in keyof Type]: Type[Key] } & {}

/** How an entity makes the keys of the table. */
export interface EntityKeyOptions {
  /** Template such as `CUSTOMER#{customerId}`. */
  readonly partitionKey: string
  /** Template such as `ORDER#{orderId}`, when the table has a sort key. */
  readonly sortKey?: string
}

/** How an entity makes the keys of an index; lists for multi-attribute keys. */
export interface EntityIndexOptions {
  /** One template per partition key attribute. Not given for a local index. */
  readonly partitionKey?: string | readonly string[]
  /** One template per sort key attribute. */
  readonly sortKey?: string | readonly string[]
}

/** Names of the attributes an entity keeps by itself. */
export interface TimestampNames {
  /** Attribute for the time of creation. */
  readonly createdAt: string
  /** Attribute for the time of the last change. */
  readonly updatedAt: string
}

/** An entity as declared. */
export interface EntityOptions {
  /** Name, stored in every item (see the table's `entityAttribute`). */
  readonly name: string
  /** The table its items live in. */
  readonly table: Table
  /** Attributes, each with any Standard Schema. */
  readonly attributes: AttributeSchemas
  /** Templates for the table's key. Left out when the key attributes are attributes of the entity. */
  readonly key?: EntityKeyOptions
  /** Templates for index keys, by index name. Indexes over the entity's own attributes need none. */
  readonly indexes?: { readonly [name: string]: EntityIndexOptions }
  /** Keeps `createdAt` and `updatedAt` (or the names given) as ISO dates. */
  readonly timestamps?: boolean | TimestampNames
  /** Keeps a `version` number (or the name given) and checks it on writes: optimistic locking. */
  readonly version?: boolean | string
  /**
   * Fields of which no two items have the same values, by a name for the constraint:
   * `{ email: ['tenantId', 'email'] }`. Items that lack one of them are not compared.
   */
  readonly unique?: { readonly [constraint: string]: readonly string[] }
  /**
   * Lets `delete` set `deletedAt` (or the attribute named) instead of deleting; reads then leave the item
   * out unless it is asked for, and `restore` brings it back.
   */
  readonly softDelete?: boolean | string
  /**
   * Lets reads leave out items whose time to live is over, which DynamoDB deletes late. Needs `timeToLive`
   * in the table. Default: `false`.
   */
  readonly excludeExpired?: boolean
  /**
   * What an update does that changes some of the fields of an index key template, but not all: `read`
   * (default) reads the others and writes under the condition that they have not changed; `refuse` throws
   * a ValidationError that names them.
   */
  readonly onPartialKey?: 'read' | 'refuse'
  /** Accepts that another entity of the table can have items with the same key. */
  readonly allowKeyOverlap?: boolean
}

type OptionalNames<Attributes extends AttributeSchemas> = {
  [Name in keyof Attributes]: undefined extends OutputOf<Attributes[Name]> ? Name : never
}[keyof Attributes]

type OptionalInputNames<Attributes extends AttributeSchemas> = {
  [Name in keyof Attributes]: undefined extends InputOf<Attributes[Name]> ? Name : never
}[keyof Attributes]

type TimestampAttributes<Timestamps> = Timestamps extends true
  ? { createdAt: Date; updatedAt: Date }
  : Timestamps extends TimestampNames
    ? { [Name in Timestamps['createdAt'] | Timestamps['updatedAt']]: Date }
    : unknown

type VersionAttribute<Version> = Version extends true
  ? { version: number }
  : Version extends string
    ? { [Name in Version]: number }
    : unknown

type DeletionAttribute<SoftDelete> = SoftDelete extends true
  ? { deletedAt?: Date }
  : SoftDelete extends string
    ? { [Name in SoftDelete]?: Date }
    : unknown

type SystemAttributes<Options extends EntityOptions> = TimestampAttributes<Options['timestamps']> &
  VersionAttribute<Options['version']> &
  DeletionAttribute<Options['softDelete']>

type ItemOf<Attributes extends AttributeSchemas, System> = Simplify<
  { -readonly [Name in Exclude<keyof Attributes, OptionalNames<Attributes>>]: OutputOf<Attributes[Name]> } & {
    -readonly [Name in OptionalNames<Attributes>]?: OutputOf<Attributes[Name]>
  } & System
>

type InputItemOf<Attributes extends AttributeSchemas> = Simplify<
  {
    -readonly [Name in Exclude<keyof Attributes, OptionalInputNames<Attributes>>]: InputOf<Attributes[Name]>
  } & {
    -readonly [Name in OptionalInputNames<Attributes>]?: InputOf<Attributes[Name]>
  }
>

type TableKeyNames<TableType> =
  TableType extends Table<infer Options>
    ? | Options['partitionKey']['name']
      | (Options['sortKey'] extends { readonly name: infer Name } ? Name : never)
    : never

type KeyFieldNames<Options extends EntityOptions> = Options['key'] extends EntityKeyOptions
  ? TemplateNames<Options['key']['partitionKey']> | TemplateNames<Options['key']['sortKey']>
  : TableKeyNames<Options['table']>

/** The types of an entity, kept together. */
export interface EntityModel {
  /** The entity's name. */
  readonly name: string
  /** An item as it is read. */
  readonly item: object
  /** An item as it is given to `create`. */
  readonly input: object
  /** The fields that identify an item. */
  readonly key: object
  /** Whether `delete` keeps the item, so that it can be restored. */
  readonly softDelete: boolean
}

/** The model an entity definition leads to. */
export interface ModelOf<Options extends EntityOptions> {
  readonly name: Options['name']
  readonly item: ItemOf<Options['attributes'], SystemAttributes<Options>>
  readonly input: InputItemOf<Options['attributes']>
  readonly key: {
    [Name in KeyFieldNames<Options> & keyof Options['attributes']]: InputOf<Options['attributes'][Name]>
  }
  readonly softDelete: Options['softDelete'] extends true | string ? true : false
}

/* ---- checks: an option that is wrong gets a message as its type ---- */

type RequiredNames<Attributes extends AttributeSchemas> = Exclude<keyof Attributes, OptionalNames<Attributes>>

type CheckTemplate<Template, Allowed, Problem extends string> = [TemplateNames<Template>] extends [Allowed]
  ? Template
  : TypeProblem<`${Problem} {${Exclude<TemplateNames<Template>, Allowed> & string}}`>

type CheckTemplates<Templates, Allowed> = Templates extends readonly unknown[]
  ? { [Position in keyof Templates]: CheckTemplate<Templates[Position], Allowed, 'unknown attribute'> }
  : CheckTemplate<Templates, Allowed, 'unknown attribute'>

type IndexNames<TableType> =
  TableType extends Table<infer Options extends TableOptions> ? keyof Options['indexes'] : never

type CheckKey<Key, Attributes extends AttributeSchemas> = {
  [Part in keyof Key]: CheckTemplate<Key[Part], RequiredNames<Attributes>, 'unknown or optional attribute'>
}

type CheckIndexes<Indexes, Names, Allowed> = {
  [Name in keyof Indexes]: Name extends Names
    ? { [Part in keyof Indexes[Name]]: CheckTemplates<Indexes[Name][Part], Allowed> }
    : TypeProblem<`the table has no index '${Name & string}'`>
}

type CheckUnique<Unique, Names> = {
  [Constraint in keyof Unique]: CheckUniqueFields<Unique[Constraint], Names>
}

type CheckUniqueFields<Fields, Names> = Fields extends readonly []
  ? TypeProblem<'name at least one attribute'>
  : {
      [Position in keyof Fields]: Fields[Position] extends Names
        ? Fields[Position]
        : TypeProblem<`unknown attribute '${Fields[Position] & string}'`>
    }

type StoredOf<Schema> =
  Schema extends CodecAttribute<infer _Input, infer _Output, infer Stored>
    ? Stored
    : Exclude<OutputOf<Schema>, undefined>

interface KeyTypes {
  readonly string: string
  readonly number: number | bigint
  readonly binary: Uint8Array
}

type CheckDirectKey<Options extends EntityOptions> =
  Options['table'] extends Table<infer Declared extends TableOptions>
    ? CheckKeyAttribute<Options['attributes'], Declared['partitionKey']> &
        (Declared['sortKey'] extends { readonly name: string; readonly type: keyof KeyTypes }
          ? CheckKeyAttribute<Options['attributes'], Declared['sortKey']>
          : unknown)
    : unknown

type CheckKeyAttribute<
  Attributes extends AttributeSchemas,
  Key extends { readonly name: string; readonly type: keyof KeyTypes },
> = string extends Key['name']
  ? unknown
  : Key['name'] extends keyof Attributes
    ? StoredOf<Attributes[Key['name']]> extends KeyTypes[Key['type']]
      ? unknown
      : {
          readonly attributes: {
            readonly [
              Name in Key['name']
            ]: TypeProblem<`the table's key '${Key['name']}' is a ${Key['type']}`>
          }
        }
    : { readonly key: TypeProblem<`give key templates, or an attribute named '${Key['name']}'`> }

/** Checks of an entity definition at compile time: same keys, messages in place of what is wrong. */
export type CheckEntity<Options extends EntityOptions> = (Options['key'] extends EntityKeyOptions
  ? { readonly key: CheckKey<Options['key'], Options['attributes']> }
  : CheckDirectKey<Options>) &
  (Options['indexes'] extends object
    ? {
        readonly indexes: CheckIndexes<
          Options['indexes'],
          IndexNames<Options['table']>,
          keyof Options['attributes'] | keyof SystemAttributes<Options>
        >
      }
    : unknown) &
  (Options['unique'] extends object
    ? { readonly unique: CheckUnique<Options['unique'], keyof Options['attributes']> }
    : unknown)
