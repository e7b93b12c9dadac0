import { expect, test } from 'vitest'
import { batchGetItem } from './read/batch-get-item.ts'
import { batchWriteItem } from './write/batch-write-item.ts'

const settings = { tablePrefix: 'test-', capacityDetail: 'total' } as const

test('BatchGetItem names keys by table, and reads items and what is left by table', () => {
  const input = batchGetItem.toInput(
    {
      operation: 'BatchGetItem',
      consistentRead: true,
      keys: [
        { tableName: 'A', key: { id: 1 } },
        { tableName: '__proto__', key: { id: 2 } },
        { tableName: 'A', key: { id: 3 } },
      ],
    },
    { ...settings, tablePrefix: '' },
  )
  expect(Object.entries(input.RequestItems as object)).toEqual([
    ['A', { Keys: [{ id: 1 }, { id: 3 }], ConsistentRead: true }],
    ['__proto__', { Keys: [{ id: 2 }], ConsistentRead: true }],
  ])
  expect(input.ReturnConsumedCapacity).toBe('TOTAL')
  const result = batchGetItem.toResult(
    {
      Responses: { 'test-A': [{ id: 1, n: 1 }], 'test-B': [] },
      UnprocessedKeys: { 'test-A': { Keys: [{ id: 3 }], ConsistentRead: true }, 'test-B': {} },
    },
    settings,
  )
  expect([...result.items]).toEqual([
    ['A', [{ id: 1, n: 1 }]],
    ['B', []],
  ])
  expect(result.unprocessed).toEqual([{ tableName: 'A', key: { id: 3 } }])
  expect(batchGetItem.toResult({}, settings)).toEqual({ items: new Map(), unprocessed: [] })
})

test('eventual consistency is left to be the default', () => {
  const input = batchGetItem.toInput(
    { operation: 'BatchGetItem', consistentRead: false, keys: [{ tableName: 'A', key: { id: 1 } }] },
    { ...settings, capacityDetail: 'none' },
  )
  expect(input).toEqual({ RequestItems: { 'test-A': { Keys: [{ id: 1 }] } } })
})

test('BatchWriteItem names writes by table, and reads what is left', () => {
  const input = batchWriteItem.toInput(
    {
      operation: 'BatchWriteItem',
      writes: [
        { tableName: 'A', item: { id: 1, n: 1 } },
        { tableName: 'B', key: { id: 2 } },
        { tableName: 'A', key: { id: 3 } },
      ],
    },
    settings,
  )
  expect(input.RequestItems).toEqual({
    'test-A': [{ PutRequest: { Item: { id: 1, n: 1 } } }, { DeleteRequest: { Key: { id: 3 } } }],
    'test-B': [{ DeleteRequest: { Key: { id: 2 } } }],
  })
  const { unprocessed } = batchWriteItem.toResult(
    {
      UnprocessedItems: {
        'test-A': [{ PutRequest: { Item: { id: 1, n: 1 } } }, { DeleteRequest: { Key: { id: 3 } } }],
      },
    },
    settings,
  )
  expect(unprocessed).toEqual([
    { tableName: 'A', item: { id: 1, n: 1 } },
    { tableName: 'A', key: { id: 3 } },
  ])
  expect(batchWriteItem.toResult({}, settings)).toEqual({ unprocessed: [] })
})
