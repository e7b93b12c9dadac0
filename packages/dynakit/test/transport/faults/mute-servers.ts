import { type AddressInfo, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'

/** A server with which no connection can be completed. */
export interface MuteServer {
  readonly endpoint: string
  close(): Promise<void>
}

/** A server that accepts TCP connections and never answers the TLS handshake. */
export async function startMuteTlsServer(): Promise<MuteServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    sockets.add(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Listens, and then blocks its thread: connections queue up in the kernel and nobody accepts them. */
const blockedListener = `
  const { parentPort } = require('node:worker_threads')
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
  })`

/** A server whose queue of connections is full: connecting to it hangs, as to a host that drops packets. */
export async function startFullServer(): Promise<MuteServer> {
  const worker = new Worker(blockedListener, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'))
  for (const filler of fillers) filler.on('error', () => undefined)
  await once(fillers[1]!, 'connect')
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      for (const filler of fillers) filler.destroy()
      await worker.terminate()
    },
  }
}
