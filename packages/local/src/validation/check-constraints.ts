import { validationError } from '../protocol/service-error.ts'
import type { RangeConstraints, Shape, ShapeDescription, TextConstraints } from './shape.ts'

/** DynamoDB reports this many violations at most. */
const maximumReported = 10

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
  check(shape, value, '', violations)
  throwViolations(violations)
}

/**
 * Throws the error for the violations found, if there are any.
 *
 * @internal
 */
export function throwViolations(violations: readonly string[]): void {
  if (violations.length === 0) return
  const count = Math.min(violations.length, maximumReported)
  throw validationError(
    `${String(count)} validation error${count === 1 ? '' : 's'} detected: ${violations.slice(0, count).join('; ')}`,
  )
}

/**
 * Writes a violation as DynamoDB does.
 *
 * @internal
 */
export function violation(value: string, path: string, constraint: string): string {
  return `Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`
}

function check(shape: ShapeDescription, value: unknown, path: string, violations: string[]): void {
  switch (shape.kind) {
    case 'string':
      checkText(shape.constraints, shape.pattern, value as string, path, violations)
      return
    case 'integer':
      checkRange(shape.constraints, value as number, 'value', `'${String(value)}'`, path, violations)
      return
    case 'list':
      checkList(shape, value as readonly unknown[], path, violations)
      return
    case 'map':
      checkMap(shape, value as Readonly<Record<string, unknown>>, path, violations)
      return
    case 'structure':
      for (const [name, { shape: member, isRequired }] of shape.members) {
        const content = (value as Record<string, unknown>)[name]
        const memberPath = pathOf(path, name)
        if (content !== undefined) check(member, content, memberPath, violations)
        else if (isRequired) violations.push(violation('null', memberPath, 'Member must not be null'))
      }
  }
}

function checkList(
  shape: Extract<ShapeDescription, { kind: 'list' | 'map' }>,
  value: readonly unknown[],
  path: string,
  violations: string[],
): void {
  checkRange(shape.constraints, value.length, 'length', `'${showValue(shape, value)}'`, path, violations)
  value.forEach((member, at) => {
    check(shape.member, member, `${path}.${String(at + 1)}.member`, violations)
  })
}

function checkMap(
  shape: Extract<ShapeDescription, { kind: 'list' | 'map' }>,
  value: Readonly<Record<string, unknown>>,
  path: string,
  violations: string[],
): void {
  const names = Object.keys(value)
  checkRange(shape.constraints, names.length, 'length', `'${showValue(shape, value)}'`, path, violations)
  for (const name of names) check(shape.member, value[name], `${path}.${name}.member`, violations)
}

function checkText(
  constraints: TextConstraints,
  pattern: RegExp | undefined,
  value: string,
  path: string,
  violations: string[],
): void {
  if (constraints.unless?.test(value) === true) return
  if (constraints.values !== undefined && !constraints.values.includes(value)) {
    const set = constraints.values.join(', ')
    violations.push(violation(`'${value}'`, path, `Member must satisfy enum value set: [${set}]`))
  }
  if (pattern !== undefined && value !== '' && !pattern.test(value)) {
    const text = constraints.pattern ?? ''
    violations.push(violation(`'${value}'`, path, `Member must satisfy regular expression pattern: ${text}`))
  }
  checkRange(constraints, value.length, 'length', `'${value}'`, path, violations)
}

function checkRange(
  { minimum, maximum }: RangeConstraints,
  measure: number,
  what: 'value' | 'length',
  shown: string,
  path: string,
  violations: string[],
): void {
  if (minimum !== undefined && measure < minimum) {
    violations.push(
      violation(shown, path, `Member must have ${what} greater than or equal to ${String(minimum)}`),
    )
  }
  if (maximum !== undefined && measure > maximum) {
    violations.push(
      violation(shown, path, `Member must have ${what} less than or equal to ${String(maximum)}`),
    )
  }
}

function pathOf(path: string, name: string): string {
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  return path === '' ? member : `${path}.${member}`
}

/**
 * Shows a list or map as DynamoDB's messages do, but for the values of attributes.
 *
 * @internal
 */
export function showValue(shape: ShapeDescription, value: unknown): string {
  switch (shape.kind) {
    case 'list':
      return `[${(value as readonly unknown[]).map((member) => showValue(shape.member, member)).join(', ')}]`
    case 'map':
      return `{${Object.entries(value as Record<string, unknown>)
        .map(([name, member]) => `${name}=${showValue(shape.member, member)}`)
        .join(', ')}}`
    case 'structure':
      return `${shape.name}(${shape.members
        .filter(([name]) => (value as Record<string, unknown>)[name] !== undefined)
        .map(
          ([name, member]) =>
            `${pathOf('', name)}=${showValue(member.shape, (value as Record<string, unknown>)[name])}`,
        )
        .join(', ')})`
    case 'attributeValue':
      return `AttributeValue(${Object.keys(value as object).join(', ')})`
    default:
      return String(value)
  }
}
