import { beforeEach, describe, expect, test } from 'vitest'
import { tableInput, testEngine, type TestEngine } from '../../test/call-engine.ts'

const TableName = 'Things'
const ResourceArn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Things'

let { call, failure, engine }: TestEngine = testEngine()
beforeEach(async () => {
  ;({ call, failure, engine } = testEngine({ delays: { timeToLive: '1h', deleteTable: '5s' } }))
  engine.clock.freeze()
  await call('CreateTable', tableInput(TableName, ['id']))
})

describe('tables', () => {
  test('are listed in order, page by page', async () => {
    for (const name of ['Beta', 'Alpha', 'Zeta']) await call('CreateTable', tableInput(name, ['id']))
    expect(await call('ListTables', { Limit: 2 })).toEqual({
      TableNames: ['Alpha', 'Beta'],
      LastEvaluatedTableName: 'Beta',
    })
    expect(await call('ListTables', { ExclusiveStartTableName: 'Beta' })).toEqual({
      TableNames: ['Things', 'Zeta'],
    })
    expect(await call('ListTables', { ExclusiveStartTableName: 'Zeta' })).toEqual({ TableNames: [] })
    expect(await failure('ListTables', { Limit: 101 })).toContain(
      'Member must have value less than or equal to 100',
    )
  })

  test('are named by ARN too, but not those of others', async () => {
    const Item = { id: { S: 'a' } }
    await call('PutItem', { TableName: ResourceArn, Item })
    expect(await call('GetItem', { TableName: ResourceArn, Key: Item })).toEqual({ Item })
    expect(
      await failure('DescribeTable', { TableName: ResourceArn.replace('123456789012', '000000000000') }),
    ).toMatch(/^AccessDeniedException/)
  })

  test('are there while they are being deleted, then gone', async () => {
    const { TableDescription } = await call<{ TableDescription: object }>('DeleteTable', { TableName })
    expect(TableDescription).toMatchObject({ TableName, TableStatus: 'DELETING' })
    expect(await call('DeleteTable', { TableName })).toMatchObject({
      TableDescription: { TableStatus: 'DELETING' },
    })
    expect(await failure('GetItem', { TableName, Key: { id: { S: 'a' } } })).toMatch(
      /^ResourceNotFoundException/,
    )
    expect(await failure('UpdateTable', { TableName, DeletionProtectionEnabled: true })).toContain(
      'Table is being deleted: Things',
    )
    engine.clock.advance('5s')
    expect(await failure('DescribeTable', { TableName })).toBe(
      'ResourceNotFoundException: Requested resource not found: Table: Things not found',
    )
  })
})

describe('time to live', () => {
  const specification = (Enabled: boolean, AttributeName = 'expiresAt'): object => ({
    TableName,
    TimeToLiveSpecification: { Enabled, AttributeName },
  })
  const status = async (): Promise<unknown> =>
    (await call('DescribeTimeToLive', { TableName })).TimeToLiveDescription

  test('takes its time to be switched on and off', async () => {
    expect(await status()).toEqual({ TimeToLiveStatus: 'DISABLED' })
    await call('UpdateTimeToLive', specification(true))
    expect(await status()).toEqual({ TimeToLiveStatus: 'ENABLING', AttributeName: 'expiresAt' })
    expect(await failure('UpdateTimeToLive', specification(false))).toBe(
      'ValidationException: Time to live has been modified multiple times within a fixed interval',
    )
    engine.clock.advance('1h')
    expect(await status()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' })
    expect(await failure('UpdateTimeToLive', specification(true))).toBe(
      'ValidationException: TimeToLive is already enabled',
    )
    expect(await failure('UpdateTimeToLive', specification(false, 'other'))).toContain(
      'TimeToLive is active on a different AttributeName: current AttributeName is expiresAt',
    )
    await call('UpdateTimeToLive', specification(false))
    expect(await status()).toEqual({ TimeToLiveStatus: 'DISABLING', AttributeName: 'expiresAt' })
    engine.clock.advance('1h')
    expect(await status()).toEqual({ TimeToLiveStatus: 'DISABLED' })
    expect(await failure('UpdateTimeToLive', specification(false))).toBe(
      'ValidationException: TimeToLive is already disabled',
    )
  })
})

describe('tags', () => {
  const Tags = [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ]
  const listed = async (): Promise<unknown> => (await call('ListTagsOfResource', { ResourceArn })).Tags

  test('are added, replaced and taken off', async () => {
    expect(await listed()).toEqual([])
    await call('TagResource', { ResourceArn, Tags })
    await call('TagResource', { ResourceArn, Tags: [{ Key: 'a', Value: '3' }] })
    await call('UntagResource', { ResourceArn, TagKeys: ['b', 'none'] })
    expect(await listed()).toEqual([{ Key: 'a', Value: '3' }])
  })

  test.each([
    [
      'not-an-arn',
      Tags,
      'ValidationException: Invalid TableArn: Invalid ResourceArn provided as input not-an-arn',
    ],
    [`${ResourceArn}s`, Tags, 'ResourceNotFoundException'],
    [ResourceArn.replace('123456789012', '000000000000'), Tags, 'AccessDeniedException'],
    [
      ResourceArn,
      [{ Key: 'aws:x', Value: '' }],
      'ValidationException: aws: prefixed tag key names are not allowed',
    ],
    [
      ResourceArn,
      Array.from({ length: 51 }, (_, at) => ({ Key: String(at), Value: '' })),
      'ValidationException: The number of tags exceeds',
    ],
  ])('of %s are refused', async (arn, tags, message) => {
    expect(await failure('TagResource', { ResourceArn: arn, Tags: tags })).toContain(message)
  })
})

describe('the account', () => {
  test('has limits and an endpoint', async () => {
    expect(await call('DescribeLimits', {})).toMatchObject({ TableMaxReadCapacityUnits: 40_000 })
    expect(await call('DescribeEndpoints', {})).toEqual({
      Endpoints: [{ Address: 'dynamodb.eu-west-1.amazonaws.com', CachePeriodInMinutes: 1440 }],
    })
  })

  test('knows of point-in-time recovery, though nothing is restored', async () => {
    expect(await call('DescribeContinuousBackups', { TableName })).toMatchObject({
      ContinuousBackupsDescription: {
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
      },
    })
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 }
    await call('UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification })
    const since = engine.clock.now() / 1000
    engine.clock.advance('1d')
    expect(await call('DescribeContinuousBackups', { TableName })).toEqual({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: 7,
          EarliestRestorableDateTime: since,
          LatestRestorableDateTime: since + 86_400 - 300,
        },
      },
    })
    expect(await failure('DescribeContinuousBackups', { TableName: 'None' })).toBe(
      'TableNotFoundException: Table not found: None',
    )
  })

  test('is answered about what there is not', async () => {
    expect(await failure('MakeCoffee', {})).toBe('UnknownOperationException: ')
  })
})
