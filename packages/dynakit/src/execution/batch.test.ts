import * as fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type BatchRequest, type Script, ScriptedTable } from '../../test/scripted-table.ts'
import type { NativeItem } from '../codec/native-value.ts'
import type { NumberMode } from '../codec/number.ts'
import { BatchIncompleteError } from '../errors/item-errors.ts'
import { ProvisionedThroughputExceededError, ServiceError } from '../errors/service-errors.ts'
import { AbortedError, NetworkError, TimeoutError } from '../errors/transport-errors.ts'
import { keyShapeOf } from '../planner/key-shape.ts'
import { defineTable } from '../schema/table.ts'
import type { BatchGetOptions, BatchOptions } from './batch-options.ts'
import type { BatchClock } from './batch-job.ts'
import { Executor } from './executor.ts'
import { readBatch } from './read-batch.ts'
import { writeBatch } from './write-batch.ts'

const Things = keyShapeOf(defineTable({ name: 'Things', partitionKey: { name: 'id', type: 'string' } }))
const Numbered = keyShapeOf(defineTable({ name: 'Things', partitionKey: { name: 'id', type: 'number' } }))

/** Lets no time pass; remembers the waits. */
class StillClock implements BatchClock {
  readonly waits: number[] = []
  random(): number {
    return 1
  }
  now(): number {
    return 0
  }
  pause(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds)
    return Promise.resolve()
  }
}

let clock: StillClock
beforeEach(() => {
  clock = new StillClock()
})

function executorOn(table: ScriptedTable, numbers: NumberMode = 'exact', tablePrefix = ''): Executor {
  return new Executor(table, {
    tablePrefix,
    capacityDetail: 'none',
    numbers,
    timeout: undefined,
    cursorSecret: undefined,
    onAttempt: undefined,
  })
}

interface Writes extends BatchOptions {
  readonly name?: 'items' | 'keys'
  readonly shape?: typeof Things
  readonly executor?: Executor
  readonly clock?: BatchClock
}

function write(table: ScriptedTable, values: readonly NativeItem[], options: Writes = {}): Promise<void> {
  const { name = 'items', shape = Things, executor = executorOn(table) } = options
  const batch = { name, shape, values, given: values }
  return writeBatch(executor, batch, options, executor.start(options), options.clock ?? clock)
}

interface Reads extends BatchGetOptions {
  readonly shape?: typeof Things
  readonly executor?: Executor
}

function read(
  table: ScriptedTable,
  keys: readonly NativeItem[],
  options: Reads = {},
): Promise<readonly (NativeItem | undefined)[]> {
  const { shape = Things, executor = executorOn(table) } = options
  return readBatch(executor, { shape, keys, given: keys }, options, executor.start(options), clock)
}

const things = (count: number, n: unknown = 0): NativeItem[] =>
  Array.from({ length: count }, (_, at) => ({ id: `t${String(at)}`, n }) as NativeItem)
const ids = (members: readonly NativeItem[]): readonly unknown[] => members.map(({ id }) => id)
const everything: Script = ({ members }) => members

async function incomplete(promise: Promise<unknown>): Promise<BatchIncompleteError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (BatchIncompleteError.is(error)) return error
  throw new Error('not the error that was expected', { cause: error })
}

