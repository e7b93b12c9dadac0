import { beforeEach, describe, expect, test } from 'vitest'
import { indexInput, tableInput, testEngine, type TestEngine } from '../../test/call-engine.ts'

const TableName = 'Things'
const units = (read: number, write = 5): object => ({ ReadCapacityUnits: read, WriteCapacityUnits: write })
const provisioned = { BillingMode: 'PROVISIONED', ProvisionedThroughput: units(5) }
const byG = indexInput('byG', ['g'])
const AttributeDefinitions = [{ AttributeName: 'g', AttributeType: 'S' }]

let { call, failure, engine }: TestEngine = testEngine()
beforeEach(() => {
  ;({ call, failure, engine } = testEngine({ delays: { createIndex: '5m', deleteIndex: '1m' } }))
  engine.clock.freeze()
})

const create = (more: object = {}): Promise<unknown> =>
  call('CreateTable', { ...tableInput(TableName, ['id'], more), ...more })
const update = (change: object): Promise<unknown> => call('UpdateTable', { TableName, ...change })
const refusal = (change: object): Promise<string> => failure('UpdateTable', { TableName, ...change })
const describeTable = async (): Promise<Readonly<Record<string, unknown>>> => {
  const { Table } = await call<{ Table: Readonly<Record<string, unknown>> }>('DescribeTable', { TableName })
  return Table
}

describe('throughput', () => {
  test('changes, and tells when it went up and down', async () => {
    await create(provisioned)
    const up = engine.clock.now() / 1000
    await update({ ProvisionedThroughput: units(10) })
    engine.clock.advance('1h')
    const down = engine.clock.now() / 1000
    await update({ ProvisionedThroughput: units(7) })
    expect((await describeTable()).ProvisionedThroughput).toEqual({
      ...units(7),
      LastIncreaseDateTime: up,
      LastDecreaseDateTime: down,
      NumberOfDecreasesToday: 1,
    })
  })

  test('that stays what it is is refused', async () => {
    await create(provisioned)
    expect(await refusal({ ProvisionedThroughput: units(5) })).toMatch(
      /^ValidationException: The provisioned throughput for the table will not change\. .* Requested ReadCapacityUnits: 5\./,
    )
  })

  test('goes with the billing mode', async () => {
    await create({ ...provisioned, GlobalSecondaryIndexes: [{ ...byG, ProvisionedThroughput: units(3) }] })
    expect(await refusal({ BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: units(5) })).toContain(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified',
    )
    await update({ BillingMode: 'PAY_PER_REQUEST' })
    await update({ BillingMode: 'PAY_PER_REQUEST' })
    expect(await describeTable()).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: units(0, 0),
      GlobalSecondaryIndexes: [{ ProvisionedThroughput: units(0, 0) }],
    })
    expect(await refusal(provisioned)).toContain('ProvisionedThroughput must be specified for index: byG')
    await update({
      ...provisioned,
      GlobalSecondaryIndexUpdates: [{ Update: { IndexName: 'byG', ProvisionedThroughput: units(4) } }],
    })
    expect(await describeTable()).toMatchObject({
      BillingModeSummary: { BillingMode: 'PROVISIONED' },
      ProvisionedThroughput: units(5),
      GlobalSecondaryIndexes: [{ ProvisionedThroughput: units(4) }],
    })
  })
})

