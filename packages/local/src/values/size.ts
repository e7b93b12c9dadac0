import type { AttributeMap, AttributeValue } from './attribute-value.ts'
import { parseDecimal } from './number.ts'

/** What a list or map costs besides its content. */
const collectionOverhead = 3
/** What each member of a list or map costs besides its content. */
const memberOverhead = 1
const maximumNumberSize = 21

/**
 * Counts the bytes of an item as DynamoDB counts them: names and values.
 *
 * @param item - An item with normalised numbers.
 * @internal
 */
export function itemSize(item: AttributeMap): number {
  let size = 0
  for (const name of Object.keys(item)) {
    size += textSize(name) + valueSize(item[name] as AttributeValue)
  }
  return size
}

/**
 * Counts the bytes of a value as DynamoDB counts them.
 *
 * @param value - A value with normalised numbers.
 * @internal
 */
export function valueSize(value: AttributeValue): number {
  if ('S' in value) return textSize(value.S)
  if ('N' in value) return numberSize(value.N)
  if ('B' in value) return binarySize(value.B)
  if ('BOOL' in value || 'NULL' in value) return 1
  if ('M' in value)
    return collectionOverhead + Object.keys(value.M).length * memberOverhead + itemSize(value.M)
  if ('L' in value) return collectionOverhead + value.L.length * memberOverhead + sum(value.L, valueSize)
  if ('SS' in value) return sum(value.SS, textSize)
  if ('NS' in value) return sum(value.NS, numberSize)
  return sum(value.BS, binarySize)
}

function sum<Member>(members: readonly Member[], size: (member: Member) => number): number {
  let total = 0
  for (const member of members) total += size(member)
  return total
}

/**
 * Counts the bytes of a text in UTF-8.
 *
 * @internal
 */
export function textSize(text: string): number {
  return Buffer.byteLength(text)
}

/**
 * Counts the bytes base64 stands for.
 *
 * @internal
 */
export function binarySize(base64: string): number {
  if (base64 === '') return 0
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  return (base64.length / 4) * 3 - padding
}

const smallInteger = /^\d{1,2}$/

/**
 * Counts the bytes of a number: one, one for each two digits from the first to the last that is not zero, in
 * pairs counted from the decimal point, and one for a minus.
 *
 * @param text - A normalised number.
 * @internal
 */
export function numberSize(text: string): number {
  if (smallInteger.test(text)) return text === '0' ? 1 : 2
  const { sign, digits, exponent } = parseDecimal(text)
  if (sign === 0) return 1
  const first = Math.floor((exponent - 1) / 2)
  const last = Math.floor((exponent - digits.length) / 2)
  return Math.min(1 + (first - last + 1) + (sign < 0 ? 1 : 0), maximumNumberSize)
}
