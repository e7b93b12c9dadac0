import { canonicalNumber } from '../codec/decimal.ts'
import type { NativeItem, NativeNumber, NativeValue } from '../codec/native-value.ts'
import type { NumberMode } from '../codec/number.ts'
import type { KeyShape } from './key-shape.ts'

/**
 * Writes a key as text: equal for keys of the same item, different for any others.
 *
 * With `rounded`, numbers are first rounded as they are in answers read so; then keys that differ only in
 * digits a `number` cannot hold have equal text.
 *
 * @param shape - The table and its key attributes.
 * @param item - The item or its key, checked or read.
 * @param numbers - How numbers of answers are read.
 * @returns Text that also tells tables apart.
 * @internal
 */
export function keyText(shape: KeyShape, item: NativeItem, numbers: NumberMode): string {
  let text = shape.tableName
  // Names of tables have no line breaks, and the length says where a value ends.
  for (const { name } of shape.attributes) text += `\n${valueText(item[name], numbers)}`
  return text
}

function valueText(value: NativeValue | undefined, numbers: NumberMode): string {
  if (typeof value === 'string') return `${String(value.length)}S${value}`
  if (value instanceof Uint8Array) return `${String(value.length)}B${toLatin1(value)}`
  return `N${numberText(value as NativeNumber, numbers)}`
}

function numberText(value: NativeNumber, numbers: NumberMode): string {
  if (Number.isSafeInteger(value)) return value.toString()
  const exact = canonicalNumber(value.toString())
  return numbers === 'rounded' ? canonicalNumber(String(Number(exact))) : exact
}

function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
