import { describe, expect, test } from 'vitest'
import { ScriptedTable } from '../../test/scripted-table.ts'
import { VirtualClock } from '../../test/virtual-clock.ts'
import type { NativeItem } from '../codec/native-value.ts'
import type { BatchIncompleteError } from '../errors/item-errors.ts'
import { ProvisionedThroughputExceededError } from '../errors/service-errors.ts'
import { NetworkError } from '../errors/transport-errors.ts'
import { keyShapeOf } from '../planner/key-shape.ts'
import { defineTable } from '../schema/table.ts'
import type { OperationName, SendOptions, Transport, WireInput, WireOutput } from '../transport/transport.ts'
import { remainderOf } from './batch-ending.ts'
import { Executor } from './executor.ts'
import { readMembers } from './read-batch.ts'
import { writeMembers } from './write-batch.ts'

const shapes = ['Left', 'Right'].map((name) =>
  keyShapeOf(defineTable({ name, partitionKey: { name: 'id', type: 'string' } })),
)
const schedules = 1000

/** Of the requests, a fifth is throttled, a tenth done in part, a twentieth done without an answer. */
class FaultyTable implements Transport {
  readonly table: ScriptedTable
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
    this.table = new ScriptedTable(async ({ members }) => {
      await clock.pause(clock.random() * 50)
      return clock.random() < 0.1 ? members.filter(() => clock.random() < 0.5) : []
    })
  }

  async send(operation: OperationName, input: WireInput, options: SendOptions): Promise<WireOutput> {
    const fate = this.#clock.random()
    if (fate < 0.2) throw new ProvisionedThroughputExceededError('throttled')
    const output = await this.table.send(operation, input, options)
    if (fate < 0.25) throw new NetworkError('reset', { outcomeUnknown: operation === 'BatchWriteItem' })
    return output
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

describe('a thousand schedules of faults', () => {
  test('lose nothing, repeat nothing that matters, and name exactly what is left', async () => {
    let ended = 0
    // Each has a clock of its own, so that many can be carried out at once.
    for (let seed = 0; seed < schedules; seed += 50) {
      const some = Array.from({ length: 50 }, (_, at) => carryOut(seed + at + 1))
      for (const count of await Promise.all(some)) ended += count
    }
    expect(ended).toBeGreaterThan(schedules / 10)
  }, 120_000)
})

/** @returns How often a batch ended early. */
async function carryOut(seed: number): Promise<number> {
  const clock = new VirtualClock(seed)
  const faulty = new FaultyTable(clock)
  const { table } = faulty
  const executor = new Executor(faulty, {
    tablePrefix: '',
    capacityDetail: 'none',
    numbers: 'exact',
    timeout: undefined,
    cursorSecret: undefined,
    onAttempt: undefined,
  })
  const items = Array.from({ length: 20 + Math.floor(clock.random() * 150) }, (_, n) => ({
    id: `k${String(Math.floor(clock.random() * 120))}`,
    n,
  }))
  const shapeOf = (item: NativeItem): (typeof shapes)[0] =>
    shapes[(item.id as string).length % 2] as (typeof shapes)[0]
  const options = { concurrency: 1 + Math.floor(clock.random() * 6), maxIdleRounds: 100 }
  let ended = 0
  let left: readonly NativeItem[] = items
  while (left.length > 0) {
    const before = new Map([...table.history].map(([id, done]) => [id, done.length]))
    const given = left
    const members = given.map((item) => ({ shape: shapeOf(item), item, given: item }))
    const list = { name: 'items', members } as const
    const outcome = await clock.run(writeMembers(executor, list, options, executor.start({}), clock))
    left = leftOf(outcome.ending?.cause, () => remainderOf<NativeItem>(outcome), given)
    ended += outcome.ending ? 1 : 0
    // What is not left was carried out in this call, each write at least once.
    const gone = new Set(left)
    for (const item of given.filter((one) => !gone.has(one))) {
      expect(table.history.get(item.id as string)?.slice(before.get(item.id as string) ?? 0)).toContain(
        item.n,
      )
    }
  }
  const last = new Map(items.map((item) => [item.id, item]))
  expect(new Map([...table.items].sort())).toEqual(new Map([...last].sort()))
  // Writes of one item come in their order; only one whose answer was lost comes again.
  for (const [id, done] of table.history) {
    const once = done.filter((n, at) => n !== done[at - 1])
    expect(once).toEqual(items.filter((item) => item.id === id).map(({ n }) => n))
  }
  await readBack(executor, clock, items, last, shapeOf)
  return ended
}

/** An error that ended the batch before anything was carried out is thrown as it is: then all is left. */
function leftOf(
  cause: unknown,
  remainder: () => {
    readonly unprocessed: readonly NativeItem[]
    readonly error: BatchIncompleteError | undefined
  },
  given: readonly NativeItem[],
): readonly NativeItem[] {
  try {
    return remainder().unprocessed
  } catch (error) {
    expect(error).toBe(cause)
    return given
  }
}

async function readBack(
  executor: Executor,
  clock: VirtualClock,
  items: readonly NativeItem[],
  last: ReadonlyMap<unknown, NativeItem>,
  shapeOf: (item: NativeItem) => (typeof shapes)[0],
): Promise<void> {
  const keys = [...items.map(({ id }) => ({ id })), { id: 'nothing' }] as readonly NativeItem[]
  const found = new Map<NativeItem, NativeItem | undefined>()
  let left = keys
  while (left.length > 0) {
    const given = left
    const members = given.map((key) => ({ shape: shapeOf(key), key, given: key }))
    const list = { name: 'keys', members } as const
    const call = executor.start({})
    const { items: read, outcome } = await clock.run(
      readMembers(executor, list, { maxIdleRounds: 100 }, call, { clock }),
    )
    const unread = new Set(outcome.left.map((entry) => entry.text))
    left = given.filter((key) => unread.has(textOf(outcome.left, key)))
    const missing = new Set(left)
    for (const [at, key] of given.entries()) if (!missing.has(key)) found.set(key, read[at])
  }
  expect(keys.map((key) => found.get(key))).toEqual(keys.map(({ id }) => last.get(id)))
}

function textOf(
  left: readonly { readonly text: string; readonly given: unknown }[],
  key: NativeItem,
): string {
  return left.find(({ given }) => (given as NativeItem).id === key.id)?.text ?? ''
}
