import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { AttributeMap, AttributeValue } from './attribute-value.ts'
import { Decimal } from './decimal.ts'
import { defineMember } from './define-member.ts'
import { encodeNumber } from './number.ts'
import type { NativeItem, NativeNumber, NativeValue } from './native-value.ts'

const maximumDepth = 32

/**
 * Encodes an item or a key for DynamoDB.
 *
 * @param item - Attributes as JavaScript values; members that are `undefined` are left out.
 * @returns The attributes in DynamoDB's form.
 * @throws ValidationError naming the path, the value's type and the rule when a value cannot be stored.
 * @internal
 */
export function encodeItem(item: NativeItem): AttributeMap {
  try {
    return encodeMembers(item, 0)
  } catch (error) {
    throw locate(error, item, '', 0)
  }
}

/**
 * Encodes one value for DynamoDB.
 *
 * @param value - A JavaScript value.
 * @param path - Where the value stands, for error messages.
 * @returns The value in DynamoDB's form.
 * @throws ValidationError as {@link encodeItem} does.
 * @internal
 */
export function encodeValue(value: NativeValue, path = ''): AttributeValue {
  try {
    return encode(value, 0)
  } catch (error) {
    throw locate(error, value, path, 1)
  }
}

function encode(value: unknown, depth: number): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: wellFormed(value) }
    case 'number':
    case 'bigint':
      return { N: encodeNumber(value) }
    case 'boolean':
      return { BOOL: value }
    case 'object':
      return value === null ? { NULL: true } : encodeObject(value, depth)
    default:
      throw unsupported(value)
  }
}

function encodeObject(value: object, depth: number): AttributeValue {
  if (depth >= maximumDepth && !isScalarObject(value)) throw tooDeep(value)
  if (Array.isArray(value)) return { L: encodeElements(value, depth + 1) }
  if (value instanceof Uint8Array) return { B: value }
  if (value instanceof Set) return encodeSet(value as ReadonlySet<unknown>)
  if (isPlainObject(value)) return { M: encodeMembers(value as NativeItem, depth + 1) }
  // Maps are many and decimals few.
  if (Decimal.is(value)) return { N: encodeNumber(value) }
  throw unsupported(value)
}

/** Unlike `map`, meets a hole as the `undefined` it reads as. */
function encodeElements(elements: readonly unknown[], depth: number): AttributeValue[] {
  const encoded: AttributeValue[] = []
  for (const element of elements) encoded.push(encode(element, depth))
  return encoded
}

function encodeMembers(members: NativeItem, depth: number): AttributeMap {
  const encoded: Record<string, AttributeValue> = {}
  for (const name of Object.keys(members)) {
    const value = members[name]
    if (value === undefined) continue
    defineMember(encoded, name, encode(value, depth))
  }
  return encoded
}

function encodeSet(members: ReadonlySet<unknown>): AttributeValue {
  const [first] = members
  if (members.size === 0) {
    throw new ValidationError(
      'DynamoDB stores no empty sets. Leave the attribute out (undefined), or use an empty list.',
      { rule: 'empty-set', valueType: 'Set' },
    )
  }
  if (typeof first === 'string') return { SS: Array.from(members, setMember(isString, wellFormed)) }
  if (isNumber(first)) return { NS: distinct(Array.from(members, setMember(isNumber, encodeSetNumber))) }
  if (isBinary(first))
    return {
      BS: distinctBinary(
        Array.from(
          members,
          setMember(isBinary, (bytes) => bytes),
        ),
      ),
    }
  throw new ValidationError(
    'A set holds strings, numbers (number, bigint, Decimal) or Uint8Array. Use an array for other values.',
    { rule: 'set-member-type', valueType: `Set of ${valueType(first)}` },
  )
}

function setMember<Member, Encoded>(
  isMember: (value: unknown) => value is Member,
  encodeMember: (value: Member) => Encoded,
): (value: unknown) => Encoded {
  return (value) => {
    if (isMember(value)) return encodeMember(value)
    throw new ValidationError('All members of a set have one type. Use an array for mixed values.', {
      rule: 'set-mixed-types',
      valueType: `Set with ${valueType(value)}`,
    })
  }
}

const encodeSetNumber = (value: NativeNumber): string => encodeNumber(value)
const isString = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is NativeNumber =>
  typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value)
const isBinary = (value: unknown): value is Uint8Array => value instanceof Uint8Array

