import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { HttpFailure, type HttpLimits, type HttpRequest } from './http-client.ts'
import { SocketClient } from './socket-client.ts'

const limits: HttpLimits = {
  maxSockets: 3,
  connectTimeout: 1000,
  requestTimeout: 2000,
  socketTimeout: 1000,
  idleTimeout: 5000,
}
const request: HttpRequest = {
  headers: ['host', 'test', 'content-length', '2'],
  body: '{}',
  isAscii: true,
}
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

let server: Server | undefined
let client: SocketClient | undefined
const sockets = new Set<Socket>()
afterEach(async () => {
  await client?.close()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await new Promise((resolve) => server?.close(resolve))
})

/** A server that answers each request by `answer`; one request comes in one piece here. */
async function serve(answer: (socket: Socket) => void, own: Partial<HttpLimits> = {}): Promise<SocketClient> {
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    socket.on('data', () => {
      answer(socket)
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  client = new SocketClient(
    { protocol: 'http:', hostname: '127.0.0.1', port: (server.address() as AddressInfo).port },
    { limits: { ...limits, ...own } },
  )
  return client
}

const bodyOf = async (one: SocketClient, signal?: AbortSignal): Promise<string> =>
  (await one.send(request, signal)).body.toString()
const failureOf = async (promise: Promise<unknown>): Promise<HttpFailure> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(HttpFailure)
  return error as HttpFailure
}
const soon = (milliseconds = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
const later = (socket: Socket, milliseconds = 10): void => {
  setTimeout(() => socket.write(ok), milliseconds)
}

describe('the pool', () => {
  test('uses a connection again, the last one first', async () => {
    const pool = await serve((socket) => socket.write(ok))
    for (let at = 0; at < 5; at++) expect(await bodyOf(pool)).toBe('ok')
    expect(pool.statistics()).toEqual({ open: 1, idle: 1, queued: 0 })
    expect(sockets.size).toBe(1)
  })

  test('never opens more than its limit; the rest waits in order', async () => {
    const pool = await serve(later)
    const order: number[] = []
    const all = Array.from({ length: 12 }, (_, at) => bodyOf(pool).then(() => order.push(at)))
    expect(pool.statistics()).toEqual({ open: 3, idle: 0, queued: 12 })
    await soon(5)
    expect(pool.statistics().queued).toBeLessThanOrEqual(9)
    await Promise.all(all)
    expect(sockets.size).toBe(3)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(pool.statistics()).toEqual({ open: 3, idle: 3, queued: 0 })
  })

  test('a connection that closes after an answer is replaced', async () => {
    const pool = await serve((socket) => socket.end(ok))
    expect(await bodyOf(pool)).toBe('ok')
    await soon()
    expect(pool.statistics().open).toBe(0)
    expect(await bodyOf(pool)).toBe('ok')
  })

  test('an idle connection the other side closes is forgotten', async () => {
    const pool = await serve((socket) => socket.write(ok))
    await bodyOf(pool)
    for (const socket of sockets) socket.destroy()
    await soon()
    expect(pool.statistics().open).toBe(0)
    expect(await bodyOf(pool)).toBe('ok')
  })

  test('a connection that was idle for too long is not used', async () => {
    const pool = await serve((socket) => socket.write(ok), { idleTimeout: 20 })
    await bodyOf(pool)
    const [first] = sockets
    await soon(50)
    await bodyOf(pool)
    await soon()
    expect(first?.destroyed).toBe(true)
    expect(sockets.size).toBe(1)
  })

  test('an idle connection is closed in time also when nothing is sent', async () => {
    const pool = await serve((socket) => socket.write(ok), { idleTimeout: 30, socketTimeout: 20 })
    await bodyOf(pool)
    await soon(150)
    expect(pool.statistics().open).toBe(0)
  })

  test('what nobody asked for ends the connection', async () => {
    const pool = await serve((socket) => {
      socket.write(ok)
      setTimeout(() => socket.write(ok), 10)
    })
    await bodyOf(pool)
    await soon(50)
    expect(pool.statistics().open).toBe(0)
  })

  test('is warmed up within its limit', async () => {
    const pool = await serve((socket) => socket.write(ok))
    await pool.warmUp(10)
    expect(pool.statistics()).toEqual({ open: 3, idle: 3, queued: 0 })
    await pool.warmUp(2)
    expect(pool.statistics().open).toBe(3)
  })

  test('drains when it is closed', async () => {
    const pool = await serve(later, { maxSockets: 1 })
    const running = [bodyOf(pool), bodyOf(pool)]
    const closing = pool.close()
    expect(await failureOf(bodyOf(pool))).toMatchObject({ code: 'CLOSED', wasSent: false })
    expect(await Promise.all(running)).toEqual(['ok', 'ok'])
    await closing
    expect(pool.statistics()).toEqual({ open: 0, idle: 0, queued: 0 })
  })
})

describe('a request fails', () => {
  test('when nothing listens, as one that was not sent', async () => {
    const pool = await serve(() => undefined)
    await new Promise((resolve) => server?.close(resolve))
    const failures = await Promise.all(Array.from({ length: 8 }, () => failureOf(bodyOf(pool))))
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['ECONNREFUSED']))
    expect(failures.every(({ wasSent }) => !wasSent)).toBe(true)
    expect(await failureOf(pool.warmUp(1))).toMatchObject({ code: 'ECONNREFUSED' })
    expect(pool.statistics()).toEqual({ open: 0, idle: 0, queued: 0 })
  })

  test('when the connection is reset or closed before, or within, an answer', async () => {
    const pool = await serve((socket) => socket.resetAndDestroy())
    expect(await failureOf(bodyOf(pool))).toMatchObject({ code: 'ECONNRESET', wasSent: true })
    server?.removeAllListeners('connection').on('connection', (socket) => {
      socket.on('data', () => socket.end())
    })
    expect(await failureOf(bodyOf(pool))).toMatchObject({ code: 'ECONNRESET', wasSent: true })
    server?.removeAllListeners('connection').on('connection', (socket) => {
      socket.on('data', () => socket.end(ok.slice(0, -1)))
    })
    expect(await failureOf(bodyOf(pool))).toMatchObject({ code: 'BAD_ANSWER', wasSent: true })
  })

  test('when the answer takes too long, as a whole or between two bytes', async () => {
    const silent = await serve(() => undefined, { socketTimeout: 30 })
    expect(await failureOf(bodyOf(silent))).toMatchObject({ code: 'SOCKET_TIMEOUT', wasSent: true })
    await silent.close()
    await new Promise((resolve) => server?.close(resolve))
    const slow = await serve(
      (socket) => {
        const dribble = setInterval(() => socket.write('H'), 10)
        socket.on('close', () => {
          clearInterval(dribble)
        })
      },
      { socketTimeout: 1000, requestTimeout: 60 },
    )
    expect((await failureOf(bodyOf(slow))).code).toMatch(/REQUEST_TIMEOUT|BAD_ANSWER/)
  })

  test('when it is aborted: waiting for a connection, or sent', async () => {
    const pool = await serve(() => undefined, { maxSockets: 1 })
    const first = new AbortController()
    const second = new AbortController()
    const sent = failureOf(bodyOf(pool, first.signal))
    const waiting = failureOf(bodyOf(pool, second.signal))
    await soon()
    second.abort()
    expect(await waiting).toMatchObject({ code: 'ABORTED', wasSent: false })
    expect(pool.statistics().queued).toBe(0)
    first.abort()
    expect(await sent).toMatchObject({ code: 'ABORTED', wasSent: true })
    expect(pool.statistics().open).toBe(0)
    expect(await failureOf(bodyOf(pool, AbortSignal.abort()))).toMatchObject({ wasSent: false })
  })

  test('when a header would begin another request', async () => {
    const pool = await serve((socket) => socket.write(ok))
    const smuggled = { ...request, headers: ['x', 'a\r\n\r\nPOST / HTTP/1.1'] }
    expect(await failureOf(pool.send(smuggled, undefined))).toMatchObject({ wasSent: false })
    expect(pool.statistics()).toEqual({ open: 0, idle: 0, queued: 0 })
  })
})

test('text beyond ASCII is sent as UTF-8', async () => {
  const received: Buffer[] = []
  const pool = await serve((socket) => socket.write(ok))
  server?.on('connection', (socket) => socket.on('data', (bytes: Buffer) => received.push(bytes)))
  await pool.send({ headers: ['a', 'b'], body: '{"é":"😀"}', isAscii: false }, undefined)
  expect(Buffer.concat(received).toString()).toBe('POST / HTTP/1.1\r\na: b\r\n\r\n{"é":"😀"}')
})
