import { describe, expect, test } from 'vitest'
import { drawLatency, type Latency } from './latency.ts'
import { Random } from './random.ts'

const count = 20_000

function drawn(latency: Latency): number[] {
  const random = new Random(7)
  return Array.from({ length: count }, () => drawLatency(latency, random)).sort((left, right) => left - right)
}

const percentile = (sorted: readonly number[], share: number): number => sorted[Math.floor(count * share)]!

describe('random numbers', () => {
  test('are the same for the same seed, and others for seeds beside it', () => {
    const first = (seed: number): number[] => {
      const random = new Random(seed)
      return Array.from({ length: 5 }, () => random.next())
    }
    expect(first(1)).toEqual(first(1))
    const seeds = Array.from({ length: 200 }, (_, seed) => first(seed)[0]!)
    expect(new Set(seeds).size).toBe(200)
    // Evenly spread: a tenth of them in each tenth, more or less.
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const inside = seeds.filter((value) => Math.floor(value * 10) === tenth).length
      expect(inside).toBeGreaterThan(5)
      expect(inside).toBeLessThan(40)
    }
  })

  test('lie evenly from 0 to below 1', () => {
    const random = new Random(3)
    const values = Array.from({ length: count }, () => random.next())
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
    expect(values.reduce((sum, value) => sum + value, 0) / count).toBeCloseTo(0.5, 1)
  })
})

describe('a latency', () => {
  test('can be always the same', () => {
    expect(new Set(drawn('20ms'))).toEqual(new Set([20]))
  })

  test('can lie evenly between two bounds', () => {
    const sorted = drawn({ from: 10, to: '1s' })
    expect(sorted[0]).toBeGreaterThanOrEqual(10)
    expect(sorted.at(-1)).toBeLessThan(1000)
    expect(Math.abs(percentile(sorted, 0.5) - 505)).toBeLessThan(25)
  })

  test('has the median and the 99th percentile it is given', () => {
    const sorted = drawn({ median: 8, p99: 60 })
    expect(Math.abs(percentile(sorted, 0.5) - 8)).toBeLessThan(0.5)
    expect(Math.abs(percentile(sorted, 0.99) - 60)).toBeLessThan(8)
    expect(sorted[0]).toBeGreaterThan(0)
  })
})
