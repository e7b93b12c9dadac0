import type { SendOptions } from 'dynakit'
import { describe, expect, test, vi } from 'vitest'
import { type Bench, eventually, failureOf, onEveryTransport, pause, read, write } from '../bench.ts'
import { silence, slowBody, stalledBody } from '../faults/connection-faults.ts'
import type { Answer } from '../faults/exchange.ts'
import { startFullServer, startMuteTlsServer } from '../faults/mute-servers.ts'
import { internalError, success, throttle, unavailable } from '../faults/service-answers.ts'
import type { KeyPair, OpenTransport } from '../transports.ts'

const soon = 100
/** Far below any timeout and wait of these tests. */
const quick = 1500

/** The two ways to end a call early, and the error each gives. */
const cutoffs = [
  ['abort', 'Aborted', (): Partial<SendOptions> => ({ signal: AbortSignal.timeout(soon) })],
  ['deadline', 'Timeout', (): Partial<SendOptions> => ({ deadline: Date.now() + soon })],
] as const

onEveryTransport((bench) => {
  const { knowsWhatWasSent } = bench.subject.traits

  /** Opens a transport whose connections are made, so that time is spent where the test wants it. */
  async function openWarm(answer: Answer): Promise<OpenTransport> {
    const open = await bench.open({ retryDelay: 60_000 })
    await Promise.all([read(open.transport), write(open.transport)])
    bench.server.reset()
    bench.server.respond(answer)
    return open
  }

  describe.each(cutoffs)('%s', (_name, code, soonOver) => {
    /** Sends a read and a write that both must be cut off. */
    async function expectCut(open: OpenTransport, mayBeDone: boolean): Promise<void> {
      const started = Date.now()
      const [readError, writeError] = await Promise.all([
        failureOf(read(open.transport, soonOver())),
        failureOf(write(open.transport, soonOver())),
      ])
      expect(Date.now() - started).toBeLessThan(quick)
      const facts = { operation: 'PutItem', tableName: 'Shop' }
      expect(readError).toMatchObject({ code, outcomeUnknown: false })
      expect(writeError).toMatchObject({ code, outcomeUnknown: mayBeDone, ...facts })
      if (code === 'Timeout') {
        expect([readError.retryable, writeError.retryable]).toEqual([true, !mayBeDone])
      }
      if (mayBeDone) expect(writeError.message).toContain('may have been carried out')
    }

    test('while there is no answer', async () => {
      await expectCut(await openWarm(silence()), true)
      expect(bench.server.requests).toHaveLength(2)
      await eventually(() => bench.server.connections() === 0)
    })

    test.each([
      ['stalls', stalledBody()],
      ['dribbles', slowBody(200, 10)],
    ])('while the answer %s', async (_how, answer) => {
      const open = await openWarm(answer)
      await expectCut(open, true)
      await eventually(() => bench.server.connections() === 0)
      bench.server.respond(success())
      await write(open.transport)
    })

    test('while waiting to send again a request that was refused', async () => {
      const open = await openWarm(unavailable())
      await expectCut(open, !knowsWhatWasSent)
      await pause(50)
      expect(bench.server.requests).toHaveLength(2)
    })

    test('while waiting to send again a request that was throttled', async () => {
      await expectCut(await openWarm(throttle('ThrottlingException')), !knowsWhatWasSent)
    })

    test('while waiting to send again a write that may have been carried out', async () => {
      const { transport } = await openWarm(internalError())
      const error = await failureOf(write(transport, { ...soonOver(), isRepeatable: true }))
      expect(error).toMatchObject({ code, outcomeUnknown: true })
    })

    test('while credentials are fetched', async () => {
      const open = await bench.open({ credentials: () => new Promise<KeyPair>(() => undefined) })
      await expectCut(open, !knowsWhatWasSent)
      expect(bench.server.requests).toHaveLength(0)
    })

    test('while waiting for a connection', async () => {
      bench.server.script(silence())
      const open = await bench.open({ maxSockets: 1 })
      const controller = new AbortController()
      const first = read(open.transport, { signal: controller.signal }).catch(() => undefined)
      try {
        await eventually(() => bench.server.requests.length === 1)
        await expectCut(open, !knowsWhatWasSent)
        expect(bench.server.requests).toHaveLength(1)
      } finally {
        controller.abort()
        await first
      }
      await write(open.transport)
    })
  })

  test('a signal that has fired already: nothing is sent', async () => {
    const { transport } = await bench.open()
    const why = new Error('why')
    const error = await failureOf(write(transport, { signal: AbortSignal.abort(why) }))
    expect(error).toMatchObject({ code: 'Aborted', outcomeUnknown: false, cause: why })
    expect(bench.server.requests).toHaveLength(0)
  })

  test('a deadline that has passed already: nothing is sent', async () => {
    const { transport } = await bench.open()
    const error = await failureOf(write(transport, { deadline: Date.now() - 1 }))
    expect(error).toMatchObject({ code: 'Timeout', outcomeUnknown: false, retryable: true })
    expect(bench.server.requests).toHaveLength(0)
  })

  test('a deadline that is far away disturbs nothing', async () => {
    const { transport } = await bench.open()
    await write(transport, { deadline: Date.now() + 2 ** 40, signal: new AbortController().signal })
    expect(bench.server.committed).toBe(1)
  })

  test('a signal that fires after the answer does nothing, and keeps no listener', async () => {
    const { transport } = await bench.open()
    const controller = new AbortController()
    const added = vi.spyOn(controller.signal, 'addEventListener')
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    await write(transport, { signal: controller.signal })
    await read(transport, { signal: controller.signal, deadline: Date.now() + 5000 })
    const kept = new Set(added.mock.calls.map(([, listener]) => listener))
    for (const [, listener] of removed.mock.calls) kept.delete(listener)
    expect(kept.size).toBe(0)
    controller.abort()
    await pause(20)
    await write(transport)
    expect(bench.server.committed).toBe(3)
  })

  test('one request that is cut off leaves the others alone', async () => {
    bench.server.script(slowBody(20, 10))
    const { transport } = await bench.open()
    const slow = read(transport)
    await eventually(() => bench.server.requests.length === 1)
    bench.server.script(silence())
    expect(await failureOf(read(transport, { signal: AbortSignal.timeout(30) }))).toMatchObject({
      code: 'Aborted',
    })
    expect(await slow).toMatchObject({ Item: { id: 'p1' } })
  })
})

describe.each([
  ['the connection is made', startFullServer],
  ['TLS is set up', startMuteTlsServer],
])('while %s', (_name, startServer) => {
  onEveryConnection(({ subject }) => {
    test.each(cutoffs)('%s', async (_cutoff, code, soonOver) => {
      const server = await startServer()
      const open = await subject.open({ endpoint: server.endpoint })
      const started = Date.now()
      const error = await failureOf(write(open.transport, soonOver()))
      expect(Date.now() - started).toBeLessThan(quick)
      expect(error).toMatchObject({ code, outcomeUnknown: !subject.traits.knowsWhatWasSent })
      await open.close()
      await server.close()
    })
  })
})

function onEveryConnection(define: (bench: Bench) => void): void {
  onEveryTransport(define, ['http'])
}
