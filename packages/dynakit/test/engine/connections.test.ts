import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createServer, type AddressInfo } from 'node:net'
import { type AttemptEnd, type AttemptEvent, createAdapter, directTransport, sdkTransport } from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure, ShopTable } from './shop.ts'

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(ShopTable)
})
afterAll(() => tables.drop())

const key = { pk: 'a', sk: 'b' }

/** A port nothing listens on. */
async function deadEndpoint(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${String(port)}`
}

describe('connections', () => {
  test('are made ahead, counted, kept and closed', async () => {
    const db = createAdapter({ ...tables.clientConfig, tableName: 'Shop', connections: { maxSockets: 2 } })
    expect(db.connections()).toEqual({ open: 0, idle: 0, queued: 0 })
    await db.warmUp(2)
    expect(db.connections()).toEqual({ open: 2, idle: 2, queued: 0 })
    await Promise.all(Array.from({ length: 10 }, () => db.get(key)))
    expect(db.connections()).toEqual({ open: 2, idle: 2, queued: 0 })
    await db.close()
    expect(db.connections()).toEqual({ open: 0, idle: 0, queued: 0 })
    expect(await failure(() => db.get(key))).toMatchObject({ code: 'Configuration' })
  })

  test('calls in flight end before a close does', async () => {
    const db = createAdapter({ ...tables.clientConfig, tableName: 'Shop' })
    const running = Array.from({ length: 5 }, () => db.get(key))
    await new Promise((resolve) => setTimeout(resolve, 5))
    await db.close()
    expect(await Promise.all(running)).toHaveLength(5)
  })

  test('one signal for many calls is no leak to Node', async () => {
    const warnings: string[] = []
    const listen = (warning: Error): number => warnings.push(warning.name)
    process.on('warning', listen)
    const db = createAdapter({ ...tables.clientConfig, tableName: 'Shop' })
    const { signal } = new AbortController()
    await Promise.all(Array.from({ length: 40 }, () => db.get(key, { signal })))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', listen)
    expect(warnings).toEqual([])
    await db.close()
  })

  test('of a cluster go round, and pass over a node that is down', async () => {
    const endpoint = [await deadEndpoint(), tables.clientConfig.endpoint, await deadEndpoint()]
    const failures: AttemptEvent[] = []
    const db = createAdapter({
      ...tables.clientConfig,
      endpoint,
      tableName: 'Shop',
      maxAttempts: 1,
      onAttempt: (event) => failures.push(event),
    })
    for (let at = 0; at < 6; at++) expect(await db.get(key)).toBeUndefined()
    const ends = failures.filter((event): event is AttemptEnd => event.type === 'end')
    expect(new Set(ends.map((event) => `http://${String(event.endpoint)}`))).toEqual(
      new Set([tables.clientConfig.endpoint]),
    )
    await db.close()
    const down = createAdapter({
      ...tables.clientConfig,
      endpoint: [await deadEndpoint()],
      tableName: 'Shop',
    })
    expect(await failure(() => down.get(key))).toMatchObject({ code: 'Network', retryable: true })
    await down.close()
  })

  test.each(['connections', 'retry'] as const)('wrong limits in %s are refused at once', (name) => {
    const wrong = name === 'retry' ? { maxAttempts: 0 } : { maxSockets: 0.5 }
    expect(() => createAdapter({ ...tables.clientConfig, [name]: wrong })).toThrow(`${name}.max`)
  })
})

describe('regions', () => {
  test('each has connections of its own and is closed with the first', async () => {
    const db = createAdapter({ ...tables.clientConfig, tableName: 'Shop' })
    const other = db.inRegion('eu-central-1')
    await db.put({ ...key, here: true })
    // The engine keeps a database per region.
    expect(await failure(() => other.get(key))).toMatchObject({ code: 'TableNotFound' })
    expect(other.inRegion('us-east-1')).not.toBe(db)
    expect(other.connections()).toMatchObject({ open: 1 })
    await db.close()
    expect(await failure(() => other.get(key))).toMatchObject({ code: 'Configuration' })
  })

  test('one can be closed by itself and opened again', async () => {
    const db = createAdapter({ ...tables.clientConfig, tableName: 'Shop' })
    await db.inRegion('eu-central-1').close()
    expect(await failure(() => db.inRegion('eu-central-1').get(key))).toMatchObject({ code: 'TableNotFound' })
    await db.close()
  })

  test('an SDK client knows one only', () => {
    const client = new DynamoDBClient(tables.clientConfig)
    const db = createAdapter({ transport: sdkTransport(client) })
    expect(() => db.inRegion('eu-central-1')).toThrow('one region only')
    expect(db.connections()).toBeUndefined()
    client.destroy()
  })
})

