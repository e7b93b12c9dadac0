import { describe, expect, test } from 'vitest'
import { Clock, milliseconds } from './clock.ts'

describe('a length of time', () => {
  test('is a number of milliseconds or text with a unit', () => {
    expect(milliseconds(250)).toBe(250)
    expect(milliseconds('250ms')).toBe(250)
    expect(milliseconds('1.5s')).toBe(1500)
    expect(milliseconds('15m')).toBe(900_000)
    expect(milliseconds('4h')).toBe(14_400_000)
    expect(milliseconds('2d')).toBe(172_800_000)
  })

  test.each([-1, Number.NaN, '4 hours', '', 'h', '-4h'])('is not %j', (duration) => {
    expect(() => milliseconds(duration as never)).toThrow(TypeError)
  })
})

describe('a clock', () => {
  test('runs with the computer, and from where it was moved to', () => {
    const clock = new Clock()
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50)
    clock.advance('4h')
    expect(Math.abs(clock.now() - Date.now() - 14_400_000)).toBeLessThan(50)
  })

  test('stands when it is frozen, and moves when it is told to', () => {
    const clock = new Clock()
    clock.freeze()
    const start = clock.now()
    clock.advance(5)
    expect(clock.now()).toBe(start + 5)
    clock.set(new Date(start + 60_000))
    expect(clock.now()).toBe(start + 60_000)
    clock.resume()
    expect(clock.now() - start - 60_000).toBeLessThan(50)
  })

  test('does not go back', () => {
    const clock = new Clock()
    expect(() => clock.set(clock.now() - 1000)).toThrow(RangeError)
    expect(() => clock.set(Number.NaN)).toThrow(RangeError)
  })

  test('goes its own way once it is forked', () => {
    const clock = new Clock()
    clock.freeze()
    const fork = clock.fork()
    fork.advance('1h')
    expect(fork.now() - clock.now()).toBe(3_600_000)
  })
})
