import { expect, test } from 'vitest'
import { AbortedError } from '../errors/transport-errors.ts'
import { wait } from './wait.ts'

test('waits, and leaves no listener behind', async () => {
  const { signal } = new AbortController()
  await expect(wait(1, signal)).resolves.toBeUndefined()
  await expect(wait(1, undefined)).resolves.toBeUndefined()
})

test('ends with the signal', async () => {
  const controller = new AbortController()
  const waiting = wait(60_000, controller.signal)
  controller.abort(new Error('why'))
  const error: unknown = await waiting.catch((reason: unknown) => reason)
  expect(AbortedError.is(error) && (error.cause as Error).message).toBe('why')
  await expect(wait(60_000, controller.signal)).rejects.toThrow('aborted')
})
