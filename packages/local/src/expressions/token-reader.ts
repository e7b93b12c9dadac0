import type { ServiceError } from '../protocol/service-error.ts'
import { invalidExpression, type ExpressionKind } from './expression-error.ts'
import { tokenize, type Token } from './token.ts'

const maximumLength = 4096

/** Words of the language, in any letter case; they cannot be names, not even where they mean nothing. */
const keywords: ReadonlySet<string> = new Set('AND OR NOT IN BETWEEN SET REMOVE ADD DELETE'.split(' '))

/** Reads the tokens of one expression from left to right, and knows how to say what was not expected. */
export class TokenReader {
  readonly kind: ExpressionKind
  readonly #text: string
  readonly #tokens: readonly Token[]
  #position = 0

  /**
   * @param kind - The parameter the expression was given in.
   * @param text - The expression.
   * @throws ServiceError when it is empty or too long.
   */
  constructor(kind: ExpressionKind, text: string) {
    if (text === '') throw invalidExpression(kind, 'The expression can not be empty;')
    if (text.length > maximumLength) {
      const isCondition = kind !== 'UpdateExpression' && kind !== 'ProjectionExpression'
      const size = isCondition ? ` expression size: ${String(text.length)}` : ''
      throw invalidExpression(kind, `Expression size has exceeded the maximum allowed size;${size}`)
    }
    this.kind = kind
    this.#text = text
    this.#tokens = tokenize(text)
  }

  /** The token that comes next. */
  get next(): Token {
    return this.#tokens[this.#position] as Token
  }

  /** The token after the next one. */
  get second(): Token | undefined {
    return this.#tokens[this.#position + 1]
  }

  /** Takes the next token, whatever it is. */
  take(): Token {
    const token = this.next
    if (token.type !== 'end') this.#position += 1
    return token
  }

  /** Takes the next token if it is this symbol, and tells whether it was. */
  takeSymbol(symbol: string): boolean {
    const { type, text } = this.next
    if (type !== 'symbol' || text !== symbol) return false
    this.#position += 1
    return true
  }

  /** Takes this symbol; an error when something else comes next. */
  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.unexpected()
  }

  /** Tells whether the next token is a word that is not one of the language's own. */
  get nextIsName(): boolean {
    return this.next.type === 'word' && !keywords.has(this.next.text.toUpperCase())
  }

  /** Tells whether the next token is this keyword. */
  isKeyword(keyword: string): boolean {
    return this.next.type === 'word' && this.next.text.toUpperCase() === keyword
  }

  /** Takes the next token if it is this keyword, and tells whether it was. */
  takeKeyword(keyword: string): boolean {
    if (!this.isKeyword(keyword)) return false
    this.#position += 1
    return true
  }

  /** Takes this keyword; an error when something else comes next. */
  expectKeyword(keyword: string): void {
    if (!this.takeKeyword(keyword)) throw this.unexpected()
  }

  /** An error unless everything was read. */
  expectEnd(): void {
    if (this.next.type !== 'end') throw this.unexpected()
  }

  /** Makes the error of a next token that cannot stand there; it shows the tokens on both sides. */
  unexpected(): ServiceError {
    const token = this.next
    const start = this.#tokens[this.#position - 1]?.start ?? 0
    const after = this.second
    const end = after === undefined || after.type === 'end' ? this.#text.length : after.end
    const near = this.#text.slice(start, end)
    return invalidExpression(this.kind, `Syntax error; token: "${token.text}", near: "${near}"`)
  }
}
