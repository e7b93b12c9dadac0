import type { Condition } from './condition.ts'

/**
 * Writes a condition for people, with `?` in place of values.
 *
 * @param condition - The condition.
 * @returns Text such as `status = ? and (total > ? or not labels exists)`.
 * @internal
 */
export function describeCondition(condition: Condition): string {
  switch (condition.type) {
    case 'not':
      return `not (${describeCondition(condition.condition)})`
    case 'and':
    case 'or':
      return condition.conditions
        .map((member) =>
          member.type === 'field' ? describeCondition(member) : `(${describeCondition(member)})`,
        )
        .join(` ${condition.type} `)
    case 'field': {
      const operands = condition.operands.map((operand) =>
        'attribute' in operand ? operand.attribute.text : '?',
      )
      const [first = '', second = ''] = operands
      const path = condition.path.text
      if (condition.operator === 'between') return `${path} between ${first} and ${second}`
      if (condition.operator === 'in') return `${path} in (${operands.join(', ')})`
      return `${path} ${condition.operator}${first === '' ? '' : ` ${first}`}`
    }
  }
}
