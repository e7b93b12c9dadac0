import type { ConditionNode, ConditionOperand } from './condition-node.ts'
import type { DocumentPath } from './document-path.ts'
import type { UpdateNode, UpdateOperand } from './update-node.ts'

/**
 * Lists the paths a condition looks at, from left to right.
 *
 * @internal
 */
export function conditionPaths(node: ConditionNode): readonly DocumentPath[] {
  switch (node.type) {
    case 'and':
    case 'or':
      return node.conditions.flatMap(conditionPaths)
    case 'not':
      return conditionPaths(node.condition)
    case 'comparison':
      return [node.left, node.right].flatMap(operandPaths)
    case 'between':
      return [node.operand, node.lower, node.upper].flatMap(operandPaths)
    case 'in':
      return [node.operand, ...node.candidates].flatMap(operandPaths)
    case 'attribute_exists':
    case 'attribute_not_exists':
      return [node.path]
    case 'attribute_type':
    case 'begins_with':
    case 'contains':
      return [node.operand, node.argument].flatMap(operandPaths)
  }
}

function operandPaths(operand: ConditionOperand): readonly DocumentPath[] {
  switch (operand.type) {
    case 'path':
      return [operand.path]
    case 'value':
      return []
    case 'size':
      return operandPaths(operand.operand)
    case 'condition':
      return conditionPaths(operand.condition)
  }
}

/**
 * Lists the paths an update changes and looks at, from left to right.
 *
 * @internal
 */
export function updatePaths({ actions }: UpdateNode): readonly DocumentPath[] {
  return actions.flatMap((action) =>
    action.type === 'set' ? [action.path, ...valuePaths(action.value)] : [action.path],
  )
}

function valuePaths(operand: UpdateOperand): readonly DocumentPath[] {
  switch (operand.type) {
    case 'path':
      return [operand.path]
    case 'value':
      return []
    case 'if_not_exists':
      return [operand.path, ...valuePaths(operand.otherwise)]
    default:
      return [...valuePaths(operand.left), ...valuePaths(operand.right)]
  }
}
