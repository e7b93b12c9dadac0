import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from 'vitest'
import { createEngine, type Engine, type EngineOptions, LostAnswer } from '../src/index.ts'

const caller = { accessKeyId: 'test', region: 'eu-west-1' }

interface Setup {
  readonly engine: Engine
  readonly call: <Output = Record<string, unknown>>(
    operation: string,
    input: object,
    signal?: AbortSignal,
  ) => Promise<Output>
  readonly put: (id: string, more?: object) => Promise<Record<string, unknown>>
  readonly get: (id: string, consistent?: boolean) => Promise<Record<string, unknown>>
}

async function setUp(options: EngineOptions = {}, table: object = {}): Promise<Setup> {
  const engine = createEngine(options)
  engine.clock.freeze()
  const call = async <Output>(operation: string, input: object, signal?: AbortSignal): Promise<Output> =>
    (await engine.call(operation, input as never, { ...caller, signal })) as Output
  await call('CreateTable', {
    TableName: 'Orders',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...table,
  })
  return {
    engine,
    call,
    put: (id, more = {}) => call('PutItem', { TableName: 'Orders', Item: { id: { S: id }, ...more } }),
    get: (id, ConsistentRead = true) =>
      call('GetItem', { TableName: 'Orders', Key: { id: { S: id } }, ConsistentRead }),
  }
}

const provisioned = (read: number, write: number): object => ({
  BillingMode: 'PROVISIONED',
  ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: write },
})

/** How many of some writes are let in. */
async function admitted(count: number, write: (at: number) => Promise<unknown>): Promise<number> {
  let done = 0
  for (let at = 0; at < count; at += 1) {
    try {
      await write(at)
      done += 1
    } catch (error) {
      expect((error as Error).name).toMatch(/Exceeded|Throttling/)
    }
  }
  return done
}

describe('a rule of the failure schedule', () => {
  test('befalls the requests it is for, as often as it says', async () => {
    const { engine, put, get } = await setUp()
    const rule = engine.faults.add({
      operations: ['PutItem'],
      table: 'Orders',
      after: 1,
      times: 2,
      fault: { kind: 'error', name: 'InternalServerError', message: 'oops' },
    })
    await put('a')
    await expect(put('b')).rejects.toMatchObject({
      name: 'InternalServerError',
      statusCode: 500,
      message: 'oops',
    })
    await get('b')
    await expect(put('b')).rejects.toMatchObject({ name: 'InternalServerError' })
    await put('c')
    expect(rule.fired).toBe(2)
    expect(await get('b')).toEqual({})
  })

  test('is for a table, or for what the test tells', async () => {
    const { engine, call, put } = await setUp()
    const error = { kind: 'error', name: 'ServiceUnavailable' } as const
    const other = engine.faults.add({ table: 'Others', fault: error })
    await put('a')
    await call('BatchGetItem', { RequestItems: { Orders: { Keys: [{ id: { S: 'a' } }] } } })
    other.remove()
    engine.faults.add({ table: 'Orders', fault: error })
    await expect(put('a')).rejects.toMatchObject({ statusCode: 503 })
    const inBatch = { RequestItems: { Orders: { Keys: [{ id: { S: 'a' } }] } } }
    await expect(call('BatchGetItem', inBatch)).rejects.toMatchObject({ statusCode: 503 })
    const arn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders'
    const inTransaction = { TransactItems: [{ Get: { TableName: arn, Key: { id: { S: 'a' } } } }] }
    await expect(call('TransactGetItems', inTransaction)).rejects.toMatchObject({ statusCode: 503 })
    await call('ListTables', {})
    engine.faults.clear()
    engine.faults.add({
      matches: ({ input }) => JSON.stringify(input).includes('unlucky'),
      fault: error,
    })
    await put('lucky')
    await expect(put('unlucky')).rejects.toMatchObject({ statusCode: 503 })
  })

  test('is as likely as it says, the same for the same seed, whatever other rules there are', async () => {
    const outcomes = async (seed: number, others = 0): Promise<string> => {
      const { engine, put } = await setUp({ faults: { seed } })
      engine.faults.add({ probability: 0.3, fault: { kind: 'error', name: 'InternalServerError' } })
      for (let rule = 0; rule < others; rule += 1) {
        engine.faults.add({ operations: ['Query'], fault: { kind: 'error', name: 'InternalServerError' } })
      }
      let text = ''
      for (let at = 0; at < 400; at += 1)
        text += await put('x').then(
          () => '.',
          () => 'x',
        )
      return text
    }
    const first = await outcomes(1)
    expect(await outcomes(1, 3)).toBe(first)
    expect(await outcomes(2)).not.toBe(first)
    const failed = first.split('x').length - 1
    expect(failed).toBeGreaterThan(90)
    expect(failed).toBeLessThan(150)
  })

  test('of the options is there from the start, in forks too', async () => {
    const options: EngineOptions = {
      faults: {
        rules: [{ operations: ['PutItem'], times: 1, fault: { kind: 'error', name: 'InternalServerError' } }],
      },
    }
    const { engine, put } = await setUp(options)
    await expect(put('a')).rejects.toThrow()
    await put('a')
    const fork = engine.fork()
    const input = { TableName: 'Orders', Item: { id: { S: 'b' } } }
    await expect(fork.call('PutItem', input, caller)).rejects.toThrow()
    await fork.call('PutItem', input, caller)
  })
})

