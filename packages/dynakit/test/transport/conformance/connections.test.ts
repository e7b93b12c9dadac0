import type { AttemptEvent } from 'dynakit'
import { describe, expect, test } from 'vitest'
import { eventually, failureOf, onEveryTransport, pause, read, write } from '../bench.ts'
import { startFaultServer } from '../fault-server.ts'
import { slowFirstByte, thenClose } from '../faults/connection-faults.ts'
import { startFullServer, startMuteTlsServer } from '../faults/mute-servers.ts'
import { proxyAnswer, success } from '../faults/service-answers.ts'

/** An address where nothing listens. */
async function deadEndpoint(scheme: string): Promise<string> {
  const server = await startFaultServer()
  const { port } = new URL(server.endpoint)
  await server.close()
  return `${scheme}://127.0.0.1:${port}`
}

onEveryTransport((bench) => {
  describe('connections are kept', () => {
    test('one for requests in a row', async () => {
      const { transport } = await bench.open()
      for (let at = 0; at < 10; at++) await read(transport)
      expect(bench.server.accepted).toBe(1)
    })

    test('as many as there are requests at once, and no more than permitted', async () => {
      bench.server.respond(slowFirstByte(20))
      const { transport } = await bench.open({ maxSockets: 3 })
      await Promise.all(Array.from({ length: 12 }, () => read(transport)))
      expect(bench.server.mostConnections).toBe(3)
      expect(bench.server.requests).toHaveLength(12)
    })

    test('after an error, too', async () => {
      const { transport } = await bench.open({ maxAttempts: 1 })
      bench.server.script(proxyAnswer(500), proxyAnswer(301))
      await failureOf(read(transport))
      await failureOf(read(transport))
      await read(transport)
      expect(bench.server.accepted).toBe(1)
    })

    test('answers find their requests', async () => {
      bench.server.respond(({ body }) => {
        const { id } = (JSON.parse(body) as { Key: { id: { S: string } } }).Key
        return success({ Item: { id } })
      })
      const { transport } = await bench.open({ maxSockets: 4 })
      const ids = Array.from({ length: 100 }, (_, at) => `id${String(at)}`)
      const answers = await Promise.all(
        ids.map((id) => transport.send('GetItem', { TableName: 'Shop', Key: { id } }, { numbers: 'exact' })),
      )
      expect(answers.map(({ Item }) => (Item as { id: string }).id)).toEqual(ids)
    })
  })

  describe('connections the server has closed', () => {
    test('are not used again, not even for a write', async () => {
      const { transport } = await bench.open()
      await Promise.all([read(transport), read(transport), read(transport)])
      bench.server.closeConnections()
      await eventually(() => bench.server.connections() === 0)
      bench.server.reset()
      await write(transport)
      expect(bench.server.requests).toHaveLength(1)
      expect(bench.server.committed).toBe(1)
    })

    test('after every answer cost a new connection each, and nothing else', async () => {
      bench.server.respond(thenClose(success()))
      const { transport } = await bench.open()
      for (let at = 0; at < 5; at++) {
        await write(transport)
        await pause(5)
      }
      expect(bench.server.requests).toHaveLength(5)
      expect(bench.server.accepted).toBe(5)
    })
  })

  describe('where no connection can be made', () => {
    test.each(['http', 'https'])('because nothing listens: %s', async (scheme) => {
      const events: AttemptEvent[] = []
      const { transport } = await bench.open({ endpoint: await deadEndpoint(scheme) })
      const error = await failureOf(write(transport, { onAttempt: (event) => events.push(event) }))
      expect(error).toMatchObject({ code: 'Network', outcomeUnknown: false, retryable: true })
      expect(error.message).toContain('ECONNREFUSED')
      expect(events.filter(({ type }) => type === 'start')).toHaveLength(3)
    })

    test('because the name is not known', async () => {
      const { transport } = await bench.open({ endpoint: 'http://dynamodb.invalid:8000', maxAttempts: 1 })
      expect(await failureOf(write(transport))).toMatchObject({
        code: 'Network',
        outcomeUnknown: false,
        retryable: true,
      })
    })

    test('in time', async () => {
      const server = await startFullServer()
      const { transport } = await bench.open({
        endpoint: server.endpoint,
        connectTimeout: 100,
        maxAttempts: 2,
      })
      const started = Date.now()
      const error = await failureOf(write(transport))
      expect(error).toMatchObject({ code: 'Timeout', outcomeUnknown: false, retryable: true })
      expect(Date.now() - started).toBeGreaterThanOrEqual(190)
      expect(Date.now() - started).toBeLessThan(2000)
      await server.close()
    })

    test('because TLS is never set up', async () => {
      const server = await startMuteTlsServer()
      const { transport } = await bench.open({
        endpoint: server.endpoint,
        connectTimeout: 100,
        requestTimeout: 300,
        maxAttempts: 1,
      })
      const error = await failureOf(write(transport))
      const isUnsure = !bench.subject.traits.knowsWhatWasSent
      expect(error).toMatchObject({ code: 'Timeout', outcomeUnknown: isUnsure, retryable: !isUnsure })
      await server.close()
    })

    test('because the other side speaks no TLS', async () => {
      const server = await startFaultServer()
      const endpoint = server.endpoint.replace('http:', 'https:')
      const { transport } = await bench.open({
        endpoint,
        maxAttempts: 1,
        connectTimeout: 200,
        requestTimeout: 300,
      })
      const error = await failureOf(write(transport))
      expect(['Network', 'Timeout']).toContain(error.code)
      expect(server.requests).toHaveLength(0)
      await server.close()
    })
  })
})

onEveryTransport(
  (bench) => {
    test('a certificate nobody vouches for is refused, and not tried again', async () => {
      const events: AttemptEvent[] = []
      const { transport } = await bench.open({ ca: undefined })
      const error = await failureOf(write(transport, { onAttempt: (event) => events.push(event) }))
      expect(error).toMatchObject({ code: 'Network' })
      expect(error.message).toMatch(/certificate|SELF_SIGNED/i)
      expect(error).toMatchObject({ outcomeUnknown: false, retryable: false })
      expect(events.filter(({ type }) => type === 'start')).toHaveLength(1)
      expect(bench.server.requests).toHaveLength(0)
    })

    test('a certificate for another name is refused', async () => {
      const server = await startFaultServer({ tls: true, host: '127.0.0.2' })
      const { transport } = await bench.open({ endpoint: server.endpoint, maxAttempts: 1 })
      const error = await failureOf(write(transport))
      expect(error).toMatchObject({ code: 'Network' })
      expect(error.message).toContain('127.0.0.2')
      expect(server.requests).toHaveLength(0)
      await server.close()
    })

    test('localhost, too, is a name of the certificate', async () => {
      const endpoint = bench.server.endpoint.replace('127.0.0.1', 'localhost')
      const { transport } = await bench.open({ endpoint })
      await write(transport)
      expect(bench.server.requests[0]!.headers.host).toBe(new URL(endpoint).host)
    })
  },
  ['https'],
)
