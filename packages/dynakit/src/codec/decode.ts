import { ValidationError } from '../errors/request-errors.ts'
import { defineMember } from './define-member.ts'
import type { NativeItem, NativeValue } from './native-value.ts'
import { decodeNumber, type NumberMode } from './number.ts'

/** DynamoDB's form as it arrives: one member, whose name this version may not know. */
type ReceivedValue = Readonly<Record<string, unknown>>
type ReceivedMap = Readonly<Record<string, ReceivedValue>>

/**
 * Decodes an item or a key received from DynamoDB.
 *
 * @param attributes - Attributes in DynamoDB's form.
 * @param mode - How to read numbers.
 * @returns The attributes as JavaScript values.
 * @throws ValidationError naming the attribute when a value has a type this version does not know.
 * @internal
 */
export function decodeItem(attributes: ReceivedMap, mode: NumberMode): NativeItem {
  try {
    return decodeMembers(attributes, mode)
  } catch (error) {
    throw withAttribute(error, attributes, mode)
  }
}

function decode(value: ReceivedValue, mode: NumberMode): NativeValue {
  for (const type in value) {
    const content = value[type]
    switch (type) {
      case 'S':
      case 'BOOL':
        return content as string | boolean
      case 'N':
        return decodeNumber(content as string, mode)
      case 'NULL':
        return null
      case 'M':
        return decodeMembers(content as ReceivedMap, mode)
      case 'L':
        return (content as ReceivedValue[]).map((member) => decode(member, mode))
      case 'B':
        return content as Uint8Array
      case 'SS':
        return new Set(content as string[])
      case 'NS':
        return new Set((content as string[]).map((text) => decodeNumber(text, mode)))
      case 'BS':
        return new Set(content as Uint8Array[])
    }
  }
  throw new ValidationError(
    'DynamoDB sent a value of a type this version of dynakit does not know. Update dynakit.',
    { rule: 'unknown-type', valueType: Object.keys(value).join() },
  )
}

function decodeMembers(attributes: ReceivedMap, mode: NumberMode): NativeItem {
  const decoded: Record<string, NativeValue> = {}
  for (const name of Object.keys(attributes)) {
    defineMember(decoded, name, decode(attributes[name] as ReceivedValue, mode))
  }
  return decoded
}

/** Names the attribute a failure belongs to; runs only after one. */
function withAttribute(error: unknown, attributes: ReceivedMap, mode: NumberMode): unknown {
  if (!ValidationError.is(error)) return error
  const field = Object.keys(attributes).find((name) => !isDecodable(attributes[name] as ReceivedValue, mode))
  return new ValidationError(`${field ?? 'The item'}: ${error.message}`, {
    rule: error.rule,
    field,
    valueType: error.valueType,
  })
}

function isDecodable(value: ReceivedValue, mode: NumberMode): boolean {
  try {
    decode(value, mode)
    return true
  } catch {
    return false
  }
}
