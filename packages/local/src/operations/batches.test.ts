import { beforeEach, describe, expect, test } from 'vitest'
import { indexInput, tableInput, testEngine, type TestEngine } from '../../test/call-engine.ts'

const key = (id: string): object => ({ id: { S: id } })
const putting = (id: string, more: object = {}): object => ({ PutRequest: { Item: { ...key(id), ...more } } })
const deleting = (id: string): object => ({ DeleteRequest: { Key: key(id) } })

let { call, failure }: TestEngine = testEngine()
beforeEach(async () => {
  ;({ call, failure } = testEngine())
  for (const name of ['Things', 'Others']) await call('CreateTable', tableInput(name, ['id']))
})

describe('BatchWriteItem', () => {
  const write = (RequestItems: object, more: object = {}): Promise<Readonly<Record<string, unknown>>> =>
    call('BatchWriteItem', { RequestItems, ...more })

  test('puts and deletes in several tables', async () => {
    await write({ Things: [putting('a'), putting('b')] })
    const answer = await write(
      { Things: [deleting('a'), putting('c')], Others: [putting('a', { x: { S: 'x'.repeat(1500) } })] },
      { ReturnConsumedCapacity: 'INDEXES' },
    )
    expect(answer).toEqual({
      UnprocessedItems: {},
      ConsumedCapacity: [
        { TableName: 'Things', CapacityUnits: 2, Table: { CapacityUnits: 2 } },
        { TableName: 'Others', CapacityUnits: 2, Table: { CapacityUnits: 2 } },
      ],
    })
    expect(await call('Scan', { TableName: 'Things' })).toMatchObject({ Count: 2 })
    expect(await call('Scan', { TableName: 'Others' })).toMatchObject({ Count: 1 })
  })

  test('measures item collections of tables with local indexes', async () => {
    await call(
      'CreateTable',
      tableInput('Lists', ['id', 'at'], { LocalSecondaryIndexes: [indexInput('byL', ['id', 'l'])] }),
    )
    const { ItemCollectionMetrics } = await write(
      { Lists: [putting('a', { at: { S: '1' } })], Things: [putting('a')] },
      { ReturnItemCollectionMetrics: 'SIZE' },
    )
    expect(ItemCollectionMetrics).toEqual({
      Lists: [{ ItemCollectionKey: key('a'), SizeEstimateRangeGB: [0, 1] }],
    })
  })

  test.each<[string, object, string]>([
    ['nothing', {}, 'ValidationException: The requestItems parameter is required for BatchWriteItem'],
    [
      'nothing for a table',
      { Things: [] },
      "ValidationException: 1 validation error detected: Value '{Things=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
    ],
    [
      '26 in two tables',
      {
        Things: Array.from({ length: 13 }, (_, at) => putting(String(at))),
        Others: Array.from({ length: 13 }, (_, at) => putting(String(at))),
      },
      'ValidationException: Too many items requested for the BatchWriteItem call',
    ],
    [
      'what is neither put nor deleted',
      { Things: [{}] },
      'ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [
      'an item twice',
      { Things: [putting('a'), deleting('a')] },
      'ValidationException: Provided list of item keys contains duplicates',
    ],
    [
      'no such table',
      { Things: [putting('a')], None: [putting('a')] },
      'ResourceNotFoundException: Requested resource not found',
    ],
    [
      'no key',
      { Things: [putting('a'), { PutRequest: { Item: { x: { S: 'x' } } } }] },
      'ValidationException: One or more parameter values were invalid: Missing the key id in the item',
    ],
    [
      'an item too large',
      { Things: [putting('a'), putting('b', { x: { S: 'x'.repeat(409_600) } })] },
      'ValidationException: Item size has exceeded the maximum allowed size',
    ],
  ])('refuses %s, and writes nothing', async (_what, RequestItems, message) => {
    expect(await failure('BatchWriteItem', { RequestItems })).toBe(message)
    expect(await call('Scan', { TableName: 'Things' })).toMatchObject({ Count: 0 })
  })

  test('refuses 26 in one table, without showing what was in them', async () => {
    const Things = Array.from({ length: 26 }, (_, at) => putting(String(at), { secret: { S: 'hidden' } }))
    const message = await failure('BatchWriteItem', { RequestItems: { Things } })
    expect(message).toMatch(
      /Value '\{Things=\[WriteRequest\(putRequest=PutRequest\(item=\{id=AttributeValue\(S\), /,
    )
    expect(message).not.toContain('hidden')
  })
})

describe('BatchGetItem', () => {
  beforeEach(async () => {
    await call('BatchWriteItem', {
      RequestItems: { Things: [putting('a', { x: { S: 'xa' } }), putting('b')], Others: [putting('c')] },
    })
  })

  test('reads from several tables what is there', async () => {
    const answer = await call('BatchGetItem', {
      RequestItems: {
        Things: {
          Keys: [key('b'), key('none'), key('a')],
          ProjectionExpression: '#x',
          ExpressionAttributeNames: { '#x': 'x' },
        },
        Others: { Keys: [key('none')], ConsistentRead: true },
      },
      ReturnConsumedCapacity: 'TOTAL',
    })
    expect(answer).toEqual({
      Responses: { Things: [{}, { x: { S: 'xa' } }], Others: [] },
      UnprocessedKeys: {},
      ConsumedCapacity: [
        { TableName: 'Things', CapacityUnits: 1.5 },
        { TableName: 'Others', CapacityUnits: 1 },
      ],
    })
  })

  test('hands back what would make the answer larger than 16 MB', async () => {
    const keys = Array.from({ length: 50 }, (_, at) => key(String(at)))
    for (let at = 0; at < 50; at += 1) {
      await call('PutItem', { TableName: 'Things', Item: { ...keys[at], x: { S: 'x'.repeat(400_000) } } })
    }
    const Things = { Keys: keys, ConsistentRead: true }
    const { Responses, UnprocessedKeys } = await call<{
      Responses: { Things: object[] }
      UnprocessedKeys: { Things: { Keys: object[] } }
    }>('BatchGetItem', { RequestItems: { Things } })
    expect(Responses.Things).toHaveLength(41)
    expect(UnprocessedKeys).toEqual({ Things: { Keys: keys.slice(41), ConsistentRead: true } })
    expect(await call('BatchGetItem', { RequestItems: UnprocessedKeys })).toMatchObject({
      UnprocessedKeys: {},
    })
  })

  test.each<[string, object, string]>([
    ['nothing', {}, 'ValidationException: The requestItems parameter is required for BatchGetItem'],
    [
      'no keys',
      { Things: { Keys: [] } },
      "ValidationException: 1 validation error detected: Value '[]' at 'requestItems.Things.member.keys' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      '101 keys',
      { Things: { Keys: Array.from({ length: 101 }, (_, at) => key(String(at))) } },
      "ValidationException: 1 validation error detected: Value at 'RequestItems.Things.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100",
    ],
    [
      'a key twice',
      { Things: { Keys: [key('a'), key('a')] } },
      'ValidationException: Provided list of item keys contains duplicates',
    ],
    [
      'no such table',
      { None: { Keys: [key('a')] } },
      'ResourceNotFoundException: Requested resource not found',
    ],
    [
      'what is no key',
      { Things: { Keys: [{ x: { S: 'x' } }] } },
      'ValidationException: The provided key element does not match the schema',
    ],
  ])('refuses %s', async (_what, RequestItems, message) => {
    expect(await failure('BatchGetItem', { RequestItems })).toBe(message)
  })
})
