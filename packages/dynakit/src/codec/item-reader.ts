import { fromBase64, fromShortBase64 } from './base64.ts'
import { beyondWindow, ByteWindow, notCompact, windowSize } from './byte-window.ts'
import { defineMember } from './define-member.ts'
import { kinds, KnownMember, KnownShape } from './known-members.ts'
import type { NativeItem, NativeNumber, NativeValue } from './native-value.ts'
import { decodeNumber, type NumberMode } from './number.ts'
import { plainObject } from './plain-object.ts'

const quote = 34
const comma = 44
const minus = 45
const dot = 46
const zero = 48
const nine = 57
const colon = 58
const backslash = 92
const bracketOpen = 91
const bracketClose = 93
const letterT = 116
const braceOpen = 123
const braceClose = 125

const exactDigits = 15
const powersOfTen = Array.from({ length: exactDigits + 1 }, (_, power) => 10 ** power)

const maximumOfItem = 300
/** How many members and places are remembered, and how many members are not, before all are forgotten. */
const maximumLearned = 4000
const maximumStrangers = 50_000

/**
 * Reads maps of attributes of compact JSON: `{"name":{"S":"text"}}`.
 *
 * Remembers the names and types it meets from answer to answer, so that a single item is read as quickly
 * as one of a page.
 *
 * @internal
 */
export abstract class ItemReader extends ByteWindow {
  private numbers: NumberMode = 'exact'
  private root = new KnownShape(maximumOfItem)
  private learned = 0
  private strangers = 0
  /** Length of the item read last, to tell whether the next one fits into the window. */
  private lastLength = 0

  protected start(bytes: Buffer, numbers: NumberMode): void {
    this.numbers = numbers
    this.lastLength = 0
    if (this.learned >= maximumLearned || this.strangers > maximumStrangers) this.forget()
    this.open(bytes)
  }

  private forget(): void {
    this.root = new KnownShape(maximumOfItem)
    this.learned = 0
    this.strangers = 0
  }

  protected readItem(): NativeItem {
    const likely = this.lastLength + (this.lastLength >> 2)
    if (!this.isLast && this.text.length - this.at < likely)
      this.load(this.base + this.at, Math.max(likely, windowSize))
    const start = this.at
    try {
      const item = this.readMap(this.root)
      if (this.at <= this.text.length) {
        this.lastLength = this.at - start
        return item
      }
    } catch (error) {
      if (error !== beyondWindow) throw error
    }
    this.at = start
    return this.readItemAgain()
  }

  private readItemAgain(): NativeItem {
    const start = this.base + this.at
    const item = this.retrying(ItemReader.readRoot)
    this.lastLength = this.base + this.at - start
    return item
  }

  private static readonly readRoot = (reader: ItemReader): NativeItem => reader.readMap(reader.root)

  /** Reads a value; when the window ends inside it, moves the window to its start and tries again. */
  protected retrying<Value>(readValue: (reader: this) => Value): Value {
    let size = windowSize
    let start = this.at
    for (;;) {
      try {
        const value = readValue(this)
        if (this.at <= this.text.length) return value
      } catch (error) {
        if (error !== beyondWindow) throw error
      }
      if (this.isLast) throw notCompact
      // From the start of the window it was too small; otherwise the next window may do.
      if (start === 0) size *= 4
      this.load(this.base + start, size)
      start = 0
    }
  }

  /** A name with the colon after it, with the position at its opening quote. */
  protected readName(): string {
    this.expect(quote)
    const name = this.readText()
    this.expect(colon)
    return name
  }

  /** A map of attributes, with the position at its brace. */
  private readMap(shape: KnownShape): NativeItem {
    this.expect(braceOpen)
    const map = plainObject<NativeValue>(shape.size)
    if (this.text.charCodeAt(this.at) === braceClose) {
      this.at += 1
      return map
    }
    let size = 0
    let previous: KnownMember | undefined
    let member = shape.first
    for (;;) {
      if (this.at > this.limit) throw beyondWindow
      if (member === undefined || !this.takes(member)) member = this.otherMember(shape, previous)
      const value = this.readContent(member)
      if (member.isPrototype) defineMember(map, member.name, value)
      else map[member.name] = value
      size += 1
      previous = member
      member = member.next
      const code = this.text.charCodeAt(this.at)
      this.at += 1
      if (code === comma) continue
      if (code !== braceClose) {
        this.at -= 1
        throw this.unexpected()
      }
      if (size > shape.size) shape.size = size
      return map
    }
  }

