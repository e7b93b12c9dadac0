import { isNativeNumber } from '../codec/native-types.ts'
import { Decimal } from '../codec/decimal.ts'
import type { NativeNumber, NativeValue } from '../codec/native-value.ts'
import type { CompiledAttribute } from './compiled-entity.ts'
import type { StandardSchema } from './standard-schema.ts'

type Convert = (value: NativeNumber) => NativeNumber

const asTheyAre: Convert = (value) => value
const toBigInt: Convert = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
const toDecimal: Convert = (value) => (Decimal.is(value) ? value : Decimal.from(value))

/** How each schema wants its numbers, found at the first value it accepts. */
const conversions = new WeakMap<StandardSchema, Convert>()

/**
 * Gives the numbers of a read value the JavaScript type the attribute's schema asks for.
 *
 * DynamoDB has one number type. An attribute declared as `bigint` (or as `Decimal`) must be read as such
 * also when the stored number is small; the schema itself tells which form it accepts.
 *
 * @param attribute - The attribute.
 * @param value - Its value as decoded.
 * @returns The value with its numbers converted.
 * @internal
 */
export function readNumbers(attribute: CompiledAttribute, value: NativeValue): NativeValue {
  if (typeof value === 'string' || typeof value === 'boolean' || !attribute.schema) return value
  const known = conversions.get(attribute.schema)
  if (known === asTheyAre) return value
  if (known) return convert(value, known)
  return hasNumber(value) ? findConversion(attribute.schema, value) : value
}

function findConversion(schema: StandardSchema, value: NativeValue): NativeValue {
  for (const conversion of [asTheyAre, toBigInt, toDecimal]) {
    const converted = convert(value, conversion)
    const result = schema['~standard'].validate(converted)
    if (result instanceof Promise) {
      result.catch(() => undefined)
      return value
    }
    if (result.issues) continue
    conversions.set(schema, conversion)
    return converted
  }
  return value
}

function convert(value: NativeValue, conversion: Convert): NativeValue {
  if (conversion === asTheyAre) return value
  if (isNativeNumber(value)) return conversion(value)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (value instanceof Set)
    return new Set(
      [...(value as ReadonlySet<NativeValue>)].map((member) => convert(member, conversion)),
    ) as NativeValue
  if (Array.isArray(value))
    return (value as readonly NativeValue[]).map((member) => convert(member, conversion))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, convert(member as NativeValue, conversion)]),
  )
}

function hasNumber(value: NativeValue | undefined): boolean {
  if (isNativeNumber(value)) return true
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
  const members: Iterable<NativeValue | undefined> =
    Symbol.iterator in value ? (value as Iterable<NativeValue>) : Object.values(value)
  for (const member of members) if (hasNumber(member)) return true
  return false
}
