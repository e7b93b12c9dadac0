import type { AttributeValue } from '../values/attribute-value.ts'

/**
 * Gives what the function `size` gives: UTF-16 units of a text, bytes of a binary value,
 * members of a set, list or map.
 *
 * @returns The size, or undefined for a number, a boolean and null.
 * @internal
 */
export function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length
  if ('B' in value) return Buffer.byteLength(value.B, 'base64')
  if ('SS' in value) return value.SS.length
  if ('NS' in value) return value.NS.length
  if ('BS' in value) return value.BS.length
  if ('L' in value) return value.L.length
  if ('M' in value) return Object.keys(value.M).length
  return undefined
}
