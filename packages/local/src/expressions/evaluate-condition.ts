import { typeOf, type AttributeValue, type Item } from '../values/attribute-value.ts'
import { compareScalars, equalValues } from '../values/compare.ts'
import type { ConditionNode, ConditionOperand } from './condition-node.ts'
import { valueAt } from './document-path.ts'
import { sizeOf } from './size-of.ts'
import type { Comparator } from './syntax.ts'

/**
 * Tells whether an item meets a condition.
 *
 * Operands of different types are not equal and in no order; what an item does not have equals nothing.
 *
 * @param node - The condition.
 * @param item - The item; undefined when there is none.
 * @internal
 */
export function evaluateCondition(node: ConditionNode, item: Item | undefined): boolean {
  switch (node.type) {
    case 'and':
      return node.conditions.every((member) => evaluateCondition(member, item))
    case 'or':
      return node.conditions.some((member) => evaluateCondition(member, item))
    case 'not':
      return !evaluateCondition(node.condition, item)
    case 'comparison':
      return holds(node.operator, resolve(node.left, item), resolve(node.right, item))
    case 'between': {
      const value = resolve(node.operand, item)
      return holds('>=', value, resolve(node.lower, item)) && holds('<=', value, resolve(node.upper, item))
    }
    case 'in': {
      const value = resolve(node.operand, item)
      return node.candidates.some((candidate) => holds('=', value, resolve(candidate, item)))
    }
    case 'attribute_exists':
      return valueAt(item, node.path) !== undefined
    case 'attribute_not_exists':
      return valueAt(item, node.path) === undefined
    case 'attribute_type':
    case 'begins_with':
    case 'contains': {
      const value = resolve(node.operand, item)
      const argument = resolve(node.argument, item)
      return value !== undefined && argument !== undefined && functions[node.type](value, argument)
    }
  }
}

function resolve(operand: ConditionOperand, item: Item | undefined): AttributeValue | undefined {
  switch (operand.type) {
    case 'value':
      return operand.value
    case 'path':
      return valueAt(item, operand.path)
    case 'size': {
      const value = resolve(operand.operand, item)
      const size = value === undefined ? undefined : sizeOf(value)
      return size === undefined ? undefined : { N: String(size) }
    }
    case 'condition':
      return { BOOL: evaluateCondition(operand.condition, item) }
  }
}

function holds(
  operator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  if (left === undefined || right === undefined) return operator === '<>'
  if (operator === '=') return equalValues(left, right)
  if (operator === '<>') return !equalValues(left, right)
  const order = compareScalars(left, right)
  if (order === undefined) return false
  switch (operator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

const functions = {
  attribute_type: (value: AttributeValue, name: AttributeValue): boolean =>
    'S' in name && typeOf(value) === name.S,
  begins_with: beginsWith,
  contains,
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ('S' in value && 'S' in prefix) return value.S.startsWith(prefix.S)
  if (!('B' in value) || !('B' in prefix)) return false
  const bytes = Buffer.from(prefix.B, 'base64')
  return Buffer.from(value.B, 'base64').subarray(0, bytes.length).equals(bytes)
}

function contains(value: AttributeValue, part: AttributeValue): boolean {
  if ('S' in value) return 'S' in part && value.S.includes(part.S)
  if ('B' in value) {
    return 'B' in part && Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'))
  }
  if ('L' in value) return value.L.some((element) => equalValues(element, part))
  if ('SS' in value) return 'S' in part && value.SS.includes(part.S)
  if ('NS' in value) return 'N' in part && value.NS.includes(part.N)
  if ('BS' in value) return 'B' in part && value.BS.includes(part.B)
  return false
}
