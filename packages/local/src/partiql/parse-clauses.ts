import type {
  ChangeExpression,
  ColumnExpression,
  Expression,
  FromExpression,
  OrderExpression,
  PathExpression,
  ReturningExpression,
  SelectExpression,
  WriteExpression,
} from './expression.ts'
import { validationError } from '../protocol/service-error.ts'
import { notWellFormed } from './statement-error.ts'
import type { StatementReader } from './statement-reader.ts'

/** Reads expressions for the clauses they stand in. */
export interface ExpressionSource {
  readonly reader: StatementReader
  expression(precedence?: number): Expression
  /** Reads a name and steps into it; an error when something else comes next. */
  simplePath(): PathExpression
}

/**
 * Reads what follows SELECT.
 *
 * @throws ServiceError when it is not well formed.
 * @internal
 */
export function parseSelect(source: ExpressionSource): SelectExpression {
  const { reader } = source
  const isDistinct = reader.takeKeyword('distinct')
  if (!isDistinct) reader.takeKeyword('all')
  const isList = !reader.isKeyword('value') && !reader.isKeyword('pivot')
  const columns = isList ? parseColumns(source) : undefined
  if (!isList) skipProjection(source)
  if (!reader.takeKeyword('from')) throw notWellFormed('Expected FROM after SELECT list')
  const from = parseFrom(source)
  const where = parseWhere(source)
  const isGrouped = parseGroup(source)
  const having = reader.takeKeyword('having') ? source.expression() : undefined
  const order = parseOrder(source)
  const limit = reader.takeKeyword('limit') ? source.expression() : undefined
  return { isDistinct, columns, isList, from, where, isGrouped, having, order, limit }
}

function parseColumns(source: ExpressionSource): readonly ColumnExpression[] | undefined {
  const { reader } = source
  if (reader.takeSymbol('*')) {
    if (reader.isSymbol(',')) throw mixedStar()
    return undefined
  }
  const columns: ColumnExpression[] = []
  do {
    if (reader.isSymbol('*')) throw mixedStar()
    const value = source.expression()
    if (value.type === 'path' && value.steps.some(({ type }) => type === 'wildcard')) {
      throw notWellFormed('Invalid use of * in select list')
    }
    columns.push({ value, isAliased: parseAlias(reader) })
  } while (reader.takeSymbol(','))
  return columns
}

function mixedStar(): Error {
  return notWellFormed(
    "Other expressions may not be present in the select list when '*' is used without dot notation.",
  )
}

function skipProjection(source: ExpressionSource): void {
  const isPivot = source.reader.take().text === 'pivot'
  source.expression()
  if (!isPivot) return
  source.reader.expectKeyword('at')
  source.expression()
}

function parseAlias(reader: StatementReader): boolean {
  if (!reader.takeKeyword('as') && !reader.isName) return false
  if (!reader.isName) throw notWellFormed('Expected identifier for AS-alias')
  reader.take()
  return true
}

const joins: ReadonlySet<string> = new Set(['join', 'inner', 'left', 'right', 'full', 'outer', 'cross'])

/** Takes the words of a JOIN, and tells whether there were any. */
function takeJoin(reader: StatementReader): boolean {
  let isThere = false
  for (; reader.next.type === 'keyword' && joins.has(reader.next.text); reader.take()) isThere = true
  return isThere
}

function parseFrom(source: ExpressionSource): FromExpression {
  const { reader } = source
  const sources: Expression[] = []
  let isAliased = false
  for (;;) {
    reader.takeKeyword('unpivot')
    sources.push(source.expression())
    isAliased = parseAlias(reader) || isAliased
    for (const keyword of ['at', 'by']) {
      if (!reader.takeKeyword(keyword)) continue
      if (!reader.isName) throw notWellFormed(`Expected identifier for ${keyword.toUpperCase()}-alias`)
      reader.take()
      isAliased = true
    }
    if (sources.length > 1 && reader.takeKeyword('on')) source.expression()
    if (reader.takeSymbol(',')) continue
    if (!takeJoin(reader)) break
  }
  return { sources, isAliased }
}

function parseWhere(source: ExpressionSource): Expression | undefined {
  return source.reader.takeKeyword('where') ? source.expression() : undefined
}

