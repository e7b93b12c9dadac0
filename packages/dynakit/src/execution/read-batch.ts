import { itemSize } from '../codec/item-size.ts'
import type { NativeItem } from '../codec/native-value.ts'
import type { Path } from '../expressions/path.ts'
import { batchGetItem, type BatchKey, maximumBatchKeys } from '../operations/read/batch-get-item.ts'
import { atPlace, type BatchMemberName, mapMembers, type Members } from '../planner/batch-members.ts'
import { checkKey, type KeyShape } from '../planner/key-shape.ts'
import { keyText } from '../planner/key-text.ts'
import { type BatchOutcome, throwIncomplete } from './batch-ending.ts'
import { type BatchEntry, entriesLeft, shapeIn } from './batch-entry.ts'
import type { BatchClock, BatchJob } from './batch-job.ts'
import { type BatchGetOptions, toBatchSettings } from './batch-options.ts'
import { BatchRun } from './batch-run.ts'
import { type EntrySource, listSource, memberSource } from './batch-source.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'

/** Reads of one table. */
export interface ReadBatch {
  readonly shape: KeyShape
  /** Stored keys. */
  readonly keys: readonly NativeItem[]
  /** What the caller gave for each of them. */
  readonly given: readonly unknown[]
  /** Attributes to read, those of the key among them; all when left out. */
  readonly projection?: readonly Path[] | undefined
}

/** One item to read. */
export interface ReadMember {
  readonly shape: KeyShape
  /** The stored key. */
  readonly key: NativeItem
  /** What the caller gave for it. */
  readonly given: unknown
}

/** Items to read that are taken one by one. */
interface LazyReads {
  readonly name: BatchMemberName
  readonly members: Members<object>
  /** Makes what is to be read of a member. */
  toMember(given: object, at: number): ReadMember | Promise<ReadMember>
}

/** The items to read: all of them, or where they come from. */
export type ReadList =
  | { readonly name: BatchMemberName; readonly members: readonly ReadMember[]; readonly toMember?: undefined }
  | LazyReads

/** What was read, and what was not. */
export interface ReadBatchResult {
  /** The stored item of each member, in their order; `undefined` where there is none, or it was not read. */
  readonly items: (NativeItem | undefined)[]
  readonly outcome: BatchOutcome<BatchEntry>
}

interface ReadEntry extends BatchEntry {
  readonly request: BatchKey
  /** The item, once it has been found. */
  item: NativeItem | undefined
}

/** Bytes of items in an answer above which it is full rather than throttled. */
const fullAnswerBytes = 12 * 1024 * 1024

/**
 * Reads any number of items of a table by their keys. A key that is given twice is read once.
 *
 * @param executor - Carries the requests.
 * @param batch - The keys.
 * @param options - Consistency, how many requests at once, and when to give up.
 * @param call - The call it belongs to.
 * @param clock - Waits; tests put their own in its place.
 * @returns The stored item of each key, in their order; `undefined` where there is none.
 * @throws ValidationError before anything is sent; BatchIncompleteError when something is left.
 * @internal
 */
export async function readBatch(
  executor: Executor,
  batch: ReadBatch,
  options: BatchGetOptions | undefined,
  call: Call,
  clock?: BatchClock,
): Promise<readonly (NativeItem | undefined)[]> {
  const { shape, given, projection } = batch
  const members = batch.keys.map((key, at) => ({ shape, key, given: given[at] }))
  const list = { name: 'keys', members } as const
  const { items, outcome } = await readMembers(executor, list, options, call, { projection, clock })
  throwIncomplete(outcome)
  return items
}

/**
 * Reads any number of items of any tables by their keys. A key that is given twice is read once.
 *
 * @param executor - Carries the requests.
 * @param list - What to read.
 * @param options - Consistency, how many requests at once, and when to give up.
 * @param call - The call it belongs to.
 * @param special - Attributes to read; waits.
 * @returns What was read and what is left.
 * @throws ValidationError before anything is sent, where all members are there.
 * @internal
 */