describe('a rule that could not do what it says', () => {
  const fault = { kind: 'throttle' } as const
  test.each([
    [{ fault, operations: ['PutItems'] }, "operations: there is no operation 'PutItems'."],
    [{ fault, times: -1 }, 'times: give a whole number from 0.'],
    [{ fault, after: 1.5 }, 'after: give a whole number from 0.'],
    [{ fault, probability: 2 }, 'probability: give a number from 0 to 1.'],
    [{ fault, probability: Number.NaN }, 'probability: give a number from 0 to 1.'],
    [{ fault: { kind: 'trottle' } }, 'fault.kind: give one of error, lost-answer, latency, throttle'],
    [{ fault: { kind: 'error', name: '' } }, 'fault.name: give the name of an exception.'],
    [{ fault: { kind: 'unprocessed', share: 1.1 } }, 'fault.share: give a number from 0 to 1.'],
    [{ fault: { kind: 'latency', latency: 'long' } }, 'A length of time is'],
    [{ fault: { kind: 'latency', latency: { from: 2, to: 1 } } }, 'fault.latency: its second bound is below'],
    [
      { fault: { kind: 'latency', latency: { median: 0, p99: 1 } } },
      'fault.latency.median: give more than 0.',
    ],
  ])('is refused: %j', (rule, message) => {
    const engine = createEngine()
    expect(() => engine.faults.add(rule as never)).toThrow(TypeError)
    expect(() => engine.faults.add(rule as never)).toThrow(message)
    expect(() => createEngine({ faults: { rules: [rule as never] } })).toThrow(message)
  })

  test('is refused in the other options too', () => {
    expect(() => createEngine({ streamShards: 0 })).toThrow('streamShards: give a whole number from 1.')
    expect(() => createEngine({ expiryDelay: 'soon' as never })).toThrow('A length of time is')
    expect(() => createEngine({ faults: { lag: { eventualReads: -1 } } })).toThrow('A length of time is')
  })
})

describe('a lost answer', () => {
  test('is lost before the request is carried out, or after', async () => {
    const { engine, put, get } = await setUp()
    for (const [id, when] of [
      ['early', 'before'],
      ['late', 'after'],
    ] as const) {
      for (const manner of ['reset', 'silence'] as const) {
        engine.faults.add({ times: 1, operations: ['PutItem'], fault: { kind: 'lost-answer', manner, when } })
        const error: unknown = await put(id + manner).catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(LostAnswer)
        expect((error as LostAnswer).manner).toBe(manner)
        expect('Item' in (await get(id + manner))).toBe(when === 'after')
      }
    }
  })

  test('makes the AWS SDK send the request again', async () => {
    const { engine, put } = await setUp()
    await put('a')
    const rule = engine.faults.add({ times: 2, operations: ['GetItem'], fault: { kind: 'lost-answer' } })
    const client = new DynamoDBClient({
      region: caller.region,
      credentials: { accessKeyId: caller.accessKeyId, secretAccessKey: 'x' },
      requestHandler: engine.requestHandler(),
    })
    const { Item } = await client.send(new GetItemCommand({ TableName: 'Orders', Key: { id: { S: 'a' } } }))
    expect(Item).toEqual({ id: { S: 'a' } })
    expect(rule.fired).toBe(2)
  })

  test('is a broken connection over HTTP', async () => {
    const { engine } = await setUp()
    engine.faults.add({ fault: { kind: 'lost-answer' } })
    const { endpoint, close } = await engine.listen()
    const client = new DynamoDBClient({
      endpoint,
      region: caller.region,
      credentials: { accessKeyId: caller.accessKeyId, secretAccessKey: 'x' },
      maxAttempts: 1,
    })
    const get = new GetItemCommand({ TableName: 'Orders', Key: { id: { S: 'a' } } })
    await expect(client.send(get)).rejects.toMatchObject({ code: 'ECONNRESET' })
    client.destroy()
    await close()
  })
})

