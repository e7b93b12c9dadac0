import { bindCondition } from '../expressions/bind-condition.ts'
import type { ConditionNode } from '../expressions/condition-node.ts'
import type { Comparator, ConditionSyntax, OperandSyntax } from '../expressions/syntax.ts'
import { validationError } from '../protocol/service-error.ts'
import type { CallExpression, Expression } from './expression.ts'
import { errorAt } from './statement-error.ts'
import { translatePath } from './translate-path.ts'
import { translateValue } from './translate-value.ts'
import type { Translation } from './translation.ts'

type Operation = Expression & { readonly type: 'operation' }
type TypeTest = Expression & { readonly type: 'is' }

const comparators: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>='])
const conditionFunctions: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
])
const aggregates: ReadonlySet<string> = new Set(['avg', 'count', 'max', 'min', 'sum'])

/** What types IS knows are called in expressions. */
const testedTypes: Readonly<Record<string, string>> = {
  BLOB: 'B',
  BOOLEAN: 'BOOL',
  LIST: 'L',
  NULL: 'NULL',
  NUMERIC: 'N',
  STRING: 'S',
  STRUCT: 'M',
  TUPLE: 'M',
}

/**
 * Makes a condition of a WHERE clause.
 *
 * @param where - The clause; undefined for none.
 * @param translation - The statement it stands in.
 * @throws ServiceError when it is none that DynamoDB knows.
 * @internal
 */
export function translateWhere(
  where: Expression | undefined,
  translation: Translation,
): ConditionNode | undefined {
  if (where === undefined) return undefined
  const syntax = new WhereTranslator(translation).condition(
    where,
    'WHERE clause must contain an expression that resolves to a boolean',
  )
  return bindCondition('ConditionExpression', syntax, translation.placeholders)
}

class WhereTranslator {
  readonly #translation: Translation

  constructor(translation: Translation) {
    this.#translation = translation
  }

  /**
   * @param expression - What should be a condition.
   * @param otherwise - The message if it is none.
   */
  condition(expression: Expression, otherwise: string): ConditionSyntax {
    const operand = this.#operand(expression)
    if (operand.type === 'condition') return operand.condition
    throw validationError(otherwise)
  }

  #operand(expression: Expression): OperandSyntax {
    switch (expression.type) {
      case 'path':
        return translatePath(expression, this.#translation)
      case 'call':
        return this.#call(expression)
      case 'operation':
        return { type: 'condition', condition: this.#operation(expression) }
      case 'is':
        return { type: 'condition', condition: this.#typeTest(expression) }
      case 'missing':
        throw validationError('MISSING must be compared using IS operator')
      default:
        return this.#value(expression)
    }
  }

  #value(expression: Expression): OperandSyntax {
    const value = translateValue(expression, this.#translation)
    if (value !== undefined) return { type: 'value', placeholder: this.#translation.valueOf(value) }
    throw unsupportedToken(expression)
  }

  #call(call: CallExpression): OperandSyntax {
    const { name, token } = call
    if (aggregates.has(name)) throw unsupportedToken(call)
    const select = call.operands.find(({ type }) => type === 'select')
    if (select !== undefined) throw unsupportedToken(select)
    if (name !== 'size' && !conditionFunctions.has(name)) {
      throw errorAt(`Unrecognized function: ${name}`, token)
    }
    const operands = call.operands.map((operand) => this.#operand(operand))
    const syntax = { type: 'function', name, operands } as const
    return name === 'size' ? syntax : { type: 'condition', condition: syntax }
  }

  #operation({ operator, operands }: Operation): ConditionSyntax {
    const [first, second, third] = operands
    if (operator === 'and' || operator === 'or') return this.#chain(operator, operands)
    if (first === undefined) throw unsupportedOperator(operator)
    if (operator === 'not') {
      return {
        type: 'not',
        condition: this.condition(first, 'The argument to NOT must be a Type or Expression'),
      }
    }
    if (second === undefined) throw unsupportedOperator(operator)
    if (operator === 'in') return this.#in(first, second)
    if (operator === 'between' && third !== undefined) {
      const operand = this.#operand(first)
      const lower = this.#operand(second)
      return { type: 'between', operand, lower, upper: this.#operand(third) }
    }
    if (!comparators.has(operator)) throw unsupportedOperator(operator)
    const left = this.#operand(first)
    return {
      type: 'comparison',
      operator: operator as Comparator,
      left,
      right: this.#operand(second),
    }
  }

  /** Chains are flat, however many members they have. */
  #chain(type: 'and' | 'or', operands: readonly Expression[]): ConditionSyntax {
    const conditions = operands.flatMap((operand) => {
      const condition = this.condition(operand, 'The arguments to AND/OR must be Expressions')
      return condition.type === type ? condition.conditions : [condition]
    })
    return { type, conditions }
  }

  #in(operand: Expression, list: Expression): ConditionSyntax {
    const isList = list.type === 'list' || list.type === 'bag'
    if (!isList || list.members.length === 0) {
      throw validationError(
        'IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member',
      )
    }
    const left = this.#operand(operand)
    return { type: 'in', operand: left, candidates: list.members.map((member) => this.#operand(member)) }
  }

  #typeTest({ token, operand, typeName, isNegated }: TypeTest): ConditionSyntax {
    const isTestable = operand.type === 'path' || translateValue(operand, this.#translation) !== undefined
    if (!isTestable) {
      throw validationError(
        'The left hand side argument to IS must be a Variable Reference, Literal, or Path',
      )
    }
    const tested = this.#operand(operand)
    if (typeName === 'MISSING') {
      const name = isNegated ? 'attribute_exists' : 'attribute_not_exists'
      return { type: 'function', name, operands: [tested] }
    }
    const type = testedTypes[typeName]
    if (type === undefined) {
      throw errorAt(
        `Unsupported data type for IS operator: ${typeName}. Supported data types are ` +
          '[MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST]',
        token,
      )
    }
    const placeholder = this.#translation.valueOf({ S: type })
    const operands = [tested, { type: 'value', placeholder }] as const
    const test = { type: 'function', name: 'attribute_type', operands } as const
    return isNegated ? { type: 'not', condition: test } : test
  }
}

function unsupportedToken(expression: Expression): Error {
  return errorAt(
    `Unsupported token in expression: ${expression.type === 'select' ? 'SELECT' : expression.token.text}`,
    expression.token,
  )
}

function unsupportedOperator(operator: string): Error {
  return validationError(`Unsupported operator in Condition Expression. Operator: ${operator}`)
}
