import { HttpFailure, type HttpHeaders, maximumAnswerBytes } from './http-client.ts'

/** How the end of an answer's body is known. */
type BodyFraming =
  | { readonly type: 'length'; readonly length: number }
  | { readonly type: 'chunked' }
  | { readonly type: 'until-close' }

/** Status line and headers of an answer. */
export interface AnswerHead {
  readonly status: number
  readonly headers: HttpHeaders
  readonly framing: BodyFraming
  /** Whether the connection may carry another request. */
  readonly keepsAlive: boolean
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * Reads the head of an answer strictly: what is ambiguous is refused, because the next answer on the
 * connection would be read from the wrong place.
 *
 * Source: RFC 9112, sections 4 to 6.
 *
 * @param text - The head as latin1, without the empty line at its end.
 * @returns What it says.
 * @throws HttpFailure when it is not a head of HTTP/1.0 or 1.1.
 * @internal
 */
export function readHead(text: string): AnswerHead {
  let lineEnd = text.indexOf('\r\n')
  if (lineEnd === -1) lineEnd = text.length
  const match = statusLine.exec(text.slice(0, lineEnd))
  if (!match) throw badAnswer('it does not begin with an HTTP/1.1 status line')
  const status = Number(match[2])
  const headers: Record<string, string | undefined> = Object.create(null) as Record<string, undefined>
  while (lineEnd < text.length) {
    const start = lineEnd + 2
    lineEnd = text.indexOf('\r\n', start)
    if (lineEnd === -1) lineEnd = text.length
    addField(headers, text, start, lineEnd)
  }
  const connection = headers.connection?.toLowerCase()
  const keepsAlive = match[1] === '1' ? connection !== 'close' : connection === 'keep-alive'
  const framing = framingOf(status, headers)
  return { status, headers, framing, keepsAlive: keepsAlive && framing.type !== 'until-close' }
}

function addField(
  headers: Record<string, string | undefined>,
  text: string,
  start: number,
  end: number,
): void {
  const colon = text.indexOf(':', start)
  if (colon === -1 || colon > end) throw badAnswer('a header has no colon')
  const name = lowerCaseName(text.slice(start, colon))
  const value = text.slice(text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1, end).trim()
  if (!fieldValue.test(value)) throw badAnswer(`header '${name}' has control characters`)
  const before = headers[name]
  if (before === undefined) headers[name] = value
  else if (name !== 'content-length') headers[name] = `${before}, ${value}`
  else if (before !== value) throw badAnswer('it has two different content-length headers')
}

/** The same few names come with every answer. */
const knownNames = new Map<string, string>()
const maximumKnownNames = 200

function lowerCaseName(name: string): string {
  const known = knownNames.get(name)
  if (known !== undefined) return known
  if (!token.test(name)) throw badAnswer('a header name has characters that are not permitted')
  const lower = name.toLowerCase()
  if (knownNames.size < maximumKnownNames) knownNames.set(name, lower)
  return lower
}

function framingOf(status: number, headers: HttpHeaders): BodyFraming {
  const length = headers['content-length']
  const encoding = headers['transfer-encoding']
  if (status < 200 || status === 204 || status === 304) return { type: 'length', length: 0 }
  if (encoding !== undefined) {
    if (length !== undefined) throw badAnswer('it has both content-length and transfer-encoding')
    if (encoding.toLowerCase() !== 'chunked')
      throw badAnswer(`transfer-encoding '${encoding}' is not supported`)
    return { type: 'chunked' }
  }
  if (length === undefined) return { type: 'until-close' }
  if (!/^\d{1,15}$/.test(length)) throw badAnswer('its content-length is not a number')
  if (Number(length) > maximumAnswerBytes) throw badAnswer(`it is too long (${length} bytes)`)
  return { type: 'length', length: Number(length) }
}

/**
 * The failure of an answer that is not HTTP as it should be.
 *
 * @internal
 */
export function badAnswer(reason: string): HttpFailure {
  return new HttpFailure('BAD_ANSWER', true, `the answer is damaged: ${reason}`)
}
