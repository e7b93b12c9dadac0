import type { Socket } from 'node:net'
import type { Answer, Exchange, RecordedRequest } from './exchange.ts'
import { type RequestHead, RequestReader } from './request-reader.ts'

/** What a connection asks of the server it belongs to. */
export interface ConnectionOwner {
  /** Gives the answer to a request of which only the head is there, if that is to be answered at once. */
  chooseEarly(): Answer | undefined
  /** Gives the answer to a request. */
  choose(request: RecordedRequest): Answer
  record(request: RecordedRequest): void
  commit(request: RecordedRequest): void
}

/** Serves one connection: requests in, answers out, one after the other. */
export function serveConnection(raw: Socket, stream: Socket, number: number, owner: ConnectionOwner): void {
  let isAnswered = false
  let previous = Promise.resolve()
  const serve = (answer: Answer, request: RecordedRequest): void => {
    owner.record(request)
    previous = previous.then(() => answer.run(makeExchange(raw, stream, request, owner)))
  }
  const reader = new RequestReader({
    onHead(head) {
      const answer = owner.chooseEarly()
      isAnswered = answer !== undefined
      if (answer) serve(answer, toRequest(head, '', number))
    },
    onRequest(head, body) {
      if (isAnswered) return
      const request = toRequest(head, body, number)
      serve(owner.choose(request), request)
    },
  })
  stream.on('data', (bytes: Buffer) => {
    reader.push(bytes)
  })
  // Clients go away in every way there is; that is what is tested, and no failure of the server.
  stream.on('error', () => undefined)
  raw.on('error', () => undefined)
}

function toRequest(head: RequestHead, body: string, connection: number): RecordedRequest {
  const target = head.headers['x-amz-target'] ?? ''
  return { ...head, operation: target.split('.')[1] ?? '', body, connection, time: Date.now() }
}

function makeExchange(
  raw: Socket,
  stream: Socket,
  request: RecordedRequest,
  owner: ConnectionOwner,
): Exchange {
  return {
    request,
    stream,
    commit: () => {
      owner.commit(request)
    },
    send: (bytes) => {
      if (stream.writable) stream.write(bytes)
    },
    pause: (milliseconds) => pauseWhileOpen(stream, milliseconds),
    reset: () => {
      // Node cannot reset a connection whose end has been sent; it would never close.
      if (stream.writableEnded) raw.destroy()
      else raw.resetAndDestroy()
    },
  }
}

function pauseWhileOpen(stream: Socket, milliseconds: number): Promise<void> {
  if (stream.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stream.off('close', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    stream.once('close', end)
  })
}
