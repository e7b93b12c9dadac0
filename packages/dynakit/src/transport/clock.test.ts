import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Clock } from './clock.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) })
})
afterEach(() => {
  vi.useRealTimers()
})

test('is corrected by the date of an answer when it is off by more than a minute', () => {
  const clock = new Clock()
  expect(clock.correct(new Date(Date.UTC(2026, 0, 1, 0, 0, 59)).toUTCString(), clock.offset)).toBe(false)
  expect(clock.correct(undefined, clock.offset)).toBe(false)
  expect(clock.correct('yesterday', clock.offset)).toBe(false)
  expect(clock.now()).toBe(Date.now())
  expect(clock.correct(new Date(Date.UTC(2026, 0, 1, 2)).toUTCString(), clock.offset)).toBe(true)
  expect(clock.now()).toBe(Date.UTC(2026, 0, 1, 2))
  vi.advanceTimersByTime(5000)
  expect(clock.now()).toBe(Date.UTC(2026, 0, 1, 2, 0, 5))
  // A request signed before that is signed again.
  expect(clock.correct(undefined, 0)).toBe(true)
  // Now it is right, so the same answer corrects nothing.
  expect(clock.correct(new Date(Date.UTC(2026, 0, 1, 2)).toUTCString(), clock.offset)).toBe(false)
})

test('begins with a known difference', () => {
  expect(new Clock(-1000).now()).toBe(Date.now() - 1000)
})
