import { bindPath } from '../expressions/bind-path.ts'
import { ServiceError, validationError } from '../protocol/service-error.ts'
import { attributeValue, list, string, type Shape } from '../validation/shape.ts'
import type { AttributeValue } from '../values/attribute-value.ts'
import type {
  Expression,
  FromExpression,
  PathExpression,
  SelectExpression,
  WriteExpression,
} from './expression.ts'
import { parseExpression } from './parse-expression.ts'
import { errorAt } from './statement-error.ts'
import type { Column, SelectStatement, Statement, WriteStatement } from './statement.ts'
import { translatePath, unexpectedComponent } from './translate-path.ts'
import { translateUpdate } from './translate-update.ts'
import { translateItem } from './translate-value.ts'
import { translateWhere } from './translate-where.ts'
import { Translation } from './translation.ts'

/** `Statement` */
export const statementText: Shape<string> = string({ minimum: 1, maximum: 8192 })

/** `Parameters` */
export const statementParameters: Shape<readonly AttributeValue[]> = list(attributeValue, { minimum: 1 })

/**
 * Reads a PartiQL statement.
 *
 * @param text - The statement.
 * @param parameters - The values of its question marks, checked.
 * @throws ServiceError when DynamoDB does not know such a statement.
 * @internal
 */
export function readStatement(text: string, parameters: readonly AttributeValue[]): Statement {
  const { expression, parameters: count } = parseExpression(text)
  const translation = new Translation(parameters)
  const statement = withoutKind(() => new StatementTranslator(translation).statement(expression))
  translation.checkParameters(count)
  return statement
}

/** Messages about expressions begin with the parameter they stand in; a statement is none. */
function withoutKind<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    throw validationError(error.message.replace(/^Invalid \w+Expression: /, ''))
  }
}

/**
 * Makes the error of a check outside of transactions.
 *
 * @internal
 */
export function misplacedExists(): ServiceError {
  return validationError('EXISTS can only be used in ExecuteTransaction write requests.')
}

class StatementTranslator {
  readonly #translation: Translation

  constructor(translation: Translation) {
    this.#translation = translation
  }

  statement(expression: Expression): Statement {
    switch (expression.type) {
      case 'select':
        return this.#select(expression.select)
      case 'write':
        return this.#write(expression.write)
      case 'call':
        return this.#exists(expression.name, expression.operands)
      case 'path':
        throw unsupported(expression.steps.length > 0 ? 'Path' : 'VariableReference')
      case 'parameter':
        throw unsupported('Parameter')
      case 'missing':
        throw unsupported('LiteralMissing')
      case 'is':
        throw unsupported('IsType')
      case 'list':
      case 'bag':
        throw unsupported('Seq')
      case 'struct':
        throw unsupported('Struct')
      case 'string':
      case 'number':
      case 'boolean':
      case 'null':
        throw unsupported('Literal')
      default:
        throw misplacedExists()
    }
  }

  #exists(name: string, [first]: readonly Expression[]): Statement {
    if (name !== 'exists' || first?.type !== 'select') throw misplacedExists()
    return { kind: 'exists', select: this.#select(first.select) }
  }

  #select(select: SelectExpression): SelectStatement {
    if (select.isDistinct) throw validationError('Unsupported token in expression: DISTINCT')
    if (!select.isList) {
      throw validationError("Select projection doesn't support value or pivot keywords")
    }
    const { table, index } = this.#source(select.from)
    const where = translateWhere(select.where, this.#translation)
    if (select.isGrouped) throw validationError('Unsupported clause: GROUP BY')
    if (select.having !== undefined) throw errorAt('Unsupported clause: HAVING', select.having.token)
    if (select.limit !== undefined) throw errorAt('Unsupported clause: LIMIT', select.limit.token)
    const order = this.#order(select)
    // Indexes are looked up before columns are looked at.
    const columns = (): readonly Column[] | undefined => withoutKind(() => this.#columns(select))
    return { kind: 'select', table, index, columns, where, order }
  }

  #columns({ columns }: SelectExpression): readonly Column[] | undefined {
    if (columns === undefined) return undefined
    const names = new Set<string>()
    return columns.map(({ value, isAliased }) => {
      if (isAliased) throw validationError('Aliasing is not supported')
      if (value.type !== 'path') throw unexpectedComponent(value.token)
      if (value.steps.some(({ type }) => type === 'unpivot')) {
        throw validationError("Changing item's hierarchy while reading isn't supported")
      }
      const column = this.#column(value)
      if (names.has(column.name)) {
        throw validationError(`Duplicate identifiers in select clause: ${column.name}`)
      }
      names.add(column.name)
      return column
    })
  }

