import type { AttributeMap, AttributeValue } from './attribute-value.ts'
import { compareNumbers } from './number.ts'

/**
 * Compares texts as DynamoDB does, by their UTF-8 bytes.
 *
 * @returns Less than, equal to or greater than zero.
 * @internal
 */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at)
    const b = right.charCodeAt(at)
    if (a !== b) return codePointRank(a) - codePointRank(b)
  }
  return left.length - right.length
}

/**
 * Gives a code unit's rank in the order of code points: surrogates stand for code points above all others, but
 * lie below U+E000 as code units.
 *
 * @internal
 */
export function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000
}

/**
 * Compares binary values by their unsigned bytes.
 *
 * @param left - Base64.
 * @param right - Base64.
 * @returns Less than, equal to or greater than zero.
 * @internal
 */
function compareBinaries(left: string, right: string): number {
  if (left === right) return 0
  return Buffer.compare(Buffer.from(left, 'base64'), Buffer.from(right, 'base64'))
}

/**
 * Orders two values.
 *
 * @returns Less than, equal to or greater than zero; undefined when their types differ or have no order.
 * @internal
 */
export function compareScalars(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('S' in left && 'S' in right) return compareTexts(left.S, right.S)
  if ('N' in left && 'N' in right) return compareNumbers(left.N, right.N)
  if ('B' in left && 'B' in right) return compareBinaries(left.B, right.B)
  return undefined
}

/**
 * Tells whether two values are equal: same type and same content; the order of sets does not matter.
 *
 * @param left - A value with normalised numbers.
 * @param right - A value with normalised numbers.
 * @internal
 */
export function equalValues(left: AttributeValue, right: AttributeValue): boolean {
  if (left === right) return true
  if ('S' in left) return 'S' in right && left.S === right.S
  if ('N' in left) return 'N' in right && left.N === right.N
  if ('B' in left) return 'B' in right && left.B === right.B
  if ('BOOL' in left) return 'BOOL' in right && left.BOOL === right.BOOL
  if ('NULL' in left) return 'NULL' in right
  if ('M' in left) return 'M' in right && equalMaps(left.M, right.M)
  if ('L' in left) return 'L' in right && equalLists(left.L, right.L)
  if ('SS' in left) return 'SS' in right && equalSets(left.SS, right.SS)
  if ('NS' in left) return 'NS' in right && equalSets(left.NS, right.NS)
  return 'BS' in right && equalSets(left.BS, right.BS)
}

/**
 * Tells whether two maps or items hold the same attributes with equal values.
 *
 * @internal
 */
export function equalMaps(left: AttributeMap, right: AttributeMap): boolean {
  if (left === right) return true
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every(
      (name) =>
        Object.hasOwn(right, name) &&
        equalValues(left[name] as AttributeValue, right[name] as AttributeValue),
    )
  )
}

function equalLists(left: readonly AttributeValue[], right: readonly AttributeValue[]): boolean {
  return (
    left.length === right.length && left.every((value, at) => equalValues(value, right[at] as AttributeValue))
  )
}

function equalSets(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false
  const members = new Set(left)
  return right.every((member) => members.has(member))
}
