import { beforeEach, expect, test } from 'vitest'
import { createEngine, type Engine } from '../engine/engine.ts'
import { ServiceError } from '../protocol/service-error.ts'

type Json = Readonly<Record<string, unknown>>

let engine: Engine

const call = (operation: string, input: Json) =>
  engine.call(operation, input, { accessKeyId: 'key', region: 'eu-west-1' }) as Promise<Json>

const transact = (statements: readonly (string | Json)[], more: Json = {}) =>
  call('ExecuteTransaction', {
    TransactStatements: statements.map((one) => (typeof one === 'string' ? { Statement: one } : one)),
    ...more,
  })

const failure = async (...statements: (string | Json)[]): Promise<ServiceError> =>
  transact(statements).then(
    () => {
      throw new Error('It was carried out.')
    },
    (error: unknown) => {
      if (error instanceof ServiceError) return error
      throw error
    },
  )

/** The reasons a transaction is cancelled for: codes, with their messages if there are any. */
const reasons = async (...statements: (string | Json)[]) => {
  const { name, details } = await failure(...statements)
  expect(name).toBe('TransactionCanceledException')
  return (details.CancellationReasons as { Code: string; Message?: string }[]).map(({ Code, Message }) =>
    Message === undefined ? Code : `${Code}: ${Message}`,
  )
}

const stored = async (id: string) =>
  (await call('GetItem', { TableName: 'Things', Key: { id: { S: id } }, ConsistentRead: true })).Item

const mismatch = 'ValidationError: The provided key element does not match the schema'

