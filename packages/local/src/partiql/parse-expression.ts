import type { Expression, PathExpression, PathStep, StructMember } from './expression.ts'
import { parseFromFirst, parseSelect, parseWrite, type ExpressionSource } from './parse-clauses.ts'
import { parseTypeName } from './parse-type-name.ts'
import { errorAt, notWellFormed } from './statement-error.ts'
import { StatementReader } from './statement-reader.ts'
import { validationError } from '../protocol/service-error.ts'

/** How strongly operators bind what stands on both sides of them. */
const precedences: Readonly<Record<string, number>> = {
  union: 5,
  except: 5,
  intersect: 5,
  or: 10,
  and: 20,
  '=': 40,
  '<>': 40,
  '!=': 40,
  is: 40,
  in: 40,
  '<': 50,
  '<=': 50,
  '>': 50,
  '>=': 50,
  between: 50,
  like: 50,
  '+': 60,
  '-': 60,
  '||': 60,
  '*': 70,
  '/': 70,
  '%': 70,
}
const negationPrecedence = 30
/** Operators that NOT can stand before. */
const negatable: ReadonlySet<string> = new Set(['in', 'between', 'like'])
/** Operators that cannot begin anything, although they are words. */
const wordOperators: ReadonlySet<string> = new Set([
  ...['union', 'except', 'intersect', 'or', 'and', 'is', 'in', 'between', 'like'],
])
/** Keywords that functions are called by. */
const functionKeywords: ReadonlySet<string> = new Set(
  (
    'avg bag bit_length char_length character_length coalesce count date_add date_diff exists extract list lower ' +
    'max min nullif octet_length sexp size substring sum trim upper'
  ).split(' '),
)
const writes: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'set', 'remove'])

const maximumDepth = 200

/**
 * Reads a PartiQL statement.
 *
 * @param text - The statement.
 * @returns What it is, and how many question marks it has.
 * @throws ServiceError when it is not well formed.
 * @internal
 */
export function parseExpression(text: string): {
  readonly expression: Expression
  readonly parameters: number
} {
  const reader = new StatementReader(text)
  const expression = new ExpressionParser(reader).expression()
  reader.expectEnd()
  return { expression, parameters: reader.parameters }
}

class ExpressionParser implements ExpressionSource {
  readonly reader: StatementReader
  #depth = 0

  constructor(reader: StatementReader) {
    this.reader = reader
  }

  expression(precedence = -1): Expression {
    this.#depth += 1
    if (this.#depth > maximumDepth) throw notWellFormed('')
    let left = this.#unary()
    for (;;) {
      const isNegated = this.#isNegatedInfix
      const { text } = isNegated ? this.reader.ahead(1) : this.reader.next
      const own = this.#isInfix ? precedences[text] : undefined
      if (own === undefined || own <= precedence) break
      left = this.#infix(left, isNegated, own)
    }
    this.#depth -= 1
    return left
  }

  get #isNegatedInfix(): boolean {
    const following = this.reader.ahead(1)
    return this.reader.isKeyword('not') && following.type === 'keyword' && negatable.has(following.text)
  }