  /** Steps over the text of a member up to its content, if it stands here. */
  private takes(member: KnownMember): boolean {
    const { length, words } = member
    if (length > this.text.length - this.at) return false
    const { view } = this
    const from = this.base + this.at
    if (view.getInt32(from + length - 4, true) !== member.lastWord) return false
    for (let at = 0; at < words.length; at++)
      if (view.getInt32(from + at * 4, true) !== words[at]) return false
    this.at += length
    return true
  }

  /** Finds a member that is not the expected one, and expects it from now on. */
  private otherMember(shape: KnownShape, previous: KnownMember | undefined): KnownMember {
    const place = previous ?? shape
    const { other } = place
    const member = other !== undefined && this.takes(other) ? other : this.learn(shape)
    if (!member.isRemembered) return member
    if (previous === undefined) {
      shape.other = shape.first
      shape.first = member
    } else {
      previous.other = previous.next
      previous.next = member
    }
    return member
  }

  private learn(shape: KnownShape): KnownMember {
    const start = this.at
    this.skipName()
    const kind = this.readKind()
    const end = this.at
    const prefix = this.text.slice(start, end)
    const known = shape.find(prefix)
    if (known) return known
    this.at = start
    const name = this.readName()
    this.at = end
    if (this.learned >= maximumLearned || !shape.hasRoomFor(prefix)) {
      this.strangers += 1
      const stranger = new KnownMember(name, kind)
      stranger.child = this.childOf(shape)
      return stranger
    }
    this.learned += 1
    // Copies, lest they keep the window in memory.
    const [ownName = ''] = Object.keys({ [name]: kind })
    const member = new KnownMember(ownName, kind)
    shape.add(this.bytes.toString('latin1', this.base + start, this.base + end), member)
    return member
  }

  /** What is known of the maps or lists inside a place. */
  private childOf(place: KnownMember | KnownShape): KnownShape {
    if (place.child) return place.child
    const child = new KnownShape()
    if (this.learned < maximumLearned) {
      this.learned += 1
      place.child = child
    }
    return child
  }

  private skipName(): void {
    const end = this.text.indexOf('"', this.at + 1)
    if (end === -1 || this.text.charCodeAt(end - 1) === backslash) {
      this.readName()
      return
    }
    this.expect(quote)
    this.at = end + 1
    this.expect(colon)
  }

  /** Steps over the type of a value up to its content: `{"S":"`, `{"L":`, `{"SS":[`. */
  private readKind(): number {
    const { text, at } = this
    if (
      text.charCodeAt(at + 3) !== quote ||
      text.charCodeAt(at) !== braceOpen ||
      text.charCodeAt(at + 4) !== colon
    )
      return this.readLongKind()
    this.at = at + 5
    switch (text.charCodeAt(at + 2)) {
      case 83:
        this.expect(quote)
        return kinds.S
      case 78:
        this.expect(quote)
        return kinds.N
      case 77:
        return kinds.M
      case 76:
        return kinds.L
      case 66:
        this.expect(quote)
        return kinds.B
      default:
        throw notCompact
    }
  }

  /** Types with a name of more than one letter. */
  private readLongKind(): number {
    const { text, at } = this
    const kind = longKinds.find(([start]) => text.startsWith(start, at))
    if (kind === undefined) throw text.length - at < longestKind ? beyondWindow : notCompact
    this.at = at + kind[0].length
    return kind[1]
  }

  /** The content of a value and the brace after it. */
  private readContent(member: KnownMember): NativeValue {
    const value = this.readInner(member)
    if (this.text.charCodeAt(this.at) !== braceClose) throw this.unexpected()
    this.at += 1
    return value
  }