describe('an index', () => {
  test('that is added is backfilled, then can be read', async () => {
    await create()
    await call('PutItem', { TableName, Item: { id: { S: 'a' }, g: { S: 'g' } } })
    await call('PutItem', { TableName, Item: { id: { S: 'b' }, g: { N: '1' } } })
    await update({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create: byG }] })
    await call('PutItem', { TableName, Item: { id: { S: 'c' }, g: { S: 'g' } } })
    expect(await describeTable()).toMatchObject({
      TableStatus: 'ACTIVE',
      GlobalSecondaryIndexes: [{ IndexName: 'byG', IndexStatus: 'CREATING', Backfilling: true }],
    })
    const scan = { TableName, IndexName: 'byG' }
    expect(await failure('Scan', scan)).toBe(
      'ValidationException: Cannot read from backfilling global secondary index: byG',
    )
    engine.clock.advance('5m')
    expect(await call('Scan', scan)).toMatchObject({ Count: 2 })
    expect(await describeTable()).toMatchObject({
      GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE', ItemCount: 2 }],
      AttributeDefinitions: [{ AttributeName: 'id' }, { AttributeName: 'g' }],
    })
  })

  test('that is deleted goes, and the definition of its key with it', async () => {
    await create({ GlobalSecondaryIndexes: [byG] })
    engine.clock.advance('5m')
    await update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'byG' } }] })
    expect(await describeTable()).toMatchObject({ GlobalSecondaryIndexes: [{ IndexStatus: 'DELETING' }] })
    engine.clock.advance('1m')
    const table = await describeTable()
    expect(table.GlobalSecondaryIndexes).toBeUndefined()
    expect(table.AttributeDefinitions).toEqual([{ AttributeName: 'id', AttributeType: 'S' }])
  })

  test.each<[string, object[], string]>([
    [
      'that is there already',
      [{ Create: byG }],
      'ValidationException: Attempting to create an index which already exists',
    ],
    [
      'by what is not defined',
      [{ Create: indexInput('byX', ['x']) }],
      'Some index key attributes are not defined in AttributeDefinitions. Keys: [x]',
    ],
    [
      'that is not there',
      [{ Delete: { IndexName: 'byX' } }],
      'ResourceNotFoundException: Requested resource not found',
    ],
    [
      'that is not there',
      [{ Update: { IndexName: 'byX', OnDemandThroughput: { MaxReadRequestUnits: 5 } } }],
      'ResourceNotFoundException',
    ],
    [
      'with two at once',
      [{ Create: indexInput('by1', ['g']) }, { Create: indexInput('by2', ['g']) }],
      'LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    ],
    [
      'twice',
      [{ Create: indexInput('by1', ['g']) }, { Delete: { IndexName: 'by1' } }],
      'Only one global secondary index update per index is allowed simultaneously. Index: by1',
    ],
    [
      'in no way',
      [{}],
      'Exactly one of Create, Update, Delete must be specified in GlobalSecondaryIndexUpdate',
    ],
  ])('%s is refused', async (_what, GlobalSecondaryIndexUpdates, message) => {
    await create({ GlobalSecondaryIndexes: [byG] })
    expect(await refusal({ GlobalSecondaryIndexUpdates })).toContain(message)
  })
})

test('a stream is switched on and off', async () => {
  await create()
  const on = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } }
  const off = { StreamSpecification: { StreamEnabled: false } }
  expect(await refusal(off)).toContain('Table has no stream to disable')
  await update(on)
  expect(await refusal(on)).toContain('Table already has an enabled stream')
  expect((await describeTable()).StreamSpecification).toEqual(on.StreamSpecification)
  await update(off)
  expect((await describeTable()).StreamSpecification).toBeUndefined()
})

test('settings change: deletion protection, class, encryption', async () => {
  await create()
  await update({
    DeletionProtectionEnabled: true,
    TableClass: 'STANDARD_INFREQUENT_ACCESS',
    SSESpecification: { Enabled: true },
  })
  expect(await failure('DeleteTable', { TableName })).toBe(
    'ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  )
  await update({ DeletionProtectionEnabled: false, SSESpecification: { Enabled: false } })
  expect((await describeTable()).SSEDescription).toBeUndefined()
  await call('DeleteTable', { TableName })
})

test('nothing to change, or no table to change, is refused', async () => {
  await create()
  expect(await refusal({})).toContain(
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled',
  )
  expect(await failure('UpdateTable', { TableName: 'None', BillingMode: 'PAY_PER_REQUEST' })).toBe(
    'ResourceNotFoundException: Requested resource not found: Table: None not found',
  )
})
