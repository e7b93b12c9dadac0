import { itemSize, maximumItemBytes, wireBytes } from '../codec/item-size.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { batchWriteItem, type BatchWrite, maximumBatchWrites } from '../operations/write/batch-write-item.ts'
import { atPlace, type BatchMemberName, mapMembers, type Members } from '../planner/batch-members.ts'
import { checkItemKey, checkKey, type KeyShape } from '../planner/key-shape.ts'
import { keyText } from '../planner/key-text.ts'
import { type BatchOutcome, throwIncomplete } from './batch-ending.ts'
import { type BatchEntry, entriesLeft } from './batch-entry.ts'
import type { BatchClock, BatchJob } from './batch-job.ts'
import { type BatchOptions, toBatchSettings } from './batch-options.ts'
import { BatchRun } from './batch-run.ts'
import { type EntrySource, listSource, memberSource } from './batch-source.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'

/** Writes of one kind to one table. */
export interface WriteBatch {
  /** `items` are stored, `keys` deleted. */
  readonly name: 'items' | 'keys'
  readonly shape: KeyShape
  /** Stored items, or stored keys. */
  readonly values: readonly NativeItem[]
  /** What the caller gave for each of them. */
  readonly given: readonly unknown[]
}

/** One item to store, or one to delete. */
export interface WriteMember {
  readonly shape: KeyShape
  /** The stored item. */
  readonly item?: NativeItem | undefined
  /** The stored key of an item that is deleted. */
  readonly key?: NativeItem | undefined
  /** What the caller gave for it. */
  readonly given: unknown
}

/** Writes that are taken one by one. */
interface LazyWrites {
  readonly name: BatchMemberName
  readonly members: Members<object>
  /** Makes what is to be written of a member. */
  toMember(given: object, at: number): WriteMember | Promise<WriteMember>
}

/** The writes: all of them, or where they come from. */
export type WriteList =
  | {
      readonly name: BatchMemberName
      readonly members: readonly WriteMember[]
      readonly toMember?: undefined
    }
  | LazyWrites

interface WriteEntry extends BatchEntry {
  readonly write: BatchWrite
}

const writeUnitBytes = 1024
/** Braces and names around an item in a request. */
const wireAroundWrite = 32

/**
 * Stores or deletes any number of items of a table, each by itself. Of several writes of one item the last
 * wins.
 *
 * @param executor - Carries the requests.
 * @param batch - The writes.
 * @param options - How many requests at once, and when to give up.
 * @param call - The call it belongs to.
 * @param clock - Waits; tests put their own in its place.
 * @throws ValidationError before anything is sent; BatchIncompleteError when something is left.
 * @internal
 */
export async function writeBatch(
  executor: Executor,
  batch: WriteBatch,
  options: BatchOptions | undefined,
  call: Call,
  clock?: BatchClock,
): Promise<void> {
  const { name, shape, given } = batch
  const members = batch.values.map((value, at) =>
    name === 'items' ? { shape, item: value, given: given[at] } : { shape, key: value, given: given[at] },
  )
  throwIncomplete(await writeMembers(executor, { name, members }, options, call, clock))
}

/**
 * Stores and deletes any number of items of any tables, each by itself. Of several writes of one item the
 * last wins.
 *
 * @returns What was written and what is left.
 * @throws ValidationError before anything is sent, where all members are there.
 * @internal
 */
export async function writeMembers(
  executor: Executor,
  list: WriteList,
  options: BatchOptions | undefined,
  call: Call,
  clock?: BatchClock,
): Promise<BatchOutcome<BatchEntry>> {
  const settings = toBatchSettings(options, executor.settings.capacityDetail)
  const source = writeSource(list, executor.settings.numbers)
  return new BatchRun(writeJob(executor), source, settings, call, clock).run()
}

function writeSource(list: WriteList, numbers: Executor['settings']['numbers']): EntrySource<WriteEntry> {
  if (!list.toMember) {
    return listSource(mapMembers(list.members, list.name, (member, at) => toEntry(member, at, numbers)))
  }
  return memberSource(list.members, (given, at) =>
    atPlace(given, list.name, at, () => {
      const member = list.toMember(given, at)
      return member instanceof Promise
        ? member.then((late) => toEntry(late, at, numbers))
        : toEntry(member, at, numbers)
    }),
  )
}

function toEntry(
  { shape, item, key = {}, given }: WriteMember,
  at: number,
  numbers: Executor['settings']['numbers'],
): WriteEntry {
  const { tableName } = shape
  if (!item) {
    checkKey(shape, key)
    const wire = wireAroundWrite + itemSize(key).mostWireBytes
    const text = keyText(shape, key, numbers)
    return { shape, text, given, at, bytes: 0, wireBytes: wire, write: { tableName, key } }
  }
  checkItemKey(shape, item)
  const { bytes, mostWireBytes } = itemSize(item)
  if (bytes > maximumItemBytes) throw tooLarge(bytes, tableName)
  const wire = wireAroundWrite + mostWireBytes
  return {
    shape,
    text: keyText(shape, item, numbers),
    given,
    at,
    bytes,
    wireBytes: wire,
    write: { tableName, item },
  }
}

function tooLarge(bytes: number, tableName: string): ValidationError {
  return new ValidationError(
    `the item has ${String(bytes)} bytes, and DynamoDB stores at most ${String(maximumItemBytes)}. Split it, compress a part of it, or keep the large part elsewhere.`,
    { rule: 'item-size', tableName },
  )
}

function writeJob(executor: Executor): BatchJob<WriteEntry> {
  return {
    operation: 'BatchWriteItem',
    size: maximumBatchWrites,
    tablePrefix: executor.settings.tablePrefix,
    wireBytes: ({ write }) => wireAroundWrite + wireBytes(write.item ?? write.key),
    units: ({ bytes }) => Math.max(1, Math.ceil(bytes / writeUnitBytes)),
    itemBytes: ({ bytes }) => bytes,
    send: async (entries, call) => {
      const writes = Object.freeze(entries.map(({ write }) => write))
      const plan = Object.freeze({ operation: 'BatchWriteItem', writes } as const)
      const { unprocessed } = await executor.run(batchWriteItem, plan, call)
      const named = unprocessed.map((write) => ({
        tableName: write.tableName,
        values: write.item ?? write.key,
      }))
      return { left: entriesLeft(entries, named, executor.settings.numbers), isFull: false }
    },
  }
}
