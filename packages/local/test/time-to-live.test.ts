import { describe, expect, test } from 'vitest'
import { createEngine, type Engine, type EngineOptions } from '../src/index.ts'

const caller = { accessKeyId: 'test', region: 'eu-west-1' }
const hour = 3600

interface Setup {
  readonly engine: Engine
  readonly call: <Output = object>(operation: string, input: object) => Promise<Output>
  readonly put: (id: string, expiresAt: object) => Promise<object>
  readonly ids: (index?: string) => Promise<string[]>
  readonly seconds: () => number
}

async function setUp(options: EngineOptions = {}, ttl = true): Promise<Setup> {
  const engine = createEngine({ expiryDelay: 0, ...options })
  engine.clock.freeze()
  const call = async <Output>(operation: string, input: object): Promise<Output> =>
    (await engine.call(operation, input as never, caller)) as Output
  await call('CreateTable', {
    TableName: 'Sessions',
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'user', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byUser',
        KeySchema: [{ AttributeName: 'user', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  })
  const enable = {
    TableName: 'Sessions',
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
  }
  if (ttl) await call('UpdateTimeToLive', enable)
  return {
    engine,
    call,
    put: (id, expiresAt) =>
      call('PutItem', { TableName: 'Sessions', Item: { id: { S: id }, user: { S: 'u' }, expiresAt } }),
    ids: async (IndexName) => {
      const { Items } = await call<{ Items: { id: { S: string } }[] }>('Scan', {
        TableName: 'Sessions',
        IndexName,
      })
      return Items.map(({ id }) => id.S).sort()
    },
    seconds: () => Math.floor(engine.clock.now() / 1000),
  }
}

const at = (seconds: number): object => ({ N: String(seconds) })

describe('time to live', () => {
  test('deletes items when the clock passes their time, from the table and its indexes', async () => {
    const { engine, put, ids, seconds } = await setUp()
    await put('soon', at(seconds() + hour))
    await put('later', at(seconds() + 2 * hour))
    await put('never', { S: String(seconds()) })
    engine.clock.advance('1h')
    engine.clock.advance('1s')
    expect(await ids()).toEqual(['later', 'never'])
    expect(await ids('byUser')).toEqual(['later', 'never'])
    engine.clock.advance('1h')
    expect(await ids()).toEqual(['never'])
  })

  test('deletes in the name of the service, one record for each item', async () => {
    const { engine, call, put, ids, seconds } = await setUp()
    await put('gone', at(seconds() + hour))
    engine.clock.advance('3h')
    await ids()
    const { Streams } = await call<{ Streams: { StreamArn: string }[] }>('ListStreams', {})
    const StreamArn = Streams[0]?.StreamArn
    const { StreamDescription } = await call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
      'DescribeStream',
      { StreamArn },
    )
    const { ShardId } = StreamDescription.Shards[0]!
    const { ShardIterator } = await call<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    })
    const { Records } = await call<{
      Records: { eventName: string; userIdentity?: object; dynamodb: object }[]
    }>('GetRecords', { ShardIterator })
    expect(Records.map(({ eventName, userIdentity }) => ({ eventName, userIdentity }))).toEqual([
      { eventName: 'INSERT', userIdentity: undefined },
      { eventName: 'REMOVE', userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } },
    ])
    expect(Records[1]?.dynamodb).toHaveProperty('OldImage')
  })

  test('follows items whose time is changed, and those that are deleted', async () => {
    const { engine, call, put, ids, seconds } = await setUp()
    await put('moved', at(seconds() + hour))
    await put('deleted', at(seconds() + hour))
    await put('kept', at(seconds() + hour))
    await put('moved', at(seconds() + 5 * hour))
    await call('DeleteItem', { TableName: 'Sessions', Key: { id: { S: 'deleted' } } })
    await call('UpdateItem', {
      TableName: 'Sessions',
      Key: { id: { S: 'kept' } },
      UpdateExpression: 'REMOVE expiresAt',
    })
    engine.clock.advance('2h')
    expect(await ids()).toEqual(['kept', 'moved'])
    engine.clock.advance('4h')
    expect(await ids()).toEqual(['kept'])
  })

  test('leaves expired items there for a while, as DynamoDB does', async () => {
    const { engine, put, ids, seconds } = await setUp({ expiryDelay: '10m' })
    await put('past', at(seconds() - hour))
    await put('soon', at(seconds() + 60))
    engine.clock.advance('9m')
    expect(await ids()).toEqual(['past', 'soon'])
    engine.clock.advance('1m')
    expect(await ids()).toEqual(['soon'])
    engine.clock.advance('1m')
    expect(await ids()).toEqual([])
  })

  test('leaves items alone that expired more than five years ago', async () => {
    const { engine, put, ids, seconds } = await setUp()
    await put('ancient', at(seconds() - 6 * 365 * 24 * hour))
    await put('milliseconds', at((seconds() + hour) * 1000))
    engine.clock.advance('2h')
    expect(await ids()).toEqual(['ancient', 'milliseconds'])
  })

  test('finds the items that are there when it is switched on', async () => {
    const { engine, call, put, ids, seconds } = await setUp({ delays: { timeToLive: '1h' } }, false)
    await put('past', at(seconds() - 1))
    await call('UpdateTimeToLive', {
      TableName: 'Sessions',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
    })
    engine.clock.advance('59m')
    expect(await ids()).toEqual(['past'])
    engine.clock.advance('1m')
    expect(await ids()).toEqual([])
  })

  test('stops when it is switched off', async () => {
    const { engine, call, put, ids, seconds } = await setUp()
    await put('kept', at(seconds() + hour))
    engine.clock.advance('30m')
    await call('UpdateTimeToLive', {
      TableName: 'Sessions',
      TimeToLiveSpecification: { Enabled: false, AttributeName: 'expiresAt' },
    })
    engine.clock.advance('2h')
    expect(await ids()).toEqual(['kept'])
  })
})
