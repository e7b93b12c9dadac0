import type { AttributeValue, Item } from '../../src/values/attribute-value.ts'
import type { Condition, Operand, Path } from './random-expressions.ts'

/**
 * Says what DynamoDB would say of a condition, in the plainest way: values become texts that are equal when the
 * values are.
 */
export function naiveCondition(node: Condition, item: Item): boolean {
  switch (node.kind) {
    case 'and':
      return !node.members.some((member) => !naiveCondition(member, item))
    case 'or':
      return node.members.filter((member) => naiveCondition(member, item)).length > 0
    case 'not':
      return !naiveCondition(node.member, item)
    case 'compare':
      return compare(node.operator, look(node.left, item), look(node.right, item))
    case 'between': {
      const [value, lower, upper] = [node.operand, ...node.others].map((operand) => look(operand, item))
      return compare('>=', value, lower) && compare('<=', value, upper)
    }
    case 'in':
      return node.others.some((other) => compare('=', look(node.operand, item), look(other, item)))
    case 'exists':
      return follow(item, node.path) !== undefined
    case 'missing':
      return follow(item, node.path) === undefined
    case 'call': {
      const value = follow(item, node.path)
      return value !== undefined && call(node.name, value, node.value)
    }
  }
}

/** Follows a path through the JSON of an item. */
export function follow(item: Item, [first, ...rest]: Path): AttributeValue | undefined {
  let current = (item as Record<string, AttributeValue | undefined>)[String(first)]
  for (const element of rest) {
    const content = Object.entries(current ?? {})[0]
    const wanted = typeof element === 'number' ? 'L' : 'M'
    current =
      content?.[0] === wanted
        ? (content[1] as Record<string, AttributeValue | undefined>)[element]
        : undefined
  }
  return current
}

function look(operand: Operand, item: Item): AttributeValue | undefined {
  if (operand.kind === 'value') return operand.value
  const value = follow(item, operand.path)
  if (operand.kind === 'path' || value === undefined) return value
  const [type, content] = Object.entries(value)[0] as [string, string | object]
  if (type === 'S') return { N: String((content as string).length) }
  if (type === 'B') return { N: String(atob(content as string).length) }
  return typeof content === 'object' ? { N: String(Object.keys(content).length) } : undefined
}

/** A text that is the same for equal values only. */
export function canonical(value: AttributeValue): string {
  const [type, content] = Object.entries(value)[0] as [string, unknown]
  if (type.length === 2) return JSON.stringify([type, [...(content as string[])].sort()])
  if (type === 'L') return JSON.stringify([type, (content as AttributeValue[]).map(canonical)])
  if (type !== 'M') return JSON.stringify([type, content])
  const members = Object.entries(content as Record<string, AttributeValue>)
  return JSON.stringify([type, members.map(([name, member]) => [name, canonical(member)]).sort()])
}

function compare(
  operator: string,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  if (left === undefined || right === undefined) return operator === '<>'
  if (operator === '=' || operator === '<>') {
    return (canonical(left) === canonical(right)) === (operator === '=')
  }
  const order = difference(left, right)
  if (order === undefined) return false
  return order === 0 ? operator.includes('=') : operator.startsWith(order < 0 ? '<' : '>')
}

function difference(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('N' in left && 'N' in right) return Number(left.N) - Number(right.N)
  if ('S' in left && 'S' in right) return Buffer.from(left.S).compare(Buffer.from(right.S))
  if ('B' in left && 'B' in right)
    return Buffer.from(left.B, 'base64').compare(Buffer.from(right.B, 'base64'))
  return undefined
}

function call(name: string, value: AttributeValue, argument: AttributeValue): boolean {
  const [type, content] = Object.entries(value)[0] as [string, unknown]
  const [argumentType, part] = Object.entries(argument)[0] as [string, unknown]
  if (name === 'attribute_type') return type === part
  if (type === 'S' || type === 'B') {
    if (type !== argumentType) return false
    const [whole, piece] = type === 'S' ? [content, part] : [atob(content as string), atob(part as string)]
    const at = (whole as string).indexOf(piece as string)
    return name === 'begins_with' ? at === 0 : at >= 0
  }
  if (name === 'begins_with') return false
  if (type === 'L') return (content as AttributeValue[]).some((one) => canonical(one) === canonical(argument))
  return type === `${argumentType}S` && (content as unknown[]).includes(part)
}
