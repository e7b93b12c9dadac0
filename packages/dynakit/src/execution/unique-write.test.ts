import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createAdapter } from '../adapter/adapter.ts'
import { errorFromService } from '../errors/from-service.ts'
import { NetworkError } from '../errors/transport-errors.ts'
import { defineEntity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import type { OperationName, Transport, WireInput, WireOutput } from '../transport/transport.ts'

const table = defineTable({ name: 'Users', partitionKey: { name: 'id', type: 'string' } })
const User = defineEntity({
  name: 'User',
  table,
  attributes: { id: z.string(), email: z.string().optional(), note: z.string().optional() },
  unique: { email: ['email'] },
  softDelete: true,
})
const input = { id: 'u1', email: 'a@example.com' }

interface Request {
  readonly operation: OperationName
  readonly input: WireInput
}

/** An adapter that answers from a script; what DynamoDB Local cannot be made to do is done here. */
function scripted(...answers: readonly (WireOutput | Error)[]) {
  const requests: Request[] = []
  const transport: Transport = {
    send: (operation, request) => {
      const answer = answers[requests.push({ operation, input: request }) - 1] ?? {}
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    close: () => Promise.resolve(),
  }
  const users = createAdapter({ transport }).repository(User)
  return { users, requests, operations: () => requests.map(({ operation }) => operation) }
}

function canceled(...codes: readonly string[]): Error {
  const cancellationReasons = codes.map((code, index) => ({
    index,
    code,
    message:
      code === 'ValidationError'
        ? 'The document path provided in the update expression is invalid'
        : undefined,
  }))
  return errorFromService(
    { name: 'TransactionCanceledException', message: '', statusCode: 400, cancellationReasons },
    { operation: 'TransactWriteItems' },
  )
}

const conflict = (): Error =>
  errorFromService(
    { name: 'TransactionConflictException', message: '', statusCode: 400 },
    { operation: 'UpdateItem' },
  )

describe('a transaction that meets another one', () => {
  test('is sent again, as a new transaction', async () => {
    const { users, requests } = scripted(
      canceled('TransactionConflict', 'None'),
      canceled('None', 'TransactionConflict'),
      {},
    )
    await users.create(input)
    const tokens = requests.map((request) => request.input.ClientRequestToken)
    expect(new Set(tokens).size).toBe(3)
  })

  test('fails typed and retryable when there is no more time', async () => {
    const answers = Array.from({ length: 100 }, () => canceled('TransactionConflict', 'None'))
    const { users, requests } = scripted(...answers)
    await expect(users.create(input, { timeout: 150 })).rejects.toMatchObject({
      code: 'TransactionCanceled',
      retryable: true,
    })
    expect(requests.length).toBeGreaterThan(1)
  })

  test('and finds a false condition beside the conflict, says so at once', async () => {
    const { users, operations } = scripted(canceled('TransactionConflict', 'ConditionalCheckFailed'))
    await expect(users.create(input)).rejects.toMatchObject({ code: 'UniqueConstraint', constraint: 'email' })
    expect(operations()).toEqual(['TransactWriteItems'])
  })

  test('is tried again as a plain write too', async () => {
    const attributes = { id: 'u1', _entity: 'User', note: 'x' }
    const update = scripted(conflict(), { Attributes: attributes })
    expect(await update.users.update({ id: 'u1' }).set({ note: 'x' }).execute()).toMatchObject({ note: 'x' })
    expect(update.operations()).toEqual(['UpdateItem', 'UpdateItem'])
    const deleted = scripted(conflict(), {})
    await deleted.users.delete({ id: 'u1' })
    expect(deleted.operations()).toEqual(['UpdateItem', 'UpdateItem'])
    const removed = scripted({ Item: { id: 'u1' } }, conflict(), {})
    await removed.users.deletePermanently({ id: 'u1' })
    expect(removed.operations()).toEqual(['GetItem', 'DeleteItem', 'DeleteItem'])
  })
})

describe('a transaction that was cancelled', () => {
  test('for both the item and its values says that the item exists', async () => {
    const failed = canceled('ConditionalCheckFailed', 'ConditionalCheckFailed')
    const { users, operations } = scripted(failed, { Item: { id: 'u1' } })
    await expect(users.create(input)).rejects.toMatchObject({ code: 'ItemAlreadyExists' })
    expect(operations()).toEqual(['TransactWriteItems', 'GetItem'])
  })

  test('for another reason is given as it is', async () => {
    for (const code of ['ItemCollectionSizeLimitExceeded', 'AccessDenied']) {
      const { users, operations } = scripted(canceled(code, 'None'))
      await expect(users.create(input)).rejects.toMatchObject({
        code: 'TransactionCanceled',
        retryable: false,
      })
      expect(operations()).toHaveLength(1)
    }
    const { users } = scripted(canceled())
    await expect(users.create(input)).rejects.toMatchObject({ code: 'TransactionCanceled' })
  })

  test('because DynamoDB refuses a part of it, is a validation error as of that part alone', async () => {
    const { users } = scripted({ Item: { id: 'u1' } }, canceled('ValidationError', 'None'))
    const update = users.update({ id: 'u1' }).set({ email: 'b@example.com' })
    await expect(update.execute()).rejects.toMatchObject({ code: 'Validation', rule: 'document-path' })
  })

  test('because a value it would release is not its own, leaves that alone', async () => {
    const { users, requests } = scripted(
      { Item: { id: 'u1', email: 'a@example.com' } },
      canceled('None', 'None', 'ConditionalCheckFailed'),
      {},
    )
    await users.put({ id: 'u1', email: 'b@example.com' })
    const parts = requests.map((request) => (request.input.TransactItems as unknown[] | undefined)?.length)
    expect(parts).toEqual([undefined, 3, 2])
  })
})

test('a transaction without answer is not sent again, and says that it may have been carried out', async () => {
  const lost = new NetworkError('no answer', { outcomeUnknown: true, retryable: true })
  const { users, operations } = scripted(lost)
  await expect(users.create(input)).rejects.toBe(lost)
  expect(operations()).toEqual(['TransactWriteItems'])
})

test('a conflict reported for a write that may have been carried out is not tried again', async () => {
  const open = errorFromService(
    { name: 'TransactionConflictException', message: '', statusCode: 400, outcomeUnknown: true },
    { operation: 'UpdateItem' },
  )
  const { users, operations } = scripted(open)
  await expect(users.update({ id: 'u1' }).set({ note: 'x' }).execute()).rejects.toBe(open)
  expect(operations()).toHaveLength(1)
})
