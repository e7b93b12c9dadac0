import { decodeItem } from './decode.ts'
import { defineMember } from './define-member.ts'
import type { NativeItem, NativeNumber, NativeValue } from './native-value.ts'
import { decodeNumber, type NumberMode } from './number.ts'
import { convertItems, memberShape, type WireShape } from './wire-shape.ts'

/**
 * Reads an answer of DynamoDB: bytes of JSON to JavaScript values in one pass.
 *
 * The bytes are read as latin1 in windows, and values are cut from the window's text. A string cut from a
 * longer one keeps the longer one alive in V8; with windows of 32 KB, a kept string keeps at most its
 * window, not a megabyte page. Text with bytes beyond ASCII is decoded as UTF-8 where it occurs.
 *
 * Reads compact JSON, as DynamoDB sends it. Anything else is left to `JSON.parse`.
 *
 * @param bytes - The body of the answer.
 * @param shape - Where attribute values stand in it.
 * @param numbers - How to read numbers.
 * @returns The answer, with attribute values as JavaScript values.
 * @throws SyntaxError when the bytes are not JSON, ValidationError for attribute values of an unknown type.
 * @internal
 */
export function readOutput(bytes: Buffer, shape: WireShape, numbers: NumberMode): Record<string, unknown> {
  try {
    return new Reader(bytes, numbers).read(shape)
  } catch (error) {
    if (error !== notCompact) throw error
    return readSlowly(bytes, shape, numbers)
  }
}

/* ---- the slow path: any JSON ---- */

type WireMap = Parameters<typeof decodeItem>[0]

function readSlowly(bytes: Buffer, shape: WireShape, numbers: NumberMode): Record<string, unknown> {
  const parsed = JSON.parse(bytes.toString('utf8')) as unknown
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SyntaxError('The answer is JSON, but not an object.')
  }
  const decode = (item: unknown): NativeItem => decodeItem(withBytes(item), numbers)
  return convertItems(parsed, shape, decode) as Record<string, unknown>
}

/** In JSON, binary is base64 text; the decoder expects bytes. */
function withBytes(attributes: unknown): WireMap {
  const map: Record<string, Record<string, unknown>> = {}
  for (const [name, value] of Object.entries(attributes as Record<string, Record<string, unknown>>)) {
    defineMember(map, name, valueWithBytes(value))
  }
  return map
}

function valueWithBytes(value: Record<string, unknown>): Record<string, unknown> {
  const { B, BS, M, L } = value
  if (typeof B === 'string') return { B: fromBase64(B) }
  if (Array.isArray(BS)) return { BS: (BS as string[]).map(fromBase64) }
  if (M !== undefined) return { M: withBytes(M) }
  if (Array.isArray(L)) return { L: (L as Record<string, unknown>[]).map(valueWithBytes) }
  return value
}

/* ---- the fast path: compact JSON ---- */

/** Thrown where the text is not what DynamoDB writes; the slow path then decides. */
const notCompact = new Error('not compact')
/** Thrown where the window ends inside a value; the value is then read again in a larger window. */
const beyondWindow = new Error('beyond window')

const windowSize = 32_768
const quote = 34
const comma = 44
const minus = 45
const zero = 48
const nine = 57
const colon = 58
const bracketOpen = 91
const backslash = 92
const bracketClose = 93
const braceOpen = 123
const braceClose = 125
const exactDigits = 15
const nonAscii = /[\x80-\xff]/g

/** One member of the maps read last at this place: items of a page have the same members in the same order. */
class KnownMember {
  readonly name: string
  /** The member's name as it stands in the text, colon included. */
  readonly text: string
  next: KnownMember | undefined = undefined
  child: KnownShape | undefined = undefined

  constructor(name: string, text: string) {
    this.name = name
    this.text = text
  }
}

/** The members of the maps read last at one place. */
class KnownShape {
  first: KnownMember | undefined = undefined
  child: KnownShape | undefined = undefined
}