function parseGroup(source: ExpressionSource): boolean {
  const { reader } = source
  if (!reader.takeKeyword('group')) return false
  reader.takeKeyword('partial')
  reader.expectKeyword('by')
  do {
    source.expression()
    parseAlias(reader)
  } while (reader.takeSymbol(','))
  return true
}

function parseOrder(source: ExpressionSource): readonly OrderExpression[] | undefined {
  const { reader } = source
  if (!reader.takeKeyword('order')) return undefined
  reader.expectKeyword('by')
  const order: OrderExpression[] = []
  do {
    const key = source.expression()
    const isDescending = reader.takeKeyword('desc')
    if (!isDescending) reader.takeKeyword('asc')
    order.push({ key, isDescending })
  } while (reader.takeSymbol(','))
  return order
}

/**
 * Reads an INSERT, UPDATE or DELETE.
 *
 * @throws ServiceError when it is not well formed.
 * @internal
 */
export function parseWrite(source: ExpressionSource): WriteExpression {
  const { reader } = source
  if (reader.isKeyword('insert')) return parseInsert(source)
  if (reader.takeKeyword('update')) {
    const from = parseTarget(source)
    const changes = parseChanges(source)
    return { type: 'update', from, changes, where: parseWhere(source), returning: parseReturning(reader) }
  }
  if (!reader.takeKeyword('delete')) {
    // SET and REMOVE that belong to nothing.
    const changes = parseChanges(source)
    const from = { sources: [], isAliased: false }
    return { type: 'update', from, changes, where: parseWhere(source), returning: parseReturning(reader) }
  }
  if (!reader.takeKeyword('from')) throw notWellFormed('Expected FROM after DELETE')
  const from = parseTarget(source)
  return { type: 'delete', from, where: parseWhere(source), returning: parseReturning(reader) }
}

/**
 * Reads what follows FROM when a statement begins with it: an UPDATE written from behind.
 *
 * @throws ServiceError when it is not well formed.
 * @internal
 */
export function parseFromFirst(source: ExpressionSource): WriteExpression {
  const from = parseFrom(source)
  const where = parseWhere(source)
  const changes = parseChanges(source)
  return { type: 'update', from, changes, where, returning: parseReturning(source.reader) }
}

function parseInsert(source: ExpressionSource): WriteExpression {
  const { reader } = source
  if (!reader.isKeyword('into', reader.ahead(1))) throw notWellFormed('Unexpected keyword')
  reader.take()
  reader.take()
  const target = source.simplePath()
  const isSingle = reader.takeKeyword('value')
  if (!isSingle && reader.isKeyword('values')) {
    throw notWellFormed('Expected LEFT_PAREN for row value constructor')
  }
  const value = source.expression()
  return { type: 'insert', target, value, isSingle, returning: parseReturning(reader) }
}

function parseTarget(source: ExpressionSource): FromExpression {
  const target = source.simplePath()
  return { sources: [target], isAliased: parseAlias(source.reader) }
}

function parseChanges(source: ExpressionSource): readonly ChangeExpression[] {
  const { reader } = source
  const changes: ChangeExpression[] = []
  for (;;) {
    if (reader.takeKeyword('set')) {
      do changes.push(parseAssignment(source))
      while (reader.takeSymbol(','))
    } else if (reader.takeKeyword('remove')) {
      do changes.push({ type: 'remove', path: source.simplePath() })
      while (reader.takeSymbol(','))
    } else if (changes.length > 0) {
      return changes
    } else {
      throw notWellFormed('Expected data manipulation')
    }
  }
}

function parseAssignment(source: ExpressionSource): ChangeExpression {
  const path = source.simplePath()
  if (!source.reader.takeSymbol('=')) throw notWellFormed("Expected '='")
  return { type: 'set', path, value: source.expression() }
}

function parseReturning(reader: StatementReader): ReturningExpression | undefined {
  if (!reader.takeKeyword('returning')) return undefined
  const scope = reader.takeKeyword('modified') ? 'MODIFIED' : 'ALL'
  if (scope === 'ALL') reader.expectKeyword('all')
  const when = reader.takeKeyword('old') ? 'OLD' : 'NEW'
  if (when === 'NEW') reader.expectKeyword('new')
  if (!reader.takeSymbol('*')) {
    throw validationError("Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause")
  }
  return { scope, when }
}
