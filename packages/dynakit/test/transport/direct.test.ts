import { type AttemptEvent, directTransport } from 'dynakit'
import { describe, expect, test } from 'vitest'
import { eventually, failureOf, read, write } from './bench.ts'
import { onDirectTransports } from './direct-bench.ts'
import { wrongChecksum } from './faults/body-faults.ts'
import { silence } from './faults/connection-faults.ts'
import type { RecordedRequest } from './faults/exchange.ts'
import { expiredToken, internalError, throttle } from './faults/service-answers.ts'
import { isSignedWith } from './faults/signature-check.ts'
import { type KeyPair, secret } from './transports.ts'

onDirectTransports((bench) => {
  describe('attempts', () => {
    test('are told of as they begin and end', async () => {
      bench.server.script(throttle('ThrottlingException', [['x-amz-retry-after', '20']]), internalError())
      const { transport } = await bench.open()
      const events: AttemptEvent[] = []
      await read(transport, { onAttempt: (event) => events.push(event) })
      expect(events.map(({ type, attempt }) => `${type} ${String(attempt)}`)).toEqual([
        'start 1',
        'end 1',
        'start 2',
        'end 2',
        'start 3',
        'end 3',
      ])
      const [{ headers }] = bench.server.requests as [RecordedRequest]
      for (const event of events) {
        expect(event).toMatchObject({
          operation: 'GetItem',
          tableName: 'Shop',
          invocationId: headers['amz-sdk-invocation-id'],
        })
      }
      const requestBytes = Number(headers['content-length'])
      const endpoint = new URL(bench.server.endpoint).host
      const ends = events.filter((event) => event.type === 'end')
      expect(ends[0]).toMatchObject({
        statusCode: 400,
        errorCode: 'Throttling',
        retryReason: 'throttled',
        retryDelay: expect.closeTo(20, -1) as number,
        requestBytes,
        endpoint,
      })
      expect(ends[1]).toMatchObject({ statusCode: 500, errorCode: 'Service', retryReason: 'transient' })
      expect(ends[2]).toMatchObject({
        statusCode: 200,
        requestId: expect.stringMatching(/^FAULT/) as string,
        responseBytes: expect.any(Number) as number,
        errorCode: undefined,
        retryReason: undefined,
      })
      expect(ends.every(({ duration }) => duration >= 0 && duration < 5000)).toBe(true)
    })

    test('that are cut off end, too', async () => {
      bench.server.respond(silence())
      const { transport } = await bench.open()
      const events: AttemptEvent[] = []
      const signal = AbortSignal.timeout(30)
      await failureOf(read(transport, { signal, onAttempt: (event) => events.push(event) }))
      expect(events.map(({ type }) => type)).toEqual(['start', 'end'])
      expect(events[1]).toMatchObject({ errorCode: 'Aborted', statusCode: undefined })
    })

    test('do not fail because a listener does', async () => {
      const { transport } = await bench.open()
      const onAttempt = (): void => {
        throw new Error('listener')
      }
      await read(transport, { onAttempt })
    })
  })

  describe('options', () => {
    test('retry.unsafeWrites sends every write again', async () => {
      bench.server.script(internalError(true))
      const { transport } = await bench.open({ retry: { unsafeWrites: true } })
      await write(transport)
      expect(bench.server.committed).toBe(2)
    })

    test('checksum: false takes damaged answers', async () => {
      bench.server.respond(wrongChecksum())
      const { transport } = await bench.open({ options: { checksum: false } })
      expect(await read(transport)).toMatchObject({ Item: { id: 'p1' } })
    })

    test('connections.idleTimeout closes what is idle', async () => {
      const { transport } = await bench.open({ idleTimeout: 80, socketTimeout: 40 })
      await read(transport)
      await eventually(() => bench.server.connections() === 0)
      await write(transport)
      expect(bench.server.accepted).toBe(2)
    })

    test.each([
      [{ retry: { maxAttempts: 0 } }],
      [{ retry: { baseDelay: -1 } }],
      [{ connections: { maxSockets: 0 } }],
      [{ connections: { requestTimeout: Number.NaN } }],
    ])('%j is refused at once', (options) => {
      expect(() => directTransport(options)).toThrow(/retry\.|connections\./)
    })

    test('inRegion signs for another region, and is closed with the first', async () => {
      const { transport, close } = await bench.open()
      await read(transport.inRegion('eu-central-1'))
      await read(transport)
      const regions = bench.server.requests.map(({ headers }) => headers.authorization!.split('/')[2])
      expect(regions).toEqual(['eu-central-1', 'us-east-1'])
      for (const request of bench.server.requests) expect(isSignedWith(secret, request)).toBe(true)
      await close()
      expect(() => transport.inRegion('eu-central-1')).toThrow('is closed')
    })

    test('credentials with a line break are refused, not sent and not shown', async () => {
      const credentials = { accessKeyId: 'AKIA', secretAccessKey: 's', sessionToken: 'hunter2\r\nx: y' }
      const { transport } = await bench.open({ credentials })
      const error = await failureOf(write(transport))
      expect(error.message).not.toContain('hunter2')
      expect(error).toMatchObject({ code: 'Credentials', retryable: false })
      expect(bench.server.accepted).toBe(0)
    })
  })

  describe('credentials that are renewed', () => {
    /** A provider that gives credentials once; then it does something else. */
    function once(then: () => Promise<KeyPair>) {
      let calls = 0
      return () => {
        calls += 1
        return calls === 1 ? Promise.resolve({ accessKeyId: 'FIRST', secretAccessKey: secret }) : then()
      }
    }

    test.each([
      ['abort', 'Aborted', () => ({ signal: AbortSignal.timeout(50) })],
      ['deadline', 'Timeout', () => ({ deadline: Date.now() + 50 })],
    ])('%s while they are fetched', async (_cutoff, code, soonOver) => {
      const credentials = once(() => new Promise(() => undefined))
      const { transport } = await bench.open({ credentials })
      await read(transport)
      bench.server.script(expiredToken())
      const error = await failureOf(write(transport, soonOver()))
      expect(error).toMatchObject({ code, outcomeUnknown: false })
    })

    test('in vain: the error says what the provider said', async () => {
      const credentials = once(() => Promise.reject(new Error('no more')))
      const { transport } = await bench.open({ credentials })
      await read(transport)
      bench.server.script(expiredToken())
      const events: AttemptEvent[] = []
      const error = await failureOf(write(transport, { onAttempt: (event) => events.push(event) }))
      expect(error).toMatchObject({ code: 'Credentials' })
      expect(events.map(({ type }) => type)).toEqual(['start', 'end'])
    })

    test('to the same ones: they are not sent again', async () => {
      const { transport } = await bench.open()
      bench.server.respond(expiredToken())
      expect(await failureOf(write(transport))).toMatchObject({ code: 'Credentials', statusCode: 400 })
      expect(bench.server.requests).toHaveLength(1)
    })
  })
})
