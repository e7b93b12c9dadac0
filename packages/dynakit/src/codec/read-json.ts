import { fromBase64 } from './base64.ts'
import { notCompact, windowSize } from './byte-window.ts'
import { decodeItem } from './decode.ts'
import { defineMember } from './define-member.ts'
import { ItemReader } from './item-reader.ts'
import type { NativeItem } from './native-value.ts'
import type { NumberMode } from './number.ts'
import { convertItems, memberShape, type WireShape } from './wire-shape.ts'

/**
 * Reads an answer of DynamoDB: bytes of JSON to JavaScript values in one pass.
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
    return reader.read(bytes, shape, numbers)
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

const quote = 34
const comma = 44
const bracketOpen = 91
const bracketClose = 93
const braceOpen = 123
const braceClose = 125

class OutputReader extends ItemReader {
  read(bytes: Buffer, shape: WireShape, numbers: NumberMode): Record<string, unknown> {
    this.start(bytes, numbers)
    try {
      const output = this.readObject(shape)
      if (this.base + this.at !== bytes.length) throw notCompact
      return output
    } finally {
      this.close()
    }
  }

  /** An object between whose members the window may move. */
  private readObject(shape: WireShape): Record<string, unknown> {
    const output: Record<string, unknown> = {}
    this.step(braceOpen)
    if (this.peek() === braceClose) {
      this.at += 1
      return output
    }
    do {
      const name = this.retrying(OutputReader.readName)
      defineMember(output, name, this.readShaped(memberShape(shape, name)))
    } while (this.hasMore(braceClose))
    return output
  }

  private readShaped(shape: WireShape | undefined): unknown {
    if (shape === undefined) return this.retrying(OutputReader.readPlain)
    if (shape === 'item') return this.readItem()
    return 'list' in shape ? this.readMembers(shape.list) : this.readObject(shape)
  }

  /** Each member is a value of its own for the window, so a page of any size is read in small ones. */
  private readMembers(shape: WireShape): unknown[] {
    const members: unknown[] = []
    this.step(bracketOpen)
    if (this.peek() === bracketClose) {
      this.at += 1
      return members
    }
    do members.push(shape === 'item' ? this.readItem() : this.readShaped(shape))
    while (this.hasMore(bracketClose))
    return members
  }

  /** Steps over a comma, or over the closing character. */
  private hasMore(close: number): boolean {
    const code = this.peek()
    this.at += 1
    if (code === comma) return true
    if (code === close) return false
    throw notCompact
  }

  /** Steps over a character between two values. */
  private step(code: number): void {
    if (this.peek() !== code) throw notCompact
    this.at += 1
  }

  /** The next character; moves the window when its end is reached between two values. */
  private peek(): number {
    if (this.at >= this.text.length) this.load(this.base + this.at, windowSize)
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1
  }

  private static readonly readName = (reader: OutputReader): string => reader.readName()
  private static readonly readPlain = (reader: OutputReader): unknown => reader.readPlain()

  /** Any JSON value that holds no attribute values: counts, capacity, metrics. */
  private readPlain(): unknown {
    const start = this.at
    this.skip()
    const raw = this.bytes.toString('utf8', this.base + start, this.base + this.at)
    return JSON.parse(raw) as unknown
  }

  /** Steps over one JSON value. */
  private skip(): void {
    let depth = 0
    do {
      const code = this.next()
      if (code === quote) this.readText()
      else if (code === braceOpen || code === bracketOpen) depth += 1
      else if (code === braceClose || code === bracketClose) depth -= 1
    } while (depth > 0 || !this.isAtValueEnd())
  }

  private next(): number {
    if (this.at >= this.text.length) throw this.unexpected()
    this.at += 1
    return this.text.charCodeAt(this.at - 1)
  }

  /** After a scalar or a closed value, the next character ends it. */
  private isAtValueEnd(): boolean {
    if (this.at >= this.text.length) throw this.unexpected()
    const code = this.text.charCodeAt(this.at)
    return code === comma || code === braceClose || code === bracketClose
  }
}

/** One for all answers, as it remembers what items look like; it never waits. */
const reader = new OutputReader()
