import { compareDecimalText, Decimal } from './decimal.ts'
import { isNativeMap, isNativeNumber } from './native-types.ts'
import type { NativeItem, NativeNumber, NativeValue } from './native-value.ts'

/**
 * Compares two values that DynamoDB can order: two strings (by UTF-8 bytes), two numbers (exactly) or
 * two binaries (by unsigned bytes).
 *
 * @param left - A value.
 * @param right - Another one.
 * @returns Negative, 0 or positive; `undefined` when DynamoDB does not order them.
 * @internal
 */
export function compareValues(left: NativeValue, right: NativeValue): number | undefined {
  if (typeof left === 'string') return typeof right === 'string' ? compareText(left, right) : undefined
  if (isNativeNumber(left)) return isNativeNumber(right) ? compareNumbers(left, right) : undefined
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right)
  return undefined
}

/**
 * Tells whether two values are equal for DynamoDB: sets without order, numbers by value.
 *
 * @param left - A value.
 * @param right - Another one.
 * @returns True when DynamoDB's `=` would be.
 * @internal
 */
export function equalValues(left: NativeValue, right: NativeValue): boolean {
  if (left === right) return true
  if (typeof left !== 'object' && typeof right !== 'object') return compareValues(left, right) === 0
  if (left === null || right === null) return false
  if (left instanceof Set && right instanceof Set) return equalSets(left, right)
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      left.every((member, at) => equalValues(member as NativeValue, right[at] as NativeValue))
    )
  }
  const order = compareValues(left, right)
  if (order !== undefined) return order === 0
  return isNativeMap(left) && isNativeMap(right) && equalMaps(left, right)
}

function compareNumbers(left: NativeNumber, right: NativeNumber): number {
  if (Decimal.is(left) || Decimal.is(right)) return compareDecimalText(left.toString(), right.toString())
  if (left == right) return 0
  return left < right ? -1 : 1
}

/** JavaScript orders UTF-16 units, DynamoDB UTF-8 bytes; they differ only above U+D7FF. */
function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at)
    const b = right.charCodeAt(at)
    if (a !== b) return utf8Rank(a) - utf8Rank(b)
  }
  return left.length - right.length
}

function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

function equalSets(left: ReadonlySet<NativeValue>, right: ReadonlySet<NativeValue>): boolean {
  if (left.size !== right.size) return false
  return [...left].every(
    (member) => right.has(member) || [...right].some((other) => equalValues(member, other)),
  )
}

function equalMaps(left: NativeItem, right: NativeItem): boolean {
  const names = Object.keys(left).filter((name) => left[name] !== undefined)
  const others = Object.keys(right).filter((name) => right[name] !== undefined)
  return (
    names.length === others.length &&
    names.every((name) => {
      const a = left[name]
      const b = right[name]
      return a !== undefined && b !== undefined && equalValues(a, b)
    })
  )
}
