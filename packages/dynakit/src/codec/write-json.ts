import { Decimal } from './decimal.ts'
import { encodeItem, encodeValue } from './encode.ts'
import { encodeNumber } from './number.ts'
import type { NativeItem, NativeNumber, NativeValue } from './native-value.ts'

/**
 * Writes an item or a key as DynamoDB JSON in one pass, without attribute values in between.
 *
 * @param item - Attributes as JavaScript values; members that are `undefined` are left out.
 * @returns JSON text.
 * @throws ValidationError naming the path, the value's type and the rule when a value cannot be stored.
 * @internal
 */
export function writeItem(item: NativeItem): string {
  try {
    return writeMembers(item, 0)
  } catch (error) {
    // The other encoder knows where the value stands; it fails on the same values.
    encodeItem(item)
    throw error
  }
}

/**
 * Writes one value as DynamoDB JSON.
 *
 * @param value - A JavaScript value.
 * @returns JSON text.
 * @throws ValidationError as {@link writeItem} does.
 * @internal
 */
export function writeValue(value: NativeValue): string {
  try {
    return write(value, 0)
  } catch (error) {
    encodeValue(value)
    throw error
  }
}

/** Thrown for a value that cannot be stored; replaced by an error that names its place. */
const refused = new Error('refused')

const maximumDepth = 32

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return `{"S":${writeText(value)}}`
    case 'number':
      return Number.isSafeInteger(value) ? `{"N":"${String(value)}"}` : `{"N":"${encodeNumber(value)}"}`
    case 'boolean':
      return value ? '{"BOOL":true}' : '{"BOOL":false}'
    case 'bigint':
      return `{"N":"${encodeNumber(value)}"}`
    case 'object':
      return value === null ? '{"NULL":true}' : writeObject(value, depth)
    default:
      throw refused
  }
}

function writeObject(value: object, depth: number): string {
  if (value instanceof Uint8Array) return `{"B":"${toBase64(value)}"}`
  if (value instanceof Set) return writeSet(value as ReadonlySet<unknown>)
  if (Decimal.is(value)) return `{"N":"${value.toString()}"}`
  if (depth >= maximumDepth) throw refused
  if (Array.isArray(value)) return writeList(value, depth + 1)
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype !== Object.prototype && prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw refused
  return `{"M":${writeMembers(value as NativeItem, depth + 1)}}`
}

function writeList(elements: readonly unknown[], depth: number): string {
  let text = ''
  for (const element of elements) text += text === '' ? write(element, depth) : `,${write(element, depth)}`
  return `{"L":[${text}]}`
}

function writeMembers(members: NativeItem, depth: number): string {
  let text = '{'
  for (const name of Object.keys(members)) {
    const value = members[name]
    if (value === undefined) continue
    const before = beforeValue(name)
    const comma = text.length === 1 ? '' : ','
    // Strings and whole numbers, most of all values, are written here: fewer and longer pieces of text.
    if (typeof value === 'string' && isPlainText(value)) text += `${comma}${before.string}${value}"}`
    else if (typeof value === 'number' && Number.isSafeInteger(value))
      text += `${comma}${before.number}${String(value)}"}`
    else text += comma + before.any + write(value, depth)
  }
  return `${text}}`
}

/** What stands before a value in the text: its name, and the name of its type. */
interface BeforeValue {
  readonly any: string
  readonly string: string
  readonly number: string
}

/** Attribute names recur from item to item, so their text is kept. */
const namesBefore = new Map<string, BeforeValue>()
const maximumNames = 2000

function beforeValue(name: string): BeforeValue {
  let before = namesBefore.get(name)
  if (before === undefined) {
    const any = `${writeText(name)}:`
    before = { any, string: `${any}{"S":"`, number: `${any}{"N":"` }
    if (namesBefore.size >= maximumNames) namesBefore.clear()
    namesBefore.set(name, before)
  }
  return before
}

function writeSet(members: ReadonlySet<unknown>): string {
  const [first] = members
  if (typeof first === 'string') return `{"SS":[${writeEach(members, writeSetText)}]}`
  if (isNumber(first)) return `{"NS":[${distinct(writeEach(members, writeSetNumber), members.size)}]}`
  if (first instanceof Uint8Array)
    return `{"BS":[${distinct(writeEach(members, writeSetBinary), members.size)}]}`
  throw refused
}

function writeEach(members: Iterable<unknown>, writeMember: (member: unknown) => string): string {
  let text = ''
  for (const member of members) text += text === '' ? writeMember(member) : `,${writeMember(member)}`
  return text
}

function writeSetText(member: unknown): string {
  if (typeof member !== 'string') throw refused
  return writeText(member)
}

function writeSetNumber(member: unknown): string {
  if (!isNumber(member)) throw refused
  return `"${encodeNumber(member)}"`
}

function writeSetBinary(member: unknown): string {
  if (!(member instanceof Uint8Array)) throw refused
  return `"${toBase64(member)}"`
}

/** Numbers and binary may differ for JavaScript and be the same for DynamoDB. */
function distinct(text: string, size: number): string {
  if (size > 1 && new Set(text.split(',')).size < size) throw refused
  return text
}

function isNumber(value: unknown): value is NativeNumber {
  return typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value)
}

// eslint-disable-next-line no-control-regex -- JSON escapes control characters
const needsCare = /["\\\u0000-\u001f\ud800-\udfff]/
/** Beyond this the search costs more than what JSON.stringify does natively. */
const longText = 5000

function isPlainText(text: string): boolean {
  return text.length < longText && !needsCare.test(text)
}

function writeText(text: string): string {
  if (isPlainText(text)) return `"${text}"`
  if (!text.isWellFormed()) throw refused
  return JSON.stringify(text)
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
