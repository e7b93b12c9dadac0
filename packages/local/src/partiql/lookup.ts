import type { ConditionNode, ConditionOperand } from '../expressions/condition-node.ts'
import type { KeyCondition, KeyOperator } from '../expressions/key-condition.ts'
import { validationError } from '../protocol/service-error.ts'
import type { KeyAttribute } from '../tables/table-definition.ts'
import { typeOf, type AttributeValue } from '../values/attribute-value.ts'

/** A condition on one attribute that items can be looked up with. */
export type Lookup =
  | (KeyCondition & { readonly operator: KeyOperator })
  | { readonly attribute: string; readonly operator: 'IN'; readonly values: readonly AttributeValue[] }

const mirrored = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

/**
 * Reads a condition as one that items can be looked up with.
 *
 * @param node - The condition.
 * @returns Undefined when it is no such condition.
 * @internal
 */
export function lookupOf(node: ConditionNode): Lookup | undefined {
  switch (node.type) {
    case 'comparison': {
      const { left, right, operator } = node
      if (operator === '<>') return undefined
      return left.type === 'path' ? lookup(operator, left, right) : lookup(mirrored[operator], right, left)
    }
    case 'between':
      return lookup('BETWEEN', node.operand, node.lower, node.upper)
    case 'in':
      return lookup('IN', node.operand, ...node.candidates)
    case 'begins_with':
      return lookup('begins_with', node.operand, node.argument)
    default:
      return undefined
  }
}

function lookup(
  operator: Lookup['operator'],
  attribute: ConditionOperand,
  ...operands: readonly ConditionOperand[]
): Lookup | undefined {
  const values = operands.flatMap((operand) => (operand.type === 'value' ? [operand.value] : []))
  const isLookup =
    attribute.type === 'path' && attribute.path.length === 1 && values.length === operands.length
  return isLookup ? { attribute: attribute.path[0], operator, values } : undefined
}

const keyTypes: ReadonlySet<string> = new Set(['S', 'N', 'B'])

/**
 * Checks that the values a key attribute is compared with have its type.
 *
 * @throws ServiceError when one has another.
 * @internal
 */
export function checkKeyType({ name, type }: KeyAttribute, values: readonly AttributeValue[]): void {
  for (const value of values) {
    const own = typeOf(value)
    if (!keyTypes.has(own)) {
      throw validationError(`Key value must be of type S, N, or B. Key name: ${name}, Key type: ${own}`)
    }
    if (own === type) continue
    throw validationError(
      `Key attribute's data type should match its data type in table's schema: Key ${name}`,
    )
  }
}
