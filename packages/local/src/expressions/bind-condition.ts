import { typeOf, type AttributeValue } from '../values/attribute-value.ts'
import { compareScalars } from '../values/compare.ts'
import { bindPath, bindValue } from './bind-path.ts'
import type { ConditionNode, ConditionOperand } from './condition-node.ts'
import { invalidExpression, type ExpressionKind } from './expression-error.ts'
import {
  checkDistinct,
  checkOperandCount,
  checkOperandTypes,
  checkOperatorCount,
  incorrectType,
  operandType,
  requirePath,
} from './operand-checks.ts'
import type { Placeholders } from './placeholders.ts'
import type { ConditionSyntax, FunctionSyntax, OperandSyntax } from './syntax.ts'

const ordered: ReadonlySet<string> = new Set(['S', 'N', 'B'])
const withPrefix: ReadonlySet<string> = new Set(['S', 'B'])
const sized: ReadonlySet<string> = new Set(['S', 'B', 'SS', 'NS', 'BS', 'M', 'L'])
const typeNames = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M']
const maximumCandidates = 100

/**
 * Looks up the names and values of a condition and checks its operators and functions, each after its
 * operands, from left to right.
 *
 * @throws ServiceError for the first fault.
 * @internal
 */
export function bindCondition(
  kind: ExpressionKind,
  syntax: ConditionSyntax,
  placeholders: Placeholders,
): ConditionNode {
  return new ConditionBinder(kind, placeholders).bind(syntax)
}

class ConditionBinder {
  readonly #kind: ExpressionKind
  readonly #placeholders: Placeholders
  #operators = 0

  constructor(kind: ExpressionKind, placeholders: Placeholders) {
    this.#kind = kind
    this.#placeholders = placeholders
  }

  bind(syntax: ConditionSyntax): ConditionNode {
    const node = this.#condition(syntax)
    checkOperatorCount(this.#kind, this.#operators)
    return node
  }

  #condition(syntax: ConditionSyntax): ConditionNode {
    switch (syntax.type) {
      case 'and':
      case 'or':
        this.#operators += syntax.conditions.length - 1
        return { type: syntax.type, conditions: syntax.conditions.map((member) => this.#condition(member)) }
      case 'not':
        this.#operators += 1
        return { type: 'not', condition: this.#condition(syntax.condition) }
      case 'comparison':
        return this.#comparison(syntax)
      case 'between':
        return this.#between(syntax)
      case 'in':
        return this.#in(syntax)
      case 'function':
        return this.#function(syntax)
    }
  }

  #comparison({ operator, ...syntax }: ConditionSyntax & { readonly type: 'comparison' }): ConditionNode {
    this.#operators += 1
    const left = this.#operand(syntax.left)
    const right = this.#operand(syntax.right)
    checkDistinct(this.#kind, operator, [left, right])
    if (operator !== '=' && operator !== '<>') checkOperandTypes(this.#kind, operator, [left, right], ordered)
    return { type: 'comparison', operator, left, right }
  }

  #between(syntax: ConditionSyntax & { readonly type: 'between' }): ConditionNode {
    this.#operators += 1
    const operand = this.#operand(syntax.operand)
    const lower = this.#operand(syntax.lower)
    const upper = this.#operand(syntax.upper)
    checkOperandTypes(this.#kind, 'BETWEEN', [operand, lower, upper], ordered)
    checkDistinct(this.#kind, 'BETWEEN', [operand, lower, upper])
    if (lower.type === 'value' && upper.type === 'value') this.#checkBounds(lower.value, upper.value)
    return { type: 'between', operand, lower, upper }
  }

  #checkBounds(lower: AttributeValue, upper: AttributeValue): void {
    const isSameType = typeOf(lower) === typeOf(upper)
    if (isSameType && (compareScalars(lower, upper) ?? 0) <= 0) return
    const requirement = isSameType
      ? 'upper bound to be greater than or equal to lower bound'
      : 'same data type for lower and upper bounds'
    throw invalidExpression(
      this.#kind,
      `The BETWEEN operator requires ${requirement}; ` +
        `lower bound operand: AttributeValue: ${scalarText(lower)}, ` +
        `upper bound operand: AttributeValue: ${scalarText(upper)}`,
    )
  }

  #in(syntax: ConditionSyntax & { readonly type: 'in' }): ConditionNode {
    this.#operators += 1
    const operand = this.#operand(syntax.operand)
    const candidates = syntax.candidates.map((candidate) => this.#operand(candidate))
    if (candidates.length > maximumCandidates) {
      throw invalidExpression(
        this.#kind,
        `The IN operator is provided with too many operands; number of operands: ${String(candidates.length)}`,
      )
    }
    checkDistinct(this.#kind, 'IN', [operand, ...candidates])
    return { type: 'in', operand, candidates }
  }

  #function({ name, operands: syntax }: FunctionSyntax): ConditionNode {
    this.#operators += 1
    const operands = syntax.map((member) => this.#operand(member))
    if (name === 'attribute_exists' || name === 'attribute_not_exists') {
      checkOperandCount(this.#kind, name, operands.length, 1)
      return { type: name, path: requirePath(this.#kind, name, operands[0]) }
    }
    checkOperandCount(this.#kind, name, operands.length, 2)
    checkDistinct(this.#kind, name, operands)
    const [operand, argument] = operands as [ConditionOperand, ConditionOperand]
    if (name === 'attribute_type') this.#checkTypeName(argument)
    if (name === 'begins_with') checkOperandTypes(this.#kind, name, operands, withPrefix)
    return { type: name as 'attribute_type' | 'begins_with' | 'contains', operand, argument }
  }

  #checkTypeName(argument: ConditionOperand): void {
    if (argument.type !== 'value' || !('S' in argument.value)) {
      throw incorrectType(
        this.#kind,
        'attribute_type',
        operandType(argument) ?? '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}',
      )
    }
    if (typeNames.includes(argument.value.S)) return
    throw invalidExpression(
      this.#kind,
      `Invalid attribute type name found; type: ${argument.value.S}, valid types: {${typeNames.join(',')}}`,
    )
  }

  #operand(operand: OperandSyntax): ConditionOperand {
    switch (operand.type) {
      case 'path':
        return { type: 'path', path: bindPath(this.#kind, operand, this.#placeholders) }
      case 'value':
        return { type: 'value', value: bindValue(this.#kind, operand, this.#placeholders) }
      case 'function':
        return this.#size(operand)
      case 'condition':
        return { type: 'condition', condition: this.#condition(operand.condition) }
      case 'arithmetic':
        throw new TypeError('Conditions have no arithmetic.')
    }
  }

  #size({ name, operands: syntax }: FunctionSyntax): ConditionOperand {
    this.#operators += 1
    const operands = syntax.map((member) => this.#operand(member))
    checkOperandCount(this.#kind, name, operands.length, 1)
    checkOperandTypes(this.#kind, name, operands, sized)
    return { type: 'size', operand: operands[0] as ConditionOperand }
  }
}

/** The way DynamoDB writes a scalar in its messages. */
function scalarText(value: AttributeValue): string {
  if ('B' in value) {
    const length = String(Buffer.byteLength(value.B, 'base64'))
    return `{B:java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]}`
  }
  const type = typeOf(value)
  return `{${type}:${String((value as Record<string, unknown>)[type])}}`
}