class Reader {
  readonly #bytes: Buffer
  readonly #numbers: NumberMode
  /** The window: text of the bytes from `#base`. */
  #text = ''
  #base = 0
  /** Position in the window. */
  #at = 0
  /** Positions of the next backslash and the next byte beyond ASCII, -1 when the window has no more. */
  #nextEscape = -1
  #nextNonAscii = -1

  constructor(bytes: Buffer, numbers: NumberMode) {
    this.#bytes = bytes
    this.#numbers = numbers
    this.#load(0, windowSize)
  }

  read(shape: WireShape): Record<string, unknown> {
    const output = this.#object(shape)
    if (this.#base + this.#at !== this.#bytes.length) throw notCompact
    return output
  }

  /** An object between whose members the window may move. */
  #object(shape: WireShape): Record<string, unknown> {
    const output: Record<string, unknown> = {}
    this.#step(braceOpen)
    if (this.#peek() === braceClose) {
      this.#at += 1
      return output
    }
    do {
      const name = this.#retrying(this.#readName)
      defineMember(output, name, this.#shaped(memberShape(shape, name)))
    } while (this.#hasMore(braceClose))
    return output
  }

  #shaped(shape: WireShape | undefined): unknown {
    if (shape === undefined) return this.#retrying(this.#plain)
    if (shape === 'item') {
      const known = new KnownShape()
      return this.#retrying(() => this.#map(known))
    }
    return 'list' in shape ? this.#listOf(shape.list) : this.#object(shape)
  }

  /** Each member is a value of its own for the window, so a page of any size is read in small ones. */
  #listOf(shape: WireShape): unknown[] {
    const members: unknown[] = []
    const known = new KnownShape()
    const readItem = (): NativeItem => this.#map(known)
    this.#step(bracketOpen)
    if (this.#peek() === bracketClose) {
      this.#at += 1
      return members
    }
    do members.push(shape === 'item' ? this.#retrying(readItem) : this.#shaped(shape))
    while (this.#hasMore(bracketClose))
    return members
  }

  readonly #readName = (): string => {
    const name = this.#string()
    this.#expect(colon)
    return name
  }

  /** Steps over a comma, or over the closing character. */
  #hasMore(close: number): boolean {
    const code = this.#peek()
    this.#at += 1
    if (code === comma) return true
    if (code === close) return false
    throw notCompact
  }

  /** Steps over a character between two values. */
  #step(code: number): void {
    if (this.#peek() !== code) throw notCompact
    this.#at += 1
  }

  /** The next character; moves the window when its end is reached between two values. */
  #peek(): number {
    if (this.#at >= this.#text.length) this.#load(this.#base + this.#at, windowSize)
    return this.#text.charCodeAt(this.#at)
  }

  /** Reads a value; when the window ends inside it, moves the window to its start and tries again. */
  #retrying<Value>(readValue: () => Value): Value {
    let size = windowSize
    let start = this.#at
    for (;;) {
      try {
        const value = readValue()
        if (this.#at <= this.#text.length) return value
      } catch (error) {
        if (error !== beyondWindow) throw error
      }
      const from = this.#base + start
      if (from + this.#text.length - start >= this.#bytes.length) throw notCompact
      // From the start of the window it was too small; otherwise the next window may do.
      if (start === 0) size *= 2
      this.#load(from, size)
      start = 0
    }
  }

  #load(from: number, size: number): void {
    this.#base = from
    this.#text = this.#bytes.toString('latin1', from, Math.min(from + size, this.#bytes.length))
    this.#at = 0
    this.#nextEscape = this.#text.indexOf('\\')
    this.#nextNonAscii = this.#findNonAscii(0)
  }

  #findNonAscii(from: number): number {
    nonAscii.lastIndex = from
    return nonAscii.test(this.#text) ? nonAscii.lastIndex - 1 : -1
  }