describe('an error after the request was carried out', () => {
  test('leaves what it did', async () => {
    const { engine, put, get } = await setUp()
    engine.faults.add({
      times: 1,
      operations: ['PutItem'],
      fault: { kind: 'error', name: 'InternalServerError', when: 'after' },
    })
    await expect(put('a')).rejects.toMatchObject({ statusCode: 500 })
    expect(await get('a')).toHaveProperty('Item')
  })
})

describe('latency', () => {
  const timed = async (run: () => Promise<unknown>): Promise<number> => {
    const started = performance.now()
    await run()
    return performance.now() - started
  }

  test.each([
    ['always the same', '30ms', 30],
    ['between bounds', { from: 10, to: 40 }, 9],
    ['log-normal', { median: '20ms', p99: '60ms' }, 3],
  ] as const)('can be %s', async (_what, latency, least) => {
    const { engine, get } = await setUp()
    engine.faults.add({ operations: ['GetItem'], fault: { kind: 'latency', latency } })
    for (let at = 0; at < 5; at += 1) {
      const took = await timed(() => get('a'))
      expect(took).toBeGreaterThanOrEqual(least)
    }
  })

  test('adds to what else goes wrong', async () => {
    const { engine, put } = await setUp()
    engine.faults.add({ fault: { kind: 'latency', latency: 20 } })
    engine.faults.add({ fault: { kind: 'error', name: 'InternalServerError', when: 'after' } })
    engine.faults.add({ fault: { kind: 'latency', latency: 20 } })
    const took = await timed(() => expect(put('a')).rejects.toThrow())
    expect(took).toBeGreaterThanOrEqual(39)
  })

  test('ends with the signal of the caller', async () => {
    const { engine, call } = await setUp()
    engine.faults.add({ fault: { kind: 'latency', latency: '1h' } })
    const took = await timed(() =>
      expect(call('ListTables', {}, AbortSignal.timeout(20))).rejects.toBeInstanceOf(LostAnswer),
    )
    expect(took).toBeLessThan(5000)
  })

  test('leaves a transaction under way, and what meets it conflicts', async () => {
    const { engine, call, put, get } = await setUp()
    const write = (id: string): Promise<unknown> =>
      call('TransactWriteItems', {
        TransactItems: [{ Put: { TableName: 'Orders', Item: { id: { S: id } } } }],
      })
    engine.faults.add({
      times: 1,
      operations: ['TransactWriteItems'],
      fault: { kind: 'latency', latency: '1s' },
    })
    const slow = write('a')
    // It is carried out somewhen in that second, and answered at its end.
    while (!('Item' in (await get('a')))) await new Promise((resolve) => setTimeout(resolve, 1))
    const met = await Promise.allSettled([put('a'), write('a'), put('b')])
    expect(met.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    await slow
    await put('a')
    expect(await get('a')).toHaveProperty('Item')
  })
})

describe('a throttled request', () => {
  test('is told why, as DynamoDB does', async () => {
    const { engine, put, get } = await setUp({}, provisioned(5, 5))
    engine.faults.add({ times: 1, fault: { kind: 'throttle' } })
    await expect(put('a')).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      message:
        'The level of configured provisioned throughput for the table was exceeded. ' +
        'Consider increasing your provisioning level with the UpdateTable API.',
      details: {
        ThrottlingReasons: [
          {
            reason: 'TableWriteProvisionedThroughputExceeded',
            resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders',
          },
        ],
      },
    })
    expect(await get('a')).toEqual({})
    for (const [limit, name] of [
      ['AccountLimitExceeded', 'RequestLimitExceeded'],
      ['MaxOnDemandThroughputExceeded', 'ThrottlingException'],
      ['KeyRangeThroughputExceeded', 'ProvisionedThroughputExceededException'],
    ] as const) {
      engine.faults.add({ times: 1, fault: { kind: 'throttle', limit } })
      await expect(get('a')).rejects.toMatchObject({
        name,
        details: { ThrottlingReasons: [{ reason: `TableRead${limit}` }] },
      })
    }
  })

  test('on demand is asked to wait for the table to scale', async () => {
    const { engine, put } = await setUp()
    engine.faults.add({ fault: { kind: 'throttle' } })
    await expect(put('a')).rejects.toMatchObject({
      name: 'ThrottlingException',
      details: { ThrottlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded' }] },
    })
  })

  test('in a batch is handed back, unless that is all of it', async () => {
    const { engine, call, get } = await setUp()
    const batch = (count: number): Promise<{ UnprocessedItems: Record<string, unknown[]> }> =>
      call('BatchWriteItem', {
        RequestItems: {
          Orders: Array.from({ length: count }, (_, id) => ({
            PutRequest: { Item: { id: { S: String(id) } } },
          })),
        },
      })
    const rule = engine.faults.add({ fault: { kind: 'unprocessed' } })
    const { UnprocessedItems } = await batch(25)
    const left = UnprocessedItems.Orders ?? []
    expect(left.length).toBeGreaterThan(5)
    expect(left.length).toBeLessThan(20)
    const stored = await Promise.all(Array.from({ length: 25 }, (_, id) => get(String(id))))
    expect(stored.filter((answer) => 'Item' in answer)).toHaveLength(25 - left.length)
    expect(rule.fired).toBeGreaterThan(0)
    engine.faults.clear()
    engine.faults.add({ fault: { kind: 'unprocessed', share: 1 } })
    expect((await batch(3)).UnprocessedItems.Orders).toHaveLength(2)
    engine.faults.clear()
    engine.faults.add({ fault: { kind: 'throttle' } })
    await expect(batch(3)).rejects.toMatchObject({ name: 'ThrottlingException' })
  })

  test('in a transaction cancels it, with the reason', async () => {
    const { engine, call } = await setUp()
    engine.faults.add({ fault: { kind: 'throttle' } })
    const TransactItems = [{ Put: { TableName: 'Orders', Item: { id: { S: 'a' } } } }]
    await expect(call('TransactWriteItems', { TransactItems })).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      details: { CancellationReasons: [{ Code: 'ThrottlingError' }] },
    })
  })
})

