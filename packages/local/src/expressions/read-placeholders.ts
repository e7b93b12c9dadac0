import { ServiceError, validationError } from '../protocol/service-error.ts'
import type { AttributeValue } from '../values/attribute-value.ts'
import { checkValue } from '../values/check-value.ts'
import { Placeholders } from './placeholders.ts'
import { tokenize, type TokenType } from './token.ts'

const maximumPlaceholderLength = 255
const maximumNameBytes = 65_535

type Parameter = 'ExpressionAttributeNames' | 'ExpressionAttributeValues'

/**
 * Checks the names and values of a request and makes them ready to be looked up.
 *
 * @param names - `ExpressionAttributeNames`
 * @param values - `ExpressionAttributeValues`
 * @throws ServiceError for the first fault.
 * @internal
 */
export function readPlaceholders(
  names: Readonly<Record<string, string>> | undefined,
  values: Readonly<Record<string, AttributeValue>> | undefined,
): Placeholders {
  const readNames = readEntries('ExpressionAttributeNames', 'name', names, checkName)
  return new Placeholders(readNames, readEntries('ExpressionAttributeValues', 'value', values, readValue))
}

function readEntries<Value, Read>(
  parameter: Parameter,
  type: TokenType,
  given: Readonly<Record<string, Value>> | undefined,
  read: (value: Value, placeholder: string) => Read,
): ReadonlyMap<string, Read> {
  const entries = Object.entries(given ?? {})
  if (given !== undefined && entries.length === 0) throw validationError(`${parameter} must not be empty`)
  for (const [placeholder] of entries) checkPlaceholder(parameter, type, placeholder)
  return new Map(entries.map(([placeholder, value]) => [placeholder, read(value, placeholder)]))
}

function checkPlaceholder(parameter: Parameter, type: TokenType, placeholder: string): void {
  const fault = placeholderFault(parameter, type, placeholder)
  if (fault !== undefined) throw validationError(`${parameter} contains invalid key: ${fault}`)
}

function placeholderFault(parameter: Parameter, type: TokenType, placeholder: string): string | undefined {
  if (placeholder === '') return 'The expression attribute map contains an empty key;'
  if (placeholder.length > maximumPlaceholderLength) {
    const size = parameter === 'ExpressionAttributeNames' ? ` size of key: ${String(placeholder.length)}` : ''
    return `The expression attribute map contains a key that is too long;${size}`
  }
  const [token, end] = tokenize(placeholder)
  return token?.type === type && end?.type === 'end' ? undefined : `Syntax error; key: "${placeholder}"`
}

function checkName(name: string, placeholder: string): string {
  const fault = nameFault(name)
  if (fault === undefined) return name
  throw validationError(`ExpressionAttributeNames contains invalid value: ${fault} for key ${placeholder}`)
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'Empty attribute name'
  if (Buffer.byteLength(name) <= maximumNameBytes) return undefined
  return `Attribute name is too large, must be less than ${String(maximumNameBytes + 1)} bytes`
}

function readValue(value: AttributeValue, placeholder: string): AttributeValue {
  try {
    return checkValue(value)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    throw validationError(
      `ExpressionAttributeValues contains invalid value: ${error.message} for key ${placeholder}`,
    )
  }
}
