import type { AttributeValue } from '../values/attribute-value.ts'
import type { DocumentPath } from './document-path.ts'
import type { Comparator } from './syntax.ts'

/** What a condition looks at: something of the item, a value of the request, the size of either, or whether another condition is met. */
export type ConditionOperand =
  | { readonly type: 'path'; readonly path: DocumentPath }
  | { readonly type: 'value'; readonly value: AttributeValue }
  | { readonly type: 'size'; readonly operand: ConditionOperand }
  | { readonly type: 'condition'; readonly condition: ConditionNode }

/** A condition with everything looked up, ready to be evaluated. */
export type ConditionNode =
  | { readonly type: 'and' | 'or'; readonly conditions: readonly ConditionNode[] }
  | { readonly type: 'not'; readonly condition: ConditionNode }
  | {
      readonly type: 'comparison'
      readonly operator: Comparator
      readonly left: ConditionOperand
      readonly right: ConditionOperand
    }
  | {
      readonly type: 'between'
      readonly operand: ConditionOperand
      readonly lower: ConditionOperand
      readonly upper: ConditionOperand
    }
  | {
      readonly type: 'in'
      readonly operand: ConditionOperand
      readonly candidates: readonly ConditionOperand[]
    }
  | { readonly type: 'attribute_exists' | 'attribute_not_exists'; readonly path: DocumentPath }
  | {
      readonly type: 'attribute_type' | 'begins_with' | 'contains'
      readonly operand: ConditionOperand
      readonly argument: ConditionOperand
    }
