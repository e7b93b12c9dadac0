import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually, failureOf, pause, read, write } from './bench.ts'
import { onDirectTransports } from './direct-bench.ts'
import { type FaultServer, startFaultServer } from './fault-server.ts'
import { silence, slowFirstByte } from './faults/connection-faults.ts'
import { serviceError, success, unavailable } from './faults/service-answers.ts'

onDirectTransports((bench) => {
  describe('warming up', () => {
    test('makes connections before they are needed', async () => {
      const { transport } = await bench.open()
      await transport.warmUp(3)
      await eventually(() => bench.server.connections() === 3)
      expect(transport.connections()).toEqual({ open: 3, idle: 3, queued: 0 })
      await Promise.all([read(transport), read(transport), read(transport)])
      expect(bench.server.accepted).toBe(3)
    })

    test('fails where there is nobody', async () => {
      const { transport } = await bench.open({ endpoint: 'http://127.0.0.1:1' })
      expect(await failureOf(transport.warmUp())).toMatchObject({ code: 'Network', retryable: true })
    })
  })

  describe('closing', () => {
    test('waits for requests in flight and in the queue, and refuses new ones', async () => {
      bench.server.respond(slowFirstByte(50))
      const { transport, close } = await bench.open({ maxSockets: 2 })
      const sent = Array.from({ length: 6 }, () => write(transport))
      await eventually(() => bench.server.requests.length === 2)
      expect(transport.connections()).toMatchObject({ open: 2, queued: 4 })
      const closed = close()
      expect(await failureOf(write(transport))).toMatchObject({ code: 'Configuration', retryable: false })
      expect((await Promise.allSettled(sent)).map(({ status }) => status)).toEqual(
        Array<string>(6).fill('fulfilled'),
      )
      await closed
      expect(bench.server.committed).toBe(6)
      await eventually(() => bench.server.connections() === 0)
      expect(transport.connections()).toEqual({ open: 0, idle: 0, queued: 0 })
    })

    test('waits for a request that is to be sent again', async () => {
      bench.server.script(unavailable([['x-amz-retry-after', '80']]))
      const { transport, close } = await bench.open()
      const sent = write(transport)
      await eventually(() => bench.server.requests.length === 1)
      await pause(20)
      await close()
      await sent
      expect(bench.server.committed).toBe(1)
    })

    test('tells of a write that may have been carried out and is not sent again', async () => {
      const headers = [['x-amz-retry-after', '80']] as const
      bench.server.respond(serviceError('InternalServerError', { status: 500, isCommitted: true, headers }))
      const { transport, close } = await bench.open({ maxAttempts: 2 })
      const failed = failureOf(write(transport, { isRepeatable: true }))
      await eventually(() => bench.server.requests.length === 1)
      await pause(20)
      await close()
      expect(await failed).toMatchObject({ outcomeUnknown: true })
    })

    test('waits for the first request, too', async () => {
      const { transport, close } = await bench.open()
      const sent = write(transport)
      await close()
      await sent.catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'Configuration' })
      })
      await eventually(() => bench.server.connections() === 0)
      expect(transport.connections()).toEqual({ open: 0, idle: 0, queued: 0 })
    })

    test('twice is once; warming up later makes no connection', async () => {
      const { transport, close } = await bench.open()
      await read(transport)
      await Promise.all([close(), close()])
      await close()
      expect(await failureOf(transport.warmUp())).toMatchObject({ code: 'Configuration' })
      await eventually(() => bench.server.connections() === 0)
    })

    test('lets go of a request that gets no answer when its time is over', async () => {
      bench.server.respond(silence())
      const { transport, close } = await bench.open({ socketTimeout: 60 })
      const failed = failureOf(write(transport))
      await eventually(() => bench.server.requests.length === 1)
      await close()
      expect(await failed).toMatchObject({ code: 'Timeout', outcomeUnknown: true })
    })
  })

  describe('several endpoints', () => {
    let other: FaultServer
    beforeEach(async () => {
      other = await startFaultServer()
    })
    afterEach(() => other.close())

    test('take turns', async () => {
      const { transport } = await bench.open({
        options: { endpoint: [bench.server.endpoint, other.endpoint] },
      })
      for (let at = 0; at < 10; at++) await write(transport)
      expect([bench.server.committed, other.committed]).toEqual([5, 5])
    })

    test('one that is gone costs no attempt, and is left out', async () => {
      const { transport } = await bench.open({
        maxAttempts: 1,
        options: { endpoint: [bench.server.endpoint, other.endpoint] },
      })
      await write(transport)
      await other.close()
      for (let at = 0; at < 10; at++) await write(transport)
      expect(bench.server.committed + other.committed).toBe(11)
    })

    test('all gone: the error says so', async () => {
      const { transport } = await bench.open({
        maxAttempts: 2,
        options: { endpoint: ['http://127.0.0.1:1', 'http://127.0.0.1:2'] },
      })
      expect(await failureOf(write(transport))).toMatchObject({
        code: 'Network',
        outcomeUnknown: false,
        retryable: true,
      })
    })

    test('one that lost a write does not make it happen on another', async () => {
      const { transport } = await bench.open({
        socketTimeout: 60,
        options: { endpoint: [bench.server.endpoint, other.endpoint] },
      })
      bench.server.respond(silence())
      other.respond(silence())
      expect(await failureOf(write(transport))).toMatchObject({ code: 'Timeout', outcomeUnknown: true })
      expect(bench.server.committed + other.committed).toBe(1)
    })

    test('one that does not answer is left out for reads', async () => {
      const { transport } = await bench.open({
        socketTimeout: 60,
        options: { endpoint: [bench.server.endpoint, other.endpoint] },
      })
      bench.server.respond(silence())
      for (let at = 0; at < 6; at++) await read(transport)
      expect(bench.server.requests.length).toBe(1)
      bench.server.respond(success())
    })
  })
})
