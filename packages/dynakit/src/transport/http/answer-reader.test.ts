import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AnswerReader, type ReadAnswer } from './answer-reader.ts'
import { HttpFailure } from './http-client.ts'

/** Feeds text cut at these places. */
function feed(text: string, cuts: readonly number[] = []): ReadAnswer | undefined {
  const bytes = Buffer.from(text, 'latin1')
  const reader = new AnswerReader()
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  let from = 0
  for (const to of [...places, bytes.length]) {
    const read = reader.feed(bytes.subarray(from, to))
    if (read) return read
    from = to
  }
  return reader.end()
}

const anyCuts = fc.array(fc.nat(), { maxLength: 20 })
const head = (...fields: string[]): string => ['HTTP/1.1 200 OK', ...fields, '', ''].join('\r\n')
const failure = (text: string, cuts?: readonly number[]): HttpFailure => {
  try {
    feed(text, cuts)
  } catch (error) {
    if (error instanceof HttpFailure) return error
    throw error
  }
  throw new Error('it was accepted')
}

function chunks(body: string, sizes: readonly number[]): string {
  let text = ''
  let at = 0
  for (const size of sizes) {
    const part = body.slice(at, at + size)
    if (part === '') break
    text += `${part.length.toString(16)};a=b\r\n${part}\r\n`
    at += size
  }
  const rest = body.slice(at)
  if (rest !== '') text += `${rest.length.toString(16).toUpperCase()}\r\n${rest}\r\n`
  return `${text}0\r\nx-trailer: 1\r\n\r\n`
}

describe('an answer is the same however its bytes are cut', () => {
  test('with a length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), anyCuts, (content, cuts) => {
        const body = Buffer.from(content).toString('latin1')
        const text = `${head(`Content-Length: ${String(body.length)}`, 'X-Amzn-RequestId: abc')}${body}`
        const read = feed(text, cuts)
        expect(read?.answer.body.toString()).toBe(content)
        expect(read).toMatchObject({ keepsAlive: true, answer: { status: 200 } })
        expect(read?.answer.headers['x-amzn-requestid']).toBe('abc')
      }),
    )
  })

  test('in chunks', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 60 })),
        anyCuts,
        (content, sizes, cuts) => {
          const body = Buffer.from(content).toString('latin1')
          const read = feed(head('Transfer-Encoding: chunked') + chunks(body, sizes), cuts)
          expect(read?.answer.body.toString()).toBe(content)
          expect(read?.keepsAlive).toBe(true)
        },
      ),
    )
  })

  test('up to the end of the connection', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), anyCuts, (body, cuts) => {
        const text = `HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n${Buffer.from(body).toString('latin1')}`
        const read = feed(text, cuts)
        expect(read?.answer.body.toString()).toBe(body)
        expect(read?.keepsAlive).toBe(false)
      }),
    )
  })

  test('after announcements', () => {
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        const early = 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'
        const text = `HTTP/1.1 100 Continue\r\n\r\n${early}${head('content-length: 2')}ok`
        expect(feed(text, cuts)?.answer.body.toString()).toBe('ok')
      }),
    )
  })

  test('nothing but the whole answer is one', () => {
    for (const text of [
      `${head('content-length: 9')}123456789`,
      head('transfer-encoding: chunked') + chunks('123456789', [4]),
    ]) {
      for (let length = 0; length < text.length; length++) expect(feed(text.slice(0, length))).toBeUndefined()
    }
  })
})

describe('what is ambiguous or damaged is refused', () => {
  test.each<[string, string]>([
    ['another protocol', 'HTTP/2 200\r\n\r\n'],
    ['no HTTP at all', '220 mail.example.com ESMTP\r\n\r\n'],
    ['a status that is none', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a header without colon', head('nonsense')],
    ['a header with a space before the colon', head('Content-Length : 2')],
    ['a folded header', head('a: b', ' folded: c')],
    ['a control character in a header', head('a: b\u0001c')],
    ['a bare line feed in a header', head('a: b\nTransfer-Encoding: chunked')],
    ['two lengths', head('content-length: 2', 'content-length: 3')],
    ['a list of lengths', head('content-length: 2, 2')],
    ['a negative length', head('content-length: -1')],
    ['a length with a sign', head('content-length: +1')],
    ['a hexadecimal length', head('content-length: 0x10')],
    ['a length beyond all bounds', head('content-length: 999999999999')],
    ['length and chunks', head('content-length: 2', 'transfer-encoding: chunked')],
    ['an unknown transfer-encoding', head('transfer-encoding: gzip, chunked')],
    ['two transfer-encodings', head('transfer-encoding: chunked', 'transfer-encoding: chunked')],
    ['a chunk without size', `${head('transfer-encoding: chunked')}\r\nab\r\n`],
    ['a chunk with a negative size', `${head('transfer-encoding: chunked')}-2\r\nab\r\n`],
    ['a chunk that is longer than its size', `${head('transfer-encoding: chunked')}1\r\nab\r\n`],
    ['a chunk beyond all bounds', `${head('transfer-encoding: chunked')}7fffffff\r\n`],
    ['a chunk size that does not end', `${head('transfer-encoding: chunked')}${'1;'.padEnd(5000, 'x')}`],
    ['a change of protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n'],
    ['a head that does not end', `HTTP/1.1 200 OK\r\na: ${'x'.repeat(70_000)}`],
    ['a head that is too long', head(`a: ${'x'.repeat(70_000)}`)],
  ])('%s', (_name, text) => {
    expect(failure(text)).toMatchObject({ code: 'BAD_ANSWER', wasSent: true })
    expect(
      failure(
        text,
        Array.from({ length: 50 }, (_, at) => at),
      ).code,
    ).toBe('BAD_ANSWER')
  })

  test('a body without end', () => {
    const reader = new AnswerReader()
    reader.feed(Buffer.from('HTTP/1.0 200 OK\r\n\r\n'))
    const part = Buffer.alloc(64 * 1024 * 1024)
    const feedForever = (): void => {
      for (;;) reader.feed(part)
    }
    expect(feedForever).toThrow('too long')
  })

  test('the same length twice is one length', () => {
    expect(feed(`${head('content-length: 2', 'Content-Length: 2')}ok`)?.answer.body.toString()).toBe('ok')
  })
})

describe('a connection is kept only when it is clear where the next answer begins', () => {
  test.each<[string, string, boolean]>([
    ['a plain answer', `${head('content-length: 2')}ok`, true],
    ['bytes after the answer', `${head('content-length: 2')}okHTTP/1.1 200 OK`, false],
    ['bytes after the last chunk', `${head('transfer-encoding: chunked')}0\r\n\r\nx`, false],
    ['connection: close', `${head('content-length: 2', 'Connection: Close')}ok`, false],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', false],
    [
      'HTTP/1.0 that keeps alive',
      'HTTP/1.0 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok',
      true,
    ],
    ['no content', 'HTTP/1.1 204 No Content\r\n\r\n', true],
  ])('%s', (_name, text, keepsAlive) => {
    expect(feed(text)?.keepsAlive).toBe(keepsAlive)
  })
})

test('headers that come twice are joined, names are lower case, __proto__ is a name', () => {
  const read = feed(head('A-b: 1', 'a-B:2 ', '__proto__: x', 'content-length: 0'))
  expect(read?.answer.headers['a-b']).toBe('1, 2')
  expect(Object.keys(read?.answer.headers ?? {})).toContain('__proto__')
})
