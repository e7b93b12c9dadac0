import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyRuns } from '../../test/property-runs.ts'
import { VirtualClock } from '../../test/virtual-clock.ts'
import { CapacityMeter } from '../operations/capacity.ts'
import type { Call } from './call.ts'
import { ReadPace } from './read-pace.ts'

const aCall = (): Call => ({
  signal: undefined,
  deadline: undefined,
  meter: new CapacityMeter(),
  outerMeter: undefined,
})

const pageBytes = 1024 * 1024

test('several segments together stay within five percent of the rate in any ten seconds', async () => {
  const circumstances = fc.record({
    rate: fc.integer({ min: 50, max: 3000 }),
    segments: fc.integer({ min: 1, max: 12 }),
    bytes: fc.integer({ min: 50, max: 20_000 }),
    latency: fc.integer({ min: 1, max: 60 }),
    seed: fc.nat(),
  })
  await fc.assert(
    fc.asyncProperty(circumstances, async ({ rate, segments, bytes, latency, seed }) => {
      const clock = new VirtualClock(seed)
      const pace = new ReadPace(rate, clock)
      const consumed: { readonly at: number; readonly units: number }[] = []
      const call = aCall()
      const read = async (limit: number, own: Call): Promise<{ readonly evaluated: number }> => {
        await clock.pause(latency * clock.random())
        const evaluated = Math.min(limit, Math.ceil(pageBytes / bytes))
        // Items differ by half of their size.
        const size = evaluated * bytes * (0.75 + clock.random() / 2)
        const units = Math.max(0.5, Math.ceil(size / 4096) / 2)
        own.meter.readUnits += units
        consumed.push({ at: clock.now(), units })
        return { evaluated }
      }
      const segment = async (): Promise<void> => {
        while (clock.now() < 30_000) await pace.run(undefined, call, read)
      }
      await clock.run(Promise.all(Array.from({ length: segments }, segment)))
      const total = consumed.reduce((sum, { units }) => sum + units, 0)
      const busiest = consumed.map(({ at }) =>
        consumed.reduce((sum, one) => (one.at >= at && one.at <= at + 10_000 ? sum + one.units : sum), 0),
      )
      const largest = Math.ceil(bytes / 4096)
      expect(Math.max(...busiest)).toBeLessThanOrEqual(rate * 10 * 1.05 + largest)
      expect(call.meter.readUnits).toBeCloseTo(total, 6)
      // Small items and long waits for answers leave units unused; the rest must be used.
      if (segments * 1000 > latency * 10) expect(total).toBeGreaterThan(rate * 30 * 0.3)
    }),
    propertyRuns(10),
  )
}, 60_000)

test('a first page that fails leaves the next one to learn from', async () => {
  const clock = new VirtualClock()
  const pace = new ReadPace(1000, clock)
  const limits: number[] = []
  let calls = 0
  const read = async (limit: number, own: Call): Promise<{ readonly evaluated: number }> => {
    limits.push(limit)
    await clock.pause(1)
    calls += 1
    if (calls === 1) throw new Error('refused')
    own.meter.readUnits += limit
    return { evaluated: limit }
  }
  const results = await clock.run(Promise.allSettled([1, 2, 3].map(() => pace.run(undefined, aCall(), read))))
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(limits).toEqual([1, 1, 200])
})