describe('requests', () => {
  test('are as large as DynamoDB takes them, and go out a few at once', async () => {
    const table = new ScriptedTable(async () => {
      await new Promise(setImmediate)
      return []
    })
    await write(table, things(260))
    expect(table.sizes).toEqual([...Array.from({ length: 10 }, () => 25), 10])
    // Four to begin with, and one more once those have been answered.
    expect(table.mostAtOnce).toBe(5)
    expect(table.items.size).toBe(260)
    const keys = things(250).map(({ id }) => ({ id }))
    expect(ids((await read(table, keys)) as NativeItem[])).toEqual(ids(keys))
    expect(table.sizes.slice(11)).toEqual([100, 100, 50])
  })

  test('go out as many at once as the caller says', async () => {
    const table = new ScriptedTable(async () => {
      await new Promise(setImmediate)
      return []
    })
    await write(table, things(100), { concurrency: 1 })
    expect(table.mostAtOnce).toBe(1)
    await write(table, things(300), { concurrency: 9 })
    expect(table.mostAtOnce).toBe(9)
  })

  test('are none for nothing', async () => {
    const table = new ScriptedTable()
    await write(table, [])
    expect(await read(table, [])).toEqual([])
    expect(table.requests).toEqual([])
  })

  test('may be sent again, and carry signal and deadline of the call', async () => {
    const table = new ScriptedTable()
    const { signal } = new AbortController()
    await write(table, things(30), { signal, timeout: 1000 })
    const [first, second] = table.requests.map(({ options }) => options)
    expect(first).toMatchObject({ signal, isRepeatable: true })
    expect(first?.deadline).toBeGreaterThan(Date.now())
    expect(second?.deadline).toBe(first?.deadline)
  })

  test('of keys delete', async () => {
    const table = new ScriptedTable()
    await write(table, things(3))
    await write(table, [{ id: 't0' }, { id: 't2' }], { name: 'keys' })
    expect([...table.items.keys()]).toEqual(['t1'])
  })

  test('that read ask for strong consistency when told to', async () => {
    const table = new ScriptedTable()
    const seen: unknown[] = []
    const executor = executorOn(table)
    const spy = new Executor(
      {
        send: (operation, input, options) => {
          seen.push(input.RequestItems)
          return table.send(operation, input, options)
        },
        close: () => Promise.resolve(),
      },
      executor.settings,
    )
    await read(table, [{ id: 'a' }], { executor: spy, consistent: true })
    expect(seen).toEqual([{ Things: { Keys: [{ id: 'a' }], ConsistentRead: true } }])
  })
})

describe('what DynamoDB did not get to', () => {
  test('is sent again until it is done, whatever is left when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 80 }), { maxLength: 200 }),
        fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (keys, pattern, concurrency) => {
          const leaves = (id: unknown, number: number): boolean =>
            (pattern[(Number(id) + number) % pattern.length] as number) > 2
          const table = new ScriptedTable(({ members }, number) =>
            number > 300 ? [] : members.filter(({ id }) => leaves(id, number)),
          )
          const items = keys.map((key, n) => ({ id: String(key), n }))
          await write(table, items, { concurrency, maxIdleRounds: 1000 })
          const byId = new Map<string, number[]>()
          for (const { id, n } of items) byId.set(id, [...(byId.get(id) ?? []), n])
          // Each write is carried out once, those of one item in their order.
          expect(new Map([...table.history].sort())).toEqual(new Map([...byId].sort()))
          const found = await read(
            table,
            items.map(({ id }) => ({ id })),
            { concurrency, maxIdleRounds: 1000 },
          )
          expect(found).toEqual(items.map(({ id }) => ({ id, n: byId.get(id)?.at(-1) })))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is sent again with what else is to be sent, in full requests', async () => {
    const table = new ScriptedTable(({ members }, number) => (number === 0 ? members.slice(5) : []))
    await write(table, things(60), { concurrency: 1 })
    expect(table.sizes).toEqual([25, 25, 25, 5])
    expect(clock.waits).toEqual([50])
  })

  test('is found under its table’s name without prefix', async () => {
    const table = new ScriptedTable(({ members }, number) => (number === 0 ? members.slice(0, 2) : []))
    await write(table, things(5), { executor: executorOn(table, 'exact', 'staging-') })
    expect(table.sizes).toEqual([5, 2])
    expect(table.requests[1]?.members[0]?.tableName).toBe('staging-Things')
  })

  test('is everything when the answer names something else: no write is lost', async () => {
    const table = new ScriptedTable()
    let isFirst = true
    const odd = new Executor(
      {
        send: async (operation, input, options) => {
          const output = await table.send(operation, input, options)
          if (!isFirst) return output
          isFirst = false
          return { UnprocessedItems: { Things: [{ DeleteRequest: { Key: { id: 'stranger' } } }] } }
        },
        close: () => Promise.resolve(),
      },
      executorOn(table).settings,
    )
    await write(table, things(3), { executor: odd })
    expect(table.sizes).toEqual([3, 3])
  })
})

