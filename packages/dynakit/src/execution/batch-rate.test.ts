import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { propertyRuns } from '../../test/property-runs.ts'
import { VirtualClock } from '../../test/virtual-clock.ts'
import { itemSize } from '../codec/item-size.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { CapacityDetail } from '../operations/operation.ts'
import { keyShapeOf } from '../planner/key-shape.ts'
import { defineTable } from '../schema/table.ts'
import type { Transport } from '../transport/transport.ts'
import { Executor } from './executor.ts'
import { RateLimit } from './rate-limit.ts'
import { readBatch } from './read-batch.ts'
import { writeBatch } from './write-batch.ts'

const Things = keyShapeOf(defineTable({ name: 'Things', partitionKey: { name: 'id', type: 'string' } }))

interface Consumption {
  readonly at: number
  readonly units: number
}

/** Takes its time, and tells what it consumed: so much for each index as for the table. */
class MeteredTable implements Transport {
  readonly consumed: Consumption[] = []
  readonly sizes: number[] = []
  readonly #clock: VirtualClock
  readonly #latency: number
  readonly #factor: number
  /** Part of the members that are left. */
  readonly #leaves: number

  constructor(clock: VirtualClock, latency: number, factor: number, leaves = 0) {
    this.#clock = clock
    this.#latency = latency
    this.#factor = factor
    this.#leaves = leaves
  }

