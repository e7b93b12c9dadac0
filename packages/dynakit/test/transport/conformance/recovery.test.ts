import { describe, expect, test } from 'vitest'
import { expectSigned, failureOf, onEveryTransport, read, write } from '../bench.ts'
import { dynamoDBHeaders } from '../faults/message.ts'
import {
  expiredToken,
  serviceError,
  skewedClock,
  success,
  throttle,
  unavailable,
} from '../faults/service-answers.ts'

const hour = 3_600_000

onEveryTransport((bench) => {
  describe('a clock that is off', () => {
    test.each([hour, -hour])('by %d ms is corrected once', async (offset) => {
      bench.server.respond(skewedClock(offset))
      const { transport } = await bench.open()
      await write(transport)
      expect(bench.server.requests).toHaveLength(2)
      expect(bench.server.committed).toBe(1)
      await write(transport)
      expect(bench.server.requests).toHaveLength(3)
      expectSigned(bench.server)
    })

    test('many requests at once correct it together', async () => {
      bench.server.respond(skewedClock(hour))
      const { transport } = await bench.open()
      await Promise.all(Array.from({ length: 8 }, () => read(transport)))
      expect(bench.server.committed).toBe(8)
      expect(bench.server.requests.length).toBeLessThanOrEqual(16)
    })

    test('and comes right again', async () => {
      const { transport } = await bench.open()
      bench.server.respond(skewedClock(hour))
      await read(transport)
      bench.server.respond(skewedClock(0))
      if (!bench.subject.traits.correctsClockAgain) {
        expect(await failureOf(read(transport))).toMatchObject({ code: 'Credentials' })
        return
      }
      await read(transport)
      expect(bench.server.committed).toBe(2)
      expect(bench.server.requests).toHaveLength(4)
    })

    test('is not blamed for a signature that is wrong', async () => {
      bench.server.respond(
        serviceError('InvalidSignatureException', { message: 'The request signature does not match' }),
      )
      const { transport } = await bench.open()
      expect(await failureOf(write(transport))).toMatchObject({ code: 'Credentials', retryable: false })
      expect(bench.server.requests).toHaveLength(1)
    })
  })

  describe('credentials that have expired', () => {
    /** A provider whose every call gives another key. */
    function renewing() {
      let calls = 0
      return () => {
        calls += 1
        return Promise.resolve({
          accessKeyId: `ASIA${String(calls)}`,
          secretAccessKey: 'fault-secret',
          sessionToken: `token${String(calls)}`,
        })
      }
    }

    test('are fetched again, once', async () => {
      bench.server.script(expiredToken())
      const { transport } = await bench.open({ credentials: renewing() })
      if (!bench.subject.traits.renewsCredentials) {
        expect(await failureOf(write(transport))).toMatchObject({ code: 'Credentials', retryable: false })
        return
      }
      await write(transport)
      const headers = bench.server.requests.map((request) => request.headers)
      expect(headers.map((header) => header['x-amz-security-token'])).toEqual(['token1', 'token2'])
      expect(headers[1]!.authorization).toContain('ASIA2')
      expectSigned(bench.server)
      await read(transport)
      expect(bench.server.requests[2]!.headers['x-amz-security-token']).toBe('token2')
    })

    test('and expire again: the error says so', async () => {
      bench.server.respond(expiredToken())
      const { transport } = await bench.open({ credentials: renewing(), maxAttempts: 4 })
      expect(await failureOf(read(transport))).toMatchObject({ code: 'Credentials', statusCode: 400 })
      expect(bench.server.requests).toHaveLength(bench.subject.traits.renewsCredentials ? 2 : 1)
    })

    test('many requests at once renew them together', async () => {
      bench.server.respond((request) =>
        request.headers['x-amz-security-token'] === 'token1' ? expiredToken() : success(),
      )
      const { transport } = await bench.open({ credentials: renewing() })
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => read(transport)))
      const renewed = bench.subject.traits.renewsCredentials
      expect(new Set(results.map(({ status }) => status))).toEqual(
        new Set([renewed ? 'fulfilled' : 'rejected']),
      )
      const tokens = new Set(bench.server.requests.map(({ headers }) => headers['x-amz-security-token']))
      expect(tokens).toEqual(new Set(renewed ? ['token1', 'token2'] : ['token1']))
    })
  })

  describe('a server that asks to wait', () => {
    const later = () => new Date(Date.now() + 1500).toUTCString()

    test.each([
      ['x-amz-retry-after', () => '200', 190],
      ['Retry-After', () => '0.3', 290],
      ['Retry-After', later, 400],
    ])('%s', async (name, value, least) => {
      bench.server.script(throttle('ThrottlingException', [[name, value()]]))
      const { transport } = await bench.open()
      await read(transport)
      const [first, second] = bench.server.requests
      expect(second!.time - first!.time).toBeGreaterThanOrEqual(least)
      expect(second!.time - first!.time).toBeLessThan(least + 2000)
    })

    test('in words nobody understands, is not heard', async () => {
      bench.server.script(unavailable([['Retry-After', 'soon']]), unavailable([['Retry-After', '-5']]))
      const { transport } = await bench.open()
      await read(transport)
      expect(bench.server.requests).toHaveLength(3)
    })
  })

  describe('what errors carry', () => {
    test('the stored item of a failed condition', async () => {
      const members = { Item: { id: { S: 'p1' }, count: { N: '12345678901234567890' } } }
      bench.server.script(serviceError('ConditionalCheckFailedException', { members }))
      const { transport } = await bench.open()
      const error = await failureOf(write(transport))
      expect(error.item).toEqual({ id: 'p1', count: 12345678901234567890n })
      expect(Object.keys(error)).not.toContain('item')
    })

    test('numbers of it as they were asked for', async () => {
      const members = { Item: { count: { N: '1.5' } } }
      bench.server.script(serviceError('ConditionalCheckFailedException', { members }))
      const { transport } = await bench.open()
      const error = await failureOf(write(transport, { numbers: 'decimal' }))
      expect(String((error.item as { count: unknown }).count)).toBe('1.5')
      expect((error.item as { count: unknown }).count).toBeTypeOf('object')
    })

    test('the limits a throttled request ran into', async () => {
      bench.server.respond(throttle('ThrottlingException'))
      const { transport } = await bench.open()
      expect(await failureOf(read(transport))).toMatchObject({
        throttlingReasons: [
          {
            reason: 'TableReadProvisionedThroughputExceeded',
            resource: 'arn:aws:dynamodb:us-east-1:1:table/Shop',
          },
        ],
      })
    })

    test('the reasons of a cancelled transaction', async () => {
      const members = {
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Message: 'no' }],
      }
      bench.server.script(serviceError('TransactionCanceledException', { members }))
      const { transport } = await bench.open()
      expect(await failureOf(write(transport))).toMatchObject({
        code: 'TransactionCanceled',
        reasons: [
          { index: 0, code: 'None' },
          { index: 1, code: 'ConditionalCheckFailed', message: 'no' },
        ],
      })
    })

    test('the request id', async () => {
      const headers = dynamoDBHeaders(Buffer.alloc(0)).filter(([name]) => name === 'x-amzn-RequestId')
      bench.server.script(serviceError('ValidationException', { headers }))
      const { transport } = await bench.open()
      expect(await failureOf(read(transport))).toMatchObject({ requestId: headers[0]![1], statusCode: 400 })
    })
  })
})
