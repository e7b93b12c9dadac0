import { validationError, type ServiceError } from '../protocol/service-error.ts'
import type { RangeConstraints, Shape, ShapeDescription } from './shape.ts'
import { showValue } from './show-value.ts'

/** DynamoDB reports this many violations at most. */
const maximumReported = 10

/** Where a part of a request stands; written out only when something is wrong with it. */
interface Place {
  readonly parent: Place | undefined
  readonly segment: string
}

/**
 * Checks what was read by its shape: that required members are there, and that lengths, patterns, words and
 * numbers are within their constraints.
 *
 * @param shape - What it should look like.
 * @param value - What readShape gave.
 * @throws ServiceError (`ValidationException`) that names the violations.
 * @internal
 */
export function checkConstraints<Type>(shape: Shape<Type>, value: Type): void {
  const violations: string[] = []
  check(shape, value, undefined, violations)
  if (violations.length > 0) throw violationsError(violations)
}

function violationsError(violations: readonly string[]): ServiceError {
  const count = Math.min(violations.length, maximumReported)
  return validationError(
    `${String(count)} validation error${count === 1 ? '' : 's'} detected: ${violations.slice(0, count).join('; ')}`,
  )
}

function check(
  shape: ShapeDescription,
  value: unknown,
  place: Place | undefined,
  violations: string[],
): void {
  switch (shape.kind) {
    case 'string':
      checkText(shape, value as string, place, violations)
      return
    case 'integer':
      checkRange(shape, value, value as number, place, violations)
      return
    case 'list':
    case 'map': {
      const members = Object.entries(value as object)
      checkRange(shape, value, members.length, place, violations)
      if (shape.member.isFree === true) return
      for (const [name, member] of members) {
        const segment = shape.kind === 'list' ? `${String(Number(name) + 1)}.member` : `${name}.member`
        check(shape.member, member, { parent: place, segment }, violations)
      }
      return
    }
    case 'structure':
      checkStructure(shape, value as Readonly<Record<string, unknown>>, place, violations)
      return
    default:
  }
}

function checkStructure(
  { members }: Extract<ShapeDescription, { kind: 'structure' }>,
  value: Readonly<Record<string, unknown>>,
  place: Place | undefined,
  violations: string[],
): void {
  for (const { name, shownName, shape, isRequired } of members) {
    const content = value[name]
    if (content !== undefined) {
      if (shape.isFree !== true) check(shape, content, { parent: place, segment: shownName }, violations)
    } else if (isRequired) {
      add(violations, 'null', { parent: place, segment: shownName }, 'Member must not be null')
    }
  }
}

function checkText(
  shape: Extract<ShapeDescription, { kind: 'string' }>,
  value: string,
  place: Place | undefined,
  violations: string[],
): void {
  const { values, pattern, unless } = shape.constraints
  if (unless?.test(value) === true) return
  if (values !== undefined && !values.includes(value)) {
    add(violations, `'${value}'`, place, `Member must satisfy enum value set: [${values.join(', ')}]`)
  }
  if (pattern !== undefined && value !== '' && shape.pattern?.test(value) === false) {
    add(violations, `'${value}'`, place, `Member must satisfy regular expression pattern: ${pattern}`)
  }
  checkRange(shape, value, value.length, place, violations)
}

/** Checks the value of a number, or the length of anything else. */
function checkRange(
  shape: ShapeDescription & { readonly constraints: RangeConstraints },
  value: unknown,
  measure: number,
  place: Place | undefined,
  violations: string[],
): void {
  const { minimum, maximum } = shape.constraints
  const what = shape.kind === 'integer' ? 'value' : 'length'
  if (minimum !== undefined && measure < minimum) {
    const constraint = `Member must have ${what} greater than or equal to ${String(minimum)}`
    add(violations, `'${showValue(shape, value)}'`, place, constraint)
  }
  if (maximum !== undefined && measure > maximum) {
    const constraint = `Member must have ${what} less than or equal to ${String(maximum)}`
    add(violations, `'${showValue(shape, value)}'`, place, constraint)
  }
}

function add(violations: string[], shown: string, place: Place | undefined, constraint: string): void {
  violations.push(`Value ${shown} at '${pathOf(place)}' failed to satisfy constraint: ${constraint}`)
}

function pathOf(place: Place | undefined): string {
  if (place === undefined) return ''
  return place.parent === undefined ? place.segment : `${pathOf(place.parent)}.${place.segment}`
}