  /** A column is called by the last name of its path, and what follows it. */
  #column(expression: PathExpression): Column {
    const syntax = translatePath(expression, this.#translation)
    const path = bindPath('ProjectionExpression', syntax, this.#translation.placeholders)
    const last = path.findLastIndex((element) => typeof element === 'string')
    const indexes = path.slice(last + 1).map((element) => `[${String(element)}]`)
    return { path, name: `${String(path[last])}${indexes.join('')}` }
  }

  #order({ order, where }: SelectExpression): SelectStatement['order'] {
    if (order === undefined) return []
    const attributes = order.map(({ key, isDescending }) => {
      if (key.type === 'path' && key.steps.length === 0) return { attribute: key.token.text, isDescending }
      const shown = key.type === 'path' ? 'PATH' : key.token.text
      throw validationError(`Argument to ORDER BY must be of type VariableReference. Type: ${shown}`)
    })
    if (where === undefined) {
      throw validationError('Must have WHERE clause in the statement when using ORDER BY clause.')
    }
    return attributes
  }

  #source({ sources, isAliased }: FromExpression): {
    readonly table: string
    readonly index: string | undefined
  } {
    const [source] = sources
    if (sources.length > 1) throw validationError('Only select from a single table or index is supported.')
    if (isAliased) throw validationError('Aliasing is not supported')
    if (source?.type !== 'path') throw validationError('Unexpected from source')
    const [table, index, ...rest] = [source.token.text, ...source.steps.map(stepName)]
    if (rest.length > 0) {
      throw validationError('A path may contain at most 2 components in the FROM clause')
    }
    if (table === '' || index === '') throw validationError('Path component cannot be an empty string')
    return { table, index }
  }

  #write(write: WriteExpression): WriteStatement {
    if (write.type === 'insert') return this.#insert(write)
    if (write.type === 'delete') return this.#delete(write)
    const table = this.#writtenTable(write.from)
    const { returning } = write
    const update = translateUpdate(write.changes, this.#translation)
    return { kind: 'update', table, update, where: translateWhere(write.where, this.#translation), returning }
  }

  #insert({ target, value, isSingle, returning }: WriteExpression & { type: 'insert' }): WriteStatement {
    if (!isSingle) throw unsupported('InsertOp')
    if (target.steps.length > 0) {
      throw validationError(
        'FROM clause may only contain a single table name in data manipulation statements',
      )
    }
    if (returning !== undefined) throw validationError('RETURNING is not supported in INSERT')
    if (value.type !== 'struct') {
      throw errorAt(
        'Unsupported format in item expression. Please use struct format {...} to express item values for insert statement.',
        value.token,
      )
    }
    const { table } = this.#source({ sources: [target], isAliased: false })
    return { kind: 'insert', table, item: translateItem(value.members, this.#translation) }
  }

  #delete({ from, where: clause, returning }: WriteExpression & { type: 'delete' }): WriteStatement {
    const table = this.#writtenTable(from)
    const where = translateWhere(clause, this.#translation)
    if (returning !== undefined && (returning.scope !== 'ALL' || returning.when !== 'OLD')) {
      throw validationError(
        `Invalid returning clause: RETURNING ${returning.scope} ${returning.when} *. ` +
          'Only RETURNING ALL OLD * is allowed in DELETE statements.',
      )
    }
    return { kind: 'delete', table, where, returning }
  }

  #writtenTable(from: FromExpression): string {
    const { table, index } = this.#source(from)
    if (index === undefined) return table
    throw validationError('This operation is not supported on an index')
  }
}

function stepName(step: PathExpression['steps'][number]): string {
  if (step.type === 'name') return step.name
  if (step.type === 'index' && step.index.type === 'string') return step.index.text
  throw validationError('Unexpected from source')
}

function unsupported(operation: string): Error {
  return validationError(`Unsupported operation: ${operation}`)
}
