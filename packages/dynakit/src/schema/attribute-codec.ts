import type { NativeNumber, NativeValue } from '../codec/native-value.ts'
import { valueType } from '../errors/value-type.ts'
import type { InputOf, OutputOf, SchemaResult, StandardSchema } from './standard-schema.ts'

/** DynamoDB types a codec may store its values as. */
export type StoredType = 'string' | 'number' | 'binary' | 'boolean' | 'list' | 'map' | 'set'

/** How values of one attribute are written and read. */
export interface AttributeCodec<Value, Stored extends NativeValue> {
  /** DynamoDB type of the stored form; a key attribute needs `string`, `number` or `binary`. */
  readonly storedType: StoredType
  /** Makes the stored form of a value. */
  encode(value: Value): Stored
  /** Makes a value of its stored form. */
  decode(stored: Stored): Value
}

/**
 * An attribute whose values look different in the application and in the table.
 *
 * It is a Standard Schema, so it stands in `attributes` like any other.
 */
export interface CodecAttribute<Input, Output, Stored extends NativeValue> extends StandardSchema<
  Input,
  Output
> {
  /** How values are written and read. */
  readonly '~codec': AttributeCodec<unknown, Stored>
  /** The same attribute, which may be missing. */
  optional(): CodecAttribute<Input | undefined, Output | undefined, Stored>
  /**
   * The same attribute with a value for when none is given.
   *
   * @param value - The default, or a function that makes it anew each time.
   */
  default(value: Input | (() => Input)): CodecAttribute<Input | undefined, Exclude<Output, undefined>, Stored>
}

/** What {@link attributeCodec} needs. */
export interface AttributeCodecOptions<Schema, Stored extends NativeValue> extends AttributeCodec<
  Exclude<OutputOf<Schema>, undefined>,
  Stored
> {
  /** Checks values as the application holds them. */
  readonly schema: Schema
}

/**
 * Makes an attribute that is stored in another form than the application uses.
 *
 * @param options - A schema for the application's value, and the two conversions. `encode` must keep
 *   the order of values if the attribute is a sort key or is compared with `<`, `>` or `between`.
 * @returns A Standard Schema to put into `attributes`.
 *
 * @example
 * ```ts
 * import { attributeCodec } from 'dynakit'
 * import { z } from 'zod'
 *
 * const url = attributeCodec({
 *   schema: z.instanceof(URL),
 *   storedType: 'string',
 *   encode: (value) => value.href,
 *   decode: (stored: string) => new URL(stored),
 * })
 * console.log(url['~codec'].encode(new URL('https://example.com')))
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see AttributeSchemas
export function attributeCodec<Schema extends StandardSchema<any, any>, Stored extends NativeValue>(
  options: AttributeCodecOptions<Schema, Stored>,
): CodecAttribute<InputOf<Schema>, OutputOf<Schema>, Stored> {
  const codec: AttributeCodec<unknown, Stored> = {
    storedType: options.storedType,
    encode: (value) => options.encode(value as Exclude<OutputOf<Schema>, undefined>),
    decode: (stored) => options.decode(stored),
  }
  type Output = OutputOf<Schema>
  return codecAttribute<InputOf<Schema>, Output, Stored>(codec, (value) =>
    options.schema['~standard'].validate(value),
  )
}

type Validate<Output> = (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>

function codecAttribute<Input, Output, Stored extends NativeValue>(
  codec: AttributeCodec<unknown, Stored>,
  validate: Validate<Output>,
): CodecAttribute<Input, Output, Stored> {
  return {
    '~standard': { version: 1, vendor: 'dynakit', validate },
    '~codec': codec,
    optional: () =>
      codecAttribute<Input | undefined, Output | undefined, Stored>(codec, (value) =>
        value === undefined ? { value } : validate(value),
      ),
    default: (fallback) =>
      codecAttribute<Input | undefined, Exclude<Output, undefined>, Stored>(
        codec,
        (value) =>
          validate(value === undefined ? makeDefault(fallback) : value) as ReturnType<
            Validate<Exclude<Output, undefined>>
          >,
      ),
  }
}

function makeDefault<Value>(fallback: Value | (() => Value)): Value {
  return typeof fallback === 'function' ? (fallback as () => Value)() : fallback
}

const earliest = Date.parse('0000-01-01T00:00:00.000Z')
const latest = Date.parse('9999-12-31T23:59:59.999Z')
const millisecondsPerSecond = 1000

/** Accepts dates ISO 8601 can write with four digits for the year, so that text order is time order. */
function checkDate(value: unknown): SchemaResult<Date> {
  if (!(value instanceof Date)) return refuse(`Expected a Date, received ${valueType(value)}.`)
  const milliseconds = value.getTime()
  if (Number.isNaN(milliseconds)) return refuse('The Date is invalid (its time is NaN).')
  if (milliseconds < earliest || milliseconds > latest)
    return refuse('The year of the Date is not within 0 to 9999.')
  return { value }
}

