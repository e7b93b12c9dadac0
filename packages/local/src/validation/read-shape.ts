import { ServiceError } from '../protocol/service-error.ts'
import { setAttribute, type AttributeValue } from '../values/attribute-value.ts'
import type { Shape, ShapeDescription } from './shape.ts'

/**
 * Reads a request by its shape: members that are null or that the shape does not name are left out, everything
 * else is copied.
 *
 * @param shape - What it should look like.
 * @param input - The request, as JSON.
 * @throws ServiceError (`SerializationException`) when a member has the wrong type.
 * @internal
 */
export function readShape<Type>(shape: Shape<Type>, input: unknown): Type {
  return read(shape, input) as Type
}

function read(shape: ShapeDescription, input: unknown): unknown {
  switch (shape.kind) {
    case 'string':
      return readText(input)
    case 'integer':
      return Math.trunc(readNumber(input, 'Integer'))
    case 'double':
      return readNumber(input, 'Double')
    case 'boolean':
      return readBoolean(input)
    case 'attributeValue':
      return readAttributeValue(input)
    case 'any':
      return input
    case 'list':
      return readList(input, (member) => read(shape.member, member))
    case 'map':
      return readMap(input, (member) => read(shape.member, member))
    case 'structure':
      return readStructure(shape, input)
  }
}

function readStructure(
  { members }: Extract<ShapeDescription, { kind: 'structure' }>,
  input: unknown,
): Record<string, unknown> {
  const source = readObject(input)
  const structure: Record<string, unknown> = {}
  for (const { name, shape } of members) {
    const member = source[name]
    if (member !== undefined && member !== null) structure[name] = read(shape, member)
  }
  return structure
}

function readObject(input: unknown): Record<string, unknown> {
  if (typeof input === 'object' && input !== null && !Array.isArray(input))
    return input as Record<string, unknown>
  throw wrongType(
    Array.isArray(input) ? 'Unrecognized collection type class java.util.ArrayList' : 'Unexpected field type',
  )
}

function readMap<Member>(input: unknown, readMember: (member: unknown) => Member): Record<string, Member> {
  const source = readObject(input)
  const result: Record<string, Member> = {}
  for (const name of Object.keys(source)) {
    const member = source[name]
    if (member === null || member === undefined) continue
    const value = readMember(member)
    if (name === '__proto__') setAttribute(result as never, name, value as never)
    else result[name] = value
  }
  return result
}

function readList<Member>(input: unknown, readMember: (member: unknown) => Member): Member[] {
  if (!Array.isArray(input)) {
    throw wrongType(
      typeof input === 'object'
        ? 'Start of structure or map found where not expected.'
        : 'Unexpected field type',
    )
  }
  return input.filter((member) => member !== null && member !== undefined).map(readMember)
}

function readText(input: unknown): string {
  if (typeof input === 'string') return input
  throw cannotConvert(input, 'String')
}

function readNumber(input: unknown, type: string): number {
  if (typeof input === 'number') return input
  throw cannotConvert(input, type)
}

function readBoolean(input: unknown): boolean {
  if (typeof input === 'boolean') return input
  throw cannotConvert(input, 'Boolean')
}

function cannotConvert(input: unknown, type: string): ServiceError {
  if (typeof input === 'object') return wrongType('Start of structure or map found where not expected.')
  return wrongType(`${tokenName(input)} cannot be converted to ${type}`)
}

function tokenName(input: unknown): string {
  if (typeof input === 'string') return 'STRING_VALUE'
  if (typeof input === 'boolean') return input ? 'TRUE_VALUE' : 'FALSE_VALUE'
  return Number.isInteger(input) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE'
}

function wrongType(message: string): ServiceError {
  return new ServiceError('SerializationException', message)
}

/** Reads an attribute value, whose one member may be missing or have company until the value is checked. */
function readAttributeValue(input: unknown): AttributeValue {
  const source = readObject(input)
  const value: Record<string, unknown> = {}
  for (const type of Object.keys(source)) {
    const content = source[type]
    const readContent = contentReaders.get(type)
    if (readContent !== undefined && content !== null && content !== undefined)
      value[type] = readContent(content)
  }
  return value as AttributeValue
}

const contentReaders: ReadonlyMap<string, (input: unknown) => unknown> = new Map([
  ['S', readText],
  ['N', readText],
  ['B', readBinary],
  ['SS', (input) => readList(input, readText)],
  ['NS', (input) => readList(input, readText)],
  ['BS', (input) => readList(input, readBinary)],
  ['BOOL', readBoolean],
  ['NULL', readBoolean],
  ['M', (input) => readMap(input, readAttributeValue)],
  ['L', (input) => readList(input, readAttributeValue)],
] as [string, (input: unknown) => unknown][])

const base64 = /^[A-Za-z0-9+/]*={0,2}$/

function readBinary(input: unknown): string {
  const text = readText(input)
  if (text.length % 4 !== 0) {
    throw wrongType(
      `'${text}' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: ${String(text.length)}`,
    )
  }
  if (!base64.test(text)) {
    const character = /[^A-Za-z0-9+/=]|=(?=[^=])/.exec(text)?.[0] ?? '='
    throw wrongType(`'${text}' can not be converted to a Blob: Invalid Base64 character: '${character}'`)
  }
  // Bits that belong to no byte are dropped, so that equal bytes have equal texts.
  return text.endsWith('=') ? Buffer.from(text, 'base64').toString('base64') : text
}
