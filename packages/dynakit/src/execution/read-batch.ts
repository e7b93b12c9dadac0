import type { NativeItem } from '../codec/native-value.ts'
import type { Path } from '../expressions/path.ts'
import { batchGetItem, type BatchKey, maximumBatchKeys } from '../operations/read/batch-get-item.ts'
import { mapMembers } from '../planner/batch-members.ts'
import { checkKey, type KeyShape } from '../planner/key-shape.ts'
import { keyText } from '../planner/key-text.ts'
import { type BatchGetOptions, toBatchSettings } from './batch-options.ts'
import {
  type BatchClock,
  type BatchEntry,
  type BatchJob,
  BatchRun,
  entriesLeft,
  shapeIn,
} from './batch-run.ts'
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

interface ReadEntry extends BatchEntry {
  readonly request: BatchKey
  /** The item, once it has been found. */
  item: NativeItem | undefined
}

/**
 * Reads any number of items by their keys. A key that is given twice is read once.
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
  const settings = toBatchSettings(options)
  const { numbers } = executor.settings
  const distinct = new Map<string, ReadEntry>()
  const byPosition = mapMembers(batch.keys, 'keys', (key, at) => {
    checkKey(batch.shape, key)
    const exact = keyText(batch.shape, key, 'exact')
    const known = distinct.get(exact)
    if (known) return known
    const text = numbers === 'rounded' ? keyText(batch.shape, key, numbers) : exact
    const entry = toEntry(batch, at, text)
    distinct.set(exact, entry)
    return entry
  })
  const job = readJob(executor, batch, options?.consistent ?? false, call)
  await new BatchRun(job, [...distinct.values()], settings, call, clock).run()
  return byPosition.map(({ item }) => item)
}

function toEntry({ shape, keys, given }: ReadBatch, at: number, text: string): ReadEntry {
  return {
    shape,
    text,
    given: given[at],
    isDone: false,
    request: { tableName: shape.tableName, key: keys[at] as NativeItem },
    item: undefined,
  }
}

function readJob(
  executor: Executor,
  { projection }: ReadBatch,
  consistentRead: boolean,
  call: Call,
): BatchJob<ReadEntry> {
  const { numbers } = executor.settings
  return {
    operation: 'BatchGetItem',
    size: maximumBatchKeys,
    send: async (entries) => {
      const keys = Object.freeze(entries.map(({ request }) => request))
      const plan = Object.freeze({ operation: 'BatchGetItem', keys, consistentRead, projection } as const)
      const { items, unprocessed } = await executor.run(batchGetItem, plan, call)
      const byText = new Map(entries.map((entry) => [entry.text, entry]))
      for (const [tableName, found] of items) {
        const shape = shapeIn(entries, tableName)
        if (shape) for (const item of found) handOut(item, byText.get(keyText(shape, item, numbers)))
      }
      const left = unprocessed.map(({ tableName, key }) => ({ tableName, values: key }))
      return entriesLeft(entries, left, numbers)
    },
  }
}

function handOut(item: NativeItem, entry: ReadEntry | undefined): void {
  if (entry) entry.item = item
}
