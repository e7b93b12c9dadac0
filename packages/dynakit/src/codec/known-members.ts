/** Types of attribute values, numbered for a quick switch. */
export const kinds = { S: 1, N: 2, B: 3, M: 4, L: 5, BOOL: 6, NULL: 7, SS: 8, NS: 9, BS: 10 } as const

const noWords: readonly number[] = []
/** Longer than what is left of any window, so that the member is never met again. */
const endless = 0x3fff_ffff

/**
 * A member of the maps read at one place: its name, its type, and what came after it.
 *
 * Items of a kind have the same members in the same order, so the text of the expected member is compared
 * as a whole, and neither its name nor its type is read.
 *
 * @internal
 */
export class KnownMember {
  readonly name: string
  readonly kind: number
  /** Whether plain assignment would set the prototype instead. */
  readonly isPrototype: boolean
  /** Length of the member's text up to its content: `"name":{"S":"`. */
  length: number = endless
  /** The bytes of that text, four at a time. */
  words: readonly number[] = noWords
  /** Its last four bytes. */
  lastWord = 0
  /** What came after it last, and what came before that. */
  next: KnownMember | undefined = undefined
  other: KnownMember | undefined = undefined
  /** What is known of the maps or the list it holds. */
  child: KnownShape | undefined = undefined

  constructor(name: string, kind: number) {
    this.name = name
    this.kind = kind
    this.isPrototype = name === '__proto__'
  }

  /** Whether it is met again by its text. */
  get isRemembered(): boolean {
    return this.length !== endless
  }

  /** Remembers the bytes of its text up to its content. */
  remember(prefix: Buffer): void {
    this.length = prefix.length
    this.words = Array.from({ length: prefix.length >> 2 }, (_, at) => prefix.readInt32LE(at * 4))
    this.lastWord = prefix.readInt32LE(prefix.length - 4)
  }
}

const maximumMembers = 64
const longestPrefix = 200

/**
 * What is known of the maps at one place, or of the elements of the lists at one place. Holds names and
 * types, no values.
 *
 * @internal
 */
export class KnownShape {
  /** Their first member, last time and before that. */
  first: KnownMember | undefined = undefined
  other: KnownMember | undefined = undefined
  /** The most members one had. */
  size = 0
  /** Of the elements of a list; of a map's members that are not remembered. */
  child: KnownShape | undefined = undefined
  private members: Map<string, KnownMember> | undefined = undefined
  private readonly maximum: number

  constructor(maximum: number = maximumMembers) {
    this.maximum = maximum
  }

  /** Finds a member by its text up to its content. */
  find(prefix: string): KnownMember | undefined {
    return this.members?.get(prefix)
  }

  /** A map whose names are data would fill the memory. */
  hasRoomFor(prefix: string): boolean {
    return prefix.length <= longestPrefix && (this.members?.size ?? 0) < this.maximum
  }

  /** Remembers a member; the text must be no part of a longer one, which it would keep in memory. */
  add(prefix: string, member: KnownMember): void {
    member.remember(Buffer.from(prefix, 'latin1'))
    this.members ??= new Map<string, KnownMember>()
    this.members.set(prefix, member)
  }
}
