import { beforeEach, expect, test } from 'vitest'
import { Clock } from '../engine/clock.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import { stateDelays } from '../engine/state-delays.ts'
import { operations } from '../operations/index.ts'
import { Database } from '../storage/database.ts'
import { settleTables } from '../tables/settle-tables.ts'
import { TransactionHolds } from './transaction-holds.ts'

let context: OperationContext

const run = (name: string, input: Record<string, unknown>) => {
  settleTables(context.database, context.clock.now())
  return operations.get(name)!(context, input)
}
const Key = { id: { S: 'a' } }
const transact = () =>
  run('TransactWriteItems', { TransactItems: [{ Put: { TableName: 'Things', Item: Key } }] })
const reasons = [{ Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }]

beforeEach(() => {
  const database = new Database()
  context = {
    database,
    eventual: database,
    globalIndexes: database,
    clock: new Clock(),
    region: 'eu-west-1',
    accountId: '123456789012',
    delays: stateDelays('none'),
    streamShards: 1,
    holds: new TransactionHolds(),
    charge: () => undefined,
    changed: () => undefined,
  }
  run('CreateTable', {
    TableName: 'Things',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
})

test('while a transaction is not answered, its items are refused to writes and transactions, not to reads', () => {
  transact()
  const answer = context.holds.hold()
  expect(() => run('PutItem', { TableName: 'Things', Item: Key })).toThrow(
    'Transaction is ongoing for the item',
  )
  expect(() => run('DeleteItem', { TableName: 'Things', Key })).toThrow(
    expect.objectContaining({ name: 'TransactionConflictException' }),
  )
  expect(transact).toThrow(expect.objectContaining({ details: { CancellationReasons: reasons } }))
  expect(() => run('TransactGetItems', { TransactItems: [{ Get: { TableName: 'Things', Key } }] })).toThrow(
    expect.objectContaining({ details: { CancellationReasons: reasons } }),
  )
  expect(run('GetItem', { TableName: 'Things', Key })).toEqual({ Item: Key })
  expect(run('PutItem', { TableName: 'Things', Item: { id: { S: 'b' } } })).toEqual({})
  answer()
  expect(transact()).toEqual({})
})

test('while a write is not answered, transactions conflict with it', () => {
  run('PutItem', { TableName: 'Things', Item: Key })
  const answer = context.holds.hold()
  expect(transact).toThrow(expect.objectContaining({ details: { CancellationReasons: reasons } }))
  expect(run('PutItem', { TableName: 'Things', Item: Key })).toEqual({})
  answer()
})
