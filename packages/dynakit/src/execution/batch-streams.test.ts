import { beforeEach, describe, expect, test } from 'vitest'
import { ScriptedTable } from '../../test/scripted-table.ts'
import { VirtualClock } from '../../test/virtual-clock.ts'
import { wireBytes } from '../codec/item-size.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { BatchIncompleteError } from '../errors/item-errors.ts'
import { ProvisionedThroughputExceededError, ThrottlingError } from '../errors/service-errors.ts'
import { AbortedError } from '../errors/transport-errors.ts'
import type { Members } from '../planner/batch-members.ts'
import { type KeyShape, keyShapeOf } from '../planner/key-shape.ts'
import { defineTable } from '../schema/table.ts'
import { type BatchOutcome, remainderOf, throwIncomplete } from './batch-ending.ts'
import type { BatchEntry } from './batch-entry.ts'
import type { BatchOptions } from './batch-options.ts'
import { BatchPace } from './batch-pace.ts'
import type { BatchProgress } from './batch-progress.ts'
import { Executor } from './executor.ts'
import { readMembers } from './read-batch.ts'
import { throttleScope } from './throttle-scope.ts'
import { type WriteMember, writeMembers } from './write-batch.ts'

const shapeOf = (name: string): KeyShape =>
  keyShapeOf(defineTable({ name, partitionKey: { name: 'id', type: 'string' } }))
const Things = shapeOf('Things')
const Others = shapeOf('Others')

let clock: VirtualClock
beforeEach(() => {
  clock = new VirtualClock()
})

function executorOn(table: ScriptedTable): Executor {
  return new Executor(table, {
    tablePrefix: '',
    capacityDetail: 'none',
    numbers: 'exact',
    timeout: undefined,
    cursorSecret: undefined,
    onAttempt: undefined,
  })
}

function writeFrom(
  table: ScriptedTable,
  members: Members<NativeItem>,
  options: BatchOptions = {},
): Promise<BatchOutcome<BatchEntry>> {
  const executor = executorOn(table)
  const toMember = (given: object): WriteMember => ({ shape: Things, item: given as NativeItem, given })
  const list = { name: 'items', members, toMember } as const
  return clock.run(writeMembers(executor, list, options, executor.start(options), clock))
}

const thing = (at: number): NativeItem => ({ id: `t${String(at)}`, n: at })

async function* things(
  count: number,
  onTake: (at: number) => void = () => undefined,
): AsyncGenerator<NativeItem> {
  for (let at = 0; at < count; at++) {
    onTake(at)
    yield thing(at)
    if (at % 10 === 0) await Promise.resolve()
  }
}

