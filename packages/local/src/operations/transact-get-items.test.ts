import { beforeEach, expect, test } from 'vitest'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { ServiceError } from '../protocol/service-error.ts'

const caller = { accessKeyId: 'key', region: 'eu-west-1' }
const key = (id: string) => ({ id: { S: id } })
const get = (id: string, rest: object = {}) => ({ Get: { TableName: 'Things', Key: key(id), ...rest } })

let engine: Engine

const read = (TransactItems: object[], rest: object = {}) =>
  engine.call('TransactGetItems', { TransactItems, ...rest }, caller) as Promise<Record<string, unknown>>

const failure = (answer: Promise<unknown>) =>
  answer.then(
    () => {
      throw new Error('It was carried out.')
    },
    (error: unknown) => error as ServiceError,
  )

beforeEach(async () => {
  engine = createEngine()
  await engine.call(
    'CreateTable',
    {
      TableName: 'Things',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
    caller,
  )
  await engine.call('PutItem', { TableName: 'Things', Item: { ...key('a'), x: { S: 'x' } } }, caller)
})

test('gives the items in the order of the requests, and nothing for those that are not there', async () => {
  expect(await read([get('none'), get('a', { ProjectionExpression: 'x' })])).toEqual({
    Responses: [{}, { Item: { x: { S: 'x' } } }],
  })
})

test('costs twice what consistent reads do, also for what is not there', async () => {
  const { ConsumedCapacity } = await read([get('none'), get('a')], { ReturnConsumedCapacity: 'INDEXES' })
  expect(ConsumedCapacity).toEqual([
    {
      TableName: 'Things',
      CapacityUnits: 4,
      ReadCapacityUnits: 4,
      Table: { CapacityUnits: 4, ReadCapacityUnits: 4 },
    },
  ])
})

test.each<[string, object[], string, string]>([
  [
    'no reads',
    [],
    'ValidationException',
    "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    'one item twice',
    [get('a'), get('a')],
    'ValidationException',
    'Transaction request cannot include multiple operations on one item',
  ],
  [
    'a syntax error',
    [get('a', { ProjectionExpression: '!!!' })],
    'ValidationException',
    'Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"',
  ],
  [
    'a table that does not exist',
    [get('a'), get('a', { TableName: 'Nothing' })],
    'ResourceNotFoundException',
    'Requested resource not found',
  ],
  [
    'a key that does not fit',
    [get('a'), get('a', { Key: {} })],
    'TransactionCanceledException',
    'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]',
  ],
])('%s', async (_, actions, name, message) => {
  const error = await failure(read(actions))
  expect([error.name, error.message]).toEqual([name, message])
})
