import { compareValues, equalValues } from '../codec/compare.ts'
import { isNativeMap, isNativeNumber } from '../codec/native-types.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import type { Condition, FieldCondition, Operand } from './condition.ts'
import type { Path } from './path.ts'

/**
 * Tells whether a stored item meets a condition, as DynamoDB would.
 *
 * Used for conditions DynamoDB cannot check itself, such as a second one on a sort key.
 *
 * @param condition - The condition, in stored values.
 * @param item - The stored item.
 * @returns True when DynamoDB's filter would let the item through.
 * @internal
 */
export function evaluate(condition: Condition, item: NativeItem): boolean {
  switch (condition.type) {
    case 'field':
      return evaluateField(condition, item)
    case 'not':
      return !evaluate(condition.condition, item)
    case 'and':
      return condition.conditions.every((member) => evaluate(member, item))
    case 'or':
      return condition.conditions.some((member) => evaluate(member, item))
  }
}

function evaluateField(condition: FieldCondition, item: NativeItem): boolean {
  const value = condition.path.isSize ? sizeOf(valueAt(item, condition.path)) : valueAt(item, condition.path)
  const operands = condition.operands.map((operand) => operandValue(operand, item))
  const [first, second] = operands
  switch (condition.operator) {
    case 'exists':
      return value !== undefined
    case 'not_exists':
      return value === undefined
    case '=':
      return isEqual(value, first)
    case '<>':
      return !isEqual(value, first)
    case 'in':
      return operands.some((operand) => isEqual(value, operand))
    case 'between':
      return holds(value, first, (order) => order >= 0) && holds(value, second, (order) => order <= 0)
    case '<':
      return holds(value, first, (order) => order < 0)
    case '<=':
      return holds(value, first, (order) => order <= 0)
    case '>':
      return holds(value, first, (order) => order > 0)
    case '>=':
      return holds(value, first, (order) => order >= 0)
    case 'begins_with':
      return beginsWith(value, first)
    case 'contains':
      return contains(value, first)
    case 'not_contains':
      return !contains(value, first)
    case 'attribute_type':
      return value !== undefined && typeName(value) === first
  }
}

function operandValue(operand: Operand, item: NativeItem): NativeValue | undefined {
  if ('value' in operand) return operand.value
  const value = valueAt(item, operand.attribute)
  return operand.attribute.isSize ? sizeOf(value) : value
}

/**
 * Follows a path into a stored item.
 *
 * @returns The value, or `undefined` when the path leads nowhere.
 * @internal
 */
function valueAt(item: NativeItem, path: Path): NativeValue | undefined {
  let current: NativeValue | undefined = item
  for (const segment of path.segments) {
    if (typeof segment === 'number') {
      current = Array.isArray(current) ? (current as readonly NativeValue[])[segment] : undefined
    } else {
      current = isNativeMap(current) && Object.hasOwn(current, segment) ? current[segment] : undefined
    }
    if (current === undefined) return undefined
  }
  return current
}

function isEqual(left: NativeValue | undefined, right: NativeValue | undefined): boolean {
  return left !== undefined && right !== undefined && equalValues(left, right)
}

function holds(
  left: NativeValue | undefined,
  right: NativeValue | undefined,
  test: (order: number) => boolean,
): boolean {
  if (left === undefined || right === undefined) return false
  const order = compareValues(left, right)
  return order !== undefined && test(order)
}

function beginsWith(value: NativeValue | undefined, prefix: NativeValue | undefined): boolean {
  if (typeof value === 'string' && typeof prefix === 'string') return value.startsWith(prefix)
  if (!(value instanceof Uint8Array) || !(prefix instanceof Uint8Array)) return false
  return Buffer.compare(value.subarray(0, prefix.length), prefix) === 0
}

function contains(value: NativeValue | undefined, member: NativeValue | undefined): boolean {
  if (value === undefined || member === undefined) return false
  if (typeof value === 'string') return typeof member === 'string' && value.includes(member)
  if (value instanceof Uint8Array)
    return member instanceof Uint8Array && Buffer.from(value).includes(Buffer.from(member))
  if (value instanceof Set || Array.isArray(value)) {
    return [...(value as Iterable<NativeValue>)].some((element) => equalValues(element, member))
  }
  return false
}

function sizeOf(value: NativeValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value.length
  if (value instanceof Uint8Array || Array.isArray(value)) return (value as ArrayLike<unknown>).length
  if (value instanceof Set) return value.size
  return isNativeMap(value) ? Object.keys(value).length : undefined
}

function typeName(value: NativeValue): string {
  if (value === null) return 'NULL'
  if (isNativeNumber(value)) return 'N'
  if (typeof value === 'string') return 'S'
  if (typeof value === 'boolean') return 'BOOL'
  if (value instanceof Uint8Array) return 'B'
  if (Array.isArray(value)) return 'L'
  if (!(value instanceof Set)) return 'M'
  const [first] = value as ReadonlySet<unknown>
  if (typeof first === 'string') return 'SS'
  return first instanceof Uint8Array ? 'BS' : 'NS'
}