describe('items of an iterable', () => {
  test('are taken as requests have room for them', async () => {
    let ahead = 0
    const table = new ScriptedTable(async () => {
      await clock.pause(10)
      return []
    })
    const onTake = (at: number): void => {
      ahead = Math.max(ahead, at + 1 - table.items.size)
    }
    const outcome = await writeFrom(table, things(5000, onTake))
    expect(outcome).toMatchObject({ processedCount: 5000, left: [], isSourceDone: true })
    expect(table.items.size).toBe(5000)
    expect(new Set(table.sizes)).toEqual(new Set([25]))
    expect(ahead).toBeLessThanOrEqual(9 * 25)
  })

  test('may be those of any iterable', async () => {
    const table = new ScriptedTable()
    await writeFrom(table, new Set([thing(1), thing(2)]))
    await writeFrom(table, [thing(3)].values())
    expect([...table.items.keys()]).toEqual(['t1', 't2', 't3'])
  })

  test('that come slowly are not held back until a request is full', async () => {
    const table = new ScriptedTable()
    async function* slow(): AsyncGenerator<NativeItem> {
      for (let at = 0; at < 4; at++) {
        yield thing(at)
        await clock.pause(1000)
      }
    }
    await writeFrom(table, slow())
    expect(table.sizes).toEqual([1, 1, 1, 1])
    expect(clock.now()).toBe(4000)
  })

  test('keep their order where they are of one key, however many there are', async () => {
    const table = new ScriptedTable(({ members }, number) => (number % 2 === 0 ? members.slice(1) : []))
    async function* same(): AsyncGenerator<NativeItem> {
      await Promise.resolve()
      for (let n = 0; n < 700; n++) yield { id: `t${String(n % 2)}`, n }
    }
    await writeFrom(table, same())
    const numbers = Array.from({ length: 700 }, (_, n) => n)
    expect(table.history.get('t0')).toEqual(numbers.filter((n) => n % 2 === 0))
    expect(table.history.get('t1')).toEqual(numbers.filter((n) => n % 2 === 1))
  })

  test('are named by their position when they are refused; what was taken before is left', async () => {
    const table = new ScriptedTable()
    async function* bad(): AsyncGenerator<NativeItem> {
      yield* things(60)
      yield { n: 1 }
      throw new Error('taken too far')
    }
    const outcome = await writeFrom(table, bad(), { concurrency: 1 })
    const error = remainderOf(outcome).error
    expect(error?.cause).toMatchObject({ rule: 'key-missing', field: 'items[60].id' })
    expect(error).toMatchObject({ isSourceDone: false, retryable: false })
    const left = (error?.unprocessed ?? []) as readonly NativeItem[]
    expect(table.items.size + left.length).toBe(60)
    expect(left.every(({ id }) => !table.items.has(id as string))).toBe(true)
  })

  test('end with the iterable’s own error, and close it when the call ends early', async () => {
    const table = new ScriptedTable()
    async function* failing(): AsyncGenerator<NativeItem> {
      yield* things(3)
      throw new Error('the file is gone')
    }
    const { error } = remainderOf(await writeFrom(table, failing()))
    expect(error?.cause).toEqual(new Error('the file is gone'))
    expect(error?.message).not.toContain('the file is gone')

    let isClosed = false
    const controller = new AbortController()
    async function* endless(): AsyncGenerator<NativeItem> {
      try {
        for (let at = 0; ; at++) {
          if (at === 1000) controller.abort(new Error('enough'))
          yield thing(at)
          await clock.pause(1)
        }
      } finally {
        isClosed = true
      }
    }
    const outcome = await writeFrom(table, endless(), { signal: controller.signal })
    const end = remainderOf(outcome).error
    expect(AbortedError.is(end?.cause)).toBe(true)
    expect(end).toMatchObject({ isSourceDone: false })
    expect(end?.message).toContain('what the iterable has not given yet')
    expect(outcome.processedCount + outcome.left.length).toBe(1000)
    await new Promise(setImmediate)
    expect(isClosed).toBe(true)
  })

  test('that never come are not waited for beyond the signal', async () => {
    const controller = new AbortController()
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }
    setTimeout(() => {
      controller.abort()
    }, 5)
    const outcome = await writeFrom(new ScriptedTable(), never, { signal: controller.signal })
    expect(AbortedError.is(outcome.ending?.cause)).toBe(true)
  })

  test('to read come back by position, keys that are given twice once more', async () => {
    const table = new ScriptedTable(({ members }, number) => (number === 0 ? members.slice(50) : []))
    const executor = executorOn(table)
    for (let at = 0; at < 300; at += 2) table.items.set(`t${String(at)}`, thing(at))
    async function* keys(): AsyncGenerator<NativeItem> {
      await Promise.resolve()
      for (let at = 0; at < 600; at++) yield { id: `t${String(at % 300)}` }
    }
    const list = {
      name: 'keys',
      members: keys(),
      toMember: (key: object) => ({ shape: Things, key: key as NativeItem, given: key }),
    } as const
    const { items, outcome } = await clock.run(readMembers(executor, list, {}, executor.start({}), { clock }))
    expect(outcome.processedCount).toBe(300)
    expect(items).toEqual(
      Array.from({ length: 600 }, (_, at) => (at % 2 === 0 ? thing(at % 300) : undefined)),
    )
  })
})

