/**
 * Answers like DynamoDB, from bytes prepared beforehand, so that what is measured is the client. A
 * process of its own; ends with the process that started it.
 */
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { type AnswerName, answerBodies, chooseAnswer } from './answers.ts'
import { findFault } from './check-write.ts'
import { crc32 } from './crc32.ts'

const headEnd = '\r\n\r\n'
const requestId = '0AB1CD2EF3GH4IJ5KL6MN7OP8QR9STVV4KQNSO5AEMVJF66Q9ASUAAJG'
/** Requests that name this tenant are answered late, for clients that give up. */
const slowTenant = 'TENANT#slow'
const slowness = 50

const bodies = answerBodies()
const checksums = new Map([...bodies].map(([name, body]) => [name, crc32(body)]))
let answers = new Map<AnswerName, Buffer>()
let served = 0
let open = 0

/** Clients compare the date with their clock, so it must be right. */
function prepareAnswers(): void {
  answers = new Map(
    [...bodies].map(([name, body]) => [name, answer('200 OK', body, checksums.get(name) ?? 0)]),
  )
}

function answer(status: string, body: Buffer, checksum: number): Buffer {
  const head = [
    `HTTP/1.1 ${status}`,
    'Server: Server',
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/x-amz-json-1.0',
    `Content-Length: ${String(body.length)}`,
    'Connection: keep-alive',
    `x-amzn-RequestId: ${requestId}`,
    `x-amz-crc32: ${String(checksum)}`,
  ]
  return Buffer.concat([Buffer.from(head.join('\r\n') + headEnd), body])
}

/** What the service says to a request it does not understand. */
function refuse(message: string): Buffer {
  const type = 'com.amazon.coral.validate#ValidationException'
  const body = Buffer.from(JSON.stringify({ __type: type, message }))
  return answer('400 Bad Request', body, crc32(body))
}

function serve(socket: Socket): void {
  // Checking every write would make the stub the bottleneck; the first of each connection will do.
  const unchecked = new Set(['PutItem', 'BatchWriteItem'])
  let waiting: Buffer | undefined
  open += 1
  socket.setNoDelay(true)
  socket.on('close', () => {
    open -= 1
  })
  // Clients under test hang up as they please.
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    let rest = waiting ? Buffer.concat([waiting, chunk]) : chunk
    while (rest.length > 0) {
      const end = requestEnd(rest)
      if (end === undefined || rest.length < end) break
      reply(socket, rest.subarray(0, end), unchecked)
      rest = rest.subarray(end)
    }
    waiting = rest.length > 0 ? rest : undefined
  })
}

/** Where the first request ends, or `undefined` while its head is incomplete. */
function requestEnd(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return undefined
  return end + headEnd.length + Number(header(bytes.toString('latin1', 0, end), 'content-length') ?? 0)
}

function header(head: string, name: string): string | undefined {
  const at = head.toLowerCase().indexOf(`\r\n${name}:`)
  if (at < 0) return undefined
  const start = at + name.length + 3
  const end = head.indexOf('\r\n', start)
  return head.slice(start, end < 0 ? undefined : end).trim()
}

function reply(socket: Socket, request: Buffer, unchecked: Set<string>): void {
  served += 1
  const bodyStart = request.indexOf(headEnd) + headEnd.length
  const target = header(request.toString('latin1', 0, bodyStart), 'x-amz-target') ?? ''
  const operation = target.slice(target.indexOf('.') + 1)
  const name = chooseAnswer(operation, request)
  const fault = unchecked.delete(operation)
    ? findFault(operation, request.toString('utf8', bodyStart))
    : undefined
  const known = name && fault === undefined ? answers.get(name) : undefined
  const bytes = known ?? refuse(fault ?? `no answer to ${operation}`)
  const send = (): void => {
    if (!socket.destroyed) socket.write(bytes)
  }
  if (request.includes(slowTenant)) setTimeout(send, slowness)
  else send()
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port)
    })
  })
}

const [keyFile = '', certificateFile = ''] = process.argv.slice(2)
prepareAnswers()
setInterval(prepareAnswers, 1000)
const plainPort = await listen(createServer(serve))
const tlsPort = await listen(
  createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) }, serve),
)
process.on('disconnect', () => process.exit())
process.on('message', () => process.send?.({ served, open }))
const sizes = Object.fromEntries([...bodies].map(([name, body]) => [name, body.length]))
process.send?.({ plainPort, tlsPort, sizes })
