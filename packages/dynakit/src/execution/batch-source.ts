import type { Members } from '../planner/batch-members.ts'

/** Gives the entries of a batch one after the other, as they are needed. */
export interface EntrySource<Entry> {
  /** How many there are, where that is known. */
  readonly total: number | undefined
  /** The next one; `undefined` after the last. */
  next(): Entry | undefined | Promise<Entry | undefined>
  /** Says that no more are wanted. */
  close(): void
}

/**
 * Gives entries that are all there.
 *
 * @internal
 */
export function listSource<Entry>(entries: readonly Entry[]): EntrySource<Entry> {
  let at = 0
  return { total: entries.length, next: () => entries[at++], close: () => undefined }
}

/**
 * Takes members from an iterable one by one and makes entries of them.
 *
 * @param members - What the caller gave.
 * @param toEntry - Makes the entry of a member, or gives `undefined` where one is there already.
 * @returns The source. Its `next` is called again only when it has given the entry.
 * @internal
 */
export function memberSource<Member, Entry>(
  members: Members<Member>,
  toEntry: (member: Member, at: number) => Entry | undefined | Promise<Entry | undefined>,
): EntrySource<Entry> {
  const isAsync = Symbol.asyncIterator in members
  const iterator = isAsync ? members[Symbol.asyncIterator]() : members[Symbol.iterator]()
  let at = 0
  const take = (): Entry | undefined | Promise<Entry | undefined> => {
    for (;;) {
      const result = (iterator as Iterator<Member, unknown>).next()
      if (result.done === true) return undefined
      const entry = toEntry(result.value, at++)
      if (entry instanceof Promise) return entry.then((late) => late ?? take())
      if (entry !== undefined) return entry
    }
  }
  const takeLater = async (): Promise<Entry | undefined> => {
    for (;;) {
      const result = await iterator.next()
      if (result.done === true) return undefined
      const entry = await toEntry(result.value, at++)
      if (entry !== undefined) return entry
    }
  }
  return {
    total: undefined,
    next: isAsync ? takeLater : take,
    close: () => {
      closeQuietly(iterator)
    },
  }
}

/** A source that fails when it is closed has nobody to tell: what ended the batch is what matters. */
function closeQuietly(iterator: Iterator<unknown> | AsyncIterator<unknown>): void {
  void Promise.resolve()
    .then(() => iterator.return?.())
    .catch(() => undefined)
}
