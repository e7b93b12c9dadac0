/** What stands before a value in the text ends with one of these, by type of the value. */
export const leadEnds = { any: 0, S: 1, N: 2, M: 3, L: 4, true: 5, false: 6, null: 7 } as const
const ends = ['', '{"S":"', '{"N":"', '{"M":', '{"L":', '{"BOOL":true', '{"BOOL":false', '{"NULL":true']

/** It begins with what the value before left open: nothing when there is none, `"}` or `}`. */
export const leadStarts = { first: 0, afterText: 8, afterOther: 16 } as const
const startsOfMembers = ['{', '"},', '},']
const startsOfElements = ['[', '"},', '},']
const textCount = startsOfMembers.length * ends.length

/**
 * The texts before the values at one place: the brace and comma after the value before, a name, the type.
 *
 * Names recur from item to item and in the same order, so their texts are kept, and each knows the name
 * that came after it last.
 *
 * @internal
 */
export class ValueLead {
  /** The member's name; `undefined` for elements of lists. */
  readonly name: string | undefined
  /** What came after it last. */
  next: ValueLead | undefined = undefined
  /** The first member of the map it had last. */
  child: ValueLead | undefined = undefined
  private readonly texts: (string | undefined)[] = new Array<string | undefined>(textCount)

  constructor(name: string | undefined) {
    this.name = name
  }

  /**
   * Gives the text.
   *
   * @param which - The sum of one of {@link leadStarts} and one of {@link leadEnds}.
   */
  text(which: number): string {
    return this.texts[which] ?? this.makeText(which)
  }

  private makeText(which: number): string {
    const starts = this.name === undefined ? startsOfElements : startsOfMembers
    const name = this.name === undefined ? [] : [JSON.stringify(this.name), ':']
    const start = starts[Math.floor(which / ends.length)]
    // Unlike `+`, this gives V8 the text in one piece.
    const text = [start, ...name, ends[which % ends.length]].join('')
    this.texts[which] = text
    return text
  }
}

const leads = new Map<string, ValueLead>()
const maximumLeads = 2000
/** Longer names are data rather than names of attributes, and not kept. */
const longestName = 255

/**
 * Finds what stands before the values of a member.
 *
 * @param name - The member's name, well-formed.
 * @internal
 */
export function leadOf(name: string): ValueLead {
  let lead = leads.get(name)
  if (lead === undefined) {
    lead = new ValueLead(name)
    if (name.length > longestName) return lead
    if (leads.size >= maximumLeads) leads.clear()
    leads.set(name, lead)
  }
  return lead
}
