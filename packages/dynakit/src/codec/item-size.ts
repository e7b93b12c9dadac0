import { canonicalNumber, Decimal } from './decimal.ts'
import { encodeItem } from './encode.ts'
import { encodeNumber } from './number.ts'
import type { NativeItem, NativeNumber } from './native-value.ts'
import { writeItem } from './write-json.ts'

/** Most bytes of an item, names and values. */
export const maximumItemBytes: number = 400 * 1024

/** How large an item is. */
export interface ItemSize {
  /** Bytes of names and values as DynamoDB counts them: for the limit of an item, and for capacity. */
  readonly bytes: number
  /** At least as many bytes as the item takes in the JSON of a request. */
  readonly mostWireBytes: number
}

/** What a list or map costs besides its content. */
const collectionBytes = 3
/** What each member of a list or map costs besides its content. */
const memberBytes = 1
const maximumNumberBytes = 21
const maximumDepth = 32
/** A control character is one byte, and six in JSON. */
const wirePerUnit = 6
/** Braces, quotes, type, colon and comma around a value. */
const wireAround = 16
/** A number that is no safe integer has up to 131 characters in plain notation. */
const wireOfNumber = 160
const shortText = 24

/** Thrown where the encoder refuses the value too; it then says what and where. */
const refused = new Error('refused')

/**
 * Counts the bytes of an item, and checks on the way that every value can be stored.
 *
 * Text counts its bytes in UTF-8; a number one byte, one for each two of its significant digits in pairs from
 * the decimal point, and one for a minus; binary its bytes; null and booleans one byte; a list or map three
 * bytes and one for each member; a set its members. Names of attributes and of members of maps count as text.
 *
 * Source: Amazon DynamoDB Developer Guide, "DynamoDB Item sizes and formats". It gives the size of numbers as
 * approximate; the pairs and the minus are what the capacity of DynamoDB Local shows.
 *
 * @param item - The stored item.
 * @returns Its size.
 * @throws ValidationError naming the path, the value's type and the rule when a value cannot be stored.
 * @internal
 */
export function itemSize(item: NativeItem): ItemSize {
  wire = 2
  try {
    const bytes = sizeOfMembers(item, 0, 0)
    return { bytes, mostWireBytes: wire }
  } catch (error) {
    encodeItem(item)
    throw error
  }
}

/**
 * Counts the bytes an item takes in the JSON of a request, which it writes to find out.
 *
 * @internal
 */
export function wireBytes(item: NativeItem): number {
  return Buffer.byteLength(writeItem(item))
}

/** Adds up along the walk: objects for two results of every value would cost more than the sums. */
let wire = 0

function sizeOfMembers(members: NativeItem, overhead: number, depth: number): number {
  let bytes = 0
  for (const name of Object.keys(members)) {
    const value: unknown = members[name]
    if (value !== undefined) bytes += sizeOfText(name) + overhead + sizeOf(value, depth)
  }
  return bytes
}

function sizeOf(value: unknown, depth: number): number {
  wire += wireAround
  switch (typeof value) {
    case 'string':
      return sizeOfText(value)
    case 'number':
      return Number.isSafeInteger(value) ? sizeOfInteger(value) : sizeOfNumber(value)
    case 'boolean':
      return 1
    case 'bigint':
      return sizeOfNumber(value)
    case 'object':
      return value === null ? 1 : sizeOfObject(value, depth)
    default:
      throw refused
  }
}

function sizeOfObject(value: object, depth: number): number {
  if (value instanceof Uint8Array) return sizeOfBinary(value)
  if (value instanceof Set) return sizeOfSet(value as ReadonlySet<unknown>)
  if (Decimal.is(value)) return sizeOfNumber(value)
  if (depth >= maximumDepth) throw refused
  if (Array.isArray(value)) return sizeOfList(value, depth + 1)
  if (!isPlainObject(value)) throw refused
  return collectionBytes + sizeOfMembers(value as NativeItem, memberBytes, depth + 1)
}

function sizeOfList(elements: readonly unknown[], depth: number): number {
  let bytes = collectionBytes
  for (const element of elements) bytes += memberBytes + sizeOf(element, depth)
  return bytes
}

/** Sets are few; the encoder knows their rules. */
function sizeOfSet(members: ReadonlySet<unknown>): number {
  encodeItem({ set: members as ReadonlySet<string> })
  let bytes = 0
  for (const member of members) bytes += sizeOf(member, 0)
  return bytes
}

function sizeOfBinary(bytes: Uint8Array): number {
  wire += Math.ceil(bytes.length / 3) * 4
  return bytes.length
}

function sizeOfText(text: string): number {
  const { length } = text
  wire += length * wirePerUnit
  if (length > shortText) return wellFormedBytes(text)
  for (let at = 0; at < length; at++) {
    if (text.charCodeAt(at) > 0x7f) return wellFormedBytes(text)
  }
  return length
}

function wellFormedBytes(text: string): number {
  if (text.isWellFormed()) return Buffer.byteLength(text)
  throw refused
}

function sizeOfInteger(value: number): number {
  wire += wireAround
  if (value === 0) return 1
  let rest = Math.abs(value)
  while (rest % 100 === 0) rest /= 100
  let pairs = 0
  for (; rest >= 1; rest = Math.floor(rest / 100)) pairs += 1
  return 1 + pairs + (value < 0 ? 1 : 0)
}

function sizeOfNumber(value: NativeNumber): number {
  wire += wireOfNumber
  const text = canonicalNumber(encodeNumber(value))
  if (text === '0') return 1
  const isNegative = text.startsWith('-')
  const [whole = '', fraction = ''] = (isNegative ? text.slice(1) : text).split('.')
  let pairs = Math.ceil(fraction.length / 2)
  if (whole === '0') pairs -= zeroPairs(/^0*/.exec(fraction))
  else pairs += Math.ceil(whole.length / 2)
  if (fraction === '') pairs -= zeroPairs(/0*$/.exec(whole))
  return Math.min(1 + pairs + (isNegative ? 1 : 0), maximumNumberBytes)
}

function zeroPairs(zeros: RegExpExecArray | null): number {
  return Math.floor((zeros?.[0].length ?? 0) / 2)
}

/** A plain object's prototype is null, or an `Object.prototype` of this realm or another. */
function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
