import { beforeEach, expect, test } from 'vitest'
import { Account } from '../engine/account.ts'
import { Clock } from '../engine/clock.ts'
import { stateDelays } from '../engine/state-delays.ts'
import { operations } from '../operations/index.ts'

let account: Account

const run = (name: string, input: Record<string, unknown>) => {
  account.settle()
  return operations.get(name)!(account, input)
}
const Key = { id: { S: 'a' } }
const transact = () =>
  run('TransactWriteItems', { TransactItems: [{ Put: { TableName: 'Things', Item: Key } }] })
const reasons = [{ Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }]

beforeEach(() => {
  account = new Account('eu-west-1', {
    clock: new Clock(),
    delays: stateDelays('none'),
    expiryDelay: 0,
    streamShards: 1,
  })
  run('CreateTable', {
    TableName: 'Things',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
})

test('while a transaction is not answered, its items are refused to writes and transactions, not to reads', () => {
  transact()
  const answer = account.holds.hold()
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
  const answer = account.holds.hold()
  expect(transact).toThrow(expect.objectContaining({ details: { CancellationReasons: reasons } }))
  expect(run('PutItem', { TableName: 'Things', Item: Key })).toEqual({})
  answer()
})