describe('a client of yours', () => {
  const warnings: string[] = []
  const listen = (warning: Error & { code?: string }): void => {
    if (warning.code === 'DYNAKIT_SDK_TRANSPORT') warnings.push(warning.message)
  }
  beforeAll(() => process.on('warning', listen))
  afterAll(() => process.off('warning', listen))
  const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))

  test('lends its configuration; requests are direct', async () => {
    const client = new DynamoDBClient({ ...tables.clientConfig, maxAttempts: 2 })
    const db = createAdapter({ client, tableName: 'Shop' })
    await db.warmUp()
    await db.put({ ...key, from: 'client' })
    expect(await db.get(key)).toMatchObject({ from: 'client' })
    expect(db.connections()).toEqual({ open: 1, idle: 1, queued: 0 })
    await db.close()
    client.destroy()
  })

  test('with middleware of its own is sent through, which is said once', async () => {
    const seen: string[] = []
    const withMiddleware = (): DynamoDBClient => {
      const client = new DynamoDBClient(tables.clientConfig)
      client.middlewareStack.add(
        (next, context) => (parameters) => {
          seen.push(String(context.commandName))
          return next(parameters)
        },
        { step: 'initialize', name: 'mine' },
      )
      return client
    }
    for (const client of [withMiddleware(), withMiddleware()]) {
      const db = createAdapter({ client, tableName: 'Shop' })
      await db.get(key)
      await db.close()
      client.destroy()
    }
    await settled()
    expect(seen).toEqual(['GetItemCommand', 'GetItemCommand'])
    expect(warnings.filter((text) => text.includes('mine'))).toHaveLength(1)
    expect(warnings[0]).toContain('sdkTransport(client)')
  })

  test('that is mocked later is sent through from then on', async () => {
    const client = new DynamoDBClient(tables.clientConfig)
    const db = createAdapter({ client, tableName: 'Shop' })
    await db.get(key)
    client.send = () => Promise.resolve({ Item: { pk: { S: 'mocked' } } })
    expect(await db.get(key)).toEqual({ pk: 'mocked' })
    await db.close()
    client.destroy()
  })

  test('whose settings cannot be taken over is sent through', async () => {
    const client = new DynamoDBClient({
      ...tables.clientConfig,
      retryMode: () => Promise.resolve('adaptive'),
    })
    const db = createAdapter({ client, tableName: 'Shop' })
    await db.get(key)
    expect(db.connections()).toEqual({ open: 0, idle: 0, queued: 0 })
    await settled()
    expect(warnings.some((text) => text.includes('adaptive'))).toBe(true)
    await db.close()
    client.destroy()
  })

  test('without a region says so, each time', async () => {
    const client = new DynamoDBClient({
      ...tables.clientConfig,
      region: (): Promise<string> => Promise.reject(new Error('none')),
    })
    const db = createAdapter({ client, tableName: 'Shop' })
    for (let at = 0; at < 2; at++)
      expect(await failure(() => db.get(key))).toMatchObject({ code: 'Configuration' })
    client.destroy()
  })
})

describe('attempts', () => {
  const client = (): DynamoDBClient => new DynamoDBClient(tables.clientConfig)
  test.each([
    ['direct', () => directTransport(tables.clientConfig)],
    ['sdk', () => sdkTransport(client())],
  ] as const)('are told of by the %s transport', async (_name, makeTransport) => {
    const events: AttemptEvent[] = []
    const transport = makeTransport()
    const db = createAdapter({ transport, tableName: 'Shop', onAttempt: (event) => events.push(event) })
    await db.put(key)
    await failure(() => db.table('Nowhere').get(key))
    expect(
      events.map(({ type, operation, tableName, attempt }) => [type, operation, tableName, attempt]),
    ).toEqual([
      ['start', 'PutItem', 'Shop', 1],
      ['end', 'PutItem', 'Shop', 1],
      ['start', 'GetItem', 'Nowhere', 1],
      ['end', 'GetItem', 'Nowhere', 1],
    ])
    const [start, put, , refused] = events as AttemptEnd[]
    expect(put).toMatchObject({ statusCode: 200, errorCode: undefined, retryReason: undefined })
    expect(put?.invocationId).toMatch(/^[\da-f-]{36}$/)
    expect(put?.invocationId).toBe(start?.invocationId)
    expect(put?.duration).toBeGreaterThan(0)
    expect(put?.requestBytes).toBeGreaterThan(20)
    expect(put?.responseBytes).toBeGreaterThan(1)
    expect(put?.requestId).toEqual(expect.any(String))
    expect(refused).toMatchObject({ statusCode: 400, errorCode: expect.stringMatching(/NotFound/) as string })
    await db.close()
  })

  test('a listener that throws fails nothing', async () => {
    const onAttempt = (): never => {
      throw new Error('mine')
    }
    for (const transport of [directTransport(tables.clientConfig), sdkTransport(client())]) {
      const db = createAdapter({ transport, tableName: 'Shop', onAttempt })
      await db.put(key)
      await db.close()
    }
  })

  test('say why and when a request is sent again', async () => {
    const ends: AttemptEnd[] = []
    const db = createAdapter({
      ...tables.clientConfig,
      endpoint: await deadEndpoint(),
      tableName: 'Shop',
      retry: { maxAttempts: 3, baseDelay: 2 },
      onAttempt: (event) => {
        if (event.type === 'end') ends.push(event)
      },
    })
    await failure(() => db.put(key))
    expect(ends.map(({ errorCode, retryReason }) => [errorCode, retryReason])).toEqual([
      ['Network', 'transient'],
      ['Network', 'transient'],
      ['Network', undefined],
    ])
    expect(ends[0]?.retryDelay).toBeLessThan(2)
    const aborted = ends.length
    await failure(() => db.put(key, { signal: AbortSignal.abort() }))
    expect(ends).toHaveLength(aborted)
    await db.close()
  })
})
