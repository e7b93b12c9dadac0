import type { ExpressionKind } from './expression-error.ts'
import { Parentheses } from './parentheses.ts'
import { parsePath } from './parse-path.ts'
import type { Comparator, ConditionSyntax, OperandSyntax } from './syntax.ts'
import { TokenReader } from './token-reader.ts'

/** What parentheses can hold: a condition or an operand; only what follows tells which was meant. */
type Term = { readonly condition: ConditionSyntax } | { readonly operand: OperandSyntax }

const comparators: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>='])

/**
 * Reads a condition, filter or key condition.
 *
 * Grammar, loosest first: `OR`, `AND`, `NOT`, comparison (also `BETWEEN` and `IN`), operand. Parentheses
 * may stand around conditions and around operands.
 *
 * @param kind - The parameter the expression was given in.
 * @param text - The expression.
 * @throws ServiceError for a syntax error or redundant parentheses.
 * @internal
 */
export function parseConditionSyntax(kind: ExpressionKind, text: string): ConditionSyntax {
  return new ConditionParser(new TokenReader(kind, text)).parse()
}

class ConditionParser {
  readonly #reader: TokenReader
  readonly #parentheses: Parentheses

  constructor(reader: TokenReader) {
    this.#reader = reader
    this.#parentheses = new Parentheses(reader)
  }

  parse(): ConditionSyntax {
    const condition = this.#condition(this.#or())
    this.#reader.expectEnd()
    return condition
  }

  #or(): Term {
    return this.#chain('or', 'OR', () => this.#and())
  }

  #and(): Term {
    return this.#chain('and', 'AND', () => this.#not())
  }

  #chain(type: 'and' | 'or', keyword: string, member: () => Term): Term {
    const first = member()
    if (!this.#reader.isKeyword(keyword)) return first
    const conditions = [this.#condition(first)]
    while (this.#reader.takeKeyword(keyword)) conditions.push(this.#condition(member()))
    return { condition: { type, conditions } }
  }

  #not(): Term {
    if (!this.#reader.takeKeyword('NOT')) return this.#comparison()
    return { condition: { type: 'not', condition: this.#condition(this.#not()) } }
  }

  #comparison(): Term {
    this.#parentheses.doubt()
    const term = this.#termInParentheses() ?? { operand: this.#pathValueOrFunction() }
    if ('condition' in term) return term
    const { operand } = term
    const reader = this.#reader
    if (reader.next.type === 'symbol' && comparators.has(reader.next.text)) {
      const operator = reader.take().text as Comparator
      this.#parentheses.decide()
      return { condition: { type: 'comparison', operator, left: operand, right: this.#operand() } }
    }
    if (reader.takeKeyword('BETWEEN')) {
      this.#parentheses.decide()
      const lower = this.#operand()
      reader.expectKeyword('AND')
      return { condition: { type: 'between', operand, lower, upper: this.#operand() } }
    }
    if (reader.takeKeyword('IN')) {
      this.#parentheses.decide()
      reader.expectSymbol('(')
      return { condition: { type: 'in', operand, candidates: this.#operands() } }
    }
    return term
  }

  #termInParentheses(): Term | undefined {
    return this.#parentheses.parse(
      () => this.#or(),
      (term) => ('condition' in term ? term.condition : term.operand),
    )
  }

  #operand(): OperandSyntax {
    return (
      this.#parentheses.parse(
        () => this.#operand(),
        (operand) => operand,
      ) ?? this.#pathValueOrFunction()
    )
  }

  /** The operands up to the closing parenthesis; the opening one was read. */
  #operands(): OperandSyntax[] {
    return this.#parentheses.inside(() => {
      const operands = [this.#operand()]
      while (this.#reader.takeSymbol(',')) operands.push(this.#operand())
      this.#reader.expectSymbol(')')
      return operands
    })
  }

  #pathValueOrFunction(): OperandSyntax {
    const reader = this.#reader
    if (reader.next.type === 'value') return { type: 'value', placeholder: reader.take().text }
    if (reader.nextIsName && reader.second?.text === '(') {
      const name = reader.take().text
      reader.expectSymbol('(')
      return { type: 'function', name, operands: this.#operands() }
    }
    return parsePath(reader)
  }

  /** A function may be a condition by itself; any other operand needs an operator. */
  #condition(term: Term): ConditionSyntax {
    if ('condition' in term) return term.condition
    if (term.operand.type !== 'function' || !this.#nextEndsCondition()) throw this.#reader.unexpected()
    this.#parentheses.decide()
    return term.operand
  }

  #nextEndsCondition(): boolean {
    const { next } = this.#reader
    return (
      next.type === 'end' ||
      next.text === ')' ||
      this.#reader.isKeyword('AND') ||
      this.#reader.isKeyword('OR')
    )
  }
}