describe('sizes', () => {
  test('of requests stay below 16 MB as they are sent', async () => {
    const bytes: number[] = []
    const table = new ScriptedTable(({ members }) => {
      bytes.push(members.reduce((sum, { item }) => sum + wireBytes(item as NativeItem), 0))
      return []
    })
    const heavy = Array.from({ length: 60 }, (_, at) => ({ ...thing(at), pad: '\u0001'.repeat(390_000) }))
    await writeFrom(table, heavy)
    expect(Math.max(...bytes)).toBeLessThan(16 * 1024 * 1024)
    expect(Math.max(...bytes)).toBeGreaterThan(13 * 1024 * 1024)
    bytes.length = 0
    const plain = Array.from({ length: 50 }, (_, at) => ({ ...thing(at), pad: 'x'.repeat(390_000) }))
    await writeFrom(table, plain)
    expect(bytes).toHaveLength(2)
  })

  test('of items above 400 KB are refused before anything is sent, with their bytes and without values', async () => {
    const table = new ScriptedTable()
    const executor = executorOn(table)
    const members = [
      ...Array.from({ length: 40 }, (_, at) => thing(at)),
      { id: 'x', pad: 'secret'.repeat(70_000) },
    ]
    const list = {
      name: 'items',
      members: members.map((item) => ({ shape: Things, item, given: item })),
    } as const
    const error: unknown = await writeMembers(executor, list, {}, executor.start({}), clock).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({
      code: 'Validation',
      rule: 'item-size',
      field: 'items[40]',
      tableName: 'Things',
    })
    expect((error as Error).message).toContain('items[40]: the item has 420006 bytes')
    expect((error as Error).message).not.toContain('secret')
    expect(table.requests).toEqual([])
  })
})

describe('several tables', () => {
  const members = (count: number): WriteMember[] =>
    Array.from({ length: count }, (_, at) => {
      const item = { id: `${at % 2 === 0 ? 'a' : 'b'}${String(at)}` }
      return { shape: at % 2 === 0 ? Things : Others, item, given: item }
    })

  test('share requests', async () => {
    const table = new ScriptedTable()
    const executor = executorOn(table)
    const outcome = await writeMembers(
      executor,
      { name: 'requests', members: members(20) },
      {},
      executor.start({}),
      clock,
    )
    expect(table.sizes).toEqual([20])
    expect(outcome.tableNames).toEqual(['Things', 'Others'])
  })

  test('do not wait for one of them that is throttled', async () => {
    const throttled = (name: string): ProvisionedThroughputExceededError =>
      new ProvisionedThroughputExceededError('no', {
        throttlingReasons: [
          {
            reason: 'TableWriteProvisionedThroughputExceeded',
            resource: `arn:aws:dynamodb:eu-west-1:1:table/${name}`,
          },
        ],
      })
    const doneAt = new Map<string, number>()
    const table = new ScriptedTable(async ({ members: asked }) => {
      await clock.pause(5)
      if (clock.now() < 2000 && asked.some(({ tableName }) => tableName === 'Others'))
        throw throttled('Others')
      for (const { tableName } of asked) doneAt.set(tableName, clock.now())
      return []
    })
    const executor = executorOn(table)
    const list = { name: 'requests', members: members(1000) } as const
    const options = { maxIdleRounds: 100 }
    const outcome = await clock.run(writeMembers(executor, list, options, executor.start({}), clock))
    expect(outcome).toMatchObject({ processedCount: 1000, left: [] })
    expect(doneAt.get('Things')).toBeLessThan(1000)
    expect(doneAt.get('Others')).toBeGreaterThanOrEqual(2000)
  })
})

