import { invalidExpression, type ExpressionKind } from './expression-error.ts'
import { isReservedWord } from './reserved-words.ts'
import type {
  ConditionSyntax,
  FunctionSyntax,
  OperandSyntax,
  PathSyntax,
  UpdateSection,
  UpdateSectionSyntax,
} from './syntax.ts'

const functions = {
  condition: new Set([
    'attribute_exists',
    'attribute_not_exists',
    'attribute_type',
    'begins_with',
    'contains',
    'size',
  ]),
  update: new Set(['if_not_exists', 'list_append']),
} as const

/**
 * Checks what the text of a condition alone can tell, from left to right: functions, reserved words and
 * list indexes.
 *
 * @throws ServiceError for the first fault.
 * @internal
 */
export function checkConditionSyntax(kind: ExpressionKind, condition: ConditionSyntax): void {
  switch (condition.type) {
    case 'and':
    case 'or':
      for (const member of condition.conditions) checkConditionSyntax(kind, member)
      return
    case 'not':
      checkConditionSyntax(kind, condition.condition)
      return
    case 'comparison':
      checkConditionOperands(kind, [condition.left, condition.right])
      return
    case 'between':
      checkConditionOperands(kind, [condition.operand, condition.lower, condition.upper])
      return
    case 'in':
      checkConditionOperands(kind, [condition.operand, ...condition.candidates])
      return
    case 'function':
      checkFunctionName(kind, 'condition', condition.name)
      if (condition.name === 'size') throw misusedFunction(kind, condition)
      checkConditionOperands(kind, condition.operands)
  }
}

function checkConditionOperands(kind: ExpressionKind, operands: readonly OperandSyntax[]): void {
  for (const operand of operands) {
    if (operand.type === 'path') checkPathSyntax(kind, operand)
    if (operand.type !== 'function') continue
    checkFunctionName(kind, 'condition', operand.name)
    if (operand.name !== 'size') throw misusedFunction(kind, operand)
    checkConditionOperands(kind, operand.operands)
  }
}

/**
 * Checks what the text of an update alone can tell, from left to right; that a section is repeated is said
 * after what is wrong inside of it.
 *
 * @throws ServiceError for the first fault.
 * @internal
 */
export function checkUpdateSyntax(sections: readonly UpdateSectionSyntax[]): void {
  const seen = new Set<UpdateSection>()
  for (const { section, actions } of sections) {
    for (const action of actions) {
      checkPathSyntax('UpdateExpression', action.path)
      if (action.section === 'SET') checkUpdateOperand(action.value, false)
    }
    if (seen.has(section)) {
      throw invalidExpression(
        'UpdateExpression',
        `The "${section}" section can only be used once in an update expression;`,
      )
    }
    seen.add(section)
  }
}

function checkUpdateOperand(operand: OperandSyntax, isInside: boolean): void {
  switch (operand.type) {
    case 'path':
      checkPathSyntax('UpdateExpression', operand)
      return
    case 'value':
    case 'condition':
      return
    case 'arithmetic':
      checkUpdateOperand(operand.left, true)
      checkUpdateOperand(operand.right, true)
      return
    case 'function':
      checkFunctionName('UpdateExpression', 'update', operand.name)
      if (isInside && operand.name === 'list_append') throw misusedFunction('UpdateExpression', operand)
      for (const inner of operand.operands) checkUpdateOperand(inner, true)
  }
}

/**
 * Checks a path for reserved words and for indexes no list can have.
 *
 * @throws ServiceError for the first fault.
 * @internal
 */
export function checkPathSyntax(kind: ExpressionKind, path: PathSyntax): void {
  for (const element of path.elements) {
    if (typeof element === 'number') continue
    if (element.startsWith('[')) {
      throw invalidExpression(kind, `List index is not within the allowable range; index: ${element}`)
    }
    if (isReservedWord(element)) {
      throw invalidExpression(kind, `Attribute name is a reserved keyword; reserved keyword: ${element}`)
    }
  }
}

function checkFunctionName(kind: ExpressionKind, place: keyof typeof functions, name: string): void {
  if (functions[place].has(name)) return
  if (!functions.condition.has(name) && !functions.update.has(name)) {
    throw invalidExpression(kind, `Invalid function name; function: ${name}`)
  }
  const article = place === 'update' ? 'an' : 'a'
  throw invalidExpression(
    kind,
    `The function is not allowed in ${article} ${place} expression; function: ${name}`,
  )
}

function misusedFunction(kind: ExpressionKind, { name }: FunctionSyntax): Error {
  return invalidExpression(
    kind,
    `The function is not allowed to be used this way in an expression; function: ${name}`,
  )
}