  get #isInfix(): boolean {
    return this.reader.next.type === 'keyword' || this.reader.next.type === 'symbol'
  }

  #infix(left: Expression, isNegated: boolean, precedence: number): Expression {
    const { reader } = this
    if (isNegated) reader.take()
    const token = reader.take()
    const operator = token.text === '!=' ? '<>' : token.text
    if (operator === 'is') {
      const isOpposite = reader.takeKeyword('not')
      const typeName = parseTypeName(reader)
      return { type: 'is', token, operand: left, typeName, isNegated: isOpposite }
    }
    const operands = [left, this.#right(operator, precedence)]
    if (operator === 'between') {
      reader.expectKeyword('and')
      if (reader.isAtEnd) throw notWellFormed('Expected expression after AND')
      operands.push(this.expression(precedence))
    }
    if (operator === 'like' && reader.takeKeyword('escape')) this.expression(precedence)
    const operation: Expression = { type: 'operation', token, operator, operands }
    return isNegated ? { type: 'operation', token, operator: 'not', operands: [operation] } : operation
  }

  #right(operator: string, precedence: number): Expression {
    const { reader } = this
    if (operator === 'in' && reader.isSymbol('(') && !reader.isKeyword('select', reader.ahead(1))) {
      const token = reader.take()
      const members = this.#commaList()
      reader.expectSymbol(')')
      return { type: 'list', token, members }
    }
    if (reader.isAtEnd) throw notWellFormed('Missing right-hand side expression of infix operator')
    return this.expression(precedence)
  }

  #unary(): Expression {
    const { reader } = this
    const token = reader.next
    if (reader.takeKeyword('not')) {
      const operand = this.expression(negationPrecedence)
      return { type: 'operation', token, operator: 'not', operands: [operand] }
    }
    if (!reader.isSymbol('+') && !reader.isSymbol('-')) return this.#path()
    this.#depth += 1
    if (this.#depth > maximumDepth) throw notWellFormed('')
    reader.take()
    const operand = this.#unary()
    this.#depth -= 1
    if (operand.type !== 'number') {
      return { type: 'operation', token, operator: token.text, operands: [operand] }
    }
    if (token.text === '+') return operand
    const { text } = operand
    return { ...operand, text: text.startsWith('-') ? text.slice(1) : `-${text}` }
  }

  #path(): Expression {
    const term = this.#term()
    const steps = this.#steps(false)
    if (steps.length === 0) return term
    if (term.type === 'path') return { ...term, steps: [...term.steps, ...steps] }
    return { type: 'unsupported', token: term.token, name: 'PATH' }
  }

  simplePath(): PathExpression {
    if (!this.reader.isName) throw notWellFormed('Expected identifier for simple path')
    const token = this.reader.take()
    return { type: 'path', token, steps: this.#steps(true) }
  }

  #steps(isSimple: boolean): readonly PathStep[] {
    const { reader } = this
    const steps: PathStep[] = []
    for (;;) {
      if (reader.takeSymbol('.')) {
        const token = reader.next
        if (reader.isName) steps.push({ type: 'name', name: reader.take().text })
        else if (!reader.takeSymbol('*')) throw notWellFormed('Invalid path dot component')
        else if (isSimple) throw notWellFormed('Invalid path dot component for simple path')
        else steps.push({ type: 'unpivot', token })
      } else if (reader.takeSymbol('[')) {
        const token = reader.next
        if (reader.takeSymbol('*')) steps.push({ type: 'wildcard', token })
        else steps.push({ type: 'index', index: this.expression() })
        reader.expectSymbol(']')
      } else {
        return steps
      }
    }
  }

  #term(): Expression {
    const { reader } = this
    const token = reader.next
    switch (token.type) {
      case 'identifier':
      case 'quoted':
        if (reader.isSymbol('(', reader.ahead(1))) return this.#call()
        return { type: 'path', token: reader.take(), steps: [] }
      case 'string':
      case 'number':
        return { type: token.type, token, text: reader.take().text }
      case 'keyword':
        return this.#keyword()
      case 'symbol':
        return this.#symbol()
      case 'end':
        throw notWellFormed('Unexpected term')
    }
  }

  #keyword(): Expression {
    const { reader } = this
    const token = reader.next
    switch (token.text) {
      case 'true':
      case 'false':
        return { type: 'boolean', token: reader.take(), value: token.text === 'true' }
      case 'null':
      case 'missing':
        return { type: token.text, token: reader.take() }
      case 'select':
        return { type: 'select', token: reader.take(), select: parseSelect(this) }
      case 'from':
        return { type: 'write', token: reader.take(), write: parseFromFirst(this) }
      case 'create':
      case 'drop':
        throw validationError(
          `Unsupported operation: ${token.text === 'create' ? 'CreateTable' : 'DropTable'}`,
        )
      case 'case':
      case 'cast':
        throw errorAt(`Unsupported token in expression: ${token.text.toUpperCase()}`, token)
      default:
        if (writes.has(token.text)) return { type: 'write', token, write: parseWrite(this) }
        if (wordOperators.has(token.text)) throw notWellFormed('Unexpected operator')
        if (functionKeywords.has(token.text) && reader.isSymbol('(', reader.ahead(1))) return this.#call()
        throw notWellFormed('Unexpected keyword')
    }
  }

  #symbol(): Expression {
    const { reader } = this
    const token = reader.take()
    switch (token.text) {
      case '?':
        return { type: 'parameter', token, index: reader.countParameter() }
      case '@':
        if (!reader.isName) throw notWellFormed('Identifier must follow @-operator')
        return { type: 'path', token: reader.take(), steps: [] }
      case '(': {
        const members = this.#commaList()
        reader.expectSymbol(')')
        const [only] = members
        return only !== undefined && members.length === 1 ? only : { type: 'list', token, members }
      }
      case '[':
        return { type: 'list', token, members: this.#membersUntil(']') }
      case '<<':
        return { type: 'bag', token, members: this.#membersUntil('>>') }
      case '{':
        return { type: 'struct', token, members: this.#pairs() }
      default:
        throw notWellFormed(
          precedences[token.text] === undefined || token.text === '*'
            ? 'Unexpected term'
            : 'Unexpected operator',
        )
    }
  }

  #call(): Expression {
    const { reader } = this
    const token = reader.take()
    reader.expectSymbol('(')
    if (reader.takeSymbol('*')) {
      reader.expectSymbol(')')
      return { type: 'call', token, name: token.text.toLowerCase(), operands: [] }
    }
    return { type: 'call', token, name: token.text.toLowerCase(), operands: this.#membersUntil(')') }
  }

  #membersUntil(end: string): readonly Expression[] {
    if (this.reader.takeSymbol(end)) return []
    const members = this.#commaList()
    this.reader.expectSymbol(end)
    return members
  }

  #commaList(): readonly Expression[] {
    const members = [this.expression()]
    while (this.reader.takeSymbol(',')) members.push(this.expression())
    return members
  }

  #pairs(): readonly StructMember[] {
    const { reader } = this
    const members: StructMember[] = []
    if (reader.takeSymbol('}')) return members
    do {
      const key = this.expression()
      reader.expectSymbol(':')
      members.push({ key, value: this.expression() })
    } while (reader.takeSymbol(','))
    reader.expectSymbol('}')
    return members
  }
}