beforeEach(async () => {
  engine = createEngine()
  await call('CreateTable', {
    TableName: 'Things',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
  for (const id of ['a', 'b']) {
    await call('PutItem', { TableName: 'Things', Item: { id: { S: id }, v: { N: '1' } } })
  }
})

test('writes and checks all items', async () => {
  const answer = await transact(
    [
      "INSERT INTO Things VALUE {'id': 'c'}",
      { Statement: "UPDATE Things SET v = v + ? WHERE id = 'a' AND v = 1", Parameters: [{ N: '2' }] },
      "DELETE FROM Things WHERE id = 'none' AND v = 1",
      "EXISTS(SELECT * FROM Things WHERE id = 'b' AND v = 1)",
    ],
    { ReturnConsumedCapacity: 'TOTAL' },
  )
  expect(answer).toEqual({
    Responses: [],
    ConsumedCapacity: [{ TableName: 'Things', CapacityUnits: 8, WriteCapacityUnits: 8 }],
  })
  expect(await stored('a')).toEqual({ id: { S: 'a' }, v: { N: '3' } })
  expect(await stored('c')).toEqual({ id: { S: 'c' } })
})

test('writes none when one cannot be written, and says why', async () => {
  const insert = "INSERT INTO Things VALUE {'id': 'c'}"
  expect(
    await reasons(
      insert,
      "INSERT INTO Things VALUE {'id': 'a'}",
      "UPDATE Things SET v = 2 WHERE id = 'none'",
      "DELETE FROM Things WHERE id = 'b' AND v = 2",
    ),
  ).toEqual([
    'None',
    'DuplicateItem: Duplicate primary key exists in table',
    'ConditionalCheckFailed: The conditional request failed',
    'ConditionalCheckFailed: The conditional request failed',
  ])
  const ReturnValuesOnConditionCheckFailure = 'ALL_OLD'
  const check = {
    Statement: "UPDATE Things SET v = 2 WHERE id = 'a' AND v = 2",
    ReturnValuesOnConditionCheckFailure,
  }
  expect((await failure(check)).details.CancellationReasons).toMatchObject([{ Item: { v: { N: '1' } } }])
  expect(
    await reasons(
      insert,
      "UPDATE Things SET v = 2 WHERE id IN ['a']",
      "UPDATE Things SET v = 2 WHERE id = 'a' AND id = 'b'",
      'UPDATE Things SET v = 2 WHERE id = 1',
      "INSERT INTO Things VALUE {'v': 1}",
    ),
  ).toEqual([
    'None',
    mismatch,
    mismatch,
    mismatch,
    'ValidationError: One or more parameter values were invalid: Missing the key id in the item',
  ])
  expect(await reasons(insert, "DELETE FROM Others WHERE id = 'a' RETURNING ALL OLD *")).toEqual([
    'None',
    'ResourceNotFound: Requested resource not found',
  ])
  expect(await stored('c')).toBeUndefined()
})

test('reads all items as they are at one moment', async () => {
  const statements = [
    "SELECT v FROM Things WHERE id = 'a'",
    "SELECT * FROM Things WHERE id = 'none'",
    "SELECT * FROM Things WHERE (id IN ['b']) AND id = 'b'",
  ]
  expect(await transact(statements, { ReturnConsumedCapacity: 'TOTAL' })).toEqual({
    Responses: [{ Item: { v: { N: '1' } } }, {}, { Item: { id: { S: 'b' }, v: { N: '1' } } }],
    ConsumedCapacity: [{ TableName: 'Things', CapacityUnits: 6, ReadCapacityUnits: 6 }],
  })
})

test('reads none when one cannot be read', async () => {
  const select = "SELECT * FROM Things WHERE id = 'a'"
  expect(await reasons(select, select, 'SELECT * FROM Things WHERE id = 1')).toEqual([
    'None',
    'None',
    mismatch,
  ])
  expect(await reasons(select, "SELECT * FROM Others.i WHERE id = 'a'")).toEqual([
    'None',
    'ResourceNotFound: Requested resource not found',
  ])
})

test.each([
  [
    ["SELECT * FROM Things WHERE id = 'a'", "SELECT v FROM Things WHERE id = 'a'"],
    'Transaction request cannot include multiple operations on one item',
  ],
  [
    ["UPDATE Things SET v = 2 WHERE id = 'a'", "DELETE FROM Things WHERE id = 'a'"],
    'Transaction request cannot include multiple operations on one item',
  ],
  [
    ["SELECT * FROM Things WHERE id = 'a'", "DELETE FROM Things WHERE id = 'b'"],
    'ExecuteTransaction API does not support both read and write operations in the same request.',
  ],
  [
    ["SELECT * FROM Things WHERE id = 'a'", "EXISTS(SELECT * FROM Things WHERE id = 'b' AND v = 1)"],
    'ExecuteTransaction API does not support both read and write operations in the same request.',
  ],
  [
    ["SELECT * FROM Things WHERE id = 'a'", 'SELECT * FROM Things'],
    'Validation failed in TransactStatements[1]: Select statements within ExecuteTransaction must specify the primary key in the where clause.',
  ],
  [
    ["SELECT * FROM Things WHERE id = 'a' AND v = 1"],
    'Validation failed in TransactStatements[0]: Select statements within ExecuteTransaction must specify the primary key in the where clause.',
  ],
  [
    ["SELECT * FROM Things WHERE id IN ['a', 'a']"],
    'Validation failed in TransactStatements[0]: Overlapping conditions with range keys are not supported in where clause',
  ],
  [
    ["SELECT * FROM Things.i WHERE id = 'a'"],
    'Validation failed in TransactStatements[0]: Reads on indices are not supported within transactions.',
  ],
  [
    ["UPDATE Things SET v = 2 WHERE id = 'a'", "DELETE FROM Things WHERE id = 'b' RETURNING ALL OLD *"],
    'Validation failed in TransactStatements[1]: RETURNING clause is not supported in ExecuteTransaction.',
  ],
  [
    ["DELETE FROM Others WHERE id = 'b'", "DELETE FROM Things WHERE id = 'b' RETURNING ALL OLD *"],
    'Validation failed in TransactStatements[1]: RETURNING clause is not supported in ExecuteTransaction.',
  ],
  [
    ["EXISTS(SELECT * FROM Things WHERE id = 'a')"],
    'Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition',
  ],
  [
    ["EXISTS(SELECT * FROM Things WHERE id IN ['a'] AND v = 1)"],
    'Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition',
  ],
  [
    ['SELECT * FROM Things WHERE'],
    "Validation failed in TransactStatements[0]: Statement wasn't well formed, can't be processed: Unexpected term",
  ],
  [
    ["UPDATE Things SET v = v + [1] WHERE id = 'a'"],
    'Validation failed in TransactStatements[0]: Incorrect operand type for operator or function; operator or function: +, operand type: L',
  ],
  [
    ['SELECT', { Statement: 'SELECT', Parameters: [{ N: 'x' }] }],
    'The parameter cannot be converted to a numeric value: x',
  ],
  [
    [],
    "1 validation error detected: Value '[]' at 'transactStatements' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
] as const)('%j is refused as a whole', async (statements, message) => {
  const error = await failure(...statements)
  expect(`${error.name}: ${error.message}`).toBe(`ValidationException: ${message}`)
})

test('is carried out once under a token', async () => {
  const more = { ClientRequestToken: 'token', ReturnConsumedCapacity: 'TOTAL' }
  const update = ["UPDATE Things SET v = v + 1 WHERE id = 'a'"]
  await transact(update, more)
  expect(await transact(update, more)).toEqual({
    Responses: [],
    ConsumedCapacity: [{ TableName: 'Things', CapacityUnits: 2, ReadCapacityUnits: 2 }],
  })
  expect(await stored('a')).toMatchObject({ v: { N: '2' } })
  await expect(transact(["DELETE FROM Things WHERE id = 'a'"], more)).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  })
})