  private readInner(member: KnownMember): NativeValue {
    switch (member.kind) {
      case kinds.S:
        return this.readText()
      case kinds.N:
        return this.readNumber()
      case kinds.M:
        return this.readMap(this.childOf(member))
      case kinds.L:
        return this.readList(this.childOf(member))
      case kinds.BOOL:
        return this.readBoolean()
      case kinds.NULL:
        return null
      case kinds.B:
        return this.readBinary()
      default:
        return this.readSet(member.kind)
    }
  }

  private readBoolean(): boolean {
    const isTrue = this.text.charCodeAt(this.at) === letterT
    const text = isTrue ? 'true' : 'false'
    if (!this.text.startsWith(text, this.at))
      throw this.text.length - this.at < text.length ? beyondWindow : notCompact
    this.at += text.length
    return isTrue
  }

  private readBinary(): Uint8Array {
    const { at, base } = this
    const end = this.text.indexOf('"', at)
    const bytes = fromShortBase64(this.bytes, base + at, base + end)
    if (bytes === undefined) return fromBase64(this.readText())
    this.at = end + 1
    return bytes
  }

  private readSet(kind: number): NativeValue {
    const members = new Set<NativeValue>()
    do {
      this.expect(quote)
      if (kind === kinds.NS) members.add(this.readNumber())
      else members.add(kind === kinds.SS ? this.readText() : this.readBinary())
    } while (this.isMore())
    return members as NativeValue
  }

  private readList(shape: KnownShape): NativeValue[] {
    const elements: NativeValue[] = []
    this.expect(bracketOpen)
    if (this.text.charCodeAt(this.at) === bracketClose) {
      this.at += 1
      return elements
    }
    do {
      if (this.at > this.limit) throw beyondWindow
      elements.push(this.readElement(shape))
    } while (this.isMore())
    return elements
  }

  private readElement(shape: KnownShape): NativeValue {
    const unnamed = elementsOf[this.readKind()] as KnownMember
    if (unnamed.kind !== kinds.M && unnamed.kind !== kinds.L) return this.readContent(unnamed)
    const child = this.childOf(shape)
    const value = unnamed.kind === kinds.M ? this.readMap(child) : this.readList(child)
    this.expect(braceClose)
    return value
  }

  /** Steps over a comma, or over the bracket that ends a list. */
  private isMore(): boolean {
    const code = this.text.charCodeAt(this.at)
    if (code !== comma && code !== bracketClose) throw this.unexpected()
    this.at += 1
    return code === comma
  }

  /** A number, with the position after its opening quote; short ones without a string in between. */
  private readNumber(): NativeNumber {
    if (this.numbers !== 'decimal') {
      const { text } = this
      let at = this.at
      let code = text.charCodeAt(at)
      const isNegative = code === minus
      if (isNegative) code = text.charCodeAt(++at)
      const first = at
      let value = 0
      while (code >= zero && code <= nine) {
        value = value * 10 + (code - zero)
        code = text.charCodeAt(++at)
      }
      let digits = at - first
      if (code === dot && digits > 0) {
        const point = at
        code = text.charCodeAt(++at)
        while (code >= zero && code <= nine) {
          value = value * 10 + (code - zero)
          code = text.charCodeAt(++at)
        }
        const fraction = at - point - 1
        digits = fraction === 0 ? 0 : digits + fraction
        // Both are exact, so the quotient is the nearest number, as DynamoDB's text means it.
        if (digits <= exactDigits) value /= powersOfTen[fraction] as number
      }
      if (code === quote && digits > 0 && digits <= exactDigits) {
        this.at = at + 1
        return isNegative && value !== 0 ? -value : value
      }
    }
    return decodeNumber(this.readText(), this.numbers)
  }
}

const longKinds: readonly (readonly [string, number])[] = [
  ['{"BOOL":', kinds.BOOL],
  ['{"NULL":true', kinds.NULL],
  ['{"SS":[', kinds.SS],
  ['{"NS":[', kinds.NS],
  ['{"BS":[', kinds.BS],
]
const longestKind = 12

/** Stand for the elements of a list, which have types and no names; by kind. */
const elementsOf: readonly KnownMember[] = Array.from({ length: 11 }, (_, kind) => new KnownMember('', kind))
