import { setAttribute, type AttributeMap, type AttributeValue } from '../values/attribute-value.ts'
import type { NativeDecimal } from './dynakit.ts'
import { NativeValueError, valueType } from './native-error.ts'

const maximumDepth = 32

/**
 * Turns an item of JavaScript values, as dynakit's transports are given it, into attribute values.
 *
 * @param item - The item; members that are undefined are left out.
 * @throws NativeValueError for a value DynamoDB has no type for.
 * @internal
 */
export function encodeNative(item: Readonly<Record<string, unknown>>): AttributeMap {
  const path: (string | number)[] = []
  try {
    return encodeMembers(item, 0, path)
  } catch (error) {
    if (!(error instanceof NativeValueError)) throw error
    const { rule, message } = error.rule === 'nesting-depth' && holdsItself(item, path) ? cycle : error
    throw new NativeValueError(rule, message, error.valueType, path)
  }
}

const cycle = { rule: 'cycle', message: 'The value contains itself. Break the cycle; store an id instead.' }

function encode(value: unknown, depth: number, path: (string | number)[]): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: wellFormed(value) }
    case 'number':
    case 'bigint':
      return { N: numberText(value) }
    case 'boolean':
      return { BOOL: value }
    case 'object':
      return value === null ? { NULL: true } : encodeObject(value, depth, path)
    default:
      throw unsupported(value)
  }
}

function encodeObject(value: object, depth: number, path: (string | number)[]): AttributeValue {
  if (value instanceof Uint8Array) return { B: base64(value) }
  if (value instanceof Set) return encodeSet(value as ReadonlySet<unknown>)
  if (isDecimal(value)) return { N: value.toString() }
  const isList = Array.isArray(value)
  if (!isList && !isPlainObject(value)) throw unsupported(value)
  if (depth >= maximumDepth) {
    throw new NativeValueError(
      'nesting-depth',
      `The value is nested deeper than ${String(maximumDepth)} levels, DynamoDB's limit. Flatten it, or store it as text.`,
      valueType(value),
    )
  }
  return isList
    ? { L: encodeElements(value, depth + 1, path) }
    : { M: encodeMembers(value as Record<string, unknown>, depth + 1, path) }
}

function encodeMembers(
  members: Readonly<Record<string, unknown>>,
  depth: number,
  path: (string | number)[],
): AttributeMap {
  const encoded: Record<string, AttributeValue> = {}
  for (const name of Object.keys(members)) {
    const value = members[name]
    if (value === undefined) continue
    path.push(name)
    setAttribute(encoded, name, encode(value, depth, path))
    path.pop()
  }
  return encoded
}

/** Unlike `map`, meets a hole as the undefined it reads as. */
function encodeElements(
  elements: readonly unknown[],
  depth: number,
  path: (string | number)[],
): AttributeValue[] {
  const encoded: AttributeValue[] = []
  for (const element of elements) {
    path.push(encoded.length)
    encoded.push(encode(element, depth, path))
    path.pop()
  }
  return encoded
}

function encodeSet(members: ReadonlySet<unknown>): AttributeValue {
  const [first] = members
  if (members.size === 0) {
    throw new NativeValueError(
      'empty-set',
      'DynamoDB stores no empty sets. Leave the attribute out (undefined), or use an empty list.',
      'Set',
    )
  }
  if (typeof first === 'string') return { SS: membersOf(members, isText, wellFormed) }
  if (isNumber(first)) return { NS: membersOf(members, isNumber, numberText) }
  if (first instanceof Uint8Array) return { BS: membersOf(members, isBytes, base64) }
  throw new NativeValueError(
    'set-member-type',
    'A set holds strings, numbers (number, bigint, Decimal) or Uint8Array. Use an array for other values.',
    `Set of ${valueType(first)}`,
  )
}

function membersOf<Member>(
  members: ReadonlySet<unknown>,
  isMember: (value: unknown) => value is Member,
  encodeMember: (value: Member) => string,
): string[] {
  const encoded = Array.from(members, (member) => {
    if (isMember(member)) return encodeMember(member)
    throw new NativeValueError(
      'set-mixed-types',
      'All members of a set have one type. Use an array for mixed values.',
      `Set with ${valueType(member)}`,
    )
  })
  if (new Set(encoded).size === encoded.length) return encoded
  throw new NativeValueError(
    'set-duplicate',
    'Two members of the set are the same value for DynamoDB (1 and 1n, or equal bytes). Keep one of them.',
    'Set',
  )
}

type NativeNumber = number | bigint | NativeDecimal

const isText = (value: unknown): value is string => typeof value === 'string'
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array
const isNumber = (value: unknown): value is NativeNumber =>
  typeof value === 'number' || typeof value === 'bigint' || isDecimal(value)

function isDecimal(value: unknown): value is NativeDecimal {
  return typeof value === 'object' && value !== null && (value as Partial<NativeDecimal>)['~decimal'] === true
}

function numberText(value: NativeNumber): string {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value.toString()
  if (Number.isInteger(value)) {
    throw new NativeValueError(
      'number-unsafe-integer',
      'This integer is beyond 2^53, where a number no longer holds every integer. Pass a bigint instead.',
      valueType(value),
    )
  }
  if (Number.isFinite(value)) return value.toString()
  throw new NativeValueError(
    'number-not-finite',
    'DynamoDB has no NaN and no Infinity. Leave the attribute out, or store null or a string.',
    valueType(value),
  )
}

function wellFormed(text: string): string {
  if (text.isWellFormed()) return text
  throw new NativeValueError(
    'string-not-well-formed',
    'The string has a lone surrogate, which UTF-8 cannot hold. Use text.toWellFormed(), or store the bytes.',
    'string',
  )
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** A plain object's prototype is null, or an `Object.prototype` of this realm or another. */
function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

function unsupported(value: unknown): NativeValueError {
  const isInstance = typeof value === 'object'
  return new NativeValueError(
    isInstance ? 'class-instance' : 'unsupported-type',
    isInstance
      ? 'An instance of a class cannot be stored. Pass a plain object, or declare the attribute with a codec.'
      : `A value of type ${typeof value} cannot be stored.`,
    valueType(value),
  )
}

function holdsItself(root: unknown, path: readonly (string | number)[]): boolean {
  const ancestors = new Set<unknown>()
  let value = root
  for (const part of path) {
    if (ancestors.has(value)) return true
    ancestors.add(value)
    value = (value as Record<string | number, unknown>)[part]
  }
  return ancestors.has(value)
}
