import { expect, test } from 'vitest'
import { z } from 'zod'
import { createAdapter } from '../adapter/adapter.ts'
import { errorFromService } from '../errors/from-service.ts'
import { defineEntity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import type { OperationName, Transport } from '../transport/transport.ts'

const table = defineTable({ name: 'Carts', partitionKey: { name: 'id', type: 'string' } })
const Cart = defineEntity({
  name: 'Cart',
  table,
  attributes: { id: z.string(), count: z.number() },
  version: true,
})

function failing(name: string, outcomeUnknown = false) {
  const operations: OperationName[] = []
  const transport: Transport = {
    send: (operation) => {
      operations.push(operation)
      if (operation === 'GetItem') {
        return Promise.resolve({ Item: { id: 'c1', _entity: 'Cart', count: 1, version: 3 } })
      }
      const item = { id: 'c1', _entity: 'Cart', count: 2, version: 4 }
      return Promise.reject(
        errorFromService({ name, message: '', statusCode: 400, item, outcomeUnknown }, { operation }),
      )
    },
    close: () => Promise.resolve(),
  }
  return { carts: createAdapter({ transport }).repository(Cart), operations }
}

const add = (item: { id: string; count: number }) => ({ ...item, count: item.count + 1 })

test('an item that others change all the time is given up, retryable', async () => {
  const { carts, operations } = failing('ConditionalCheckFailedException')
  await expect(carts.modify({ id: 'c1' }, add, { timeout: 150 })).rejects.toMatchObject({
    code: 'ConditionalCheckFailed',
    retryable: true,
    operation: 'UpdateItem',
  })
  expect(operations.length).toBeGreaterThan(2)
})

test('a write whose outcome is not known is never made again: it may be what has changed the item', async () => {
  const { carts, operations } = failing('ConditionalCheckFailedException', true)
  await expect(carts.modify({ id: 'c1' }, add)).rejects.toMatchObject({
    code: 'ConditionalCheckFailed',
    outcomeUnknown: true,
  })
  expect(operations).toEqual(['GetItem', 'UpdateItem'])
})

test('a write that meets a transaction is sent again as it is', async () => {
  const { carts, operations } = failing('TransactionConflictException')
  await expect(carts.modify({ id: 'c1' }, add, { timeout: 150 })).rejects.toMatchObject({
    code: 'TransactionConflict',
    retryable: true,
  })
  expect(new Set(operations.slice(1))).toEqual(new Set(['UpdateItem']))
})
