import { expect, test } from 'vitest'
import { pause, unlessAborted } from './pause.ts'

test('a pause ends by itself, or when the signal fires', async () => {
  await pause(5, undefined)
  const controller = new AbortController()
  const started = performance.now()
  setTimeout(() => {
    controller.abort()
  }, 10)
  await pause(5000, controller.signal)
  await pause(5000, controller.signal)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('a promise is waited for unless the signal fires', async () => {
  const { signal } = new AbortController()
  await expect(unlessAborted(Promise.resolve(1), undefined)).resolves.toBe(1)
  await expect(unlessAborted(Promise.resolve(1), signal)).resolves.toBe(1)
  await expect(unlessAborted(Promise.reject(new Error('x')), signal)).rejects.toThrow('x')
  const never = new Promise(() => undefined)
  await expect(unlessAborted(never, AbortSignal.abort())).resolves.toBeUndefined()
  await expect(unlessAborted(never, AbortSignal.timeout(5))).resolves.toBeUndefined()
})

test('what fails after the signal fired is nobody’s concern', async () => {
  const late = new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error('late'))
    }, 10)
  })
  await expect(unlessAborted(late, AbortSignal.abort())).resolves.toBeUndefined()
  await pause(20, undefined)
})
