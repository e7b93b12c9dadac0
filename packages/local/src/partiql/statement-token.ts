import { keywords } from './keywords.ts'
import { notWellFormed } from './statement-error.ts'

/** What a piece of a statement's text is. */
type StatementTokenType = 'identifier' | 'quoted' | 'string' | 'number' | 'keyword' | 'symbol' | 'end'

/** A piece of a statement's text, and where it stands. */
export interface StatementToken {
  readonly type: StatementTokenType
  /** Without the quotes of strings and quoted identifiers; keywords are in lower case. */
  readonly text: string
  readonly line: number
  readonly column: number
  readonly length: number
}

/** One group for each kind of token; white space and comments have none. */
const pattern =
  /[\t\v\f\r\n ]+|--[^\r\n]*|\/\*[^]*?\*\/|(?<word>[A-Za-z_$][\w$]*)|"(?<quoted>(?:[^"]|"")*)"|'(?<string>(?:[^']|'')*)'|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?<rest>[eE]?)|(?<symbol><<|>>|<>|<=|>=|!=|\|\||[=<>()[\]{},.*+\-?:;%@]|\/(?!\*))/y

/** Numbers as Java reads them have exponents and scales of 32 bits. */
const maximumScale = 2 ** 31 - 1

/**
 * Splits a PartiQL statement into tokens.
 *
 * @param text - The statement.
 * @returns Its tokens, with one of type 'end' as the last.
 * @throws ServiceError for what belongs to no token.
 * @internal
 */
export function tokenizeStatement(text: string): readonly StatementToken[] {
  const tokens: StatementToken[] = []
  let line = 1
  let lineStart = 0
  let position = 0
  while (position < text.length) {
    pattern.lastIndex = position
    const match = pattern.exec(text)
    if (match === null) throw notWellFormed('')
    const [whole] = match
    const place = { line, column: position - lineStart + 1, length: whole.length }
    const token = tokenOf(match.groups ?? {})
    if (token !== undefined) tokens.push({ ...token, ...place })
    for (const { index } of whole.matchAll(/\n/g)) {
      line += 1
      lineStart = position + index + 1
    }
    position += whole.length
  }
  tokens.push({ type: 'end', text: '', line, column: position - lineStart + 1, length: 0 })
  return tokens
}

function tokenOf(
  groups: Readonly<Record<string, string | undefined>>,
): Pick<StatementToken, 'type' | 'text'> | undefined {
  const { word, quoted, string, number, rest, symbol } = groups
  if (word !== undefined) {
    const lower = word.toLowerCase()
    return keywords.has(lower) ? { type: 'keyword', text: lower } : { type: 'identifier', text: word }
  }
  if (quoted !== undefined) return { type: 'quoted', text: quoted.replaceAll('""', '"') }
  if (string !== undefined) return { type: 'string', text: string.replaceAll("''", "'") }
  if (number !== undefined) {
    if (rest !== '' || !hasPossibleScale(number)) throw notWellFormed('')
    return { type: 'number', text: number }
  }
  return symbol === undefined ? undefined : { type: 'symbol', text: symbol }
}

/**
 * Tells whether Java can read a number at all, however large it is.
 *
 * @internal
 */
export function hasPossibleScale(number: string): boolean {
  const [, fraction = '', exponent = '0'] = /^[^.eE]*(?:\.(\d*))?(?:[eE](.*))?$/.exec(number) ?? []
  const power = Number(exponent)
  return Math.abs(power) <= maximumScale && Math.abs(fraction.length - power) <= maximumScale
}
