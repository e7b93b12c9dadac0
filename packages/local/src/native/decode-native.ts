import { setAttribute, type AttributeMap, type AttributeValue } from '../values/attribute-value.ts'
import { normalizeNumber } from '../values/number.ts'
import type { Dynakit } from './dynakit.ts'

/** How numbers are read; dynakit's `NumberMode`. */
export type NumberMode = 'exact' | 'decimal' | 'rounded'

/**
 * Turns an item into JavaScript values, as dynakit's transports hand it out.
 *
 * @param item - The item.
 * @param mode - How its numbers are read.
 * @param dynakit - Has the class for numbers that JavaScript has no type for.
 * @internal
 */
export function decodeNative(
  item: AttributeMap,
  mode: NumberMode,
  dynakit: Pick<Dynakit, 'Decimal'>,
): Record<string, unknown> {
  const decoded: Record<string, unknown> = {}
  for (const name of Object.keys(item)) {
    setAttribute(decoded as never, name, decode(item[name] as AttributeValue, mode, dynakit) as never)
  }
  return decoded
}

function decode(value: AttributeValue, mode: NumberMode, dynakit: Pick<Dynakit, 'Decimal'>): unknown {
  if ('S' in value) return value.S
  if ('N' in value) return decodeNumber(value.N, mode, dynakit)
  if ('BOOL' in value) return value.BOOL
  if ('M' in value) return decodeNative(value.M, mode, dynakit)
  if ('L' in value) return value.L.map((element) => decode(element, mode, dynakit))
  if ('B' in value) return bytes(value.B)
  if ('SS' in value) return new Set(value.SS)
  if ('NS' in value) return new Set(value.NS.map((text) => decodeNumber(text, mode, dynakit)))
  if ('BS' in value) return new Set(value.BS.map(bytes))
  return null
}

function bytes(base64: string): Uint8Array {
  const buffer = Buffer.from(base64, 'base64')
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

function decodeNumber(text: string, mode: NumberMode, { Decimal }: Pick<Dynakit, 'Decimal'>): unknown {
  if (mode === 'decimal') return Decimal.from(text)
  const value = Number(text)
  if (mode === 'rounded') return value
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
    const written = value.toString()
    // Small numbers are written with an exponent, which the text has not.
    if (written === text || (written.includes('e') && normalizeNumber(written) === text)) return value
  }
  return text.includes('.') ? Decimal.from(text) : BigInt(text)
}
