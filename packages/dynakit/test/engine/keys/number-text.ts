import type { NativeNumber } from 'dynakit'

/** A number as `digits` units of 10^-scale. */
interface Scaled {
  readonly digits: bigint
  readonly scale: number
}

const significantDigits = 38

/** Writes a number without exponent and without zeros that say nothing. */
export function numberText(value: NativeNumber): string {
  return text(parse(value))
}

/** Adds exactly; `undefined` when the sum has more digits than DynamoDB stores. */
export function sumText(left: NativeNumber | string, right: NativeNumber): string | undefined {
  const a = parse(left)
  const b = parse(right)
  const scale = Math.max(a.scale, b.scale)
  const sum = { digits: widen(a, scale) + widen(b, scale), scale }
  const digits = text(sum).replace(/^-/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '')
  return digits.length > significantDigits ? undefined : text(sum)
}

function parse(value: NativeNumber | string): Scaled {
  const [mantissa = '', exponent = '0'] = String(value).toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const scale = fraction.length - Number(exponent)
  const digits = BigInt(whole + fraction)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

function widen({ digits, scale }: Scaled, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale)
}

function text({ digits, scale }: Scaled): string {
  const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const whole = padded.slice(0, padded.length - scale)
  const fraction = padded.slice(padded.length - scale).replace(/0+$/, '')
  const unsigned = fraction === '' ? whole : `${whole}.${fraction}`
  return digits < 0n ? `-${unsigned}` : unsigned
}
