import { Parentheses } from './parentheses.ts'
import { parsePath } from './parse-path.ts'
import type {
  OperandSyntax,
  UpdateActionSyntax,
  UpdateSection,
  UpdateSectionSyntax,
  ValueSyntax,
} from './syntax.ts'
import { TokenReader } from './token-reader.ts'

const sections: readonly UpdateSection[] = ['SET', 'REMOVE', 'ADD', 'DELETE']

/**
 * Reads an update expression.
 *
 * Grammar: sections `SET path = value, ...`, `REMOVE path, ...`, `ADD path :value, ...` and
 * `DELETE path :value, ...` in any order; a value of SET is an operand, or the sum or difference of two.
 *
 * @param text - The expression.
 * @returns The sections in the order of the text.
 * @throws ServiceError for a syntax error or redundant parentheses.
 * @internal
 */
export function parseUpdateSyntax(text: string): readonly UpdateSectionSyntax[] {
  return new UpdateParser(new TokenReader('UpdateExpression', text)).parse()
}

class UpdateParser {
  readonly #reader: TokenReader
  readonly #parentheses: Parentheses

  constructor(reader: TokenReader) {
    this.#reader = reader
    this.#parentheses = new Parentheses(reader)
  }

  parse(): readonly UpdateSectionSyntax[] {
    const found: UpdateSectionSyntax[] = []
    do {
      const section = this.#section()
      const actions = [this.#action(section)]
      while (this.#reader.takeSymbol(',')) actions.push(this.#action(section))
      found.push({ section, actions })
    } while (this.#reader.next.type !== 'end')
    return found
  }

  #section(): UpdateSection {
    const section = sections.find((name) => this.#reader.takeKeyword(name))
    if (section === undefined) throw this.#reader.unexpected()
    return section
  }

  #action(section: UpdateSection): UpdateActionSyntax {
    const path = parsePath(this.#reader)
    switch (section) {
      case 'SET':
        this.#reader.expectSymbol('=')
        return { section, path, value: this.#value() }
      case 'REMOVE':
        return { section, path }
      case 'ADD':
      case 'DELETE':
        return { section, path, value: this.#placeholder() }
    }
  }

  /** The only place where `+` and `-` may stand, also in parentheses. */
  #value(): OperandSyntax {
    this.#parentheses.doubt()
    const left = this.#operand(() => this.#value())
    if (left.type === 'arithmetic') return left
    const { next } = this.#reader
    if (next.type === 'symbol' || next.type === 'end' || this.#nextIsSection()) this.#parentheses.decide()
    if (this.#reader.takeSymbol('+')) return this.#arithmetic('+', left)
    if (this.#reader.takeSymbol('-')) return this.#arithmetic('-', left)
    return left
  }

  #nextIsSection(): boolean {
    return sections.some((section) => this.#reader.isKeyword(section))
  }

  #arithmetic(operator: '+' | '-', left: OperandSyntax): OperandSyntax {
    return { type: 'arithmetic', operator, left, right: this.#operand() }
  }

  #operand(inParentheses: () => OperandSyntax = () => this.#operand()): OperandSyntax {
    const reader = this.#reader
    const grouped = this.#parentheses.parse(inParentheses, (operand) => operand)
    if (grouped !== undefined) return grouped
    if (reader.next.type === 'value') return this.#placeholder()
    if (reader.nextIsName && reader.second?.text === '(') return this.#function()
    return parsePath(reader)
  }

  #function(): OperandSyntax {
    const name = this.#reader.take().text
    this.#reader.expectSymbol('(')
    return this.#parentheses.inside(() => {
      const operands = [this.#operand()]
      while (this.#reader.takeSymbol(',')) operands.push(this.#operand())
      this.#reader.expectSymbol(')')
      return { type: 'function', name, operands }
    })
  }

  #placeholder(): ValueSyntax {
    if (this.#reader.next.type !== 'value') throw this.#reader.unexpected()
    return { type: 'value', placeholder: this.#reader.take().text }
  }
}
