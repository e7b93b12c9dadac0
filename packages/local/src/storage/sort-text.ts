import type { AttributeValue } from '../values/attribute-value.ts'
import { codePointRank } from '../values/compare.ts'
import { parseDecimal } from '../values/number.ts'

/**
 * Writes a key value as a text that sorts, by its code units, as DynamoDB sorts the value among values of its
 * type: strings by UTF-8 bytes, numbers by value, binaries by unsigned bytes. Equal values have equal texts.
 *
 * @param value - A string, a normalised number or a binary value.
 * @internal
 */
export function sortText(value: AttributeValue): string {
  if ('S' in value) return stringText(value.S)
  if ('N' in value) return numberText(value.N)
  if ('B' in value) return Buffer.from(value.B, 'base64').toString('latin1')
  throw new TypeError('Only strings, numbers and binaries are keys.')
}

/**
 * Writes several key values as one text that sorts by the first, then the second, and so on.
 *
 * @param values - The values; just one is written as it is.
 * @internal
 */
export function sortTexts(values: readonly AttributeValue[]): string {
  const texts = joinSortTexts(values.length)
  return values.map((value) => texts.whole(sortText(value))).join('')
}

/** How the sort text of one value becomes part of that of a key. */
export interface SortTexts {
  /** The text as it stands in the key's. */
  whole(text: string): string
  /** Its beginning, whatever else of the same value follows. */
  part(text: string): string
  /** The first text behind all keys that have this value. */
  behind(text: string): string
}

/**
 * Gives the way sort texts are put together into that of a key.
 *
 * @param attributes - How many attributes the key has.
 * @internal
 */
export function joinSortTexts(attributes: number): SortTexts {
  return attributes === 1 ? alone : joined
}

/** Sorts before everything else, so that a text that is the start of another comes first. */
const end = '\u0000'
const afterEnd = '\u0001'
// eslint-disable-next-line no-control-regex -- these are the units that keys of several values are made with
const endOrEscape = /[\u0000\u0001]/g
const escape = (text: string): string =>
  text.replace(endOrEscape, (unit) => (unit === end ? '\u0001\u0001' : '\u0001\u0002'))

const alone: SortTexts = {
  whole: (text) => text,
  part: (text) => text,
  behind: (text) => text + end,
}
const joined: SortTexts = {
  whole: (text) => escape(text) + end,
  part: escape,
  behind: (text) => escape(text) + afterEnd,
}

const needsRanking = /[\uD800-\uFFFF]/

/** Code units from U+D800 on sort differently in UTF-16 and UTF-8: surrogates belong after all others. */
function stringText(text: string): string {
  if (!needsRanking.test(text)) return text
  let ranked = ''
  for (let at = 0; at < text.length; at += 1)
    ranked += String.fromCharCode(codePointRank(text.charCodeAt(at)))
  return ranked
}

/** Makes exponents positive, of three digits. */
const exponentOffset = 500

/** Sign, exponent, digits; both upside down for negative numbers, with a last unit above all digits. */
function numberText(text: string): string {
  const { sign, digits, exponent } = parseDecimal(text)
  if (sign === 0) return '1'
  if (sign > 0) return `2${String(exponentOffset + exponent)}${digits}`
  let complement = ''
  for (const digit of digits) complement += String(9 - Number(digit))
  return `0${String(exponentOffset - exponent)}${complement}~`
}

/**
 * Spreads partition keys over the numbers from 0 to 2^31 - 1; a table's items are in this order.
 *
 * @param partition - The partition key as a sort text.
 * @internal
 */
export function partitionHash(partition: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < partition.length; at += 1) {
    hash = Math.imul(hash ^ partition.charCodeAt(at), 0x01000193)
  }
  // Mixes the bits, which near keys would otherwise share.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 1
}