  #expect(code: number): void {
    if (this.#text.charCodeAt(this.#at) !== code) throw this.#unexpected()
    this.#at += 1
  }

  #unexpected(): Error {
    return this.#at >= this.#text.length ? beyondWindow : notCompact
  }

  /** A string, with the position at its opening quote. */
  #string(): string {
    if (this.#text.charCodeAt(this.#at) !== quote) throw this.#unexpected()
    const start = this.#at + 1
    const end = this.#text.indexOf('"', start)
    if (end === -1) throw beyondWindow
    if (this.#nextEscape !== -1 && this.#nextEscape < start)
      this.#nextEscape = this.#text.indexOf('\\', start)
    if (this.#nextNonAscii !== -1 && this.#nextNonAscii < start)
      this.#nextNonAscii = this.#findNonAscii(start)
    const isPlain =
      (this.#nextEscape === -1 || this.#nextEscape > end) &&
      (this.#nextNonAscii === -1 || this.#nextNonAscii > end)
    if (!isPlain) return this.#stringWithCare(start)
    this.#at = end + 1
    // A string cut from a window that had to grow would keep all of it.
    if (this.#text.length > windowSize)
      return this.#bytes.toString('latin1', this.#base + start, this.#base + end)
    return this.#text.slice(start, end)
  }

  #stringWithCare(start: number): string {
    let end = start
    for (;;) {
      const code = this.#text.charCodeAt(end)
      if (Number.isNaN(code)) throw beyondWindow
      if (code === quote) break
      end += code === backslash ? 2 : 1
    }
    this.#at = end + 1
    const raw = this.#bytes.toString('utf8', this.#base + start, this.#base + end)
    return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
  }

  /** A map of attributes, with the position at its brace. */
  #map(shape: KnownShape): NativeItem {
    this.#expect(braceOpen)
    const map: Record<string, NativeValue> = {}
    if (this.#text.charCodeAt(this.#at) === braceClose) {
      this.#at += 1
      return map
    }
    let previous: KnownMember | undefined
    let known = shape.first
    for (;;) {
      if (known !== undefined && this.#text.startsWith(known.text, this.#at)) {
        this.#at += known.text.length
      } else {
        known = this.#learn(shape, previous)
      }
      const value = this.#value(known)
      if (known.name === '__proto__') defineMember(map, known.name, value)
      else map[known.name] = value
      previous = known
      known = known.next
      const code = this.#text.charCodeAt(this.#at)
      this.#at += 1
      if (code === comma) continue
      if (code === braceClose) return map
      this.#at -= 1
      throw this.#unexpected()
    }
  }

  /** Reads a name that differs from the one expected here, and expects it from now on. */
  #learn(shape: KnownShape, previous: KnownMember | undefined): KnownMember {
    const start = this.#at
    const name = this.#readName()
    const member = new KnownMember(name, this.#text.slice(start, this.#at))
    if (previous) previous.next = member
    else shape.first = member
    return member
  }

  /** An attribute value `{"TYPE":content}`, with the position at its brace. */
  #value(shape: KnownMember | KnownShape): NativeValue {
    const at = this.#at
    // {"S": has its second quote at 3, {"SS": at 4, {"NULL": and {"BOOL": at 6.
    const text = this.#text
    if (
      text.charCodeAt(at + 3) === quote &&
      text.charCodeAt(at) === braceOpen &&
      text.charCodeAt(at + 4) === colon
    ) {
      const type = text.charCodeAt(at + 2)
      this.#at = at + 5
      const value = this.#content(type, shape)
      this.#expect(braceClose)
      return value
    }
    return this.#longValue(at)
  }

  #content(type: number, shape: KnownMember | KnownShape): NativeValue {
    switch (type) {
      case 83: // S
        return this.#string()
      case 78: // N
        return this.#number()
      case 77: // M
        return this.#map((shape.child ??= new KnownShape()))
      case 76: // L
        return this.#list((shape.child ??= new KnownShape()))
      case 66: // B
        return fromBase64(this.#string())
      default:
        throw notCompact
    }
  }

  /** Types with a name of more than one letter. */
  #longValue(at: number): NativeValue {
    const text = this.#text
    if (text.startsWith('{"BOOL":true}', at)) {
      this.#at = at + 13
      return true
    }
    if (text.startsWith('{"BOOL":false}', at)) {
      this.#at = at + 14
      return false
    }
    if (text.startsWith('{"NULL":true}', at)) {
      this.#at = at + 13
      return null
    }
    const type = text.slice(at, at + 6)
    if (type.length < 6) throw beyondWindow
    this.#at = at + 6
    const value = this.#set(type)
    this.#expect(braceClose)
    return value
  }

  #set(type: string): NativeValue {
    switch (type) {
      case '{"SS":':
        return new Set(this.#members(() => this.#string()))
      case '{"NS":':
        return new Set(this.#members(() => this.#number()))
      case '{"BS":':
        return new Set(this.#members(() => fromBase64(this.#string())))
      default:
        // {"BOOL" or {"NULL" cut off by the window, or a type that is not known.
        throw this.#text.length - this.#at < 8 ? beyondWindow : notCompact
    }
  }

  #list(shape: KnownShape): NativeValue[] {
    return this.#members(() => this.#value(shape))
  }

  #members<Value>(readMember: () => Value): Value[] {
    const members: Value[] = []
    this.#expect(bracketOpen)
    if (this.#text.charCodeAt(this.#at) === bracketClose) {
      this.#at += 1
      return members
    }
    for (;;) {
      members.push(readMember())
      const code = this.#text.charCodeAt(this.#at)
      this.#at += 1
      if (code === comma) continue
      if (code === bracketClose) return members
      this.#at -= 1
      throw this.#unexpected()
    }
  }

  /** A number, with the position at its opening quote; short whole numbers without a string in between. */
  #number(): NativeNumber {
    const start = this.#at + 1
    if (this.#numbers !== 'decimal') {
      let at = start
      const isNegative = this.#text.charCodeAt(at) === minus
      if (isNegative) at += 1
      let value = 0
      const first = at
      let code = this.#text.charCodeAt(at)
      while (code >= zero && code <= nine) {
        value = value * 10 + (code - zero)
        at += 1
        code = this.#text.charCodeAt(at)
      }
      if (
        code === quote &&
        at > first &&
        at - first <= exactDigits &&
        this.#text.charCodeAt(start - 1) === quote
      ) {
        this.#at = at + 1
        return isNegative && value !== 0 ? -value : value
      }
    }
    return decodeNumber(this.#string(), this.#numbers)
  }

  /** Any JSON value that holds no attribute values: counts, capacity, metrics. */
  readonly #plain = (): unknown => {
    const start = this.#at
    this.#skip()
    const raw = this.#bytes.toString('utf8', this.#base + start, this.#base + this.#at)
    return JSON.parse(raw) as unknown
  }

  /** Steps over one JSON value. */
  #skip(): void {
    let depth = 0
    do {
      const code = this.#text.charCodeAt(this.#at)
      if (code === quote) {
        this.#string()
      } else if (code === braceOpen || code === bracketOpen) {
        depth += 1
        this.#at += 1
      } else if (code === braceClose || code === bracketClose) {
        depth -= 1
        this.#at += 1
      } else if (Number.isNaN(code)) {
        throw beyondWindow
      } else {
        this.#at += 1
      }
    } while (depth > 0 || !this.#isAtValueEnd())
  }

  /** After a scalar or a closed value, the next character ends it. */
  #isAtValueEnd(): boolean {
    const code = this.#text.charCodeAt(this.#at)
    if (Number.isNaN(code)) throw beyondWindow
    return code === comma || code === braceClose || code === bracketClose
  }
}

function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
