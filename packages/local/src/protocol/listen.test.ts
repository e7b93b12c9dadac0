import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call } from './call.ts'
import { crc32 } from './crc32.ts'
import { listen, type Listener } from './listen.ts'
import { LostAnswer } from './lost-answer.ts'
import { ServiceError } from './service-error.ts'

const authorization =
  'AWS4-HMAC-SHA256 Credential=AKID/20261125/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=abc'
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.GetItem',
  'x-amz-date': '20261125T000000Z',
  authorization,
}

/** Answers with what it was asked, or as the table's name says. */
const call: Call = async (operation, input, { accessKeyId, region, signal }) => {
  switch (input.TableName) {
    case 'missing':
      throw new ServiceError('ResourceNotFoundException', 'Requested resource not found')
    case 'broken':
      throw new RangeError('a defect')
    case 'reset':
      throw new LostAnswer('reset')
    case 'silent':
      throw new LostAnswer('silence')
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, 50))
      return { aborted: signal?.aborted }
    default:
      return { operation, input, accessKeyId, region }
  }
}

let listener: Listener
beforeAll(async () => {
  listener = await listen(call)
})
afterAll(() => listener.close())

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

async function post(body: unknown, changes: Record<string, string | undefined> = {}): Promise<Answer> {
  const fields: Record<string, string | undefined> = { ...headers, ...changes }
  const sent = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const response = await fetch(listener.endpoint, {
    method: 'POST',
    headers: sent,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  expect(response.headers.get('x-amz-crc32')).toBe(String(crc32(bytes)))
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9A-Z]{52}$/)
  return { status: response.status, headers: response.headers, body: JSON.parse(bytes.toString()) as never }
}

describe('a request over HTTP', () => {
  test('reaches the engine with the caller it was signed for', async () => {
    const { status, headers: fields, body } = await post({ TableName: 'T', Key: { é: { S: '€' } } })
    expect(status).toBe(200)
    expect(fields.get('content-type')).toBe('application/x-amz-json-1.0')
    expect(body).toEqual({
      operation: 'GetItem',
      input: { TableName: 'T', Key: { é: { S: '€' } } },
      accessKeyId: 'AKID',
      region: 'eu-west-1',
    })
  })

  test('gets errors of the service with type, message and status', async () => {
    const { status, body } = await post({ TableName: 'missing' })
    expect(status).toBe(400)
    expect(body).toEqual({
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'Requested resource not found',
    })
  })

  test('gets an internal error when the engine has a defect, and the process a warning', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    const { status, body } = await post({ TableName: 'broken' })
    expect(status).toBe(500)
    expect(body.__type).toBe('com.amazonaws.dynamodb.v20120810#InternalServerError')
    expect((await warned).message).toBe('a defect')
  })

  test.each([
    ['no operation', { 'x-amz-target': undefined }],
    ['no API', { 'x-amz-target': 'GetItem' }],
    ['an API of another service', { 'x-amz-target': 'Kinesis_20131202.GetItem' }],
    ['an operation of the other API', { 'x-amz-target': 'DynamoDB_20120810.GetRecords' }],
    ['an operation of the other API', { 'x-amz-target': 'DynamoDBStreams_20120810.GetItem' }],
  ])('to %s is answered with UnknownOperationException', async (_what, changes) => {
    const { status, body } = await post({}, changes)
    expect([status, body]).toEqual([400, { __type: 'com.amazon.coral.service#UnknownOperationException' }])
  })

  test('for streams uses the name of their API', async () => {
    const { body } = await post({}, { 'x-amz-target': 'DynamoDBStreams_20120810.GetRecords' })
    expect(body.operation).toBe('GetRecords')
  })

  test('without a signature is refused', async () => {
    const { status, body } = await post({}, { authorization: undefined })
    expect([status, body]).toEqual([
      400,
      {
        __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
        message: 'Request is missing Authentication Token',
      },
    ])
  })

  test.each(['{"TableName":', '', '[]', '"text"', 'null'])('with the body %j is refused', async (text) => {
    const { status, body } = await post(text)
    expect([status, body.__type]).toEqual([400, 'com.amazon.coral.service#SerializationException'])
  })

  test('that is not JSON is not found', async () => {
    const response = await fetch(listener.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    })
    expect(response.status).toBe(404)
    const put = await fetch(listener.endpoint, { method: 'PUT', headers, body: '{}' })
    expect(put.status).toBe(404)
  })

  test('to look whether somebody is there is answered', async () => {
    const response = await fetch(listener.endpoint)
    expect([response.status, await response.text()]).toEqual([200, 'healthy: dynamodb.local '])
  })

  test('beyond the largest body is refused', async () => {
    const response = await fetch(listener.endpoint, {
      method: 'POST',
      headers,
      body: Buffer.alloc(65 * 1024 * 1024, 32),
    })
    expect(response.status).toBe(413)
  })

  test('can lose its answer', async () => {
    await expect(post({ TableName: 'reset' })).rejects.toThrow('fetch failed')
    const signal = AbortSignal.timeout(50)
    await expect(
      fetch(listener.endpoint, { method: 'POST', headers, body: '{"TableName":"silent"}', signal }),
    ).rejects.toThrow(/timeout/)
  })

  test('that breaks off leaves the engine as it was', async () => {
    const socket = connect(listener.port, '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"Table')
    await new Promise((resolve) => setTimeout(resolve, 20))
    socket.destroy()
    expect((await post({ TableName: 'T' })).status).toBe(200)
  })
})

describe('a listener', () => {
  test('serves the AWS SDK', async () => {
    const client = new DynamoDBClient({
      endpoint: listener.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'secret' },
      maxAttempts: 1,
    })
    const get = (TableName: string): Promise<unknown> =>
      client.send(new GetItemCommand({ TableName, Key: { id: { S: '1' } } }))
    await expect(get('T')).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } })
    await expect(get('missing')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9A-Z]{52}$/) as string },
    })
    client.destroy()
  })

  test('says why it cannot have a port', async () => {
    await expect(listen(call, { port: listener.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('closes after the answers that are due, and without those that are withheld', async () => {
    const own = await listen(call)
    const send = (TableName: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const request = httpRequest(own.endpoint, { method: 'POST', headers }, (response) => {
          response.resume().on('end', () => {
            resolve(response.statusCode ?? 0)
          })
        })
        request.on('error', reject).end(JSON.stringify({ TableName }))
      })
    const due = send('slow')
    const withheld = send('silent')
    await new Promise((resolve) => setTimeout(resolve, 20))
    const closed = own.close()
    await expect(withheld).rejects.toThrow('socket hang up')
    await expect(due).resolves.toBe(200)
    await closed
    await expect(fetch(own.endpoint)).rejects.toThrow('fetch failed')
  })
})