describe('waits', () => {
  test('double while nothing is carried out, up to a bound, and start again after progress', async () => {
    const table = new ScriptedTable(({ members }, number) => {
      if (number === 4) return members.slice(1)
      return number < 9 ? members : []
    })
    await write(table, things(2))
    expect(clock.waits).toEqual([50, 100, 200, 400, 50, 50, 100, 200, 400])
  })

  test('are a random part of that', async () => {
    const table = new ScriptedTable(({ members }, number) => (number < 9 ? members : []))
    const half = { ...slowClock, random: () => 0.5, pause: clock.pause.bind(clock) }
    await write(table, things(1), { clock: half })
    expect(clock.waits).toEqual([25, 50, 100, 200, 400, 800, 1600, 2500, 2500])
  })

  test('are none when nothing is left', async () => {
    await write(new ScriptedTable(), things(100))
    expect(clock.waits).toEqual([])
  })
})

describe('a key that is given more than once', () => {
  test('is written in order, never twice in one request', async () => {
    const table = new ScriptedTable(({ members }, number) => (number === 0 ? members.slice(0, 1) : []))
    const items = [1, 2, 3].flatMap((n) => things(2, n))
    await write(table, items)
    expect(table.history).toEqual(
      new Map([
        ['t0', [1, 2, 3]],
        ['t1', [1, 2, 3]],
      ]),
    )
  })

  test('is read once, and its item given at each position', async () => {
    const table = new ScriptedTable()
    await write(table, things(2))
    const found = await read(table, [{ id: 't1' }, { id: 'none' }, { id: 't0' }, { id: 't1' }])
    expect(found).toEqual([{ id: 't1', n: 0 }, undefined, { id: 't0', n: 0 }, { id: 't1', n: 0 }])
    expect(table.sizes.at(-1)).toBe(3)
  })

  test('is one key in each form a number can have', async () => {
    const table = new ScriptedTable()
    await write(table, [{ id: 1 }, { id: 2n }], { shape: Numbered })
    const found = await read(table, [{ id: 1n }, { id: 1 }, { id: 2 }], { shape: Numbered })
    expect(found).toEqual([{ id: 1 }, { id: 1 }, { id: 2n }])
    expect(table.sizes).toEqual([2, 2])
  })

  test('is not taken for one it is rounded to in answers', async () => {
    const table = new ScriptedTable()
    const [low, high] = [2n ** 70n, 2n ** 70n + 1n]
    await write(table, [{ id: low }, { id: high }], { shape: Numbered })
    const rounding = new Executor(
      {
        send: async (operation, input, options) => {
          const output = await table.send(operation, input, options)
          const { Things: found = [] } = output.Responses as Record<string, NativeItem[]>
          return {
            Responses: {
              Things: found.map(({ id }) => ({ id: Number(id), exact: (id as bigint).toString() })),
            },
          }
        },
        close: () => Promise.resolve(),
      },
      executorOn(table, 'rounded').settings,
    )
    const keys = [{ id: high }, { id: low }, { id: high }]
    const found = await read(table, keys, { shape: Numbered, executor: rounding })
    expect(found.map((item) => item?.exact)).toEqual([high, low, high].map(String))
  })
})

