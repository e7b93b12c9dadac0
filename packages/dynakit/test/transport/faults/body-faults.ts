import { crc32, gzipSync } from 'node:zlib'
import type { Answer } from './exchange.ts'
import {
  dynamoDBHeaders,
  type Headers,
  jsonMessage,
  type Message,
  writeHead,
  writeMessage,
} from './message.ts'
import { successMessage } from './service-answers.ts'

function committed(make: (message: Message) => Buffer | string): Answer {
  return {
    run: (exchange) => {
      exchange.commit()
      exchange.send(make(successMessage(exchange)))
    },
  }
}

/** A success whose body is not what the checksum was made of. */
export function wrongChecksum(): Answer {
  return committed(({ status, headers, body }) => {
    const wrong = String((crc32(body) + 1) % 2 ** 32)
    const damaged: Headers = [...headers.filter(([name]) => name !== 'x-amz-crc32'), ['x-amz-crc32', wrong]]
    return writeMessage({ status, headers: damaged, body })
  })
}

/** A success without a checksum, as compatible engines send it. */
export function noChecksum(): Answer {
  return committed(({ status, headers, body }) =>
    writeMessage({ status, headers: headers.filter(([name]) => name !== 'x-amz-crc32'), body }),
  )
}

/** A compressed success when the client takes gzip, otherwise a plain one. */
export function gzip(): Answer {
  return {
    run: (exchange) => {
      exchange.commit()
      const plain = successMessage(exchange)
      const takesGzip = (exchange.request.headers['accept-encoding'] ?? '').includes('gzip')
      exchange.send(writeMessage(takesGzip ? compressed(plain) : plain))
    },
  }
}

/** A compressed success, whether the client takes gzip or not. */
export function unaskedGzip(): Answer {
  return committed((plain) => writeMessage(compressed(plain)))
}

/** The checksum is over the bytes as they are sent. */
function compressed(plain: Message): Message {
  const body = gzipSync(plain.body)
  return { status: plain.status, headers: [...dynamoDBHeaders(body), ['Content-Encoding', 'gzip']], body }
}

/** A success cut into many chunks, with chunk extensions and trailers; boundaries fall anywhere. */
export function chunked(size: number): Answer {
  return committed(({ status, headers, body }) => {
    const pieces: Buffer[] = []
    for (let at = 0; at < body.length; at += size) {
      const piece = body.subarray(at, at + size)
      pieces.push(Buffer.from(`${piece.length.toString(16)};part="${String(at)}"\r\n`), piece)
      pieces.push(Buffer.from('\r\n'))
    }
    const head = writeHead(status, [...headers, ['Transfer-Encoding', 'chunked'], ['Trailer', 'x-extra']])
    return Buffer.concat([Buffer.from(head), ...pieces, Buffer.from('0\r\nx-extra: yes\r\n\r\n')])
  })
}

/** Chunks that end before the last one, and a closed connection. */
export function truncatedChunks(): Answer {
  return {
    run: (exchange) => {
      exchange.commit()
      const { status, headers, body } = successMessage(exchange)
      exchange.send(writeHead(status, [...headers, ['Transfer-Encoding', 'chunked']]))
      exchange.send(`${body.length.toString(16)}\r\n${body.toString()}\r\n`)
      exchange.stream.end()
    },
  }
}

/** Status 200 and no body. */
export function emptyBody(): Answer {
  return committed(() => writeMessage({ status: 200, headers: dynamoDBHeaders(empty), body: empty }))
}

/** Status 200 and a body that is no JSON, with a checksum that is right. */
export function malformedJson(): Answer {
  const body = Buffer.from('{"Item":{"id":{"S":"p1"}')
  return committed(() => writeMessage({ status: 200, headers: dynamoDBHeaders(body), body }))
}

/** An error status with a body that is no error of DynamoDB. */
export function strangeError(status: number): Answer {
  return { run: (exchange) => exchange.send(writeMessage(jsonMessage(status, ['what?']))) }
}

/** HTTP/1.0: no length, the end of the connection ends the body. */
export function http10(): Answer {
  return {
    run: (exchange) => {
      exchange.commit()
      const { status, headers, body } = successMessage(exchange)
      exchange.send(writeHead(status, [...headers, ['Connection', 'close']], 'HTTP/1.0') + body.toString())
      exchange.stream.end()
    },
  }
}

/** The same success twice, although it was asked for once: the second answer belongs to nobody. */
export function extraAnswer(pause: number, extra: object): Answer {
  return {
    run: async (exchange) => {
      exchange.commit()
      const bytes = writeMessage(successMessage(exchange))
      const surplus = writeMessage(jsonMessage(200, extra))
      if (pause === 0) {
        exchange.send(Buffer.concat([bytes, surplus]))
        return
      }
      exchange.send(bytes)
      await exchange.pause(pause)
      exchange.send(surplus)
    },
  }
}

/** Bytes after the body that are no HTTP. */
export function extraBytes(): Answer {
  return committed((message) => Buffer.concat([writeMessage(message), Buffer.from('\0\0junk')]))
}

/** Interim answers before the final one. */
export function informational(): Answer {
  return committed((message) => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'
    return Buffer.concat([Buffer.from(interim), writeMessage(message)])
  })
}

/** Header names and line ends as only some servers write them. */
export function unusualHeaders(): Answer {
  return committed(({ status, headers, body }) => {
    const upper: Headers = headers.map(([name, value]) => [name.toUpperCase(), `  ${value}\t`])
    return writeMessage({ status, headers: upper, body })
  })
}

const empty = Buffer.alloc(0)
