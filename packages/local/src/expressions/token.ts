/** What a piece of an expression's text is. */
export type TokenType =
  /** An attribute name, a keyword or a function name. */
  | 'word'
  /** A placeholder of an attribute name, such as `#status`. */
  | 'name'
  /** A placeholder of a value, such as `:status`. */
  | 'value'
  | 'number'
  | 'symbol'
  /** A character no expression has. */
  | 'unknown'
  | 'end'

/** A piece of an expression's text. */
export interface Token {
  readonly type: TokenType
  readonly text: string
  readonly start: number
  readonly end: number
}

const types = ['word', 'name', 'value', 'number', 'symbol', 'unknown'] as const

/** One group for each of the types, in their order. */
const pattern = /[ \t\r\n]+|([A-Za-z]\w*)|(#\w+)|(:\w+)|(0|[1-9]\d*)|(<>|<=|>=|[=<>()[\],.+-])|([^])/g

/**
 * Splits an expression into tokens. Never fails: what belongs nowhere is a token of its own.
 *
 * @param text - The expression.
 * @returns Its tokens, with one of type 'end' as the last.
 * @internal
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(pattern)) {
    const type = types.find((_, index) => match[index + 1] !== undefined)
    if (type === undefined) continue
    tokens.push({ type, text: match[0], start: match.index, end: match.index + match[0].length })
  }
  tokens.push({ type: 'end', text: '<EOF>', start: text.length, end: text.length })
  return tokens
}