describe('what cannot be finished', () => {
  test('ends after ten rounds that brought nothing, with what is left', async () => {
    const table = new ScriptedTable(({ members }, number) => (number === 0 ? members.slice(0, 3) : members))
    const items = things(25)
    const error = await incomplete(write(table, items))
    expect(table.sizes).toEqual([25, ...Array.from({ length: 10 }, () => 3)])
    expect(clock.waits).toHaveLength(10)
    expect(error).toMatchObject({
      code: 'BatchIncomplete',
      operation: 'BatchWriteItem',
      tableName: 'Things',
      retryable: true,
      processedCount: 22,
      unprocessedCount: 3,
    })
    expect(error.unprocessed).toEqual(items.slice(0, 3))
    expect(error.unprocessed[0]).toBe(items[0])
    expect(error.message).toContain("table 'Things': 22 of 25 were written, 3 are left")
    expect(JSON.stringify(error)).not.toContain('t1')
    expect(Object.keys(error)).not.toContain('unprocessed')
  })

  test('ends after as many rounds as the caller says, counted over all requests under way', async () => {
    const table = new ScriptedTable(async ({ members }) => {
      await new Promise(setImmediate)
      return members
    })
    const error = await incomplete(write(table, things(100), { maxIdleRounds: 2 }))
    expect(error.unprocessedCount).toBe(100)
    // Four at once, then two, because nothing was carried out.
    expect(table.requests).toHaveLength(6)
  })

  test('does not end while other requests bring something', async () => {
    let stuck = 60
    const table = new ScriptedTable(({ members }) => {
      stuck -= 1
      return stuck > 0 ? members.filter(({ id }) => id === 't0') : []
    })
    await write(table, things(1500))
    expect(table.items.size).toBe(1500)
  })

  test('lists the later write of an item after the earlier one', async () => {
    const items = [...things(2, 1), ...things(2, 2)]
    const table = new ScriptedTable(({ members }, number) => (number === 0 ? members.slice(1) : members))
    const error = await incomplete(write(table, items, { concurrency: 1 }))
    expect(table.history).toEqual(new Map([['t0', [1]]]))
    expect(error.unprocessed).toEqual([items[1], items[2], items[3]])
  })

  test('lists each key that was not read once', async () => {
    const table = new ScriptedTable(everything)
    const error = await incomplete(read(table, [{ id: 'b' }, { id: 'a' }, { id: 'b' }]))
    expect(error.unprocessed).toEqual([{ id: 'b' }, { id: 'a' }])
    expect(error.message).toContain('0 of 2 were read')
    expect(error.operation).toBe('BatchGetItem')
  })

  test('ends at the deadline', async () => {
    const table = new ScriptedTable(({ members }, number) => (number === 0 ? members.slice(5) : members))
    const error = await incomplete(write(table, things(20), { timeout: 120, clock: slowClock }))
    expect(error.unprocessed).toEqual(things(20).slice(5))
    expect(TimeoutError.is(error.cause)).toBe(true)
    expect(error.retryable).toBe(true)
    expect(error.message).toContain('the deadline passed')
  })

  test('ends at the deadline with what is left also when nothing was answered', async () => {
    const table = new ScriptedTable(() => {
      throw new TimeoutError('the deadline passed', { outcomeUnknown: true })
    })
    const error = await incomplete(write(table, things(30)))
    expect(error.unprocessed).toEqual(things(30))
    expect(error).toMatchObject({ processedCount: 0, retryable: true, outcomeUnknown: true })
  })

  test('sends nothing more once the deadline has passed', async () => {
    const table = new ScriptedTable(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return []
    })
    const error = await incomplete(write(table, things(100), { timeout: 10, concurrency: 1 }))
    expect(table.sizes).toEqual([25])
    expect(error.unprocessed).toEqual(things(100).slice(25))
  })
})

/** Real time, so that deadlines and signals matter. */
const slowClock: BatchClock = {
  random: () => 1,
  now: () => performance.now(),
  pause: (milliseconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    }),
}

describe('abort', () => {
  test('during a wait ends it at once', async () => {
    const controller = new AbortController()
    const table = new ScriptedTable(({ members }, number) => (number === 0 ? members.slice(1) : members))
    const ended = incomplete(
      write(table, things(3), {
        signal: controller.signal,
        clock: { ...slowClock, random: () => 1000 },
      }),
    )
    setTimeout(() => {
      controller.abort(new Error('why'))
    }, 20)
    const started = Date.now()
    const error = await ended
    expect(Date.now() - started).toBeLessThan(2000)
    expect(error.unprocessed).toEqual(things(3).slice(1))
    expect(AbortedError.is(error.cause)).toBe(true)
    expect((error.cause as AbortedError).cause).toEqual(new Error('why'))
  })

  test('before the start is thrown as it is, and nothing is sent', async () => {
    const table = new ScriptedTable()
    const started = write(table, things(3), { signal: AbortSignal.abort(new Error('why')) })
    await expect(started).rejects.toMatchObject({ code: 'Aborted', cause: new Error('why') })
    expect(table.requests).toEqual([])
  })

  test('after the last answer changes nothing', async () => {
    const controller = new AbortController()
    const table = new ScriptedTable(() => {
      controller.abort()
      return []
    })
    await write(table, things(3), { signal: controller.signal })
    expect(table.items.size).toBe(3)
  })
})

