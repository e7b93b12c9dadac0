import { ValidationError } from '../errors/request-errors.ts'
import { canonicalNumber, Decimal } from './decimal.ts'
import type { NativeNumber } from './native-value.ts'

/**
 * How numbers are read.
 *
 * - `exact` (default): `number` when nothing is lost, `bigint` for integers beyond 2^53, `Decimal` for
 *   fractions a `number` would round;
 * - `decimal`: always `Decimal`;
 * - `rounded`: always `number`, rounding where it must.
 */
export type NumberMode = 'exact' | 'decimal' | 'rounded'

const maximumExactDigits = 15
const maximumBigIntText = 38
const hasLongExponent = /e-\d{3}$/

/**
 * Writes a number in DynamoDB's notation.
 *
 * @param value - A finite number (safe when integral), a bigint or a decimal.
 * @returns The text for the `N` member.
 * @throws ValidationError for NaN, Infinity, an integer beyond 2^53 given as `number`, and numbers
 *   outside DynamoDB's range or precision.
 * @internal
 */
export function encodeNumber(value: NativeNumber): string {
  if (typeof value === 'number') return encodeFloat(value)
  if (typeof value === 'bigint') {
    const text = value.toString()
    return text.length <= maximumBigIntText ? text : canonicalNumber(text)
  }
  return value.toString()
}

function encodeFloat(value: number): string {
  if (Number.isSafeInteger(value)) return value.toString()
  if (!Number.isFinite(value)) {
    throw new ValidationError(
      'DynamoDB has no NaN and no Infinity. Leave the attribute out, or store null or a string.',
      {
        rule: 'number-not-finite',
        valueType: Number.isNaN(value) ? 'NaN' : 'Infinity',
      },
    )
  }
  if (Number.isInteger(value)) {
    throw new ValidationError(
      'This integer is beyond 2^53, where a number no longer holds every integer. Pass a bigint instead.',
      { rule: 'number-unsafe-integer', valueType: 'number' },
    )
  }
  const text = value.toString()
  // Only a negative exponent of three digits can leave DynamoDB's range.
  return hasLongExponent.test(text) ? canonicalNumber(text) : text
}

/**
 * Reads a number in DynamoDB's notation.
 *
 * @param text - The text of an `N` member.
 * @param mode - Which JavaScript type to give.
 * @returns The number.
 * @internal
 */
export function decodeNumber(text: string, mode: NumberMode): NativeNumber {
  if (mode === 'decimal') return Decimal.from(text)
  const value = Number(text)
  if (mode === 'rounded') return value
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
    // Few digits are exact, unless an exponent hides more of them; more are if they come out again.
    if (text.length <= maximumExactDigits || value.toString() === text) return value
  }
  return decodeLongNumber(text, value)
}

function decodeLongNumber(text: string, value: number): NativeNumber {
  const exact = canonicalNumber(text)
  if (!exact.includes('.')) return Number.isSafeInteger(value) ? value : BigInt(exact)
  return canonicalNumber(value.toString()) === exact ? value : Decimal.from(exact)
}
