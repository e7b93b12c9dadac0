import { describe, expect, test } from 'vitest'
import { createEngine, type Engine, type EngineOptions } from '../src/index.ts'

const caller = { accessKeyId: 'test', region: 'eu-west-1' }

interface Shard {
  readonly ShardId: string
  readonly ParentShardId?: string
  readonly SequenceNumberRange: {
    readonly StartingSequenceNumber: string
    readonly EndingSequenceNumber?: string
  }
}
interface StreamRecord {
  readonly eventID: string
  readonly eventName: string
  readonly userIdentity?: unknown
  readonly dynamodb: {
    readonly Keys: Record<string, { S: string }>
    readonly NewImage?: unknown
    readonly OldImage?: unknown
    readonly SequenceNumber: string
    readonly SizeBytes: number
    readonly ApproximateCreationDateTime: number
  }
}

/** A table with a stream on an engine whose clock stands. */
class Table {
  readonly engine: Engine
  arn = ''

  constructor(options: EngineOptions = {}) {
    this.engine = createEngine(options)
    this.engine.clock.freeze()
  }

  async call<Output = object>(operation: string, input: object): Promise<Output> {
    return (await this.engine.call(operation, input as never, caller)) as Output
  }

  async create(view = 'NEW_AND_OLD_IMAGES', name = 'Orders'): Promise<this> {
    const { TableDescription } = await this.call<{ TableDescription: { LatestStreamArn: string } }>(
      'CreateTable',
      {
        TableName: name,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamEnabled: true, StreamViewType: view },
      },
    )
    this.arn = TableDescription.LatestStreamArn
    return this
  }

  put(id: string, more: object = {}): Promise<object> {
    return this.call('PutItem', { TableName: 'Orders', Item: { id: { S: id }, ...more } })
  }

  delete(id: string): Promise<object> {
    return this.call('DeleteItem', { TableName: 'Orders', Key: { id: { S: id } } })
  }

  async describe(input: object = {}): Promise<Record<string, unknown> & { Shards: Shard[] }> {
    const output = await this.call<{ StreamDescription: Record<string, unknown> & { Shards: Shard[] } }>(
      'DescribeStream',
      { StreamArn: this.arn, ...input },
    )
    return output.StreamDescription
  }

  async shards(): Promise<Shard[]> {
    return (await this.describe()).Shards
  }

  async iterator(shard: Shard, type = 'TRIM_HORIZON', sequence?: string): Promise<string> {
    const { ShardIterator } = await this.call<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: this.arn,
      ShardId: shard.ShardId,
      ShardIteratorType: type,
      SequenceNumber: sequence,
    })
    return ShardIterator
  }

  records(
    iterator: string,
    limit?: number,
  ): Promise<{ Records: StreamRecord[]; NextShardIterator?: string }> {
    return this.call('GetRecords', { ShardIterator: iterator, Limit: limit })
  }

  /** All records of a shard. */
  async drain(shard: Shard, limit?: number): Promise<StreamRecord[]> {
    const all: StreamRecord[] = []
    let iterator: string | undefined = await this.iterator(shard)
    while (iterator !== undefined) {
      const page: Awaited<ReturnType<Table['records']>> = await this.records(iterator, limit)
      all.push(...page.Records)
      if (page.Records.length === 0) break
      iterator = page.NextShardIterator
    }
    return all
  }

  /** All records, shard by shard, parents first. */
  async all(): Promise<StreamRecord[]> {
    const records: StreamRecord[] = []
    for (const shard of await this.shards()) records.push(...(await this.drain(shard)))
    return records
  }
}

const names = (records: readonly StreamRecord[]): string[] =>
  records.map(({ eventName, dynamodb }) => `${eventName} ${dynamodb.Keys.id?.S ?? ''}`)