describe('a provoked conflict', () => {
  test('is one with a transaction that is under way', async () => {
    const { engine, call, put, get } = await setUp()
    engine.faults.add({ times: 2, fault: { kind: 'transaction-conflict' } })
    await expect(put('a')).rejects.toMatchObject({
      name: 'TransactionConflictException',
      message: 'Transaction is ongoing for the item',
    })
    const TransactItems = ['a', 'b'].map((id) => ({ Put: { TableName: 'Orders', Item: { id: { S: id } } } }))
    await expect(call('TransactWriteItems', { TransactItems })).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      details: { CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] },
    })
    expect(await get('a')).toEqual({})
    await call('TransactWriteItems', { TransactItems })
    await put('a')
  })
})

describe('capacity', () => {
  test('of a provisioned table is what it has for each second', async () => {
    const { engine, put, get } = await setUp({ faults: { capacity: 'enforced' } }, provisioned(2, 5))
    expect(await admitted(20, (at) => put(String(at)))).toBe(5)
    // Strongly consistent reads of small items take a unit each.
    expect(await admitted(20, (at) => get(String(at)))).toBe(2)
    engine.clock.advance('2s')
    expect(await admitted(20, (at) => put(String(at)))).toBe(10)
  })

  test('that is not used is kept for five minutes', async () => {
    const { engine, put } = await setUp({ faults: { capacity: 'enforced' } }, provisioned(1, 1))
    await put('first')
    engine.clock.advance('1h')
    expect(await admitted(400, (at) => put(String(at)))).toBe(300)
  })

  test('can be overdrawn by one large request, which is paid back', async () => {
    const { engine, put } = await setUp({ faults: { capacity: 'enforced' } }, provisioned(1, 1))
    await put('large', { text: { S: 'x'.repeat(10_000) } })
    engine.clock.advance('5s')
    await expect(put('small')).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' })
    engine.clock.advance('5s')
    await put('small')
  })

  test('of a partition is limited whatever the table has', async () => {
    const capacity = { partitions: 4, partitionWrite: 10 }
    const { put } = await setUp({ faults: { capacity } }, provisioned(1000, 1000))
    expect(await admitted(30, () => put('hot'))).toBe(10)
    await expect(put('hot')).rejects.toMatchObject({
      details: { ThrottlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded' }] },
    })
    const spread = await admitted(200, (at) => put(String(at)))
    expect(spread).toBeGreaterThan(25)
    expect(spread).toBeLessThanOrEqual(40)
  })

  test('on demand has the limits of the table and the account', async () => {
    const limited = await setUp(
      { faults: { capacity: 'enforced' } },
      { OnDemandThroughput: { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 3 } },
    )
    expect(await admitted(10, (at) => limited.put(String(at)))).toBe(3)
    await expect(limited.put('x')).rejects.toMatchObject({
      name: 'ThrottlingException',
      details: { ThrottlingReasons: [{ reason: 'TableWriteMaxOnDemandThroughputExceeded' }] },
    })
    const account = await setUp({ faults: { capacity: { accountWrite: 4 } } })
    expect(await admitted(10, (at) => account.put(String(at)))).toBe(4)
    await expect(account.put('x')).rejects.toMatchObject({ name: 'RequestLimitExceeded' })
  })

  test('of a global index throttles writes to its table, and names the index', async () => {
    const { put, get } = await setUp(
      { faults: { capacity: 'enforced' } },
      {
        ...provisioned(100, 100),
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'status', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byStatus',
            KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
            ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
          },
        ],
      },
    )
    const status = { status: { S: 'open' } }
    expect(await admitted(10, (at) => put(String(at), status))).toBe(2)
    await expect(put('x', status)).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      message: expect.stringContaining('global secondary indexes') as string,
      details: {
        ThrottlingReasons: [
          {
            reason: 'IndexWriteProvisionedThroughputExceeded',
            resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/index/byStatus',
          },
        ],
      },
    })
    expect(await get('x')).toEqual({})
    await put('without')
  })

  test('is not limited unless that is asked for', async () => {
    const { engine, put } = await setUp({}, provisioned(1, 1))
    expect(await admitted(50, (at) => put(String(at)))).toBe(50)
    engine.faults.limitCapacity('enforced')
    expect(await admitted(50, (at) => put(String(at)))).toBe(1)
    engine.faults.limitCapacity('unlimited')
    expect(await admitted(50, (at) => put(String(at)))).toBe(50)
  })
})

