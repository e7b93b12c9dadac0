import type { BatchEntry } from './batch-entry.ts'

/** How much one request may hold. */
export interface RequestLimits {
  readonly entries: number
  readonly wireBytes: number
  /** Estimated capacity units, where they are limited. */
  readonly units: number
}

/** What a queue must know of the tables. */
export interface OpenTables {
  /** Whether a request to the table may be sent. */
  isOpen(tableName: string): boolean
  /** Whether requests to the table are likely to fail: then those of others must not fail with them. */
  isTroubled(tableName: string): boolean
}

/** What a queue must know of its entries. */
export interface EntryMeasures<Entry> {
  /** Counts the bytes an entry takes in a request exactly, which costs writing it. */
  wireBytes(entry: Entry): number
  /** Estimates the capacity units an entry takes. */
  units(entry: Entry): number
}

/**
 * The entries of a batch that have been taken and are not done: those that may be sent, by table, and those
 * that wait for an earlier one of the same item.
 */
export class BatchQueue<Entry extends BatchEntry> {
  readonly #measures: EntryMeasures<Entry>
  readonly #pending = new Set<Entry>()
  readonly #ready = new Map<string, Line<Entry>>()
  /** The latest entry of each item that is pending. */
  readonly #latest = new Map<string, Entry>()
  /** The next entry of the same item, which waits for the one before it. */
  readonly #followers = new Map<Entry, Entry>()
  /** Entries that may be sent. */
  readyCount = 0

  constructor(measures: EntryMeasures<Entry>) {
    this.#measures = measures
  }

  /** Entries that are not done, those under way among them. */
  get pendingCount(): number {
    return this.#pending.size
  }

  /** The first entry that is not done; they are taken in the order they were given. */
  get firstPending(): Entry | undefined {
    for (const entry of this.#pending) return entry
    return undefined
  }

  /** The entries that are not done, in the order they were given. */
  get left(): readonly Entry[] {
    return [...this.#pending]
  }

  /** Takes in an entry. */
  add(entry: Entry): void {
    this.#pending.add(entry)
    const before = this.#latest.get(entry.text)
    if (before) this.#followers.set(before, entry)
    else this.putBack(entry)
    this.#latest.set(entry.text, entry)
  }

  /** Lets an entry be sent again. */
  putBack(entry: Entry): void {
    const { tableName } = entry.shape
    let line = this.#ready.get(tableName)
    if (!line) this.#ready.set(tableName, (line = new Line()))
    line.push(entry)
    this.readyCount += 1
  }

  /** Forgets an entry that is done, and lets the next one of the same item be sent. */
  finish(entry: Entry): void {
    this.#pending.delete(entry)
    const follower = this.#followers.get(entry)
    if (follower) {
      this.#followers.delete(entry)
      this.putBack(follower)
    } else this.#latest.delete(entry.text)
  }

  /**
   * Takes the entries of one request, those that have waited longest first.
   *
   * @param limits - How much it may hold; the first entry is taken whatever it takes.
   * @param tables - Which tables requests may be sent to.
   */
  take(limits: RequestLimits, tables: OpenTables): Entry[] {
    const taken: Entry[] = []
    const room = { wireBytes: limits.wireBytes, units: limits.units }
    for (const line of this.#openLines(tables)) {
      while (taken.length < limits.entries) {
        const entry = line.first
        if (!entry || !this.#fits(entry, taken, room)) break
        line.shift()
        taken.push(entry)
      }
    }
    this.readyCount -= taken.length
    return taken
  }

  #openLines(tables: OpenTables): readonly Line<Entry>[] {
    const lines: Line<Entry>[] = []
    for (const [tableName, line] of this.#ready) {
      if (!line.first || !tables.isOpen(tableName)) continue
      if (tables.isTroubled(tableName)) return [line]
      lines.push(line)
    }
    if (lines.length < 2) return lines
    return lines.sort((one, other) => (one.first?.at ?? 0) - (other.first?.at ?? 0))
  }

  #fits(entry: Entry, taken: readonly Entry[], room: { wireBytes: number; units: number }): boolean {
    const units = this.#measures.units(entry)
    if (room.wireBytes < entry.wireBytes) this.#measure(entry, taken, room)
    if (taken.length > 0 && (room.wireBytes < entry.wireBytes || room.units < units)) return false
    room.wireBytes -= entry.wireBytes
    room.units -= units
    return true
  }

  /** Puts exact sizes in place of upper bounds, which are far off for long texts. */
  #measure(entry: Entry, taken: readonly Entry[], room: { wireBytes: number }): void {
    for (const one of [...taken, entry]) {
      const exact = this.#measures.wireBytes(one)
      if (one !== entry) room.wireBytes += one.wireBytes - exact
      one.wireBytes = exact
    }
  }
}

/** First in, first out, without moving the others. */
class Line<Entry> {
  #entries: Entry[] = []
  #from = 0

  get first(): Entry | undefined {
    return this.#entries[this.#from]
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
  }

  shift(): void {
    this.#from += 1
    if (this.#from * 2 < this.#entries.length) return
    this.#entries = this.#entries.slice(this.#from)
    this.#from = 0
  }
}
