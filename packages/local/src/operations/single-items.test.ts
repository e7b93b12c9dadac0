import { beforeEach, describe, expect, test } from 'vitest'
import { indexInput, tableInput, testEngine, type TestEngine } from '../../test/call-engine.ts'

const TableName = 'Things'
const Key = { pk: { S: 'p' }, sk: { S: 's' } }
const invalid = 'ValidationException: One or more parameter values were invalid: '

let { call, failure }: TestEngine = testEngine()
beforeEach(async () => {
  ;({ call, failure } = testEngine())
  const indexes = {
    GlobalSecondaryIndexes: [indexInput('byG', ['g', 'h'])],
    LocalSecondaryIndexes: [indexInput('byL', ['pk', 'l'], { ProjectionType: 'KEYS_ONLY' })],
  }
  await call('CreateTable', tableInput(TableName, ['pk', 'sk'], indexes))
})

const put = (rest: object = {}, more: object = {}): Promise<object> =>
  call('PutItem', { TableName, Item: { ...Key, ...rest }, ...more })
const update = (more: object): Promise<object> => call('UpdateItem', { TableName, Key, ...more })
const read = async (): Promise<unknown> => (await call('GetItem', { TableName, Key })).Item
const values = (given: object): object => ({ ExpressionAttributeValues: given })