function toWholeSeconds(value: unknown): SchemaResult<Date> {
  const checked = checkDate(value)
  if (checked.issues) return checked
  const fraction = checked.value.getTime() % millisecondsPerSecond
  if (fraction === 0) return checked
  return {
    value: new Date(Math.floor(checked.value.getTime() / millisecondsPerSecond) * millisecondsPerSecond),
  }
}

/** A stored number may arrive as bigint or Decimal. */
function toFloat(stored: NativeNumber): number {
  return Number(stored.toString())
}

function refuse(message: string): SchemaResult<never> {
  return { issues: [{ message }] }
}

function dateAttribute<Stored extends string | number>(
  storedType: StoredType,
  encode: (date: Date) => Stored,
  decode: (stored: Stored) => Date,
  validate: Validate<Date>,
): CodecAttribute<Date, Date, Stored> {
  return codecAttribute<Date, Date, Stored>(
    { storedType, encode: (date) => encode(date as Date), decode },
    validate,
  )
}

/**
 * A `Date` stored as ISO 8601 text in UTC with milliseconds, such as `2026-01-31T12:00:00.000Z`.
 *
 * Text order is time order, so it serves as a sort key.
 *
 * @returns A Standard Schema for `attributes`, with `.optional()` and `.default()`.
 *
 * @example
 * ```ts
 * import { isoDate } from 'dynakit'
 *
 * const attributes = { placedAt: isoDate(), shippedAt: isoDate().optional() }
 * console.log(Object.keys(attributes))
 * ```
 */
export function isoDate(): CodecAttribute<Date, Date, string> {
  return dateAttribute(
    'string',
    (date) => date.toISOString(),
    (text) => new Date(text),
    checkDate,
  )
}

/**
 * A `Date` stored as a number of whole seconds since 1970, the form DynamoDB's time to live needs.
 *
 * Fractions of a second are cut off when an item is written.
 *
 * Source: Amazon DynamoDB Developer Guide, "Using time to live (TTL)".
 *
 * @returns A Standard Schema for `attributes`, with `.optional()` and `.default()`.
 *
 * @example
 * ```ts
 * import { epochSeconds } from 'dynakit'
 *
 * const attributes = { expiresAt: epochSeconds().optional() }
 * console.log(Object.keys(attributes))
 * ```
 */
export function epochSeconds(): CodecAttribute<Date, Date, number> {
  return dateAttribute(
    'number',
    (date) => date.getTime() / millisecondsPerSecond,
    (seconds) => new Date(toFloat(seconds) * millisecondsPerSecond),
    toWholeSeconds,
  )
}

/**
 * A `Date` stored as a number of milliseconds since 1970.
 *
 * @returns A Standard Schema for `attributes`, with `.optional()` and `.default()`.
 *
 * @example
 * ```ts
 * import { epochMilliseconds } from 'dynakit'
 *
 * const attributes = { measuredAt: epochMilliseconds() }
 * console.log(Object.keys(attributes))
 * ```
 */
export function epochMilliseconds(): CodecAttribute<Date, Date, number> {
  return dateAttribute(
    'number',
    (date) => date.getTime(),
    (milliseconds) => new Date(toFloat(milliseconds)),
    checkDate,
  )
}
