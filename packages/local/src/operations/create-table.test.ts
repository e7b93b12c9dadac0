import { beforeEach, describe, expect, test } from 'vitest'
import { indexInput, tableInput, testEngine, type TestEngine } from '../../test/call-engine.ts'

const invalid = 'ValidationException: One or more parameter values were invalid: '
const units = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }

let { call, failure, engine }: TestEngine = testEngine()
beforeEach(() => {
  ;({ call, failure, engine } = testEngine())
})

interface Description {
  readonly Table: Readonly<Record<string, unknown>>
}

describe('a table', () => {
  test('is being created when the answer comes, and active at once unless it is to take time', async () => {
    engine.clock.freeze()
    const now = engine.clock.now() / 1000
    const { TableDescription } = await call<{ TableDescription: object }>(
      'CreateTable',
      tableInput('Things', ['id']),
    )
    expect(TableDescription).toMatchObject({
      TableName: 'Things',
      TableStatus: 'CREATING',
      CreationDateTime: now,
    })
    const { Table } = await call<Description>('DescribeTable', { TableName: 'Things' })
    expect(Table).toEqual({
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: now },
      CreationDateTime: now,
      DeletionProtectionEnabled: false,
      ItemCount: 0,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/Things',
      TableId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      TableName: 'Things',
      TableSizeBytes: 0,
      TableStatus: 'ACTIVE',
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000, Status: 'ACTIVE' },
    })
  })

  test('can take its time, during which its items cannot be reached', async () => {
    ;({ call, failure, engine } = testEngine({ delays: { createTable: '10s' } }))
    engine.clock.freeze()
    await call('CreateTable', tableInput('Things', ['id']))
    const get = { TableName: 'Things', Key: { id: { S: 'a' } } }
    expect(await failure('GetItem', get)).toBe('ResourceNotFoundException: Requested resource not found')
    expect(await failure('DeleteTable', { TableName: 'Things' })).toBe(
      'ResourceInUseException: Attempt to change a resource which is still in use: Table is being created: Things',
    )
    engine.clock.advance('10s')
    expect(await call('GetItem', get)).toEqual({})
  })

  test('is described with its indexes, its stream and its settings', async () => {
    await call('CreateTable', {
      ...tableInput('Things', ['pk', 'sk'], {
        GlobalSecondaryIndexes: [
          {
            ...indexInput('byG', ['g'], { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] }),
            ProvisionedThroughput: units,
          },
        ],
        LocalSecondaryIndexes: [indexInput('byL', ['pk', 'l'], { ProjectionType: 'KEYS_ONLY' })],
      }),
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: units,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
      DeletionProtectionEnabled: true,
      SSESpecification: { Enabled: true },
      Tags: [{ Key: 'team', Value: 'a' }],
    })
    const { Table } = await call<Description>('DescribeTable', { TableName: 'Things' })
    expect(Table).toMatchObject({
      ProvisionedThroughput: { ...units, NumberOfDecreasesToday: 0 },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byG',
          IndexStatus: 'ACTIVE',
          KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] },
          ProvisionedThroughput: units,
          IndexArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/Things/index/byG',
        },
      ],
      LocalSecondaryIndexes: [
        { IndexName: 'byL', Projection: { ProjectionType: 'KEYS_ONLY' }, ItemCount: 0 },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      DeletionProtectionEnabled: true,
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' },
    })
    expect(Table.BillingModeSummary).toBeUndefined()
    expect(Table.LatestStreamArn).toBe(`${String(Table.TableArn)}/stream/${String(Table.LatestStreamLabel)}`)
  })

  test('may have global indexes with keys of several attributes', async () => {
    const KeySchema = [
      { AttributeName: 'a', KeyType: 'HASH' },
      { AttributeName: 'b', KeyType: 'HASH' },
      { AttributeName: 'c', KeyType: 'RANGE' },
      { AttributeName: 'd', KeyType: 'RANGE' },
    ]
    const index = { IndexName: 'wide', KeySchema, Projection: { ProjectionType: 'ALL' } }
    await call('CreateTable', tableInput('Things', ['id'], { GlobalSecondaryIndexes: [index] }))
    const { Table } = await call<Description>('DescribeTable', { TableName: 'Things' })
    expect(Table.GlobalSecondaryIndexes).toMatchObject([{ KeySchema }])
  })
})

