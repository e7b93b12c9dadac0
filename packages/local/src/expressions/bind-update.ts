import { typeOf, type AttributeValue } from '../values/attribute-value.ts'
import { bindPath, bindValue } from './bind-path.ts'
import { bindPathsApart } from './bind-paths-apart.ts'
import type { DocumentPath } from './document-path.ts'
import { invalidExpression } from './expression-error.ts'
import {
  checkDistinct,
  checkOperandCount,
  checkOperandTypes,
  checkOperatorCount,
  requirePath,
} from './operand-checks.ts'
import type { Placeholders } from './placeholders.ts'
import type { FunctionSyntax, OperandSyntax, UpdateActionSyntax, UpdateSectionSyntax } from './syntax.ts'
import { typeTexts } from './type-text.ts'
import type { UpdateAction, UpdateNode, UpdateOperand } from './update-node.ts'

const kind = 'UpdateExpression'
const lists: ReadonlySet<string> = new Set(['L'])
const numbers: ReadonlySet<string> = new Set(['N'])
const addable: ReadonlySet<string> = new Set(['N', 'SS', 'NS', 'BS'])
const deletable: ReadonlySet<string> = new Set(['SS', 'NS', 'BS'])

/**
 * Looks up the names and values of an update and checks it. DynamoDB goes from the last action to the first,
 * paths before values.
 *
 * @throws ServiceError for the first fault.
 * @internal
 */
export function bindUpdate(sections: readonly UpdateSectionSyntax[], placeholders: Placeholders): UpdateNode {
  const actions = sections.flatMap((section) => section.actions)
  const paths = bindPathsApart(kind, actions, ({ path }) => bindPath(kind, path, placeholders))
  const binder = new UpdateBinder(placeholders)
  const bound = actions
    .map((action, index) => ({ action, path: paths[index] as DocumentPath }))
    .reverse()
    .map(({ action, path }) => binder.bind(action, path))
  checkOperatorCount(kind, binder.operators)
  return {
    actions: bound.reverse(),
    typeMismatch: 'An operand in the update expression has an incorrect data type',
  }
}

class UpdateBinder {
  readonly #placeholders: Placeholders
  operators = 0

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders
  }

  bind(action: UpdateActionSyntax, path: DocumentPath): UpdateAction {
    switch (action.section) {
      case 'SET':
        return { type: 'set', path, value: this.#operand(action.value) }
      case 'REMOVE':
        return { type: 'remove', path }
      case 'ADD': {
        const value = bindValue(kind, action.value, this.#placeholders)
        checkActionType('ADD', value, addable)
        return { type: 'add', path, value }
      }
      case 'DELETE': {
        const value = bindValue(kind, action.value, this.#placeholders)
        checkActionType('DELETE', value, deletable)
        return { type: 'delete', path, value }
      }
    }
  }

  #operand(operand: OperandSyntax): UpdateOperand {
    switch (operand.type) {
      case 'path':
        return { type: 'path', path: bindPath(kind, operand, this.#placeholders) }
      case 'value':
        return { type: 'value', value: bindValue(kind, operand, this.#placeholders) }
      case 'condition':
        throw new TypeError('Updates have no conditions.')
      case 'arithmetic':
        return this.#pair(operand.operator, [operand.left, operand.right], numbers)
      case 'function':
        return operand.name === 'list_append'
          ? this.#pair('list_append', operand.operands, lists)
          : this.#ifNotExists(operand)
    }
  }

  #pair(
    type: 'list_append' | '+' | '-',
    syntax: readonly OperandSyntax[],
    allowed: ReadonlySet<string>,
  ): UpdateOperand {
    const operands = this.#operands(type, syntax)
    checkOperandTypes(kind, type, operands, allowed)
    const [left, right] = operands
    return { type, left, right }
  }

  #ifNotExists({ name, operands: syntax }: FunctionSyntax): UpdateOperand {
    const operands = this.#operands(name, syntax)
    const path = requirePath(kind, name, operands[0])
    checkDistinct(kind, name, operands)
    return { type: 'if_not_exists', path, otherwise: operands[1] }
  }

  #operands(name: string, syntax: readonly OperandSyntax[]): [UpdateOperand, UpdateOperand] {
    this.operators += 1
    const operands = syntax.map((operand) => this.#operand(operand))
    checkOperandCount(kind, name, operands.length, 2)
    return operands as [UpdateOperand, UpdateOperand]
  }
}

function checkActionType(
  section: 'ADD' | 'DELETE',
  value: AttributeValue,
  allowed: ReadonlySet<string>,
): void {
  const type = typeOf(value)
  if (allowed.has(type)) return
  throw invalidExpression(
    kind,
    `Incorrect operand type for operator or function; operator: ${section}, ` +
      `operand type: ${typeTexts[type]}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
  )
}
