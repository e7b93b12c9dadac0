import type { ServiceError } from '../protocol/service-error.ts'
import { notWellFormed } from './statement-error.ts'
import { tokenizeStatement, type StatementToken } from './statement-token.ts'

/** What messages call symbols. */
const symbolNames: Readonly<Record<string, string>> = {
  '(': 'LEFT_PAREN',
  ')': 'RIGHT_PAREN',
  ']': 'RIGHT_BRACKET',
  '}': 'RIGHT_CURLY',
  '>>': 'RIGHT_DOUBLE_ANGLE_BRACKET',
  ':': 'COLON',
  '*': 'STAR',
}

/** Reads the tokens of one PartiQL statement from left to right. */
export class StatementReader {
  readonly #tokens: readonly StatementToken[]
  #position = 0
  #parameters = 0

  /**
   * @param text - The statement.
   * @throws ServiceError for what belongs to no token.
   */
  constructor(text: string) {
    this.#tokens = tokenizeStatement(text)
  }

  /** The token that comes next. */
  get next(): StatementToken {
    return this.#tokens[this.#position] as StatementToken
  }

  /** The token some places behind the next one; the end, if there are not that many. */
  ahead(count: number): StatementToken {
    return (this.#tokens[this.#position + count] ?? this.#tokens.at(-1)) as StatementToken
  }

  /** Takes the next token, whatever it is. */
  take(): StatementToken {
    const token = this.next
    if (token.type !== 'end') this.#position += 1
    return token
  }

  /** Tells whether a token is this symbol. */
  isSymbol(symbol: string, token: StatementToken = this.next): boolean {
    return token.type === 'symbol' && token.text === symbol
  }

  /** Takes the next token if it is this symbol, and tells whether it was. */
  takeSymbol(symbol: string): boolean {
    const isThere = this.isSymbol(symbol)
    if (isThere) this.#position += 1
    return isThere
  }

  /** Takes this symbol; an error when something else comes next. */
  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw notWellFormed(`Expected ${symbolNames[symbol] ?? `'${symbol}'`}`)
  }

  /** Tells whether a token is this keyword. */
  isKeyword(keyword: string, token: StatementToken = this.next): boolean {
    return token.type === 'keyword' && token.text === keyword
  }

  /** Takes the next token if it is this keyword, and tells whether it was. */
  takeKeyword(keyword: string): boolean {
    const isThere = this.isKeyword(keyword)
    if (isThere) this.#position += 1
    return isThere
  }

  /** Takes this keyword; an error when something else comes next. */
  expectKeyword(keyword: string): void {
    if (!this.takeKeyword(keyword)) throw notWellFormed(`Expected ${keyword.toUpperCase()} keyword`)
  }

  /** Whether a name comes next. */
  get isName(): boolean {
    return this.next.type === 'identifier' || this.next.type === 'quoted'
  }

  /** Whether nothing comes next. */
  get isAtEnd(): boolean {
    return this.next.type === 'end'
  }

  /** Takes what may end a statement; an error when there is more. */
  expectEnd(): void {
    if (this.takeSymbol(';') && !this.isAtEnd) {
      throw notWellFormed('Unexpected token after semicolon. (Only one query is allowed.)')
    }
    if (!this.isAtEnd) throw this.leftover()
  }

  /** Makes the error of what follows a statement that is complete. */
  leftover(): ServiceError {
    return notWellFormed('Unexpected token after expression')
  }

  /** How many question marks were taken. */
  get parameters(): number {
    return this.#parameters
  }

  /** Counts a question mark, and gives its number, from zero. */
  countParameter(): number {
    this.#parameters += 1
    return this.#parameters - 1
  }
}