describe('requests at once', () => {
  test('are halved once for the requests that were under way, and grow one by one', () => {
    const pace = new BatchPace(8, 10)
    const open = (): number => {
      let count = 0
      for (; pace.isOpen('T') && count < 100; count++) pace.begin(['T'])
      for (let at = 0; at < count; at++) pace.end('T')
      return count
    }
    expect(open()).toBe(8)
    const first = pace.begin(['T'])
    const second = pace.begin(['T'])
    pace.end('T')
    pace.end('T')
    pace.throttle('T', first)
    pace.throttle('T', second)
    expect(open()).toBe(4)
    for (let at = 0; at < 4; at++) pace.calm('T')
    expect(open()).toBe(5)
    for (let at = 0; at < 100; at++) pace.calm('T')
    expect(open()).toBe(10)
    pace.isOpen('U')
    pace.throttleAll(pace.begin(['U']))
    pace.end('U')
    expect(open()).toBe(5)
  })

  test('are fewer while DynamoDB leaves something, and more again afterwards', async () => {
    const atOnce: { readonly at: number; readonly underWay: number }[] = []
    let underWay = 0
    const table = new ScriptedTable(async ({ members }) => {
      underWay += 1
      atOnce.push({ at: clock.now(), underWay })
      await clock.pause(10)
      underWay -= 1
      return clock.now() > 500 && clock.now() < 1000 ? members.slice(1) : []
    })
    await writeFrom(table, things(12_000), { concurrency: 8 })
    const most = (from: number, to: number): number =>
      Math.max(...atOnce.filter(({ at }) => at >= from && at < to).map((one) => one.underWay))
    expect(most(0, 500)).toBe(8)
    expect(most(800, 1000)).toBe(1)
    expect(most(1000, Number.POSITIVE_INFINITY)).toBe(8)
  })

  test('follow the limit that DynamoDB names', () => {
    const error = (reason: string, resource: string): ThrottlingError =>
      new ThrottlingError('no', { throttlingReasons: [{ reason, resource }] })
    const arn = 'arn:aws:dynamodb:eu-west-1:1:table/dev-B/index/byName'
    expect(throttleScope(error('IndexWriteProvisionedThroughputExceeded', arn), ['A', 'B'], 'dev-')).toEqual({
      tableNames: ['B'],
      isAccount: false,
      isKeyRange: false,
    })
    expect(
      throttleScope(error('TableWriteKeyRangeThroughputExceeded', arn), ['A', 'B'], 'dev-'),
    ).toMatchObject({
      isKeyRange: true,
    })
    expect(throttleScope(error('TableWriteAccountLimitExceeded', arn), ['A', 'B'], 'dev-')).toMatchObject({
      isAccount: true,
    })
    expect(throttleScope(new ThrottlingError('no'), ['A', 'B'], '')).toEqual({
      tableNames: ['A', 'B'],
      isAccount: false,
      isKeyRange: false,
    })
  })
})

describe('progress', () => {
  test('tells what is done, sent again and left, and how long the rest takes', async () => {
    const table = new ScriptedTable(async ({ members }, number) => {
      await clock.pause(100)
      return number === 0 ? members.slice(20) : []
    })
    const executor = executorOn(table)
    const seen: BatchProgress[] = []
    const items = Array.from({ length: 100 }, (_, at) => thing(at))
    const list = {
      name: 'items',
      members: items.map((item) => ({ shape: Things, item, given: item })),
    } as const
    const options = { concurrency: 1, onProgress: (progress: BatchProgress) => seen.push(progress) }
    await clock.run(writeMembers(executor, list, options, executor.start({}), clock))
    expect(seen[0]).toMatchObject({
      total: 100,
      done: 20,
      failed: 0,
      retried: 5,
      elapsed: 100,
      remaining: 400,
    })
    expect(seen.at(-1)).toMatchObject({ total: 100, done: 100, failed: 0, retried: 5, remaining: 0 })
    expect(seen.at(-1)?.bytes).toBe(
      items.reduce((sum, { id, n }) => sum + 3 + (id as string).length + (n === 0 ? 1 : 2), 0),
    )
    expect(seen.every(({ capacity }, at) => capacity.requests >= Math.min(at + 1, 5))).toBe(true)
  })

  test('tells what is given up, and not how long the rest of an iterable takes', async () => {
    const seen: BatchProgress[] = []
    const table = new ScriptedTable(({ members }) => members.filter(({ item }) => Number(item?.n) >= 20))
    const outcome = await writeFrom(table, things(25), {
      maxIdleRounds: 1,
      onProgress: (progress) => seen.push(progress),
    })
    expect(outcome.processedCount).toBe(20)
    expect(seen.at(-1)).toMatchObject({ total: undefined, done: 20, failed: 5, remaining: undefined })
  })

  test('that throws ends the call', async () => {
    const outcome = await writeFrom(new ScriptedTable(), things(500), {
      onProgress: () => {
        throw new Error('disk full')
      },
    })
    expect(outcome.ending).toMatchObject({ type: 'failed', cause: new Error('disk full') })
    expect(() => {
      throwIncomplete(outcome)
    }).toThrow(BatchIncompleteError)
  })
})
