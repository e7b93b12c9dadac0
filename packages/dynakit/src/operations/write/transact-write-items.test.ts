import { expect, test } from 'vitest'
import { fieldCondition } from '../../expressions/condition.ts'
import { parsePath } from '../../expressions/path.ts'
import { noActions } from '../../expressions/update-actions.ts'
import { tableNameOf } from '../../transport/transport.ts'
import { writeRequest } from '../../transport/write-request.ts'
import { transactionOf, transactWriteItems, type TransactionWrite } from './transact-write-items.ts'

const settings = { tablePrefix: 'dev-', capacityDetail: 'total' } as const
const condition = fieldCondition('id', 'not_exists', undefined)
const writes: readonly TransactionWrite[] = [
  {
    operation: 'PutItem',
    tableName: 'Orders',
    item: { id: 'o1', total: 5 },
    condition,
    returnOld: true,
    returnItemOnConditionFailure: false,
  },
  {
    operation: 'UpdateItem',
    tableName: 'Stock',
    key: { id: 's1' },
    actions: { ...noActions, add: [{ path: parsePath('count'), value: -1 }] },
    condition: fieldCondition('count', '>', 0),
    returns: 'new',
    returnItemOnConditionFailure: true,
  },
  {
    operation: 'DeleteItem',
    tableName: 'Carts',
    key: { id: 'c1' },
    returnOld: false,
    returnItemOnConditionFailure: false,
  },
  {
    operation: 'ConditionCheck',
    tableName: 'Stock',
    key: { id: 's2' },
    condition: fieldCondition('open', '=', true),
    returnItemOnConditionFailure: false,
  },
]

test('writes puts, updates, deletions and checks as DynamoDB’s API has them', () => {
  const plan = transactionOf(writes)
  const input = transactWriteItems.toInput(plan, settings)
  expect(JSON.parse(writeRequest('TransactWriteItems', input))).toEqual({
    ClientRequestToken: plan.token,
    ReturnConsumedCapacity: 'TOTAL',
    TransactItems: [
      {
        Put: {
          TableName: 'dev-Orders',
          Item: { id: { S: 'o1' }, total: { N: '5' } },
          ConditionExpression: 'attribute_not_exists(#n0)',
          ExpressionAttributeNames: { '#n0': 'id' },
        },
      },
      {
        Update: {
          TableName: 'dev-Stock',
          Key: { id: { S: 's1' } },
          ConditionExpression: '#n0 > :v0',
          UpdateExpression: 'ADD #n0 :v1',
          ExpressionAttributeNames: { '#n0': 'count' },
          ExpressionAttributeValues: { ':v0': { N: '0' }, ':v1': { N: '-1' } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { Delete: { TableName: 'dev-Carts', Key: { id: { S: 'c1' } } } },
      {
        ConditionCheck: {
          TableName: 'dev-Stock',
          Key: { id: { S: 's2' } },
          ConditionExpression: '#n0 = :v0',
          ExpressionAttributeNames: { '#n0': 'open' },
          ExpressionAttributeValues: { ':v0': { BOOL: true } },
        },
      },
    ],
  })
  expect(tableNameOf(input)).toBe('dev-Orders, dev-Stock, dev-Carts')
})

test('each transaction has a token of its own, which all attempts keep, so it may be sent again', () => {
  const plan = transactionOf(writes)
  expect(plan.token).toMatch(/^[\w-]{1,36}$/)
  expect(transactionOf(writes).token).not.toBe(plan.token)
  const tokens = [1, 2].map(() => transactWriteItems.toInput(plan, settings).ClientRequestToken)
  expect(tokens).toEqual([plan.token, plan.token])
  expect(transactWriteItems.isRepeatable(plan)).toBe(true)
  expect(transactWriteItems.isRead).toBe(false)
  expect(Object.isFrozen(plan) && Object.isFrozen(plan.writes)).toBe(true)
  expect(transactWriteItems.toResult({}, settings)).toBeUndefined()
})