export async function readMembers(
  executor: Executor,
  list: ReadList,
  options: BatchGetOptions | undefined,
  call: Call,
  special: {
    readonly projection?: readonly Path[] | undefined
    readonly clock?: BatchClock | undefined
  } = {},
): Promise<ReadBatchResult> {
  const settings = toBatchSettings(options, executor.settings.capacityDetail)
  const entries = new ReadEntries(executor.settings.numbers)
  const source = entries.source(list)
  const job = readJob(executor, special.projection, options?.consistent ?? false)
  const outcome = await new BatchRun(job, source, settings, call, special.clock).run()
  return { items: entries.items, outcome }
}

/** The entries of a read by the position of what was given; the same one for the same key. */
class ReadEntries {
  readonly #numbers: Executor['settings']['numbers']
  readonly #distinct = new Map<string, ReadEntry>()
  readonly #byPosition: ReadEntry[] = []

  constructor(numbers: Executor['settings']['numbers']) {
    this.#numbers = numbers
  }

  get items(): (NativeItem | undefined)[] {
    return this.#byPosition.map(({ item }) => item)
  }

  source(list: ReadList): EntrySource<ReadEntry> {
    if (list.toMember) {
      const { members, name } = list
      const make = (given: object, at: number): ReadEntry | undefined | Promise<ReadEntry | undefined> =>
        atPlace(given, name, at, () => {
          const member = list.toMember(given, at)
          return member instanceof Promise
            ? member.then((late) => this.#add(late, at))
            : this.#add(member, at)
        })
      return memberSource(members, make)
    }
    mapMembers(list.members, list.name, (member, at) => this.#add(member, at))
    return listSource([...this.#distinct.values()])
  }

  /** @returns The entry, when its key is new. */
  #add({ shape, key, given }: ReadMember, at: number): ReadEntry | undefined {
    checkKey(shape, key)
    const exact = keyText(shape, key, 'exact')
    const known = this.#distinct.get(exact)
    if (known) {
      this.#byPosition.push(known)
      return undefined
    }
    const text = this.#numbers === 'rounded' ? keyText(shape, key, 'rounded') : exact
    const entry = {
      shape,
      text,
      given,
      at,
      bytes: 0,
      wireBytes: 0,
      request: { tableName: shape.tableName, key },
      item: undefined,
    }
    this.#distinct.set(exact, entry)
    this.#byPosition.push(entry)
    return entry
  }
}

function readJob(
  executor: Executor,
  projection: readonly Path[] | undefined,
  consistentRead: boolean,
): BatchJob<ReadEntry> {
  const { numbers, tablePrefix } = executor.settings
  return {
    operation: 'BatchGetItem',
    size: maximumBatchKeys,
    tablePrefix,
    // A hundred keys are far from what a request can hold.
    wireBytes: () => 0,
    units: () => (consistentRead ? 1 : 0.5),
    itemBytes: ({ item }) => (item ? itemSize(item).bytes : 0),
    send: async (entries, call) => {
      const keys = Object.freeze(entries.map(({ request }) => request))
      const plan = Object.freeze({ operation: 'BatchGetItem', keys, consistentRead, projection } as const)
      const { items, unprocessed } = await executor.run(batchGetItem, plan, call)
      const byText = new Map(entries.map((entry) => [entry.text, entry]))
      for (const [tableName, found] of items) {
        const shape = shapeIn(entries, tableName)
        if (shape) for (const item of found) handOut(item, byText.get(keyText(shape, item, numbers)))
      }
      const named = unprocessed.map(({ tableName, key }) => ({ tableName, values: key }))
      const left = entriesLeft(entries, named, numbers)
      return { left, isFull: left.length > 0 && isFull(items) }
    },
  }
}

function isFull(items: ReadonlyMap<string, readonly NativeItem[]>): boolean {
  let bytes = 0
  for (const found of items.values()) for (const item of found) bytes += itemSize(item).bytes
  return bytes >= fullAnswerBytes
}

function handOut(item: NativeItem, entry: ReadEntry | undefined): void {
  if (entry) entry.item = item
}
