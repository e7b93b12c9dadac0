import { beforeEach, expect, test } from 'vitest'
import { createEngine, type Engine } from '../engine/engine.ts'

type Json = Readonly<Record<string, unknown>>

let engine: Engine

const call = (operation: string, input: Json) =>
  engine.call(operation, input, { accessKeyId: 'key', region: 'eu-west-1' }) as Promise<Json>

const batch = async (...statements: (string | Json)[]) => {
  const Statements = statements.map((one) => (typeof one === 'string' ? { Statement: one } : one))
  return (await call('BatchExecuteStatement', { Statements })).Responses
}

const item = (id: string, v: number) => ({ id: { S: id }, v: { N: String(v) } })

beforeEach(async () => {
  engine = createEngine()
  await call('CreateTable', {
    TableName: 'Things',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
  for (const [id, v] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    await call('PutItem', { TableName: 'Things', Item: item(id, v) })
  }
})

test('reads items by their keys, each as consistently as it asks', async () => {
  const Statements = [
    { Statement: "SELECT * FROM Things WHERE id = 'a'", ConsistentRead: true },
    { Statement: "SELECT v FROM Things WHERE id IN ['b']" },
    { Statement: 'SELECT * FROM Things WHERE id = ?', Parameters: [{ S: 'none' }] },
  ]
  expect(await call('BatchExecuteStatement', { Statements, ReturnConsumedCapacity: 'TOTAL' })).toEqual({
    Responses: [
      { TableName: 'Things', Item: item('a', 1) },
      { TableName: 'Things', Item: { v: { N: '2' } } },
      { TableName: 'Things' },
    ],
    ConsumedCapacity: [{ TableName: 'Things', CapacityUnits: 2 }],
  })
})

test('writes items, each by itself; what ran says where', async () => {
  expect(
    await batch(
      "INSERT INTO Things VALUE {'id': 'c'}",
      "INSERT INTO Things VALUE {'id': 'b'}",
      {
        Statement: "UPDATE Things SET v = 5 WHERE id = 'a' AND v = 7",
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
      'UPDATE Things SET v = 5 WHERE v = 1',
      "INSERT INTO Others VALUE {'id': 'b'}",
      'INSERT INTO',
      { Statement: "UPDATE Things SET v = ? WHERE id = 'd'", Parameters: [{ N: 'x' }] },
    ),
  ).toEqual([
    { TableName: 'Things' },
    {
      TableName: 'Things',
      Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
    },
    {
      TableName: 'Things',
      Error: {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: item('a', 1),
      },
    },
    {
      Error: {
        Code: 'ValidationError',
        Message: 'Where clause does not contain a mandatory equality on all key attributes',
      },
    },
    { Error: { Code: 'ResourceNotFound', Message: 'Requested resource not found' } },
    {
      Error: {
        Code: 'ValidationError',
        Message: "Statement wasn't well formed, can't be processed: Expected identifier for simple path",
      },
    },
    {
      Error: {
        Code: 'ValidationError',
        Message: 'The parameter cannot be converted to a numeric value: x',
      },
    },
  ])
})

test('returns what RETURNING asks for', async () => {
  expect(
    await batch(
      "UPDATE Things SET v = 5 WHERE id = 'a' RETURNING MODIFIED NEW *",
      "UPDATE Things REMOVE v WHERE id = 'b' RETURNING MODIFIED NEW *",
    ),
  ).toEqual([{ TableName: 'Things', Item: { v: { N: '5' } } }, { TableName: 'Things' }])
  expect(await batch("DELETE FROM Things WHERE id = 'a' RETURNING ALL OLD *")).toEqual([
    { TableName: 'Things', Item: item('a', 5) },
  ])
})

test('reads single items only', async () => {
  const Error = {
    Code: 'ValidationError',
    Message:
      'Select statements within BatchExecuteStatement must specify the primary key in the where clause.',
  }
  expect(
    await batch(
      'SELECT * FROM Things',
      "SELECT * FROM Things WHERE id = 'a' AND v = 1",
      "SELECT * FROM Things WHERE id = 'a' AND id = 'b'",
      "SELECT * FROM Things WHERE id IN ['a', 'b']",
    ),
  ).toEqual([{ Error }, { Error }, { Error }, { Error }])
  expect(await batch("EXISTS(SELECT * FROM Things WHERE id = 'a' AND v = 1)")).toEqual([
    {
      Error: {
        Code: 'ValidationError',
        Message: 'EXISTS can only be used in ExecuteTransaction write requests.',
      },
    },
  ])
})

test.each([
  [
    ["SELECT * FROM Things WHERE id = 'a'", "DELETE FROM Things WHERE id = 'b'"],
    'Read and write requests together in the same batch is not supported.',
  ],
  [
    ["SELECT * FROM Things WHERE id = 'a'", "SELECT v FROM Things WHERE id = 'a'"],
    'Provided list of item keys contains duplicates',
  ],
  [
    [],
    "1 validation error detected: Value '[]' at 'statements' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
])('%j is refused as a whole', async (statements, message) => {
  await expect(batch(...statements)).rejects.toThrow(message)
  expect(await batch("SELECT * FROM Things WHERE id = 'b'")).toEqual([
    { TableName: 'Things', Item: item('b', 2) },
  ])
})
