import { encodeItem } from '../codec/encode.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { batchWriteItem, type BatchWrite, maximumBatchWrites } from '../operations/write/batch-write-item.ts'
import { type BatchMemberName, mapMembers } from '../planner/batch-members.ts'
import { checkItemKey, checkKey, type KeyShape } from '../planner/key-shape.ts'
import { keyText } from '../planner/key-text.ts'
import { type BatchOptions, toBatchSettings } from './batch-options.ts'
import { type BatchClock, type BatchEntry, type BatchJob, BatchRun, entriesLeft } from './batch-run.ts'
import type { Call } from './call.ts'
import type { Executor } from './executor.ts'

/** Writes of one kind to one table. */
export interface WriteBatch {
  /** `items` are stored, `keys` deleted. */
  readonly name: BatchMemberName
  readonly shape: KeyShape
  /** Stored items, or stored keys. */
  readonly values: readonly NativeItem[]
  /** What the caller gave for each of them. */
  readonly given: readonly unknown[]
}

interface WriteEntry extends BatchEntry {
  readonly write: BatchWrite
}

/**
 * Stores or deletes any number of items, each by itself. Of several writes of one item the last wins.
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
  const settings = toBatchSettings(options)
  const { numbers } = executor.settings
  const entries = mapMembers(batch.values, batch.name, (_, at) => toEntry(batch, at, numbers))
  const run = new BatchRun(writeJob(executor, call), entries, settings, call, clock)
  // The transport checks the values of the first request before it sends anything.
  if (!run.isOneRequest) checkValues(batch)
  try {
    await run.run()
  } catch (error) {
    if (run.isOneRequest && isRefusedUnsent(error)) checkValues(batch)
    throw error
  }
}

function toEntry(
  { name, shape, values, given }: WriteBatch,
  at: number,
  numbers: Executor['settings']['numbers'],
): WriteEntry {
  const { tableName } = shape
  const stored = values[at] as NativeItem
  if (name === 'items') checkItemKey(shape, stored)
  else checkKey(shape, stored)
  return {
    shape,
    text: keyText(shape, stored, numbers),
    given: given[at],
    isDone: false,
    write: name === 'items' ? { tableName, item: stored } : { tableName, key: stored },
  }
}

function writeJob(executor: Executor, call: Call): BatchJob<WriteEntry> {
  return {
    operation: 'BatchWriteItem',
    size: maximumBatchWrites,
    send: async (entries) => {
      const writes = Object.freeze(entries.map(({ write }) => write))
      const plan = Object.freeze({ operation: 'BatchWriteItem', writes } as const)
      const { unprocessed } = await executor.run(batchWriteItem, plan, call)
      const left = unprocessed.map((write) => ({
        tableName: write.tableName,
        values: write.item ?? write.key,
      }))
      return entriesLeft(entries, left, executor.settings.numbers)
    },
  }
}

/** Refuses values that cannot be stored, with the position of the item. */
function checkValues({ name, values }: WriteBatch): void {
  // A key has been checked as a key.
  if (name === 'items') mapMembers(values, name, encodeItem)
}

function isRefusedUnsent(error: unknown): boolean {
  return ValidationError.is(error) && error.statusCode === undefined
}
