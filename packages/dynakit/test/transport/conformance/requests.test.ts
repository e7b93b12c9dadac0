import { describe, expect, test } from 'vitest'
import { expectSigned, failureOf, onEveryTransport, read, write } from '../bench.ts'
import { internalError, throttle } from '../faults/service-answers.ts'

onEveryTransport((bench) => {
  test('has the headers DynamoDB asks for', async () => {
    const { transport } = await bench.open()
    await write(transport)
    const [{ method, path, headers, body }] = bench.server.requests as [(typeof bench.server.requests)[0]]
    expect({ method, path }).toEqual({ method: 'POST', path: '/' })
    expect(headers).toMatchObject({
      host: new URL(bench.server.endpoint).host,
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-target': 'DynamoDB_20120810.PutItem',
      'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/) as string,
      'user-agent': expect.stringMatching(bench.subject.traits.userAgent) as string,
      'amz-sdk-invocation-id': expect.stringMatching(/^[\da-f-]{36}$/) as string,
      'amz-sdk-request': 'attempt=1; max=3',
    })
    expect(headers['x-amz-security-token']).toBeUndefined()
    expect(JSON.parse(body)).toEqual({
      TableName: 'Shop',
      Item: { id: { S: 'p1' }, name: { S: 'café 🙂' } },
    })
    expectSigned(bench.server)
  })

  test('signs and sends the session token', async () => {
    const credentials = {
      accessKeyId: 'ASIATEST',
      secretAccessKey: 'fault-secret',
      sessionToken: 'to/ken+==',
    }
    const { transport } = await bench.open({ credentials })
    await read(transport)
    const { headers } = bench.server.requests[0]!
    expect(headers['x-amz-security-token']).toBe('to/ken+==')
    expect(headers.authorization).toContain('Credential=ASIATEST/')
    expect(headers.authorization).toContain('x-amz-security-token')
    expectSigned(bench.server)
  })

  test('takes credentials from a provider, and keeps them', async () => {
    let calls = 0
    const credentials = () => {
      calls += 1
      return Promise.resolve({ accessKeyId: 'AKIAPROVIDED', secretAccessKey: 'fault-secret' })
    }
    const { transport } = await bench.open({ credentials })
    await Promise.all([read(transport), read(transport)])
    await read(transport)
    expect(calls).toBe(1)
    expect(bench.server.requests[0]!.headers.authorization).toContain('AKIAPROVIDED')
    expectSigned(bench.server)
  })

  describe('attempts of one request', () => {
    test('share an id and are counted', async () => {
      bench.server.script(throttle('ThrottlingException'), internalError())
      const { transport } = await bench.open({ maxAttempts: 4 })
      await read(transport)
      const headers = bench.server.requests.map((request) => request.headers)
      expect(headers.map((header) => header['amz-sdk-request'])).toEqual([
        'attempt=1; max=4',
        'attempt=2; max=4',
        'attempt=3; max=4',
      ])
      expect(new Set(headers.map((header) => header['amz-sdk-invocation-id'])).size).toBe(1)
      expect(new Set(bench.server.requests.map((request) => request.body)).size).toBe(1)
      expectSigned(bench.server)
    })

    test('another request has another id', async () => {
      const { transport } = await bench.open()
      await read(transport)
      await read(transport)
      const ids = bench.server.requests.map((request) => request.headers['amz-sdk-invocation-id'])
      expect(new Set(ids).size).toBe(2)
    })

    test('are one when one is permitted', async () => {
      bench.server.respond(internalError())
      const { transport } = await bench.open({ maxAttempts: 1 })
      await failureOf(read(transport))
      expect(bench.server.requests).toHaveLength(1)
    })
  })

  test('members that are undefined are left out, names are kept as they are', async () => {
    const { transport } = await bench.open()
    await transport.send(
      'Query',
      {
        TableName: 'Shop',
        IndexName: undefined,
        ExpressionAttributeNames: { '#a': '__proto__', '#b': 'ünïcode "quoted"' },
        ExpressionAttributeValues: { ':a': 'x' },
        Limit: 1,
      },
      { numbers: 'exact' },
    )
    expect(bench.server.requests[0]!.body).toContain('"#a":"__proto__"')
    expect(JSON.parse(bench.server.requests[0]!.body)).toEqual({
      TableName: 'Shop',
      ExpressionAttributeNames: { '#a': '__proto__', '#b': 'ünïcode "quoted"' },
      ExpressionAttributeValues: { ':a': { S: 'x' } },
      Limit: 1,
    })
    expectSigned(bench.server)
  })

  test('a value that cannot be stored is refused before anything is sent', async () => {
    const { transport } = await bench.open()
    const error = await failureOf(
      transport.send('PutItem', { TableName: 'Shop', Item: { id: Number.NaN } }, { numbers: 'exact' }),
    )
    expect(error).toMatchObject({ code: 'Validation', rule: 'number-not-finite' })
    expect(bench.server.requests).toHaveLength(0)
  })

  test('asks for nothing it does not understand', async () => {
    const { transport } = await bench.open()
    await read(transport)
    const encodings = bench.server.requests[0]!.headers['accept-encoding'] ?? 'identity'
    expect(['identity', 'gzip', '']).toContain(encodings)
  })
})
