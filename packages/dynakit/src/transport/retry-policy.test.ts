import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ConfigurationError } from '../errors/transport-errors.ts'
import { readRetryAfter, RetryPolicy } from './retry-policy.ts'

const longest = (): number => 0.999999

describe('RetryPolicy', () => {
  test('waits double from 25 ms, for throttled requests from 1 s, up to 20 s', () => {
    const policy = new RetryPolicy({ maxAttempts: 20, budget: Infinity }, longest)
    const delays = (kind: 'transient' | 'throttled'): unknown[] =>
      [1, 2, 3, 11].map((attempt) => policy.retry(kind, attempt, undefined)?.delay)
    expect(delays('transient')).toEqual([24, 49, 99, 19_999])
    expect(delays('throttled')).toEqual([999, 1999, 3999, 19_999])
  })

  test('jitter is full: from nothing to the bound', () => {
    expect(new RetryPolicy({}, () => 0).retry('throttled', 1, undefined)?.delay).toBe(0)
  })

  test('makes four attempts', () => {
    const policy = new RetryPolicy()
    const permitted = [1, 2, 3, 4, 5].map(
      (attempt) => policy.retry('transient', attempt, undefined) !== undefined,
    )
    expect(permitted).toEqual([true, true, true, false, false])
    expect(new RetryPolicy({ maxAttempts: 1 }).retry('transient', 1, undefined)).toBeUndefined()
  })

  test('an outage uses the budget up, and successes fill it again', () => {
    const policy = new RetryPolicy()
    let retries = 0
    while (policy.retry('transient', 1, undefined)) retries += 1
    expect(retries).toBe(35)
    expect(policy.tokens).toBe(10)
    // A throttled retry is cheaper.
    expect(policy.retry('throttled', 1, undefined)?.cost).toBe(5)
    expect(policy.retry('throttled', 1, undefined)?.cost).toBe(5)
    expect(policy.retry('throttled', 1, undefined)).toBeUndefined()
    policy.succeed(14)
    expect(policy.tokens).toBe(14)
    policy.succeed(0)
    expect(policy.tokens).toBe(15)
    for (let at = 0; at < 1000; at++) policy.succeed(0)
    expect(policy.tokens).toBe(500)
  })

  test('the budget is never exceeded and never negative, whatever happens', () => {
    const step = fc.record({ fails: fc.boolean(), kind: fc.constantFrom('transient', 'throttled') })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const policy = new RetryPolicy({ budget: 50 })
        let cost = 0
        for (const { fails, kind } of steps) {
          if (fails) cost = policy.retry(kind, 1, undefined)?.cost ?? 0
          else {
            policy.succeed(cost)
            cost = 0
          }
          expect(policy.tokens).toBeGreaterThanOrEqual(0)
          expect(policy.tokens).toBeLessThanOrEqual(50)
        }
      }),
    )
  })

  test('a wait the server asks for is kept, up to five seconds beyond our own', () => {
    const policy = new RetryPolicy({}, () => 0)
    expect(policy.retry('transient', 1, 300)?.delay).toBe(300)
    expect(policy.retry('transient', 1, 60_000)?.delay).toBe(5000)
    expect(new RetryPolicy({}, longest).retry('throttled', 1, 10)?.delay).toBe(999)
  })

  test.each(['maxAttempts', 'baseDelay', 'throttlingDelay', 'maxDelay', 'budget', 'retryCost'])(
    'a wrong %s is refused by name',
    (name) => {
      for (const value of [-1, Number.NaN, '5' as unknown as number]) {
        expect(() => new RetryPolicy({ [name]: value })).toThrow(`retry.${name}`)
      }
      expect(() => new RetryPolicy({ maxAttempts: 1.5 })).toThrow(ConfigurationError)
    },
  )
})

test.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'x-amz-retry-after': '150' }, 150],
  [{ 'x-amz-retry-after': 'soon', 'retry-after': '1' }, 1000],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT' }, 8000],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
  [{ 'retry-after': 'whenever' }, undefined],
])('the wait in %o is %s', (headers, expected) => {
  expect(readRetryAfter(headers, 1000)).toBe(expected)
})
