import { beforeEach, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { ServiceError } from '../protocol/service-error.ts'

const caller = { accessKeyId: 'key', region: 'eu-west-1' }

let engine: Engine

const call = (operation: string, input: Record<string, unknown>) =>
  engine.call(operation, input, caller) as Promise<Record<string, unknown>>

const transact = (...TransactItems: object[]) => call('TransactWriteItems', { TransactItems })

const failure = async (answer: Promise<unknown>): Promise<ServiceError> =>
  answer.then(
    () => {
      throw new Error('It was carried out.')
    },
    (error: unknown) => error as ServiceError,
  )

const reasons = async (answer: Promise<unknown>) => {
  const error = await failure(answer)
  expect(error.name).toBe('TransactionCanceledException')
  const list = error.details.CancellationReasons as { Code: string; Message?: string; Item?: object }[]
  expect(error.message).toBe(
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${list.map(({ Code }) => Code).join(', ')}]`,
  )
  return list
}

const key = (id: string) => ({ id: { S: id } })
const put = (id: string, rest: object = {}) => ({ Put: { TableName: 'Things', Item: key(id), ...rest } })
const get = async (id: string) =>
  (await call('GetItem', { TableName: 'Things', Key: key(id), ConsistentRead: true })).Item

beforeEach(async () => {
  engine = createEngine()
  await call('CreateTable', {
    TableName: 'Things',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'owner_', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byOwner',
        KeySchema: [{ AttributeName: 'owner_', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  })
  await call('PutItem', { TableName: 'Things', Item: { ...key('old'), n: { N: '1' } } })
})

describe('all or none', () => {
  test('puts, updates, deletes and checks', async () => {
    await call('PutItem', { TableName: 'Things', Item: key('gone') })
    expect(
      await transact(
        put('new'),
        {
          Update: {
            TableName: 'Things',
            Key: key('old'),
            UpdateExpression: 'ADD n :n',
            ExpressionAttributeValues: { ':n': { N: '1' } },
          },
        },
        { Delete: { TableName: 'Things', Key: key('gone') } },
        {
          ConditionCheck: {
            TableName: 'Things',
            Key: key('none'),
            ConditionExpression: 'attribute_not_exists(id)',
          },
        },
      ),
    ).toEqual({})
    expect([await get('new'), await get('old'), await get('gone'), await get('none')]).toEqual([
      key('new'),
      { ...key('old'), n: { N: '2' } },
      undefined,
      undefined,
    ])
  })

  test('gives the reasons in the order of the actions, with the items that were asked for', async () => {
    const unmet = { ConditionExpression: 'n = :n', ExpressionAttributeValues: { ':n': { N: '9' } } }
    expect(
      await reasons(
        transact(
          put('new'),
          put('old', { ...unmet, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
          {
            ConditionCheck: {
              TableName: 'Things',
              Key: key('none'),
              ...unmet,
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          { Update: { TableName: 'Things', Key: key('x'), UpdateExpression: 'SET a = b' } },
        ),
      ),
    ).toEqual([
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { ...key('old'), n: { N: '1' } },
      },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      {
        Code: 'ValidationError',
        Message: 'The provided expression refers to an attribute that does not exist in the item',
      },
    ])
    expect(await get('new')).toBeUndefined()
  })

  test('conditions see the items as they were before the transaction', async () => {
    await transact(
      { Delete: { TableName: 'Things', Key: key('old') } },
      put('new', { ConditionExpression: 'attribute_not_exists(id)' }),
    )
    expect(await get('old')).toBeUndefined()
  })
})

describe('faults of the request', () => {
  test.each<[string, object[], string]>([
    [
      'no actions',
      [],
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'nothing to do',
      [{}],
      'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request',
    ],
    [
      'two actions in one',
      [{ ...put('a'), Delete: { TableName: 'Things', Key: key('a') } }],
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    [
      'an update without an expression',
      [{ Update: { TableName: 'Things', Key: key('a') } }],
      "1 validation error detected: Value null at 'transactItems.1.member.update.updateExpression' failed to satisfy constraint: Member must not be null",
    ],
    [
      'one item twice',
      [put('a'), { Delete: { TableName: 'Things', Key: key('a') } }],
      'Transaction request cannot include multiple operations on one item',
    ],
    [
      'a syntax error',
      [put('a', { ConditionExpression: 'x' })],
      'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "x"',
    ],
    [
      'an empty key',
      [{ Delete: { TableName: 'Things', Key: key('') } }],
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    ],
    [
      'an empty index key',
      [put('a', { Item: { ...key('a'), owner_: { S: '' } } })],
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byOwner, IndexKey: owner_',
    ],
    [
      'an item that is too large',
      [put('a', { Item: { ...key('a'), x: { S: 'x'.repeat(410_000) } } })],
      'Item size has exceeded the maximum allowed size',
    ],
    [
      'too much altogether',
      Array.from({ length: 12 }, (_, index) =>
        put('', { Item: { ...key(`m${String(index)}`), x: { S: 'x'.repeat(350_000) } } }),
      ),
      'Transaction payload size cannot exceed 4MB. Payload Size: 4200062',
    ],
  ])('%s', async (_, actions, message) => {
    const error = await failure(transact(...actions))
    expect([error.name, error.message]).toEqual(['ValidationException', message])
  })

  test('more than 100 actions', async () => {
    const error = await failure(transact(...Array.from({ length: 101 }, (_, index) => put(String(index)))))
    expect(error.message).toMatch(
      /^1 validation error detected: Value '\[.+\]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100$/s,
    )
    await transact(...Array.from({ length: 100 }, (_, index) => put(String(index))))
  })

  test('a table that does not exist', async () => {
    const error = await failure(transact(put('a'), put('a'), put('b', { TableName: 'Nothing' })))
    expect([error.name, error.message]).toEqual(['ResourceNotFoundException', 'Requested resource not found'])
  })
})

test.each<[string, object, string]>([
  [
    'a key of the wrong type',
    { Delete: { TableName: 'Things', Key: { id: { N: '1' } } } },
    'The provided key element does not match the schema',
  ],
  [
    'an item without its key',
    put('', { Item: { x: { S: 'x' } } }),
    'One or more parameter values were invalid: Missing the key id in the item',
  ],
  [
    'an index key of the wrong type',
    put('', { Item: { ...key('a'), owner_: { N: '1' } } }),
    'One or more parameter values were invalid: Type mismatch for Index Key owner_ Expected: S Actual: N IndexName: byOwner',
  ],
  [
    'an update of the key',
    { Update: { TableName: 'Things', Key: key('a'), UpdateExpression: 'REMOVE id' } },
    'One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key',
  ],
  [
    'an update that makes the item too large',
    {
      Update: {
        TableName: 'Things',
        Key: key('a'),
        UpdateExpression: 'SET x = :x',
        ExpressionAttributeValues: { ':x': { S: 'x'.repeat(410_000) } },
      },
    },
    'Item size to update has exceeded the maximum allowed size',
  ],
])('%s is the reason of its action', async (_, action, Message) => {
  expect(await reasons(transact(put('new'), action))).toEqual([
    { Code: 'None' },
    { Code: 'ValidationError', Message },
  ])
  expect(await get('new')).toBeUndefined()
})

describe('tokens', () => {
  const increment = (n: string, token: string, rest: object = {}) =>
    call('TransactWriteItems', {
      ClientRequestToken: token,
      TransactItems: [
        {
          Update: {
            TableName: 'Things',
            Key: key('old'),
            UpdateExpression: 'ADD n :n',
            ExpressionAttributeValues: { ':n': { N: n } },
          },
        },
      ],
      ...rest,
    })

  test('a repeated request changes nothing and costs what reading does', async () => {
    await increment('1', 'a')
    expect(await increment('1', 'a', { ReturnConsumedCapacity: 'TOTAL' })).toEqual({
      ConsumedCapacity: [{ TableName: 'Things', CapacityUnits: 2, ReadCapacityUnits: 2 }],
    })
    expect(await get('old')).toEqual({ ...key('old'), n: { N: '2' } })
  })

  test('another request with the same token is refused', async () => {
    await increment('1', 'a')
    expect((await failure(increment('2', 'a'))).name).toBe('IdempotentParameterMismatchException')
    await increment('2', 'b')
    expect(await get('old')).toEqual({ ...key('old'), n: { N: '4' } })
  })

  test('the order of members does not matter', async () => {
    const write = (Item: object) =>
      call('TransactWriteItems', { ClientRequestToken: 'a', TransactItems: [put('', { Item })] })
    await write({ ...key('x'), y: { S: 'y' } })
    await write({ y: { S: 'y' }, ...key('x') })
  })

  test('is forgotten after ten minutes', async () => {
    await increment('1', 'a')
    engine.clock.advance('599s')
    await increment('1', 'a')
    engine.clock.advance('1s')
    await increment('1', 'a')
    expect(await get('old')).toEqual({ ...key('old'), n: { N: '3' } })
  })

  test('a cancelled transaction can be tried again', async () => {
    const write = () =>
      call('TransactWriteItems', {
        ClientRequestToken: 'a',
        TransactItems: [put('x', { ConditionExpression: 'attribute_exists(id)' })],
      })
    await reasons(write())
    await call('PutItem', { TableName: 'Things', Item: key('x') })
    await write()
  })
})

test('costs twice what single writes do, in the table and its indexes', async () => {
  const answer = await call('TransactWriteItems', {
    ReturnConsumedCapacity: 'INDEXES',
    TransactItems: [
      put('a', { Item: { ...key('a'), owner_: { S: 'o' }, x: { S: 'x'.repeat(1200) } } }),
      {
        ConditionCheck: { TableName: 'Things', Key: key('old'), ConditionExpression: 'attribute_exists(id)' },
      },
    ],
  })
  expect(answer.ConsumedCapacity).toEqual([
    {
      TableName: 'Things',
      CapacityUnits: 10,
      WriteCapacityUnits: 10,
      Table: { CapacityUnits: 6, WriteCapacityUnits: 6 },
      GlobalSecondaryIndexes: { byOwner: { CapacityUnits: 4, WriteCapacityUnits: 4 } },
    },
  ])
})
