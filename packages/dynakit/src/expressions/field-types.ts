import type { Decimal } from '../codec/decimal.ts'
import type { TypeProblem } from '../schema/type-problem.ts'

/** Name of a top-level field of an item, or a path into one such as `address.city` or `lines[0].sku`. */
export type FieldPath<Item> = keyof Item | (string & {})

type Member<Value, Name> = Value extends readonly (infer Element)[]
  ? Name extends `${number}`
    ? Element
    : never
  : Name extends keyof Value
    ? Value[Name]
    : never

type Indexed<Value, Indices> = Indices extends `${infer Position}][${infer Rest}`
  ? Indexed<Member<NonNullable<Value>, Position>, Rest>
  : Indices extends `${infer Position}]`
    ? Member<NonNullable<Value>, Position>
    : never

type Segment<Value, Part> = Part extends `${infer Name}[${infer Indices}`
  ? Indexed<Member<NonNullable<Value>, Name>, Indices>
  : Member<NonNullable<Value>, Part>

type Nested<Value, Path> = Path extends `${infer Head}.${infer Rest}`
  ? Nested<Segment<Value, Head>, Rest>
  : Segment<Value, Path>

/**
 * Type of the value a path leads to, without `undefined`; `never` when there is none.
 *
 * `size(path)` is a number, as in DynamoDB's expressions.
 */
export type FieldValue<Item, Path> = Path extends keyof Item
  ? Exclude<Item[Path], undefined>
  : Path extends `size(${string})`
    ? number
    : Exclude<Nested<Item, Path>, undefined>

/** The path itself when it leads somewhere, otherwise what is wrong. */
export type CheckPath<Item, Path> = Path extends keyof Item
  ? Path
  : Path extends `size(${infer Inner})`
    ? CheckInner<Item, Inner, Path>
    : CheckInner<Item, Path, Path>

type CheckInner<Item, Inner, Path> = Inner extends keyof Item
  ? Path
  : [Nested<Item, Inner>] extends [never]
    ? TypeProblem<`unknown field '${Inner & string}'`>
    : Path

type Equality = '=' | '<>' | 'in' | ExistenceOperator | 'attribute_type'
type Order = '<' | '<=' | '>' | '>=' | 'between'
type Containment = 'contains' | 'not_contains'

/** Every operator of `where`. */
export type Operator = Equality | Order | Containment | 'begins_with'

type Orderable = number | bigint | Decimal | Date

/** The operator itself when it makes sense for a field's type, otherwise what is wrong. */
export type CheckOperator<Value, Chosen> =
  Chosen extends OperatorFor<Value>
    ? Chosen
    : TypeProblem<`'${Chosen & string}' does not fit the type of the field`>

/** Operators that make sense for a field's type. */
export type OperatorFor<Value> = unknown extends Value ? Operator : OperatorForType<NonNullable<Value>>

type OperatorForType<Value> = [Value] extends [string | Uint8Array]
  ? Operator
  : [Value] extends [Orderable]
    ? Equality | Order
    : [Value] extends [boolean]
      ? Equality
      : [Value] extends [ReadonlySet<unknown> | readonly unknown[]]
        ? Equality | Containment
        : [Value] extends [object]
          ? Equality
          : Operator

type ElementOf<Value> =
  Value extends ReadonlySet<infer Element>
    ? Element
    : Value extends readonly (infer Element)[]
      ? Element
      : Value extends string
        ? string
        : Value

/** Names of DynamoDB's types, as `attribute_type` takes them. */
export type AttributeTypeName = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS'

/** Operators that take no value. */
export type ExistenceOperator = 'exists' | 'not_exists'

/** What follows an operator: a value, two bounds, a list, or a member of a collection. */
export type OperandFor<Value, Chosen> = Chosen extends 'between'
  ? readonly [lower: Value, upper: Value]
  : Chosen extends 'in'
    ? readonly Value[]
    : Chosen extends Containment
      ? ElementOf<Value>
      : Chosen extends 'begins_with'
        ? Value extends string
          ? string
          : Value
        : Chosen extends 'attribute_type'
          ? AttributeTypeName
          : Value

/** Every member optional, all the way down. */
export type DeepPartial<Value> = Value extends readonly (infer Element)[]
  ? DeepPartial<Element>[]
  : Value extends ReadonlySet<unknown> | Uint8Array | Date | Decimal
    ? Value
    : Value extends object
      ? { [Name in keyof Value]?: DeepPartial<Value[Name]> }
      : Value

type RootOf<Path> = Path extends `${infer Root}[${string}`
  ? Root extends `${infer Name}.${string}`
    ? Name
    : Root
  : Path extends `${infer Name}.${string}`
    ? Name
    : Path

/** An item of which only some fields were read; of a nested path, its attribute with the parts read. */
export type SelectedItem<Item, Path> = [Path] extends [keyof Item]
  ? Pick<Item, Path>
  : { [Name in Path & keyof Item]: Item[Name] } & {
      [Name in Exclude<RootOf<Path>, Path> & keyof Item]: DeepPartial<Item[Name]>
    }
