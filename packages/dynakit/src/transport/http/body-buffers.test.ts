import { expect, test } from 'vitest'
import { giveBackBodyBuffer, takeBodyBuffer } from './body-buffers.ts'

test('a body of the same size or a little more takes the buffer that was given back', () => {
  const first = takeBodyBuffer(1_000_000)
  giveBackBodyBuffer(first)
  const second = takeBodyBuffer(1_100_000)
  expect(second.buffer).toBe(first.buffer)
  expect(second).toHaveLength(1_100_000)
  giveBackBodyBuffer(second)
})

test('two bodies at the same time never share one, and giving back twice changes nothing', () => {
  const first = takeBodyBuffer(100_000)
  giveBackBodyBuffer(first)
  giveBackBodyBuffer(first)
  const bodies = [takeBodyBuffer(100_000), takeBodyBuffer(100_000), takeBodyBuffer(100_000)]
  expect(new Set(bodies.map(({ buffer }) => buffer)).size).toBe(3)
  for (const body of bodies) giveBackBodyBuffer(body)
})

test('small, huge and foreign buffers are not kept', () => {
  for (const body of [takeBodyBuffer(100), takeBodyBuffer(3_000_000), Buffer.alloc(200_000)]) {
    const { length, buffer } = body
    giveBackBodyBuffer(body)
    expect(takeBodyBuffer(length).buffer).not.toBe(buffer)
  }
})

test('no more than a few are kept', () => {
  const bodies = Array.from({ length: 20 }, () => takeBodyBuffer(1_900_000))
  const known = new Set(bodies.map(({ buffer }) => buffer))
  for (const body of bodies) giveBackBodyBuffer(body)
  const again = Array.from({ length: 20 }, () => takeBodyBuffer(1_900_000))
  expect(again.filter(({ buffer }) => known.has(buffer)).length).toBeLessThanOrEqual(4)
})