describe('refused is', () => {
  const things = tableInput('Things', ['pk', 'sk'])
  const global = (more: object = {}): object => ({ ...indexInput('byG', ['sk']), ...more })
  const elements = (...names: string[]): object[] =>
    names.map((name) => ({ AttributeName: name.slice(1), KeyType: name.startsWith('h') ? 'HASH' : 'RANGE' }))

  test.each<[string, object, string]>([
    [
      'no name',
      { TableName: undefined },
      "ValidationException: The parameter 'TableName' is required but was not present in the request",
    ],
    [
      'a second hash key',
      { KeySchema: elements('hpk', 'hsk') },
      'ValidationException: Invalid KeySchema: The second KeySchemaElement is not a RANGE key type',
    ],
    [
      'a range key first',
      { KeySchema: elements('rpk', 'hsk') },
      'ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
    ],
    [
      'the same key twice',
      { KeySchema: elements('hpk', 'rpk') },
      'ValidationException: Invalid KeySchema: Some index key attribute have no definition',
    ],
    [
      'an undefined key',
      { KeySchema: elements('hpk', 'rx') },
      'ValidationException: Invalid KeySchema: Some index key attribute have no definition',
    ],
    [
      'a definition too many',
      { KeySchema: elements('hpk') },
      `${invalid}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    ],
    [
      'throughput on demand',
      { ProvisionedThroughput: units },
      `${invalid}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    ],
    [
      'no throughput',
      { BillingMode: undefined },
      `${invalid}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
    ],
    [
      'an index by what is not defined',
      { GlobalSecondaryIndexes: [global({ KeySchema: elements('hx') })] },
      `${invalid}Some index key attributes are not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: [pk, sk]`,
    ],
    [
      'no projection type',
      { GlobalSecondaryIndexes: [global({ Projection: {} })] },
      `${invalid}Unknown ProjectionType: null`,
    ],
    [
      'attributes projected twice',
      {
        GlobalSecondaryIndexes: [global({ Projection: { ProjectionType: 'ALL', NonKeyAttributes: ['x'] } })],
      },
      `${invalid}ProjectionType is ALL, but NonKeyAttributes is specified`,
    ],
    [
      'nothing included',
      { GlobalSecondaryIndexes: [global({ Projection: { ProjectionType: 'INCLUDE' } })] },
      `${invalid}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`,
    ],
    [
      'two indexes of a name',
      { GlobalSecondaryIndexes: [global(), global()] },
      `${invalid}Duplicate index name: byG`,
    ],
    [
      'an empty list of indexes',
      { GlobalSecondaryIndexes: [] },
      `${invalid}List of GlobalSecondaryIndexes is empty`,
    ],
    [
      '21 indexes',
      {
        GlobalSecondaryIndexes: Array.from({ length: 21 }, (_, at) =>
          global({ IndexName: `by${String(at)}` }),
        ),
      },
      `${invalid}GlobalSecondaryIndex count exceeds the per-table limit of 20`,
    ],
    [
      'a local index of another partition',
      { LocalSecondaryIndexes: [indexInput('byL', ['sk', 'pk'])] },
      `${invalid}Index KeySchema does not have the same leading hash key as table KeySchema for index: byL. index hash key: sk, table hash key: pk`,
    ],
    [
      'a local index without sort key',
      { LocalSecondaryIndexes: [indexInput('byL', ['pk'])] },
      `${invalid}Index KeySchema does not have a range key for index: byL`,
    ],
    [
      'a partition attribute after the sort key',
      { GlobalSecondaryIndexes: [global({ KeySchema: elements('hpk', 'rsk', 'hpk') })] },
      'ValidationException: Invalid KeySchema: All HASH key elements must come before RANGE key elements',
    ],
    [
      'a stream without view',
      { StreamSpecification: { StreamEnabled: true } },
      `${invalid}StreamViewType must be specified when StreamEnabled is true`,
    ],
    [
      'two tags of a key',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
      `${invalid}Duplicate tag keys are not allowed`,
    ],
  ])('%s', async (_what, change, message) => {
    expect(await failure('CreateTable', { ...things, ...change })).toContain(message)
  })

  test('a name that is taken, until that table is gone', async () => {
    await call('CreateTable', things)
    expect(await failure('CreateTable', things)).toBe('ResourceInUseException: Table already exists: Things')
    await call('DeleteTable', { TableName: 'Things' })
    await call('CreateTable', things)
  })

  test('the 2,501st table', async () => {
    for (let at = 0; at < 2500; at += 1) await call('CreateTable', tableInput(`Table${String(at)}`, ['id']))
    expect(await failure('CreateTable', things)).toMatch(/^LimitExceededException: Subscriber limit exceeded/)
  })
})
