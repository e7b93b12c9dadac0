import { invalidParameter, validationError, type ServiceError } from '../protocol/service-error.ts'
import type { AttributeMap, AttributeValue, Item } from './attribute-value.ts'
import { setAttribute } from './attribute-value.ts'
import { normalizeNumber } from './number.ts'
import { textSize } from './size.ts'

/**
 * Levels a value may have, from the attribute to what is nested deepest in lists and maps.
 *
 * @internal
 */
export const maximumDepth = 32
const maximumNameBytes = 65_535

/**
 * Checks a value of a request and normalises its numbers.
 *
 * @param value - A value as readShape gave it: its members have the right types, but there may be none or
 *   several, and what they hold may be no number, no set and so on.
 * @returns The value, or a copy with normalised numbers.
 * @throws ServiceError (`ValidationException`) with DynamoDB's message.
 * @internal
 */
export function checkValue(value: AttributeValue): AttributeValue {
  return check(value, 1)
}

/**
 * Checks an item of a request and normalises its numbers; see {@link checkValue}.
 *
 * @internal
 */
export function checkItem(item: Item): Item {
  return checkMap(item, 1)
}

function check(value: AttributeValue, depth: number): AttributeValue {
  let type: string | undefined
  for (const member in value) {
    if (type !== undefined) {
      throw validationError(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      )
    }
    type = member
  }
  if (type === undefined) {
    throw validationError(
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    )
  }
  if ('S' in value || 'B' in value || 'BOOL' in value) return value
  if ('N' in value) return checkNumber(value)
  if ('NULL' in value) return checkNull(value)
  if ('M' in value || 'L' in value) return checkCollection(value, depth)
  return checkSet(value)
}

function checkNumber(value: { readonly N: string }): AttributeValue {
  const N = normalizeNumber(value.N)
  return N === value.N ? value : { N }
}

function checkNull(value: { readonly NULL: boolean }): AttributeValue {
  if (value.NULL) return { NULL: true }
  throw invalidParameter('Null attribute value types must have the value of true')
}

function checkCollection(
  value: { readonly M: AttributeMap } | { readonly L: readonly AttributeValue[] },
  depth: number,
): AttributeValue {
  if (depth >= maximumDepth) throw tooDeep()
  if ('M' in value) return { M: checkMap(value.M, depth + 1) }
  return { L: value.L.map((member) => check(member, depth + 1)) }
}

function tooDeep(): ServiceError {
  return validationError(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  )
}

function checkMap(map: AttributeMap, depth: number): AttributeMap {
  const checked: Record<string, AttributeValue> = {}
  for (const name of Object.keys(map)) {
    if (name === '') throw validationError('Empty attribute name')
    if (name.length > maximumNameBytes / 4 && textSize(name) > maximumNameBytes) {
      throw invalidParameter(
        `Attribute name is too large, must be less than ${String(maximumNameBytes + 1)} bytes`,
      )
    }
    setAttribute(checked, name, check(map[name] as AttributeValue, depth))
  }
  return checked
}

function checkSet(
  value:
    | { readonly SS: readonly string[] }
    | { readonly NS: readonly string[] }
    | { readonly BS: readonly string[] },
): AttributeValue {
  if ('SS' in value) {
    if (value.SS.length === 0) throw invalidParameter('An string set  may not be empty')
    if (hasDuplicates(value.SS)) {
      throw invalidParameter(`Input collection [${value.SS.join(', ')}] contains duplicates.`)
    }
    return value
  }
  if ('NS' in value) {
    if (value.NS.length === 0) throw invalidParameter('An number set  may not be empty')
    const NS = value.NS.map(normalizeNumber)
    if (hasDuplicates(NS)) throw validationError('Input collection contains duplicates')
    return { NS }
  }
  if (value.BS.length === 0) throw invalidParameter('Binary sets should not be empty')
  if (hasDuplicates(value.BS)) {
    throw invalidParameter(`Input collection [${value.BS.join(', ')}]of type BS contains duplicates.`)
  }
  return value
}

function hasDuplicates(members: readonly string[]): boolean {
  return new Set(members).size !== members.length
}
