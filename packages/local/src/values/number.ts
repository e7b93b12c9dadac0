import { validationError } from '../protocol/service-error.ts'

/**
 * A decimal number taken apart: `0.DIGITS` times ten to the power of `exponent`.
 *
 * `digits` has no zero at either end and is empty for zero, whose sign and exponent are 0.
 */
export interface Decimal {
  readonly sign: -1 | 0 | 1
  readonly digits: string
  readonly exponent: number
}

const zero: Decimal = { sign: 0, digits: '', exponent: 0 }
const maximumDigits = 38
/** Of `0.DIGITS`: the largest number is 9.99...E+125, the smallest positive one 1E-130. */
const maximumExponent = 126
const minimumExponent = -129

const syntax = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
const plainInteger = /^(?:0|-?[1-9]\d{0,14})$/

/**
 * Writes a number as DynamoDB gives it back: no exponent, no zeros that mean nothing.
 *
 * @param text - A number of a request.
 * @throws ServiceError for what is no number, and for numbers beyond DynamoDB's range and precision.
 * @internal
 */
export function normalizeNumber(text: string): string {
  if (plainInteger.test(text)) return text
  return formatDecimal(parseDecimal(text))
}

/**
 * Takes a number apart.
 *
 * @param text - A number of a request or of an item.
 * @throws ServiceError for what is no number, and for numbers beyond DynamoDB's range and precision.
 * @internal
 */
export function parseDecimal(text: string): Decimal {
  const match = syntax.exec(text)
  const integer = match?.[2] ?? ''
  const fraction = match?.[3] ?? ''
  if (match === null || integer.length + fraction.length === 0) throw notANumber(text)
  const exponent = Number(match[4] ?? 0)
  return checkRange(trim(match[1] === '-' ? -1 : 1, integer + fraction, integer.length + exponent))
}

function notANumber(text: string): Error {
  if (text === '') return validationError('The parameter cannot be converted to a numeric value')
  return validationError(`The parameter cannot be converted to a numeric value: ${text}`)
}

function trim(sign: -1 | 1, digits: string, exponent: number): Decimal {
  let start = 0
  let end = digits.length
  while (start < end && digits.charCodeAt(start) === 48) start += 1
  if (start === end) return zero
  while (digits.charCodeAt(end - 1) === 48) end -= 1
  return { sign, digits: digits.slice(start, end), exponent: exponent - start }
}

function checkRange(decimal: Decimal): Decimal {
  if (decimal.exponent > maximumExponent) {
    throw validationError(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    )
  }
  if (decimal.sign !== 0 && decimal.exponent < minimumExponent) {
    throw validationError(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    )
  }
  if (decimal.digits.length > maximumDigits) {
    throw validationError('Attempting to store more than 38 significant digits in a Number')
  }
  return decimal
}

/**
 * Writes a number as DynamoDB gives it back.
 *
 * @internal
 */
export function formatDecimal({ sign, digits, exponent }: Decimal): string {
  if (sign === 0) return '0'
  const minus = sign < 0 ? '-' : ''
  if (exponent <= 0) return `${minus}0.${'0'.repeat(-exponent)}${digits}`
  if (exponent >= digits.length) return minus + digits.padEnd(exponent, '0')
  return `${minus}${digits.slice(0, exponent)}.${digits.slice(exponent)}`
}

/**
 * Compares two numbers.
 *
 * @param left - A normalised number.
 * @param right - A normalised number.
 * @returns Less than, equal to or greater than zero.
 * @internal
 */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0
  // Fifteen digits and a point are exact in a floating point number, which therefore orders them.
  if (left.length <= 15 && right.length <= 15) return Number(left) - Number(right)
  return compareDecimals(parseDecimal(left), parseDecimal(right))
}

function compareDecimals(left: Decimal, right: Decimal): number {
  if (left.sign !== right.sign) return left.sign - right.sign
  if (left.exponent !== right.exponent) return (left.exponent - right.exponent) * left.sign
  if (left.digits === right.digits) return 0
  return left.digits < right.digits ? -left.sign : left.sign
}

/**
 * Adds two numbers exactly.
 *
 * @param left - A normalised number.
 * @param right - A normalised number.
 * @returns The normalised sum.
 * @throws ServiceError when it is beyond DynamoDB's range and precision.
 * @internal
 */
export function addNumbers(left: string, right: string): string {
  const [a, b] = [parseDecimal(left), parseDecimal(right)]
  if (a.sign === 0) return right
  if (b.sign === 0) return left
  const scale = Math.max(a.digits.length - a.exponent, b.digits.length - b.exponent)
  const sum = scaled(a, scale) + scaled(b, scale)
  const digits = (sum < 0n ? -sum : sum).toString()
  return formatDecimal(checkRange(trim(sum < 0n ? -1 : 1, digits, digits.length - scale)))
}

/**
 * Subtracts two numbers exactly; see {@link addNumbers}.
 *
 * @internal
 */
export function subtractNumbers(left: string, right: string): string {
  if (right === '0') return left
  return addNumbers(left, right.startsWith('-') ? right.slice(1) : `-${right}`)
}

/** The number times ten to the power of `scale`, which makes it whole. */
function scaled({ sign, digits, exponent }: Decimal, scale: number): bigint {
  const whole = BigInt(digits) * 10n ** BigInt(scale - (digits.length - exponent))
  return sign < 0 ? -whole : whole
}