function distinct(members: string[]): string[] {
  if (new Set(members).size === members.length) return members
  throw duplicateMember()
}

function distinctBinary(members: Uint8Array[]): Uint8Array[] {
  const texts = members.map((bytes) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'),
  )
  distinct(texts)
  return members
}

function duplicateMember(): ValidationError {
  return new ValidationError(
    'Two members of the set are the same value for DynamoDB (1 and 1n, or equal bytes). Keep one of them.',
    { rule: 'set-duplicate', valueType: 'Set' },
  )
}

function wellFormed(text: string): string {
  if (text.isWellFormed()) return text
  throw new ValidationError(
    'The string has a lone surrogate, which UTF-8 cannot hold. Use text.toWellFormed(), or store the bytes.',
    { rule: 'string-not-well-formed', valueType: 'string' },
  )
}

function isScalarObject(value: object): boolean {
  return value instanceof Uint8Array || value instanceof Set || Decimal.is(value)
}

/** A plain object's prototype is null, or an `Object.prototype` of this realm or another. */
function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

function tooDeep(value: object): ValidationError {
  return new ValidationError(
    `The value is nested deeper than ${String(maximumDepth)} levels, DynamoDB's limit. Flatten it, or store it as text.`,
    { rule: 'nesting-depth', valueType: valueType(value) },
  )
}

const remedies: ReadonlyMap<string, string> = new Map([
  ['Date', 'Declare the attribute with isoDate() or epochSeconds(), or pass date.toISOString().'],
  ['Map', 'Pass a plain object: Object.fromEntries(map).'],
  ['undefined', 'DynamoDB has no undefined; in a list use null, in a map leave the member out.'],
  ['function', 'Functions cannot be stored.'],
  ['symbol', 'Symbols cannot be stored; use a string.'],
  ['ArrayBuffer', 'Wrap it: new Uint8Array(buffer).'],
])

function unsupported(value: unknown): ValidationError {
  const type = valueType(value)
  const remedy = remedies.get(type) ?? 'Pass a plain object, or declare the attribute with a codec.'
  const what = typeof value === 'object' ? `An instance of ${type}` : `A value of type ${type}`
  return new ValidationError(`${what} cannot be stored. ${remedy}`, {
    rule: typeof value === 'object' ? 'class-instance' : 'unsupported-type',
    valueType: type,
  })
}

interface Found {
  readonly path: string
  readonly error: ValidationError
  readonly ancestors: readonly unknown[]
}

/**
 * Finds where a value that failed to encode stands. Runs only after a failure, so that the encoder need
 * not carry a path along.
 */
function locate(error: unknown, root: unknown, path: string, memberDepth: number): unknown {
  if (!ValidationError.is(error)) return error
  const found = descend({ path, error, ancestors: [] }, root, memberDepth)
  const isCycle = found.error.rule === 'nesting-depth' && hasRepeats(found.ancestors)
  const message = isCycle
    ? 'The value contains itself. Break the cycle; store an id instead.'
    : found.error.message
  return new ValidationError(found.path === '' ? message : `${found.path}: ${message}`, {
    rule: isCycle ? 'cycle' : found.error.rule,
    field: found.path,
    valueType: found.error.valueType,
  })
}

function descend(found: Found, value: unknown, memberDepth: number): Found {
  const ancestors = [...found.ancestors, value]
  if (memberDepth > maximumDepth) return { ...found, ancestors }
  for (const [name, member] of membersOf(value)) {
    const error = failure(member, memberDepth)
    if (!error) continue
    const path = typeof name === 'number' ? `${found.path}[${String(name)}]` : joinPath(found.path, name)
    return descend({ path, error, ancestors }, member, memberDepth + 1)
  }
  return { ...found, ancestors }
}

function membersOf(value: unknown): Iterable<readonly [string | number, unknown]> {
  if (Array.isArray(value)) return value.entries()
  if (typeof value !== 'object' || value === null || isScalarObject(value) || !isPlainObject(value)) return []
  return Object.entries(value).filter(([, member]) => member !== undefined)
}

function failure(value: unknown, depth: number): ValidationError | undefined {
  try {
    encode(value, depth)
    return undefined
  } catch (error) {
    if (ValidationError.is(error)) return error
    throw error
  }
}

function joinPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`
}

function hasRepeats(values: readonly unknown[]): boolean {
  return new Set(values).size < values.length
}
