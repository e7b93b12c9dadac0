import { toBase64 } from './base64.ts'
import { Decimal } from './decimal.ts'
import { encodeItem, encodeValue } from './encode.ts'
import { encodeNumber } from './number.ts'
import type { NativeItem, NativeNumber, NativeValue } from './native-value.ts'
import { leadEnds, leadOf, leadStarts, ValueLead } from './value-leads.ts'

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
    isPrototypeExtended = hasInheritedNames()
    return writeMembers(isPlain(item) ? item : { ...item }, 0, root)
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
    isPrototypeExtended = hasInheritedNames()
    const element = writeAfter(elements, leadStarts.first, value, 0, root)
    return `${element.slice(1)}${open === leadStarts.afterText ? '"}' : '}'}`
  } catch (error) {
    encodeValue(value)
    throw error
  }
}

/** Thrown for a value that cannot be stored; replaced by an error that names its place. */
const refused = new Error('refused')

const maximumDepth = 32

/** Comes before the first member of an item. */
const root = new ValueLead('')
const elements = new ValueLead(undefined)

/**
 * What the value written last left open. A value leaves its closing brace to the lead of the next one,
 * which makes fewer and longer pieces of text.
 */
let open: number = leadStarts.first

/** Whether `for ... in` lists members that something has added to all objects. */
let isPrototypeExtended = false
const empty = {}

function hasInheritedNames(): boolean {
  for (const _name in empty) return true
  return false
}

/** A plain object's prototype is null or `Object.prototype`; that of another realm is told apart later. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === Object.prototype || prototype === null
}

function writeMembers(members: NativeItem, depth: number, place: ValueLead): string {
  let text = ''
  let start: number = leadStarts.first
  let previous: ValueLead | undefined
  let lead = place.child
  for (const name in members) {
    const value = members[name]
    if (value === undefined || (isPrototypeExtended && !Object.hasOwn(members, name))) continue
    if (lead?.name !== name) lead = expectLead(name, previous, place)
    text += writeAfter(lead, start, value, depth, lead)
    start = open
    previous = lead
    lead = lead.next
  }
  if (start === leadStarts.first) return '{}'
  return start === leadStarts.afterText ? `${text}"}}` : `${text}}}`
}

/** Finds the lead of a name that is not the expected one, and expects it from now on. */
function expectLead(name: string, previous: ValueLead | undefined, place: ValueLead): ValueLead {
  if (!name.isWellFormed()) throw refused
  const lead = leadOf(name)
  if (previous) previous.next = lead
  else place.child = lead
  return lead
}

function writeElements(values: readonly unknown[], depth: number, place: ValueLead): string {
  let text = ''
  let start: number = leadStarts.first
  for (const value of values) {
    text += writeAfter(elements, start, value, depth, place)
    start = open
  }
  if (start === leadStarts.first) return '[]'
  return start === leadStarts.afterText ? `${text}"}]` : `${text}}]`
}

/** Writes a value with what stands before it and without what closes it. */
function writeAfter(lead: ValueLead, start: number, value: unknown, depth: number, place: ValueLead): string {
  switch (typeof value) {
    case 'string':
      return writeString(lead, start, value)
    case 'number':
      open = leadStarts.afterText
      return lead.text(start + leadEnds.N) + encodeNumber(value)
    case 'boolean':
      open = leadStarts.afterOther
      return lead.text(start + (value ? leadEnds.true : leadEnds.false))
    case 'bigint':
      open = leadStarts.afterText
      return lead.text(start + leadEnds.N) + encodeNumber(value)
    case 'object':
      if (value !== null) return writeObject(lead, start, value, depth, place)
      open = leadStarts.afterOther
      return lead.text(start + leadEnds.null)
    default:
      throw refused
  }
}

function writeString(lead: ValueLead, start: number, value: string): string {
  if (isPlainText(value)) {
    open = leadStarts.afterText
    return lead.text(start + leadEnds.S) + value
  }
  open = leadStarts.afterOther
  return `${lead.text(start + leadEnds.any)}{"S":${writeText(value)}`
}

function writeObject(lead: ValueLead, start: number, value: object, depth: number, place: ValueLead): string {
  let text: string
  if (Array.isArray(value)) {
    if (depth >= maximumDepth) throw refused
    text = lead.text(start + leadEnds.L) + writeElements(value, depth + 1, place)
  } else if (isPlain(value)) {
    if (depth >= maximumDepth) throw refused
    text = lead.text(start + leadEnds.M) + writeMembers(value as NativeItem, depth + 1, place)
  } else {
    text = lead.text(start + leadEnds.any) + writeInstance(value, depth, place)
  }
  open = leadStarts.afterOther
  return text
}

function writeInstance(value: object, depth: number, place: ValueLead): string {
  if (value instanceof Uint8Array) return `{"B":"${toBase64(value)}"`
  if (value instanceof Set) return writeSet(value as ReadonlySet<unknown>)
  if (Decimal.is(value)) return `{"N":"${value.toString()}"`
  // What remains is plain if it comes from another realm.
  if (depth >= maximumDepth || Object.getPrototypeOf(Object.getPrototypeOf(value)) !== null) throw refused
  return `{"M":${writeMembers({ ...value }, depth + 1, place)}`
}

function writeSet(members: ReadonlySet<unknown>): string {
  const [first] = members
  if (typeof first === 'string') return `{"SS":[${writeEach(members, writeSetText)}]`
  if (isNumber(first)) return `{"NS":[${writeNumbers(members)}]`
  if (first instanceof Uint8Array)
    return `{"BS":[${distinct(writeEach(members, writeSetBinary), members.size)}]`
  throw refused
}

function writeNumbers(members: ReadonlySet<unknown>): string {
  let text = ''
  for (const member of members) {
    // Only among numbers of several forms can two be the same for DynamoDB.
    if (typeof member !== 'number') return distinct(writeEach(members, writeSetNumber), members.size)
    text += `${text === '' ? '"' : ',"'}${encodeNumber(member)}"`
  }
  return text
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

/** Members may differ for JavaScript and be the same for DynamoDB. */
function distinct(text: string, size: number): string {
  if (size > 1 && new Set(text.split(',')).size < size) throw refused
  return text
}

function isNumber(value: unknown): value is NativeNumber {
  return typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value)
}

// eslint-disable-next-line no-control-regex -- JSON escapes control characters
const needsCare = /["\\\u0000-\u001f\ud800-\udfff]/
// eslint-disable-next-line no-control-regex -- as above
const control = /[\u0000-\u001f]/
/** From this length on, four searches are quicker than one for all of them. */
const longText = 64

function isPlainText(text: string): boolean {
  if (text.length < longText) return !needsCare.test(text)
  return !text.includes('"') && !text.includes('\\') && !control.test(text) && text.isWellFormed()
}

function writeText(text: string): string {
  if (isPlainText(text)) return `"${text}"`
  if (!text.isWellFormed()) throw refused
  return JSON.stringify(text)
}
