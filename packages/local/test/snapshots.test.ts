import { describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../src/index.ts'

const caller = { accessKeyId: 'test', region: 'eu-west-1' }

const createTable = (engine: Engine, TableName: string): Promise<object> =>
  engine.call(
    'CreateTable',
    {
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    },
    caller,
  )
const put = (engine: Engine, id: string, who = caller): Promise<object> =>
  engine.call('PutItem', { TableName: 'Things', Item: { id: { S: id } } }, who)

async function ids(engine: Engine): Promise<string[]> {
  const { Items } = (await engine.call('Scan', { TableName: 'Things' }, caller)) as {
    Items: { id: { S: string } }[]
  }
  return Items.map(({ id }) => id.S).sort()
}

/** The keys of the records of the first stream. */
async function streamed(engine: Engine): Promise<string[]> {
  const { Streams } = (await engine.call('ListStreams', {}, caller)) as { Streams: { StreamArn: string }[] }
  const StreamArn = Streams[0]?.StreamArn
  const described = (await engine.call('DescribeStream', { StreamArn }, caller)) as {
    StreamDescription: { Shards: { ShardId: string }[] }
  }
  const { ShardId } = described.StreamDescription.Shards[0]!
  const position = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }
  const { ShardIterator } = (await engine.call('GetShardIterator', position, caller)) as {
    ShardIterator: string
  }
  const { Records } = (await engine.call('GetRecords', { ShardIterator }, caller)) as {
    Records: { dynamodb: { Keys: { id: { S: string } } } }[]
  }
  return Records.map(({ dynamodb }) => dynamodb.Keys.id.S)
}

describe('a snapshot', () => {
  test('can be restored again and again, with tables and streams', async () => {
    const engine = createEngine()
    await createTable(engine, 'Things')
    await put(engine, 'a')
    const snapshot = engine.snapshot()
    for (const id of ['b', 'c']) {
      await put(engine, id)
      await createTable(engine, `Later${id}`)
      await engine.call('DeleteItem', { TableName: 'Things', Key: { id: { S: 'a' } } }, caller)
      expect(await ids(engine)).toEqual([id])
      engine.restore(snapshot)
      expect(await ids(engine)).toEqual(['a'])
      expect(await streamed(engine)).toEqual(['a'])
      expect(await engine.call('ListTables', {}, caller)).toEqual({ TableNames: ['Things'] })
    }
  })

  test('of nothing empties the engine, for every caller', async () => {
    const engine = createEngine()
    const empty = engine.snapshot()
    await createTable(engine, 'Things')
    engine.restore(empty)
    expect(await engine.call('ListTables', {}, caller)).toEqual({ TableNames: [] })
    await createTable(engine, 'Things')
    expect(await ids(engine)).toEqual([])
  })
})

describe('a fork', () => {
  test('goes its own way, and so does what it was made of', async () => {
    const engine = createEngine()
    engine.clock.freeze()
    await createTable(engine, 'Things')
    await put(engine, 'a')
    const forks = [engine.fork(), engine.fork()] as const
    await put(forks[0], 'b')
    await put(engine, 'c')
    forks[1].clock.advance('1h')
    await put(forks[1], 'd')
    expect(await Promise.all([engine, ...forks].map(ids))).toEqual([
      ['a', 'c'],
      ['a', 'b'],
      ['a', 'd'],
    ])
    expect(await Promise.all([engine, ...forks].map(streamed))).toEqual([
      ['a', 'c'],
      ['a', 'b'],
      ['a', 'd'],
    ])
    expect(forks[1].clock.now() - engine.clock.now()).toBe(3_600_000)
    await forks[0].close()
    expect(await ids(engine)).toEqual(['a', 'c'])
  })

  test('costs nothing, however much there is', async () => {
    const engine = createEngine()
    await createTable(engine, 'Things')
    for (let id = 0; id < 20_000; id += 1) await put(engine, String(id))
    const started = performance.now()
    const forks = Array.from({ length: 100 }, () => engine.fork())
    await Promise.all(forks.map((fork, at) => put(fork, `fork ${String(at)}`)))
    expect((performance.now() - started) / 100).toBeLessThan(5)
    expect(await ids(forks[99]!)).toHaveLength(20_001)
  })
})

describe('databases', () => {
  test('are apart by region and access key, unless they are shared', async () => {
    const others = [
      { ...caller, region: 'us-east-1' },
      { ...caller, accessKeyId: 'other' },
    ]
    const apart = createEngine()
    const shared = createEngine({ shared: true })
    for (const [engine, seen] of [
      [apart, []],
      [shared, ['Things']],
    ] as const) {
      await createTable(engine, 'Things')
      for (const other of others) {
        expect(await engine.call('ListTables', {}, other)).toEqual({ TableNames: seen })
      }
    }
  })
})
