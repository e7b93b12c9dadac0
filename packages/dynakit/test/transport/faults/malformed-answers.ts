import type { Answer } from './exchange.ts'
import { type Message, withLength, writeHead } from './message.ts'
import { successMessage } from './service-answers.ts'

/** Sends bytes that are no valid HTTP; the request is carried out. */
function garbage(make: (message: Message) => string): Answer {
  return {
    run: (exchange) => {
      exchange.commit()
      exchange.send(make(successMessage(exchange)))
    },
  }
}

function withHeaders(message: Message, ...lines: readonly string[]): string {
  const head = writeHead(message.status, withLength(message))
  const [status = '', ...rest] = head.split('\r\n')
  return [status, ...lines, ...rest].join('\r\n') + message.body.toString()
}

/** A status line that is none. */
export function badStatusLine(): Answer {
  return garbage(() => 'HELLO 200 OK\r\nContent-Length: 2\r\n\r\n{}')
}

/** Not HTTP at all. */
export function binaryJunk(): Answer {
  return garbage(() => '\u0016\u0003\u0001\u0000junk\r\n\r\n')
}

/** A header line without a colon. */
export function headerWithoutColon(): Answer {
  return garbage((message) => withHeaders(message, 'this is no header'))
}

/** Two lengths that contradict each other. */
export function twoLengths(): Answer {
  return garbage((message) => withHeaders(message, 'Content-Length: 3'))
}

/** A length and chunks: the classic of request smuggling. */
export function lengthAndChunks(): Answer {
  return garbage((message) => withHeaders(message, 'Transfer-Encoding: chunked'))
}

/** A length that is no number. */
export function badLength(): Answer {
  return garbage(({ headers, body }) => {
    const head = writeHead(200, [...headers, ['Content-Length', `0x${body.length.toString(16)}`]])
    return head + body.toString()
  })
}

/** A chunk whose size is no number. */
export function badChunkSize(): Answer {
  return garbage(({ headers, body }) => {
    const head = writeHead(200, [...headers, ['Transfer-Encoding', 'chunked']])
    return `${head}zz\r\n${body.toString()}\r\n0\r\n\r\n`
  })
}

const headerBlock = 70_000

/** More headers than any client keeps. */
export function hugeHeaders(): Answer {
  const line = `x-padding: ${'x'.repeat(1000)}`
  return garbage((message) => withHeaders(message, ...Array<string>(headerBlock / 1000).fill(line)))
}

/** A head that never ends, until the client gives up. */
export function endlessHead(): Answer {
  return {
    run: async (exchange) => {
      exchange.commit()
      exchange.send('HTTP/1.1 200 OK\r\n')
      while (!exchange.stream.destroyed) {
        exchange.send(`x-padding: ${'x'.repeat(10_000)}\r\n`)
        await exchange.pause(1)
      }
    },
  }
}

/** Declares a body of 2^52 bytes. */
export function hugeLength(): Answer {
  return garbage(({ headers }) => `${writeHead(200, [...headers, ['Content-Length', String(2 ** 52)]])}{}`)
}