describe('the stream of a table', () => {
  test('has one record for each change, and none for a write that changes nothing', async () => {
    const table = await new Table().create()
    await table.put('a', { n: { N: '1' } })
    await table.put('a', { n: { N: '1.0' } })
    await table.put('a', { n: { N: '2' } })
    await table.delete('a')
    await table.delete('a')
    const records = await table.all()
    expect(names(records)).toEqual(['INSERT a', 'MODIFY a', 'REMOVE a'])
    expect(records[1]).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(table.engine.clock.now() / 1000),
        Keys: { id: { S: 'a' } },
        OldImage: { id: { S: 'a' }, n: { N: '1' } },
        NewImage: { id: { S: 'a' }, n: { N: '2' } },
        SequenceNumber: expect.stringMatching(/^\d{21}$/) as string,
        SizeBytes: 15,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    })
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(3)
    const sequences = records.map(({ dynamodb }) => BigInt(dynamodb.SequenceNumber))
    expect([...sequences].sort((a, b) => (a < b ? -1 : 1))).toEqual(sequences)
  })

  test.each([
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', true, false],
    ['OLD_IMAGE', false, true],
    ['NEW_AND_OLD_IMAGES', true, true],
  ])('shows with %s what it should', async (view, hasNew, hasOld) => {
    const table = await new Table().create(view)
    await table.put('a')
    await table.put('a', { n: { N: '2' } })
    const modified = (await table.all())[1]
    expect(['NewImage', 'OldImage'].map((image) => image in (modified?.dynamodb ?? {}))).toEqual([
      hasNew,
      hasOld,
    ])
  })

  test('has the writes of transactions and batches too', async () => {
    const table = await new Table().create()
    await table.call('BatchWriteItem', {
      RequestItems: {
        Orders: [{ PutRequest: { Item: { id: { S: 'a' } } } }, { PutRequest: { Item: { id: { S: 'b' } } } }],
      },
    })
    await table.call('TransactWriteItems', {
      TransactItems: [
        { Delete: { TableName: 'Orders', Key: { id: { S: 'a' } } } },
        { Put: { TableName: 'Orders', Item: { id: { S: 'c' } } } },
      ],
    })
    expect(names(await table.all())).toEqual(['INSERT a', 'INSERT b', 'REMOVE a', 'INSERT c'])
  })

  test('is described', async () => {
    const table = await new Table().create()
    const description = await table.describe()
    expect(description).toEqual({
      StreamArn: table.arn,
      StreamLabel: table.arn.split('/').at(-1),
      StreamStatus: 'ENABLED',
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      CreationRequestDateTime: table.engine.clock.now() / 1000,
      TableName: 'Orders',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      Shards: [
        {
          ShardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/) as string,
          SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{21}$/) as string },
        },
      ],
    })
  })

  test('is listed page by page', async () => {
    const table = new Table()
    for (const name of ['A-table', 'B-table', 'C-table']) await table.create('KEYS_ONLY', name)
    interface Page {
      readonly Streams: { readonly TableName: string; readonly StreamArn: string }[]
      readonly LastEvaluatedStreamArn?: string
    }
    const first = await table.call<Page>('ListStreams', { Limit: 2 })
    expect(first.Streams.map(({ TableName }) => TableName)).toEqual(['A-table', 'B-table'])
    const second = await table.call<Page>('ListStreams', {
      Limit: 2,
      ExclusiveStartStreamArn: first.LastEvaluatedStreamArn,
    })
    expect(second.Streams.map(({ TableName }) => TableName)).toEqual(['C-table'])
    expect(second.LastEvaluatedStreamArn).toBeUndefined()
    const own = await table.call<Page>('ListStreams', { TableName: 'B-table' })
    expect(own.Streams).toHaveLength(1)
    expect((await table.call<Page>('ListStreams', { TableName: 'None' })).Streams).toEqual([])
  })

  test('can be read for a day after it was switched off, and another one begins', async () => {
    const table = await new Table().create()
    await table.put('a')
    await table.call('UpdateTable', { TableName: 'Orders', StreamSpecification: { StreamEnabled: false } })
    await table.put('unseen')
    expect(await table.describe()).toMatchObject({ StreamStatus: 'DISABLED' })
    expect(names(await table.all())).toEqual(['INSERT a'])
    const [shard] = await table.shards()
    expect(shard?.SequenceNumberRange.EndingSequenceNumber).toBeDefined()
    expect((await table.records(await table.iterator(shard!))).NextShardIterator).toBeUndefined()
    const old = table.arn
    table.engine.clock.advance('1h')
    const { TableDescription } = await table.call<{ TableDescription: { LatestStreamArn: string } }>(
      'UpdateTable',
      {
        TableName: 'Orders',
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      },
    )
    table.arn = TableDescription.LatestStreamArn
    expect(table.arn).not.toBe(old)
    await table.put('b')
    expect(names(await table.all())).toEqual(['INSERT b'])
    table.arn = old
    expect(names(await table.all())).toEqual(['INSERT a'])
    table.engine.clock.advance('23h')
    await expect(table.describe()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Requested resource not found: Stream: ${old} not found`,
    })
  })

  test('outlives its table', async () => {
    const table = await new Table().create()
    await table.put('a')
    await table.call('DeleteTable', { TableName: 'Orders' })
    const old = table.arn
    expect(await table.describe()).toMatchObject({ StreamStatus: 'DISABLED' })
    expect(names(await table.all())).toEqual(['INSERT a'])
    table.engine.clock.advance('1m')
    await table.create()
    expect(table.arn).not.toBe(old)
    expect(await table.all()).toEqual([])
  })
})

describe('a shard', () => {
  test('is closed after four hours, and another one takes its place', async () => {
    const table = await new Table().create()
    await table.put('a')
    table.engine.clock.advance('4h')
    await table.put('b')
    table.engine.clock.advance('9h')
    await table.put('c')
    const shards = await table.shards()
    expect(shards.map(({ ParentShardId }) => ParentShardId)).toEqual([
      undefined,
      ...shards.slice(0, -1).map(({ ShardId }) => ShardId),
    ])
    expect(shards.map(({ SequenceNumberRange }) => 'EndingSequenceNumber' in SequenceNumberRange)).toEqual([
      true,
      true,
      true,
      false,
    ])
    const ids = shards.map(({ ShardId }) => ShardId)
    expect([...ids].sort()).toEqual(ids)
    expect(await Promise.all(shards.map(async (shard) => names(await table.drain(shard))))).toEqual([
      ['INSERT a'],
      ['INSERT b'],
      [],
      ['INSERT c'],
    ])
    for (const shard of shards) {
      for (const { dynamodb } of await table.drain(shard)) {
        const { StartingSequenceNumber: start, EndingSequenceNumber: end } = shard.SequenceNumberRange
        expect(
          dynamodb.SequenceNumber >= start && (end === undefined || dynamodb.SequenceNumber <= end),
        ).toBe(true)
      }
    }
  })

  test('is one of several when there are several partitions, and keeps the order of each key', async () => {
    const table = await new Table({ streamShards: 4 }).create()
    for (let round = 0; round < 5; round += 1) {
      for (let id = 0; id < 40; id += 1) await table.put(String(id), { round: { N: String(round) } })
      if (round === 2) table.engine.clock.advance('4h')
      if (round === 3) table.engine.splitShards(table.arn)
    }
    const shards = await table.shards()
    expect(shards).toHaveLength(16)
    expect(
      shards.filter(({ SequenceNumberRange: { EndingSequenceNumber: end } }) => end === undefined),
    ).toHaveLength(8)
    const seen = new Map<string, unknown[]>()
    for (const shard of shards) {
      const records = await table.drain(shard, 3)
      expect(records.length).toBeGreaterThan(0)
      for (const { dynamodb } of records) {
        const id = dynamodb.Keys.id?.S ?? ''
        seen.set(id, [...(seen.get(id) ?? []), (dynamodb.NewImage as { round: { N: string } }).round.N])
      }
    }
    expect(seen.size).toBe(40)
    for (const rounds of seen.values()) expect(rounds).toEqual(['0', '1', '2', '3', '4'])
  })

  test('is split in two, its children', async () => {
    const table = await new Table().create()
    table.engine.splitShards(table.arn)
    const [parent, ...children] = await table.shards()
    expect(children.map(({ ParentShardId }) => ParentShardId)).toEqual([parent?.ShardId, parent?.ShardId])
    const filter = { ShardFilter: { Type: 'CHILD_SHARDS', ShardId: parent?.ShardId } }
    expect((await table.describe(filter)).Shards).toEqual(children)
    expect(() => table.engine.splitShards(`${table.arn}x`)).toThrow('not found')
  })

  test('is described page by page', async () => {
    const table = await new Table({ streamShards: 5 }).create()
    const first = await table.describe({ Limit: 3 })
    expect(first.Shards).toHaveLength(3)
    const rest = await table.describe({ ExclusiveStartShardId: first.LastEvaluatedShardId })
    expect(rest.LastEvaluatedShardId).toBeUndefined()
    expect([...first.Shards, ...rest.Shards]).toEqual(await table.shards())
  })

  test('loses its records after a day, and is gone when it was closed by then', async () => {
    const table = await new Table().create()
    await table.put('a')
    table.engine.clock.advance('3h')
    await table.put('b')
    const [shard] = await table.shards()
    const [a, b] = (await table.drain(shard!)).map(({ dynamodb }) => dynamodb.SequenceNumber)
    const early = await table.iterator(shard!)
    expect(names((await table.records(early)).Records)).toEqual(['INSERT a', 'INSERT b'])
    table.engine.clock.advance('21h')
    expect(names(await table.all())).toEqual(['INSERT b'])
    for (const type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']) {
      await expect(table.iterator(shard!, type, a)).rejects.toMatchObject({
        name: 'TrimmedDataAccessException',
      })
    }
    await expect(table.iterator(shard!, 'AT_SEQUENCE_NUMBER', b)).resolves.toEqual(expect.any(String))
    table.engine.clock.advance('5h')
    expect((await table.shards()).map(({ ShardId }) => ShardId)).not.toContain(shard?.ShardId)
    await expect(table.iterator(shard!)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    table.engine.clock.advance('400d')
    expect(await table.shards()).toHaveLength(7)
  })
})

describe('an iterator', () => {
  test('begins at the first record, after the last, at a record or after it', async () => {
    const table = await new Table().create()
    for (const id of ['a', 'b', 'c']) await table.put(id)
    const [shard] = await table.shards()
    const sequence = (await table.drain(shard!))[1]?.dynamodb.SequenceNumber
    const from = async (type: string, at?: string): Promise<string[]> => {
      const iterator = await table.iterator(shard!, type, at)
      return names((await table.records(iterator)).Records)
    }
    const latest = await table.iterator(shard!, 'LATEST')
    expect(await from('TRIM_HORIZON')).toEqual(['INSERT a', 'INSERT b', 'INSERT c'])
    expect(await from('AT_SEQUENCE_NUMBER', sequence)).toEqual(['INSERT b', 'INSERT c'])
    expect(await from('AFTER_SEQUENCE_NUMBER', sequence)).toEqual(['INSERT c'])
    expect(await from('LATEST')).toEqual([])
    await table.put('d')
    expect(names((await table.records(latest)).Records)).toEqual(['INSERT d'])
    const start = shard?.SequenceNumberRange.StartingSequenceNumber
    expect(await from('AT_SEQUENCE_NUMBER', start)).toHaveLength(4)
  })

  test('goes on where the last page ended', async () => {
    const table = await new Table().create()
    for (let id = 0; id < 7; id += 1) await table.put(String(id))
    const [shard] = await table.shards()
    const pages: number[] = []
    let iterator: string | undefined = await table.iterator(shard!)
    for (let page = 0; page < 4; page += 1) {
      const { Records, NextShardIterator } = await table.records(iterator!, 3)
      pages.push(Records.length)
      iterator = NextShardIterator
    }
    expect(pages).toEqual([3, 3, 1, 0])
    await table.put('late')
    expect(names((await table.records(iterator!)).Records)).toEqual(['INSERT late'])
  })

  test('reads 1,000 records or 1 MB at a time', async () => {
    const table = await new Table().create('NEW_IMAGE')
    for (let id = 0; id < 1001; id += 1) await table.put(String(id))
    const [shard] = await table.shards()
    expect((await table.records(await table.iterator(shard!))).Records).toHaveLength(1000)
    const latest = await table.iterator(shard!, 'LATEST')
    for (let id = 0; id < 4; id += 1)
      await table.put(`large ${String(id)}`, { text: { S: 'x'.repeat(390_000) } })
    expect((await table.records(latest)).Records).toHaveLength(2)
  })

  test('expires after fifteen minutes', async () => {
    const table = await new Table().create()
    const [shard] = await table.shards()
    const iterator = await table.iterator(shard!)
    table.engine.clock.advance('15m')
    const { NextShardIterator } = await table.records(iterator)
    table.engine.clock.advance(1)
    await expect(table.records(iterator)).rejects.toMatchObject({ name: 'ExpiredIteratorException' })
    await expect(table.records(NextShardIterator!)).resolves.toMatchObject({ Records: [] })
  })

  test('whose records are trimmed meanwhile says so', async () => {
    const table = await new Table().create()
    await table.put('a')
    table.engine.clock.advance('23h')
    table.engine.clock.advance('55m')
    const [shard] = await table.shards()
    const iterator = await table.iterator(shard!)
    table.engine.clock.advance('10m')
    await expect(table.records(iterator)).rejects.toMatchObject({
      name: 'TrimmedDataAccessException',
      message: 'The data you are trying to access has been trimmed',
    })
  })

  test.each(['x', 'arn|1|abc', 'arn|1|W10', 'arn|1|bnVsbA'])('%s is none', async (text) => {
    const table = await new Table().create()
    await expect(table.records(text)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Invalid ShardIterator',
    })
  })

  test('is refused for wrong requests with the messages of DynamoDB', async () => {
    const table = await new Table().create()
    const [shard] = await table.shards()
    const refusals: [Promise<unknown>, string][] = [
      [table.iterator(shard!, 'LATEST', '1'.repeat(21)), 'SequenceNumber should not be passed'],
      [table.iterator(shard!, 'AT_SEQUENCE_NUMBER'), 'Invalid SequenceNumber'],
      [table.iterator(shard!, 'AT_SEQUENCE_NUMBER', '9'.repeat(21)), 'Invalid SequenceNumber'],
      [
        table.iterator(shard!, 'AT_SEQUENCE_NUMBER', `1${'9'.repeat(20)}`),
        'Invalid SequenceNumber for the shard',
      ],
      [table.iterator(shard!, 'AT_SEQUENCE_NUMBER', '1'), "Value '1' at 'sequenceNumber' failed to satisfy"],
      [
        table.iterator(shard!, 'SOMEWHERE'),
        "Value 'SOMEWHERE' at 'shardIteratorType' failed to satisfy constraint",
      ],
      [table.iterator({ ...shard!, ShardId: 'shardId-00000000000000000000-00000000' }), 'not found'],
      [table.call('GetRecords', {}), "Value null at 'shardIterator' failed to satisfy constraint"],
      [table.describe({ Limit: 101 }), 'Limit cannot be greater than the maximum: 100'],
      [table.describe({ Limit: 0 }), 'Member must have value greater than or equal to 1'],
    ]
    for (const [refused, message] of refusals) await expect(refused).rejects.toThrow(message)
  })
})