describe('lag', () => {
  const withIndex = {
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'status', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byStatus',
        KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  }

  test('lets eventually consistent reads see the past', async () => {
    const { engine, call, put, get } = await setUp({ faults: { lag: { eventualReads: '2s' } } })
    const version = async (consistent: boolean): Promise<unknown> => {
      const { Item } = (await get('a', consistent)) as { Item?: { v: { N: string } } }
      return Item?.v.N
    }
    await put('a', { v: { N: '1' } })
    engine.clock.advance('1s')
    await put('a', { v: { N: '2' } })
    expect([await version(true), await version(false)]).toEqual(['2', undefined])
    engine.clock.advance('1s')
    expect(await version(false)).toBe('1')
    const scanned = await call<{ Items: unknown[] }>('Scan', { TableName: 'Orders' })
    expect(scanned.Items).toEqual([{ id: { S: 'a' }, v: { N: '1' } }])
    const batch = await call<{ Responses: object }>('BatchGetItem', {
      RequestItems: { Orders: { Keys: [{ id: { S: 'a' } }] } },
    })
    expect(batch.Responses).toEqual({ Orders: [{ id: { S: 'a' }, v: { N: '1' } }] })
    engine.clock.advance('1s')
    expect(await version(false)).toBe('2')
    await call('DeleteItem', { TableName: 'Orders', Key: { id: { S: 'a' } } })
    expect([await version(true), await version(false)]).toEqual([undefined, '2'])
    engine.faults.setLag({})
    expect(await version(false)).toBe(undefined)
  })

  test('lets global indexes follow their table', async () => {
    const { engine, call, put } = await setUp({ faults: { lag: { globalIndexes: '1s' } } }, withIndex)
    const query = async (): Promise<number> => {
      const { Count } = await call<{ Count: number }>('Query', {
        TableName: 'Orders',
        IndexName: 'byStatus',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':s': { S: 'open' } },
      })
      return Count
    }
    await put('a', { status: { S: 'open' } })
    expect(await query()).toBe(0)
    engine.clock.advance('1s')
    expect(await query()).toBe(1)
    await put('b', { status: { S: 'open' } })
    await put('c', { status: { S: 'open' } })
    expect(await query()).toBe(1)
    engine.clock.advance('1s')
    expect(await query()).toBe(3)
  })

  test('hides no table', async () => {
    const { engine, call } = await setUp({ faults: { lag: { eventualReads: '1h' } } })
    engine.clock.advance('1s')
    await call('CreateTable', {
      TableName: 'Later',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    })
    expect(await call('GetItem', { TableName: 'Later', Key: { id: { S: 'a' } } })).toEqual({})
  })
})
