import { describe, expect, test, vi } from 'vitest'
import { TransactionCanceledError, TransactionConflictError } from '../errors/transaction-errors.ts'
import { startCall } from './call.ts'
import { ConflictRetry, isConflict, isWriteConflict, retryAfterConflict } from './conflict-retry.ts'

const canceled = (...codes: string[]): TransactionCanceledError =>
  new TransactionCanceledError('cancelled', {
    reasons: codes.map((code, index) => ({ index, code, message: undefined })),
    retryable: codes.every((code) => code === 'None' || code === 'TransactionConflict'),
  })

describe('tries', () => {
  test('end after a number, with waits that double up to a bound', async () => {
    vi.useFakeTimers()
    const retry = new ConflictRetry(startCall(undefined, undefined), () => 0.999)
    const waits: number[] = []
    for (;;) {
      const before = Date.now()
      const next = retry.wait()
      await vi.runAllTimersAsync()
      if (!(await next)) break
      waits.push(Math.round(Date.now() - before))
    }
    vi.useRealTimers()
    expect(retry.tries).toBe(40)
    expect(waits).toHaveLength(39)
    expect(waits.slice(0, 7)).toEqual([24, 49, 99, 199, 399, 799, 999])
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000)
  })

  test('end before the deadline would pass, without a wait', async () => {
    const retry = new ConflictRetry(startCall({ timeout: 20 }, undefined), () => 0.9)
    expect(await retry.wait()).toBe(false)
    expect(retry.tries).toBe(1)
  })

  test('do not wait on once the signal has fired', async () => {
    const retry = new ConflictRetry(startCall({ signal: AbortSignal.abort() }, undefined), () => 1)
    const before = performance.now()
    for (let at = 0; at < 10; at++) await retry.wait()
    expect(performance.now() - before).toBeLessThan(200)
  })
})

test('what is a conflict', () => {
  const single = new TransactionConflictError('x', { retryable: true })
  expect([isWriteConflict(single), isConflict(single)]).toEqual([true, false])
  expect(isWriteConflict(new TransactionConflictError('x', { outcomeUnknown: true }))).toBe(false)
  expect(isWriteConflict(new Error('x'))).toBe(false)
  expect(isConflict(canceled('TransactionConflict', 'None'))).toBe(true)
  expect(isConflict(canceled('TransactionConflict', 'ConditionalCheckFailed'))).toBe(false)
  expect(isConflict(new Error('x'))).toBe(false)
})

describe('a request that met a conflict', () => {
  const conflict = new TransactionConflictError('x', { retryable: true })

  test('is sent until it succeeds', async () => {
    let count = 0
    const result = await retryAfterConflict(
      startCall(undefined, undefined),
      conflict,
      isWriteConflict,
      () => {
        count += 1
        return count < 4 ? Promise.reject(conflict) : Promise.resolve('done')
      },
    )
    expect([result, count]).toEqual(['done', 4])
  })

  test('fails with the last conflict at the deadline, with another error at once', async () => {
    const next = new TransactionConflictError('y', { retryable: true })
    const send = () => Promise.reject(next)
    await expect(
      retryAfterConflict(startCall({ timeout: 100 }, undefined), conflict, isWriteConflict, send),
    ).rejects.toBe(next)
    const other = new Error('x')
    const fail = () => Promise.reject(other)
    await expect(
      retryAfterConflict(startCall(undefined, undefined), conflict, isWriteConflict, fail),
    ).rejects.toBe(other)
    await expect(
      retryAfterConflict(startCall(undefined, undefined), other, isWriteConflict, () => Promise.resolve()),
    ).rejects.toBe(other)
  })
})
