import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createAdapter,
  DynamoDBError,
  IndexNotFoundError,
  NetworkError,
  sdkTransport,
  TableNotFoundError,
  TimeoutError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure, Order, ShopTable } from './shop.ts'

let tables: TestTables
beforeAll(async () => {
  tables = await createTestTables(ShopTable)
})
afterAll(() => tables.drop())

/** A server that takes requests and answers none. */
async function silentServer(): Promise<{ readonly server: Server; readonly endpoint: string }> {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` }
}

describe('answers of the engine become typed errors', () => {
  test('a table that does not exist', async () => {
    const error = await failure(() => tables.db.table('Nowhere').get({ id: 'x' }))
    expect(TableNotFoundError.is(error)).toBe(true)
    expect(error).toMatchObject({
      operation: 'GetItem',
      tableName: 'Nowhere',
      statusCode: 400,
      retryable: false,
    })
    expect(error.requestId).toEqual(expect.any(String))
  })

  test('an index that exists in the definition only', async () => {
    const db = createAdapter({
      ...tables.clientConfig,
      table: { ...ShopTable, indexes: [...ShopTable.indexes, { ...ShopTable.indexes[1]!, name: 'lost' }] },
    })
    const error = await failure(() => db.query().where('gsi1pk', '=', 'x').index('lost').execute())
    expect(IndexNotFoundError.is(error)).toBe(true)
    expect(error).toMatchObject({ indexName: 'lost', operation: 'Query' })
  })

  test('a request DynamoDB does not accept', async () => {
    const error = await failure(() => tables.db.table('Shop').get({ wrong: 'key' }))
    expect(error).toMatchObject({ code: 'Validation', rule: 'service', statusCode: 400 })
    expect(error.requestId).toEqual(expect.any(String))
  })

  test('no item value stands in any of them', async () => {
    const secret = 'hunter2'
    const orders = tables.db.repository(Order)
    for (const run of [
      () => tables.db.table('Shop').put({ pk: secret }),
      () => tables.db.table('Shop').get({ pk: secret }),
      () => orders.getOrThrow({ customerId: secret, orderId: secret }),
      () => orders.update({ customerId: secret, orderId: secret }).set({ status: 'paid' }).execute(),
      () => orders.query().where('labels', 'contains', secret).execute(),
    ]) {
      const error = await failure(run)
      expect(DynamoDBError.is(error)).toBe(true)
      expect(error.message).not.toContain(secret)
    }
  })
})

describe('no answer', () => {
  test('from an address where nothing listens', async () => {
    const db = createAdapter({
      ...tables.clientConfig,
      endpoint: 'http://127.0.0.1:1',
      maxAttempts: 1,
      tableName: 'Shop',
    })
    const error = await failure(() => db.put({ pk: 'a', sk: 'b' }))
    expect(NetworkError.is(error)).toBe(true)
    expect(error).toMatchObject({ outcomeUnknown: false, retryable: true, operation: 'PutItem' })
    expect(error.message).toContain('ECONNREFUSED')
    await db.close()
  })

  test('before the deadline: the outcome of a write is unknown, of a read it does not matter', async () => {
    const { server, endpoint } = await silentServer()
    const db = createAdapter({ ...tables.clientConfig, endpoint, table: ShopTable, timeout: 80 })
    const started = Date.now()
    const write = await failure(() => db.put({ pk: 'a', sk: 'b' }))
    expect(Date.now() - started).toBeLessThan(2000)
    expect(TimeoutError.is(write)).toBe(true)
    expect(write).toMatchObject({ outcomeUnknown: true, retryable: true })
    const created = await failure(() => db.create({ pk: 'a', sk: 'b' }))
    expect(created).toMatchObject({ code: 'Timeout', outcomeUnknown: true, retryable: false })
    expect(write.message).toContain('may have been carried out')
    const read = await failure(() => db.get({ pk: 'a', sk: 'b' }))
    expect(read).toMatchObject({ code: 'Timeout', outcomeUnknown: false, retryable: true })
    const long = db.get({ pk: 'a', sk: 'b' }, { timeout: 2 ** 40, signal: AbortSignal.timeout(50) })
    expect(await failure(() => long)).toMatchObject({ code: 'Aborted' })
    server.closeAllConnections()
    server.close()
    await db.close()
  })

  test('because the caller aborted, before or during the request', async () => {
    const { server, endpoint } = await silentServer()
    const db = createAdapter({ ...tables.clientConfig, endpoint, tableName: 'Shop' })
    const before = await failure(() =>
      db.put({ pk: 'a', sk: 'b' }, { signal: AbortSignal.abort(new Error('why')) }),
    )
    expect(before).toMatchObject({ code: 'Aborted', outcomeUnknown: false })
    expect((before.cause as Error).message).toBe('why')
    const controller = new AbortController()
    server.once('request', () => {
      controller.abort()
    })
    expect(await failure(() => db.put({ pk: 'a', sk: 'b' }, { signal: controller.signal }))).toMatchObject({
      code: 'Aborted',
      outcomeUnknown: true,
    })
    server.closeAllConnections()
    server.close()
    await db.close()
  })

  test('because the connection broke after the write was sent', async () => {
    const server = createServer((request) => {
      request.on('data', () => request.socket.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
    const db = createAdapter({ ...tables.clientConfig, endpoint, table: ShopTable, maxAttempts: 1 })
    const unknown = { code: 'Network', outcomeUnknown: true }
    // A plain put may be repeated; a conditional one would meet its own first attempt.
    expect(await failure(() => db.put({ pk: 'a', sk: 'b' }))).toMatchObject({ ...unknown, retryable: true })
    expect(await failure(() => db.create({ pk: 'a', sk: 'b' }))).toMatchObject({
      ...unknown,
      retryable: false,
    })
    server.close()
    await db.close()
  })

  test('because there are no credentials', async () => {
    const credentials = () =>
      Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }))
    const client = new DynamoDBClient({
      endpoint: tables.clientConfig.endpoint,
      region: 'us-east-1',
      credentials,
    })
    const db = createAdapter({ client, tableName: 'Shop' })
    expect(await failure(() => db.get({ pk: 'a', sk: 'b' }))).toMatchObject({ code: 'Credentials' })
    client.destroy()
  })

  test('a timeout must be a number', async () => {
    expect(await failure(() => tables.db.table('Shop').get({ pk: 'a' }, { timeout: 0 }))).toMatchObject({
      code: 'Validation',
      field: 'timeout',
    })
  })
})

test('a client of yours is used and stays open', async () => {
  const client = new DynamoDBClient(tables.clientConfig)
  const seen: string[] = []
  client.middlewareStack.add(
    (next, context) => (parameters) => {
      seen.push(String(context.commandName))
      return next(parameters)
    },
    { step: 'initialize' },
  )
  for (const db of [createAdapter({ client }), createAdapter({ transport: sdkTransport(client) })]) {
    await db.table('Shop').get({ pk: 'a', sk: 'b' })
    await db.close()
  }
  expect(seen).toEqual(['GetItemCommand', 'GetItemCommand'])
  client.destroy()
})
