import { crc32 } from 'node:zlib'

/** Headers in the order they are sent; names may repeat. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** An HTTP answer before it is written. */
export interface Message {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  307: 'Temporary Redirect',
  400: 'Bad Request',
  413: 'Request Entity Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

let requestCount = 0

/** Request ids as DynamoDB makes them: 52 letters and digits. */
function nextRequestId(): string {
  requestCount += 1
  return `FAULT${String(requestCount).padStart(47, '0')}`
}

/** The headers DynamoDB sends with a JSON body; `x-amz-crc32` is over the bytes as they are sent. */
export function dynamoDBHeaders(body: Buffer): Headers {
  return [
    ['Server', 'Server'],
    ['Date', new Date().toUTCString()],
    ['Content-Type', 'application/x-amz-json-1.0'],
    ['x-amzn-RequestId', nextRequestId()],
    ['x-amz-crc32', String(crc32(body))],
  ]
}

/** A JSON answer of DynamoDB; later headers take the place of earlier ones of the same name. */
export function jsonMessage(status: number, value: unknown, extra: Headers = []): Message {
  const body = Buffer.from(JSON.stringify(value))
  return { status, headers: override(dynamoDBHeaders(body), extra), body }
}

/** An answer that did not come from DynamoDB: what a proxy or a load balancer sends. */
export function htmlMessage(status: number, extra: Headers = []): Message {
  const body = Buffer.from(`<html><body><h1>${String(status)} ${reasons[status] ?? ''}</h1></body></html>`)
  return { status, headers: [['Server', 'proxy'], ['Content-Type', 'text/html'], ...extra], body }
}

function override(headers: Headers, extra: Headers): Headers {
  const replaced = new Set(extra.map(([name]) => name.toLowerCase()))
  return [...headers.filter(([name]) => !replaced.has(name.toLowerCase())), ...extra]
}

/** The status line and the headers, closed by the empty line. */
export function writeHead(status: number, headers: Headers, version = 'HTTP/1.1'): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `${version} ${String(status)} ${reasons[status] ?? 'Unknown'}\r\n${lines}\r\n`
}

/** Headers of a message with its length, ready for {@link writeHead}. */
export function withLength(message: Message): Headers {
  return [...message.headers, ['Content-Length', String(message.body.length)]]
}

/** A whole answer. */
export function writeMessage(message: Message): Buffer {
  return Buffer.concat([Buffer.from(writeHead(message.status, withLength(message))), message.body])
}
