import { ValidationError } from '../errors/request-errors.ts'

const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/
const maximumDigits = 38
const maximumExponent = 125
const minimumExponent = -130

/**
 * An exact decimal number of up to 38 significant digits, for values a `number` would round.
 *
 * Immutable. The text is kept in DynamoDB's plain notation without insignificant zeros, so two equal
 * decimals have equal text. For arithmetic pass `toString()` to a decimal library.
 *
 * Source: Amazon DynamoDB Developer Guide, "Number" data type: 38 digits, 1E-130 to 9.99E+125.
 *
 * @example
 * ```ts
 * import { Decimal } from 'dynakit'
 *
 * const price = Decimal.from('12345678901234567890.50')
 * console.log(price.toString()) // 12345678901234567890.5
 * ```
 */
export class Decimal {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  /**
   * Makes a decimal from text, a finite number or a bigint.
   *
   * @param value - Plain or exponent notation, such as `'0.10'` or `'1e-9'`.
   * @returns The exact value.
   * @throws ValidationError when it is not a number, has more than 38 significant digits, or lies
   *   outside DynamoDB's range.
   */
  static from(value: string | number | bigint): Decimal {
    return new Decimal(canonicalNumber(String(value)))
  }

  /** Tells whether a value is a decimal, whichever copy of dynakit made it. */
  static is(value: unknown): value is Decimal {
    return (
      typeof value === 'object' && value !== null && (value as { '~decimal'?: unknown })['~decimal'] === true
    )
  }

  /** Marks decimals of every copy of the package. */
  // A field would cost every instance a slot.
  // eslint-disable-next-line @typescript-eslint/class-literal-property-style
  get '~decimal'(): true {
    return true
  }

  /** The value in plain notation, such as `-0.5`. */
  toString(): string {
    return this.#text
  }

  /** The value as text, so that JSON keeps every digit. */
  toJSON(): string {
    return this.#text
  }

  /** The nearest `number`; may round. */
  toNumber(): number {
    return Number(this.#text)
  }

  /**
   * Compares with another number exactly.
   *
   * @param other - Any number.
   * @returns Negative when this is smaller, positive when greater, 0 when equal.
   */
  compare(other: Decimal | number | bigint): number {
    return compareDecimalText(this.#text, canonicalNumber(String(other)))
  }

  /** Tells whether another number has exactly this value. */
  equals(other: Decimal | number | bigint): boolean {
    return this.#text === canonicalNumber(String(other))
  }

  /** Shows the value in `console.log`. */
  get [Symbol.toStringTag](): string {
    return `Decimal ${this.#text}`
  }
}

interface DecimalParts {
  readonly negative: boolean
  /** Significant digits without leading or trailing zeros; empty for zero. */
  readonly digits: string
  /** The value is 0.DIGITS x 10^point. */
  readonly point: number
}

/**
 * Writes a number in plain notation without insignificant zeros.
 *
 * @param text - A number in plain or exponent notation.
 * @returns Equal text for equal numbers.
 * @throws ValidationError when it is not a number DynamoDB can store exactly.
 * @internal
 */
export function canonicalNumber(text: string): string {
  const { negative, digits, point } = parseDecimal(text)
  if (digits === '') return '0'
  const sign = negative ? '-' : ''
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length)
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

function parseDecimal(text: string): DecimalParts {
  const match = decimalText.exec(text)
  const whole = match?.[2] ?? ''
  const fraction = match?.[3] ?? ''
  if (!match || whole + fraction === '') {
    throw new ValidationError('This text is not a decimal number; write it as in "-12.5" or "1e-9".', {
      rule: 'number-syntax',
      valueType: 'string',
    })
  }
  const all = whole + fraction
  const leading = /^0*/.exec(all)?.[0].length ?? 0
  const digits = all.slice(leading).replace(/0+$/, '')
  const point = whole.length - leading + Number(match[4] ?? '0')
  if (digits.length > maximumDigits) {
    throw new ValidationError(
      `A DynamoDB number holds ${String(maximumDigits)} significant digits, this one has ${String(digits.length)}. ` +
        'Round it, or store it as a string.',
      { rule: 'number-precision', valueType: 'number' },
    )
  }
  if (digits !== '' && (point - 1 > maximumExponent || point - 1 < minimumExponent)) {
    throw new ValidationError(
      'A DynamoDB number lies between 1E-130 and 9.99E+125 (or is 0, or negative likewise). ' +
        'Store a number outside that range as a string.',
      { rule: 'number-range', valueType: 'number' },
    )
  }
  return { negative: match[1] === '-', digits, point }
}

/**
 * Compares two numbers given as text exactly.
 *
 * @param left - A number in plain or exponent notation.
 * @param right - Another one.
 * @returns Negative, 0 or positive.
 * @internal
 */
export function compareDecimalText(left: string, right: string): number {
  const a = parseDecimal(left)
  const b = parseDecimal(right)
  const signs = sign(a) - sign(b)
  if (signs !== 0) return signs
  const magnitude = a.point === b.point ? compareDigits(a.digits, b.digits) : a.point - b.point
  return a.negative ? -magnitude : magnitude
}

function sign(parts: DecimalParts): number {
  if (parts.digits === '') return 0
  return parts.negative ? -1 : 1
}

function compareDigits(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