describe('GetItem', () => {
  test('gives the item, or what is asked of it', async () => {
    await put({ a: { M: { b: { S: 'x' }, c: { S: 'y' } } } })
    expect(await read()).toEqual({ ...Key, a: { M: { b: { S: 'x' }, c: { S: 'y' } } } })
    expect(await call('GetItem', { TableName, Key, ProjectionExpression: 'a.b, sk' })).toEqual({
      Item: { a: { M: { b: { S: 'x' } } }, sk: { S: 's' } },
    })
    expect(await call('GetItem', { TableName, Key, AttributesToGet: ['pk', 'none'] })).toEqual({
      Item: { pk: Key.pk },
    })
    expect(await call('GetItem', { TableName, Key: { ...Key, sk: { S: 'other' } } })).toEqual({})
  })

  test.each<[string, object, string]>([
    [
      'half a key',
      { Key: { pk: Key.pk } },
      'ValidationException: The provided key element does not match the schema',
    ],
    [
      'more than a key',
      { Key: { ...Key, x: { S: 'x' } } },
      'ValidationException: The provided key element does not match the schema',
    ],
    [
      'a key of the wrong type',
      { Key: { ...Key, sk: { N: '1' } } },
      'ValidationException: The provided key element does not match the schema',
    ],
    [
      'an empty key',
      { Key: { ...Key, sk: { S: '' } } },
      'ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: sk',
    ],
    [
      'a partition key of 2,049 bytes',
      { Key: { ...Key, pk: { S: 'ü'.repeat(1024) + 'x' } } },
      `${invalid}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
    [
      'a sort key of 1,025 bytes',
      { Key: { ...Key, sk: { S: 'x'.repeat(1025) } } },
      `${invalid}Aggregated size of all range keys has exceeded the size limit of 1024 bytes`,
    ],
    ['no table', { TableName: 'None' }, 'ResourceNotFoundException: Requested resource not found'],
    [
      'a path into a key',
      { ProjectionExpression: 'pk.x' },
      "ValidationException: Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
    ],
  ])('refuses %s', async (_what, change, message) => {
    expect(await failure('GetItem', { TableName, Key, ...change })).toBe(message)
  })
})

describe('PutItem', () => {
  test('replaces the item, and gives the old one if it is asked to', async () => {
    expect(await put({ a: { S: '1' } }, { ReturnValues: 'ALL_OLD' })).toEqual({})
    expect(await put({ b: { S: '2' } }, { ReturnValues: 'ALL_OLD' })).toEqual({
      Attributes: { ...Key, a: { S: '1' } },
    })
    expect(await read()).toEqual({ ...Key, b: { S: '2' } })
  })

  test('is refused when its condition does not hold, with the old item if it is asked to', async () => {
    await put({ a: { S: '1' } })
    const refused = call('PutItem', {
      TableName,
      Item: Key,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    await expect(refused).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      details: { Item: { ...Key, a: { S: '1' } } },
    })
    expect(await read()).toEqual({ ...Key, a: { S: '1' } })
  })

  test('knows conditions from before there were expressions', async () => {
    await put({ a: { S: '1' } })
    const expecting = (Expected: object): object => ({ TableName, Item: Key, Expected })
    expect(await failure('PutItem', expecting({ a: { Exists: false } }))).toMatch(
      /^ConditionalCheckFailedException/,
    )
    await call('PutItem', expecting({ a: { Value: { S: '1' } } }))
  })

  test.each<[string, object, string]>([
    ['a missing key', { Item: { pk: Key.pk } }, `${invalid}Missing the key sk in the item`],
    [
      'a key of the wrong type',
      { Item: { ...Key, sk: { N: '1' } } },
      `${invalid}Type mismatch for key sk expected: S actual: N`,
    ],
    [
      'an index key of the wrong type',
      { Item: { ...Key, g: { N: '1' } } },
      `${invalid}Type mismatch for Index Key g Expected: S Actual: N IndexName: byG`,
    ],
    [
      'an empty index key',
      { Item: { ...Key, l: { S: '' } } },
      'ValidationException: One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byL, IndexKey: l',
    ],
    [
      'new values',
      { ReturnValues: 'ALL_NEW' },
      'ValidationException: ReturnValues can only be ALL_OLD or NONE',
    ],
    [
      'expressions with what they replaced',
      { Expected: {}, ConditionExpression: 'attribute_exists(pk)' },
      'ValidationException: Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
    ],
    [
      'an item of more than 400 KB',
      { Item: { ...Key, x: { S: 'x'.repeat(409_600 - 6) } } },
      'ValidationException: Item size has exceeded the maximum allowed size',
    ],
  ])('refuses %s', async (_what, change, message) => {
    expect(await failure('PutItem', { TableName, Item: Key, ...change })).toBe(message)
  })

  test('takes 400 KB to the byte', async () => {
    await put({ x: { S: 'x'.repeat(409_600 - 7) } })
  })

  test('normalises numbers, and stores nothing the caller can change', async () => {
    const item = { ...Key, n: { N: '1.0' }, l: { S: 'l' }, m: { M: { a: { S: 'x' } } } }
    await call('PutItem', { TableName, Item: item })
    item.m.M.a.S = 'changed'
    expect(await read()).toMatchObject({ n: { N: '1' }, m: { M: { a: { S: 'x' } } } })
  })
})

describe('UpdateItem', () => {
  test('makes an item of the key when there is none, even with nothing to set', async () => {
    expect(await update({ UpdateExpression: 'REMOVE a', ReturnValues: 'ALL_NEW' })).toEqual({
      Attributes: Key,
    })
    expect(await read()).toEqual(Key)
    expect(
      await call('UpdateItem', { TableName, Key: { ...Key, sk: { S: 't' } }, ReturnValues: 'ALL_OLD' }),
    ).toEqual({})
  })

  test.each([
    ['NONE', undefined],
    ['ALL_OLD', { ...Key, a: { N: '1' }, b: { M: { c: { S: 'x' }, d: { S: 'y' } } } }],
    ['ALL_NEW', { ...Key, a: { N: '2' }, b: { M: { c: { S: 'z' }, d: { S: 'y' } } } }],
    ['UPDATED_OLD', { a: { N: '1' }, b: { M: { c: { S: 'x' } } } }],
    ['UPDATED_NEW', { a: { N: '2' }, b: { M: { c: { S: 'z' } } } }],
  ])('returns %s', async (ReturnValues, Attributes) => {
    await put({ a: { N: '1' }, b: { M: { c: { S: 'x' }, d: { S: 'y' } } } })
    const UpdateExpression = 'SET a = a + :one, b.c = :z'
    const answer = await update({
      UpdateExpression,
      ReturnValues,
      ...values({ ':one': { N: '1' }, ':z': { S: 'z' } }),
    })
    expect(answer).toEqual(Attributes === undefined ? {} : { Attributes })
  })

  test('knows updates from before there were expressions', async () => {
    await put({ a: { N: '1' }, b: { S: 'x' } })
    const AttributeUpdates = {
      a: { Action: 'ADD', Value: { N: '2' } },
      b: { Action: 'DELETE' },
      c: { Value: { S: 'new' } },
    }
    expect(await update({ AttributeUpdates, ReturnValues: 'ALL_NEW' })).toEqual({
      Attributes: { ...Key, a: { N: '3' }, c: { S: 'new' } },
    })
  })

  test.each<[string, object, string]>([
    [
      'to change the key',
      { UpdateExpression: 'SET sk = :v', ...values({ ':v': { S: 'x' } }) },
      `${invalid}Cannot update attribute sk. This attribute is part of the key`,
    ],
    [
      'an index key of the wrong type',
      { UpdateExpression: 'SET g = :v', ...values({ ':v': { N: '1' } }) },
      `${invalid}Type mismatch for Index Key g Expected: S Actual: N IndexName: byG`,
    ],
    [
      'an index key that turns out to be of the wrong type',
      { UpdateExpression: 'SET g = if_not_exists(absent, :v)', ...values({ ':v': { N: '1' } }) },
      'ValidationException: The update expression attempted to update the secondary index key to unsupported type',
    ],
    [
      'an index key that is too long',
      { UpdateExpression: 'SET g = :v', ...values({ ':v': { S: 'x'.repeat(2049) } }) },
      'ValidationException: The update expression attempted to update the secondary index key beyond allowed size limits',
    ],
    [
      'an empty index key',
      { UpdateExpression: 'SET g = :v', ...values({ ':v': { S: '' } }) },
      'ValidationException: One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
    ],
    [
      'an item that gets too large',
      { UpdateExpression: 'SET x = :v', ...values({ ':v': { S: 'x'.repeat(409_600) } }) },
      'ValidationException: Item size to update has exceeded the maximum allowed size',
    ],
    [
      'nothing to go by',
      { UpdateExpression: '' },
      'ValidationException: Invalid UpdateExpression: The expression can not be empty;',
    ],
  ])('refuses %s', async (_what, change, message) => {
    expect(await failure('UpdateItem', { TableName, Key, ...change })).toBe(message)
  })

  test('refuses what gets too deep', async () => {
    const nested = (levels: number): object => (levels === 1 ? { S: 'x' } : { L: [nested(levels - 1)] })
    await put({ a: { L: [nested(31)] } })
    const wrap = {
      UpdateExpression: 'SET b = list_append(a, :e), a[0] = :v',
      ...values({ ':e': { L: [] }, ':v': nested(31) }),
    }
    await update(wrap)
    const deeper = { UpdateExpression: 'SET a[0] = :v', ...values({ ':v': nested(32) }) }
    expect(await failure('UpdateItem', { TableName, Key, ...deeper })).toMatch(/Nesting Levels have exceeded/)
  })
})

describe('DeleteItem', () => {
  test('deletes the item, and gives it if it is asked to', async () => {
    await put({ a: { S: '1' } })
    const refused = { TableName, Key, ConditionExpression: 'a = :v', ...values({ ':v': { S: '2' } }) }
    expect(await failure('DeleteItem', refused)).toBe(
      'ConditionalCheckFailedException: The conditional request failed',
    )
    expect(await call('DeleteItem', { TableName, Key, ReturnValues: 'ALL_OLD' })).toEqual({
      Attributes: { ...Key, a: { S: '1' } },
    })
    expect(await call('DeleteItem', { TableName, Key, ReturnValues: 'ALL_OLD' })).toEqual({})
    expect(await read()).toBeUndefined()
  })
})

describe('capacity', () => {
  const INDEXES = { ReturnConsumedCapacity: 'INDEXES' }
  const consumed = async (operation: string, more: object): Promise<unknown> =>
    (await call(operation, { TableName, ...INDEXES, ...more })).ConsumedCapacity

  test('of reads is counted by 4 KB, half as much when they may be stale', async () => {
    await put({ x: { S: 'x'.repeat(5000) } })
    expect(await consumed('GetItem', { Key })).toEqual({
      TableName,
      CapacityUnits: 1,
      Table: { CapacityUnits: 1 },
    })
    expect(await consumed('GetItem', { Key, ConsistentRead: true })).toMatchObject({ CapacityUnits: 2 })
    expect(await consumed('GetItem', { Key: { ...Key, sk: { S: 'none' } } })).toMatchObject({
      CapacityUnits: 0.5,
    })
    expect(await consumed('GetItem', { Key, ReturnConsumedCapacity: 'TOTAL' })).toEqual({
      TableName,
      CapacityUnits: 1,
    })
    expect(await consumed('GetItem', { Key, ReturnConsumedCapacity: 'NONE' })).toBeUndefined()
  })

  test('of writes is counted by 1 KB of the larger item, with what they do to indexes', async () => {
    const item = (more: object): object => ({ Item: { ...Key, ...more } })
    const big = { x: { S: 'x'.repeat(1500) } }
    expect(await consumed('PutItem', item({ ...big, g: { S: 'g' }, h: { S: '1' }, l: { S: 'l' } }))).toEqual({
      TableName,
      CapacityUnits: 5,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { byG: { CapacityUnits: 2 } },
      LocalSecondaryIndexes: { byL: { CapacityUnits: 1 } },
    })
    // The global index holds everything and its key moves; the local one holds keys only, which stay.
    expect(await consumed('PutItem', item({ g: { S: 'g' }, h: { S: '2' }, l: { S: 'l' } }))).toEqual({
      TableName,
      CapacityUnits: 5,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { byG: { CapacityUnits: 3 } },
    })
    expect(await consumed('PutItem', item({ g: { S: 'g' }, l: { S: 'l' } }))).toMatchObject({
      Table: { CapacityUnits: 1 },
      GlobalSecondaryIndexes: { byG: { CapacityUnits: 1 } },
    })
    expect(await consumed('DeleteItem', { Key })).toEqual({
      TableName,
      CapacityUnits: 2,
      Table: { CapacityUnits: 1 },
      LocalSecondaryIndexes: { byL: { CapacityUnits: 1 } },
    })
    expect(await consumed('DeleteItem', { Key })).toMatchObject({ CapacityUnits: 1 })
  })

  test('metrics of item collections are there for tables with local indexes', async () => {
    const SIZE = { ReturnItemCollectionMetrics: 'SIZE' }
    const ItemCollectionMetrics = { ItemCollectionKey: { pk: Key.pk }, SizeEstimateRangeGB: [0, 1] }
    expect(await put({}, SIZE)).toEqual({ ItemCollectionMetrics })
    expect(await update({ ...SIZE })).toEqual({ ItemCollectionMetrics })
    expect(await call('DeleteItem', { TableName, Key, ...SIZE })).toEqual({ ItemCollectionMetrics })
    await call('CreateTable', tableInput('Plain', ['pk', 'sk']))
    expect(await call('PutItem', { TableName: 'Plain', Item: Key, ...SIZE })).toEqual({})
  })
})