describe('a request that fails', () => {
  const failSecond =
    (error: Error): Script =>
    (_, number) => {
      if (number === 1) throw error
      return []
    }

  test('is thrown as it is when nothing was carried out', async () => {
    const refused = new ServiceError('no', { serviceCode: 'Refused' })
    const table = new ScriptedTable(() => {
      throw refused
    })
    await expect(write(table, things(200))).rejects.toBe(refused)
  })

  test('ends the batch; the other requests under way are waited for', async () => {
    const table = new ScriptedTable(async (request: BatchRequest, number) => {
      if (number === 1) throw new ServiceError('no', { serviceCode: 'Refused' })
      await new Promise((resolve) => setTimeout(resolve, 10))
      return request.members.slice(0, 1)
    })
    const items = things(150)
    const error = await incomplete(write(table, items, { clock: slowClock }))
    expect(table.requests).toHaveLength(4)
    const expected = items.filter(({ id }) => !table.items.has(id as string))
    expect(error.unprocessed).toEqual(expected)
    expect(error).toMatchObject({ processedCount: 72, retryable: false })
    expect(error.cause).toMatchObject({ serviceCode: 'Refused' })
  })

  test('wakes the requests that wait', async () => {
    const table = new ScriptedTable(async ({ members }, number) => {
      if (number === 0) return members.slice(1)
      await new Promise((resolve) => setTimeout(resolve, 10))
      throw new ServiceError('no', { serviceCode: 'Refused' })
    })
    const started = Date.now()
    await incomplete(write(table, things(50), { clock: { ...slowClock, random: () => 1000 } }))
    expect(Date.now() - started).toBeLessThan(2000)
  })

  test('without an answer counts as left, and may be given again', async () => {
    const table = new ScriptedTable(failSecond(new NetworkError('reset', { outcomeUnknown: true })))
    const error = await incomplete(write(table, things(50), { concurrency: 1 }))
    expect(error).toMatchObject({ retryable: true, outcomeUnknown: true, unprocessedCount: 25 })
  })

  test('with an error that is not dynakit’s says so without its words', async () => {
    const table = new ScriptedTable(failSecond(new Error('hunter2')))
    const error = await incomplete(write(table, things(50), { concurrency: 1 }))
    expect(error.message).not.toContain('hunter2')
    expect(error).toMatchObject({ retryable: false, cause: new Error('hunter2') })
  })

  test('because it is throttled as a whole counts as a round that brought nothing', async () => {
    const throttled = new ProvisionedThroughputExceededError('throttled')
    const table = new ScriptedTable((_, number) => {
      if (number < 3) throw throttled
      return []
    })
    await write(table, things(5))
    expect(table.items.size).toBe(5)
    expect(clock.waits).toEqual([50, 100, 200])
    const never = new ScriptedTable(() => {
      throw throttled
    })
    const error = await incomplete(write(never, things(5)))
    expect(error.cause).toBe(throttled)
    expect(never.requests).toHaveLength(10)
  })
})

describe('checks before anything is sent', () => {
  test('of keys and values, with the position', async () => {
    const table = new ScriptedTable()
    const items = [...things(40), { id: 5 }]
    await expect(write(table, items)).rejects.toMatchObject({
      field: 'items[40].id',
      rule: 'key-value-type',
    })
    const unstorable = [...things(40), { id: 'x', when: { at: new Date() } } as unknown as NativeItem]
    await expect(write(table, unstorable)).rejects.toMatchObject({
      field: 'items[40].when.at',
      rule: 'class-instance',
    })
    const keys = [...things(40).map(({ id }) => ({ id })), { id: 'x', n: 1 }]
    await expect(write(table, keys, { name: 'keys' })).rejects.toMatchObject({ field: 'keys[40].n' })
    await expect(read(table, keys)).rejects.toMatchObject({ field: 'keys[40].n', rule: 'key-attributes' })
    expect(table.requests).toEqual([])
  })

  test('also when items wait for others with the same key', async () => {
    const table = new ScriptedTable()
    const items = [{ id: 'x' }, { id: 'x', when: new Date() } as unknown as NativeItem]
    await expect(write(table, items)).rejects.toMatchObject({ field: 'items[1].when' })
    expect(table.requests).toEqual([])
  })

  test.each([0, 1.5, Number.NaN, -1])('of options: %s is refused', async (value) => {
    const table = new ScriptedTable()
    await expect(write(table, things(1), { concurrency: value })).rejects.toMatchObject({
      field: 'concurrency',
    })
    await expect(read(table, [{ id: 'x' }], { maxIdleRounds: value })).rejects.toMatchObject({
      field: 'maxIdleRounds',
    })
    expect(table.requests).toEqual([])
  })
})