  async send(operation: string, input: unknown): Promise<Record<string, unknown>> {
    const { RequestItems } = input as { RequestItems: { Things: unknown } }
    const isRead = operation === 'BatchGetItem'
    const members = (
      isRead ? (RequestItems.Things as { Keys: NativeItem[] }).Keys : RequestItems.Things
    ) as Record<string, unknown>[]
    this.sizes.push(members.length)
    await this.#clock.pause(this.#latency * this.#clock.random())
    const left = members.filter((_, at) => at > 0 && this.#clock.random() < this.#leaves)
    const done = members.filter((member) => !left.includes(member))
    const units = done.reduce((sum, member) => sum + this.#unitsOf(member, isRead), 0)
    this.consumed.push({ at: this.#clock.now(), units })
    const ConsumedCapacity = [{ TableName: 'Things', CapacityUnits: units }]
    return isRead
      ? {
          Responses: { Things: done },
          UnprocessedKeys: left.length ? { Things: { Keys: left } } : {},
          ConsumedCapacity,
        }
      : { UnprocessedItems: left.length ? { Things: left } : {}, ConsumedCapacity }
  }

  #unitsOf(member: Record<string, unknown>, isRead: boolean): number {
    // A read consumes what its key says, which the reader cannot know.
    if (isRead) return (String(member.id).length % 7) + 1
    const { Item } = member.PutRequest as { Item: NativeItem }
    return Math.ceil(itemSize(Item).bytes / 1024) * this.#factor
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

function executorOn(transport: Transport, capacityDetail: CapacityDetail = 'total'): Executor {
  return new Executor(transport, {
    tablePrefix: '',
    capacityDetail,
    numbers: 'exact',
    timeout: undefined,
    cursorSecret: undefined,
    onAttempt: undefined,
  })
}

/** The most that was consumed within ten seconds. */
function busiest(consumed: readonly Consumption[]): number {
  let most = 0
  let from = 0
  let units = 0
  for (const one of consumed) {
    units += one.units
    for (; one.at - (consumed[from] as Consumption).at > 10_000; from++)
      units -= (consumed[from] as Consumption).units
    most = Math.max(most, units)
  }
  return most
}

const total = (consumed: readonly Consumption[]): number =>
  consumed.reduce((sum, { units }) => sum + units, 0)

describe('a rate in capacity units', () => {
  const circumstances = fc.record({
    rate: fc.integer({ min: 60, max: 3000 }),
    seconds: fc.integer({ min: 5, max: 40 }),
    largest: fc.integer({ min: 10, max: 3000 }),
    latency: fc.integer({ min: 1, max: 80 }),
    factor: fc.integer({ min: 1, max: 3 }),
    concurrency: fc.integer({ min: 1, max: 16 }),
    leaves: fc.constantFrom(0, 0, 0.1),
    seed: fc.nat(),
  })

  test('of writes is kept in every window of ten seconds, and used', async () => {
    await fc.assert(
      fc.asyncProperty(circumstances, async (it) => {
        const clock = new VirtualClock(it.seed)
        const table = new MeteredTable(clock, it.latency, it.factor, it.leaves)
        const executor = executorOn(table)
        const values: NativeItem[] = []
        for (let units = 0; units < it.rate * it.seconds;) {
          const item = { id: `t${String(values.length)}`, pad: 'x'.repeat(clock.random() * it.largest) }
          values.push(item)
          units += Math.ceil(itemSize(item).bytes / 1024) * it.factor
        }
        const batch = { name: 'items', shape: Things, values, given: values } as const
        const options = { maxUnitsPerSecond: it.rate, concurrency: it.concurrency, maxIdleRounds: 1000 }
        const started = clock.now()
        await clock.run(writeBatch(executor, batch, options, executor.start({}), clock))
        expect(busiest(table.consumed)).toBeLessThanOrEqual(it.rate * 10 * 1.05)
        const seconds = (clock.now() - started) / 1000
        const requestTime = (table.sizes.length * it.latency) / 1000 / it.concurrency
        const waits = it.leaves > 0 ? table.sizes.length * 0.05 : 0
        expect(seconds).toBeLessThan((total(table.consumed) / it.rate) * 1.1 + requestTime + waits + 1)
      }),
      propertyRuns(15),
    )
  }, 60_000)

  test('of reads is kept although their cost is not known beforehand', async () => {
    await fc.assert(
      fc.asyncProperty(circumstances, async ({ rate, latency, concurrency, seed, seconds }) => {
        const clock = new VirtualClock(seed)
        const table = new MeteredTable(clock, latency, 1)
        const executor = executorOn(table)
        const keys = Array.from({ length: Math.ceil((rate * seconds) / 4) }, (_, at) => ({
          id: `${String(at)}${'k'.repeat(clock.random() * 7)}`,
        }))
        const options = { maxUnitsPerSecond: rate, concurrency, consistent: true }
        const batch = { shape: Things, keys, given: keys }
        const found = await clock.run(readBatch(executor, batch, options, executor.start({}), clock))
        expect(found).toEqual(keys)
        expect(busiest(table.consumed)).toBeLessThanOrEqual(rate * 10 * 1.05)
      }),
      propertyRuns(10),
    )
  }, 60_000)

  test('an item larger than a part of a second’s units is written, and paid off afterwards', async () => {
    const clock = new VirtualClock()
    const table = new MeteredTable(clock, 5, 1)
    const executor = executorOn(table)
    const values = Array.from({ length: 5 }, (_, at) => ({ id: `t${String(at)}`, pad: 'x'.repeat(100_000) }))
    const batch = { name: 'items', shape: Things, values, given: values } as const
    await clock.run(writeBatch(executor, batch, { maxUnitsPerSecond: 10 }, executor.start({}), clock))
    expect(table.sizes).toEqual([1, 1, 1, 1, 1])
    expect(total(table.consumed)).toBe(490)
    expect(clock.now()).toBeGreaterThan(39_000)
  })

  test('is kept by estimates on an engine that does not report consumption', async () => {
    const clock = new VirtualClock()
    const table = new MeteredTable(clock, 5, 0)
    const executor = executorOn(table)
    const values = Array.from({ length: 500 }, (_, at) => ({ id: `t${String(at)}` }))
    const batch = { name: 'items', shape: Things, values, given: values } as const
    await clock.run(writeBatch(executor, batch, { maxUnitsPerSecond: 100 }, executor.start({}), clock))
    expect(clock.now()).toBeGreaterThan(4700)
    expect(clock.now()).toBeLessThan(5500)
  })

  test('is refused where consumption is not known, and when it is no rate', async () => {
    const table = new MeteredTable(new VirtualClock(), 1, 1)
    const batch = { name: 'items', shape: Things, values: [{ id: 'x' }], given: [] } as const
    for (const [detail, rate] of [
      ['none', 10],
      ['total', 0],
      ['total', Number.NaN],
      ['total', Number.POSITIVE_INFINITY],
    ] as const) {
      const executor = executorOn(table, detail)
      const error: unknown = await writeBatch(
        executor,
        batch,
        { maxUnitsPerSecond: rate },
        executor.start({}),
      ).catch((reason: unknown) => reason)
      expect(ValidationError.is(error) && error.field).toBe('maxUnitsPerSecond')
    }
    expect(table.sizes).toEqual([])
  })
})

test('a bucket never holds more than a burst, whatever is given back', () => {
  let now = 0
  const limit = new RateLimit(100, () => now)
  limit.settle(1000, 0)
  expect(limit.take(20)).toBe(0)
  expect(limit.take(10)).toBe(100)
  now += 100
  expect(limit.take(10)).toBe(0)
})
