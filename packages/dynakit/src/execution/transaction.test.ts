import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createAdapter } from '../adapter/adapter.ts'
import { errorFromService } from '../errors/from-service.ts'
import { readCancellationReasons } from '../errors/failure-reasons.ts'
import { TransactionCanceledError } from '../errors/transaction-errors.ts'
import { NetworkError } from '../errors/transport-errors.ts'
import { defineEntity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import type { OperationName, SendOptions, Transport, WireInput, WireOutput } from '../transport/transport.ts'

const table = defineTable({
  name: 'Users',
  partitionKey: { name: 'id', type: 'string' },
  indexes: {
    byNames: { type: 'global', projection: 'all', partitionKey: { name: 'names', type: 'string' } },
  },
})
const User = defineEntity({
  name: 'User',
  table,
  attributes: {
    id: z.string(),
    email: z.string().optional(),
    first: z.string().optional(),
    last: z.string().optional(),
  },
  unique: { email: ['email'] },
  indexes: { byNames: { partitionKey: '{first}#{last}' } },
})

interface Request {
  readonly operation: OperationName
  readonly input: WireInput
  readonly options: SendOptions
}

/** An adapter that answers from a script; what DynamoDB Local cannot be made to do is done here. */
function scripted(...answers: readonly (WireOutput | Error)[]) {
  const requests: Request[] = []
  const transport: Transport = {
    send: (operation, input, options) => {
      const answer = answers[requests.push({ operation, input, options }) - 1] ?? {}
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    close: () => Promise.resolve(),
  }
  const db = createAdapter({ transport })
  const operations = () => requests.map(({ operation }) => operation)
  const tokens = () =>
    requests.map(({ input }) => input.ClientRequestToken).filter((token) => token !== undefined)
  return { db, requests, operations, tokens }
}

function canceled(codes: readonly string[], more: { outcomeUnknown?: boolean; item?: object } = {}): Error {
  const { outcomeUnknown, item } = more
  const reasons = codes.map((Code) => ({ Code, Item: Code === 'ConditionalCheckFailed' ? item : undefined }))
  return errorFromService(
    {
      name: 'TransactionCanceledException',
      message: '',
      statusCode: 400,
      cancellationReasons: readCancellationReasons(reasons),
      outcomeUnknown,
    },
    { operation: 'TransactWriteItems' },
  )
}

const put = { tableName: 'Plain', item: { id: 'secret', n: 1 } }
const check = { tableName: 'Plain', key: { id: 'other' } }

describe('a transaction that meets another one', () => {
  test('is sent again as it is, under the same token', async () => {
    const { db, tokens } = scripted(
      canceled(['TransactionConflict', 'None']),
      canceled(['None', 'ThrottlingError']),
      {},
    )
    await db.transaction().put(put).check(check).execute()
    expect(tokens()).toHaveLength(3)
    expect(new Set(tokens()).size).toBe(1)
  })

  test('fails typed and retryable when there is no more time', async () => {
    const answers = Array.from({ length: 100 }, () => canceled(['TransactionConflict']))
    const { db, operations } = scripted(...answers)
    await expect(db.transaction().put(put).execute({ timeout: 150 })).rejects.toMatchObject({
      code: 'TransactionCanceled',
      isConflict: true,
      isConditionFailure: false,
      retryable: true,
      failures: [{ index: 0, operation: 'put', tableName: 'Plain', code: 'TransactionConflict' }],
    })
    expect(operations().length).toBeGreaterThan(1)
  })

  test('and has a false condition beside, is not sent again', async () => {
    const { db, operations } = scripted(canceled(['TransactionConflict', 'ConditionalCheckFailed']))
    await expect(db.transaction().put(put).check(check).execute()).rejects.toMatchObject({
      isConflict: true,
      isConditionFailure: true,
      retryable: false,
    })
    expect(operations()).toHaveLength(1)
  })

  test('after an answer was lost, is sent again: the token tells', async () => {
    const { db, tokens } = scripted(canceled(['TransactionConflict'], { outcomeUnknown: true }), {})
    await db.transaction().put(put).execute()
    expect(new Set(tokens()).size).toBe(1)
  })

  test('that reads is sent again too', async () => {
    const { db, operations } = scripted(canceled(['TransactionConflict']), {
      Responses: [{ Item: { id: 'x', n: 1 } }],
    })
    const { items } = await db.transactGet([{ tableName: 'Plain', key: { id: 'x' } }])
    expect(items).toEqual([{ id: 'x', n: 1 }])
    expect(operations()).toEqual(['TransactGetItems', 'TransactGetItems'])
  })
})

describe('a transaction without answer', () => {
  test('may be sent again by the transport, within the time DynamoDB remembers the token', async () => {
    const { db, requests } = scripted({})
    await db.transaction().put(put).execute()
    const { isRepeatable, deadline = Infinity } = requests[0]?.options ?? {}
    expect(isRepeatable).toBe(true)
    expect(deadline - Date.now()).toBeLessThanOrEqual(600_000)
    expect(deadline - Date.now()).toBeGreaterThan(590_000)
  })

  test('says in the end that it may have been carried out', async () => {
    const lost = new NetworkError('no answer', { outcomeUnknown: true, retryable: true })
    const { db, operations } = scripted(lost)
    await expect(db.transaction().put(put).execute()).rejects.toBe(lost)
    expect(operations()).toHaveLength(1)
  })

  test('whose condition is false afterwards is not made anew from other items', async () => {
    const { db, operations } = scripted(
      { Item: { id: 'u1', first: 'Ada' } },
      canceled(['ConditionalCheckFailed'], { outcomeUnknown: true }),
    )
    const update = db.transaction().update({ entity: User, key: { id: 'u1' }, updates: { last: 'King' } })
    await expect(update.execute()).rejects.toMatchObject({
      outcomeUnknown: true,
      code: 'TransactionCanceled',
    })
    expect(operations()).toEqual(['GetItem', 'TransactWriteItems'])
  })
})

describe('a transaction made anew from items that have changed', () => {
  const update = { entity: User, key: { id: 'u1' }, updates: { last: 'King' } } as const
  const answers = [
    { Item: { id: 'u1', first: 'Ada' } },
    canceled(['ConditionalCheckFailed']),
    { Item: { id: 'u1', first: 'Eve' } },
    {},
  ]

  test('is another transaction for DynamoDB', async () => {
    const { db, tokens, requests } = scripted(...answers)
    await db.transaction().update(update).execute()
    expect(new Set(tokens()).size).toBe(2)
    expect(JSON.stringify(requests[3]?.input)).toContain('Eve#King')
  })

  test('keeps the token of the caller', async () => {
    const { db, tokens } = scripted(...answers)
    await db.transaction().update(update).execute({ idempotencyToken: 'mine' })
    expect(tokens()).toEqual(['mine', 'mine'])
  })

  test('each time until there is no more time, fails retryable', async () => {
    let count = 0
    const transport: Transport = {
      send: (operation) => {
        count += 1
        return operation === 'GetItem'
          ? Promise.resolve({ Item: { id: 'u1', first: String(count) } })
          : Promise.reject(canceled(['ConditionalCheckFailed'], { item: { id: 'u1', first: 'x' } }))
      },
      close: () => Promise.resolve(),
    }
    const transaction = createAdapter({ transport }).transaction().update(update)
    const error: unknown = await transaction.execute({ timeout: 150 }).catch((reason: unknown) => reason)
    if (!TransactionCanceledError.is(error)) throw error
    expect(error.retryable).toBe(true)
    expect(error.message).toMatch(/Others changed the items during each of \d+ tries/)
    expect(error.failures[0]?.error?.code).toBe('ConditionalCheckFailed')
  })
})

test('a failure hides key and item from loggers, and gives them when asked for', async () => {
  const { db } = scripted(canceled(['ConditionalCheckFailed'], { item: { id: 'secret', n: 'value' } }))
  const transaction = db.transaction().check({
    tableName: 'Plain',
    key: { id: 'secret' },
    where: (e) => e('n', '=', 1),
    returnItemOnConditionFailure: true,
  })
  const error: unknown = await transaction.execute().catch((reason: unknown) => reason)
  if (!TransactionCanceledError.is(error)) throw error
  const [failure] = error.failures
  expect(failure?.key).toEqual({ id: 'secret' })
  expect(failure?.item).toEqual({ id: 'secret', n: 'value' })
  expect(failure?.keyHash).toMatch(/^[\w-]{12}$/)
  expect(JSON.stringify(error) + error.message).not.toMatch(/secret|value/)
})

describe('a cancellation', () => {
  test('for another reason is given with it, at once', async () => {
    for (const code of ['ItemCollectionSizeLimitExceeded', 'ValidationError', 'AccessDenied']) {
      const { db, operations } = scripted(canceled(['None', code]))
      await expect(db.transaction().put(put).check(check).execute()).rejects.toMatchObject({
        code: 'TransactionCanceled',
        retryable: false,
        failures: [{ index: 1, operation: 'check', code }],
      })
      expect(operations()).toHaveLength(1)
    }
  })

  test('without reasons is given as it is', async () => {
    const { db } = scripted(canceled([]))
    await expect(db.transaction().put(put).execute()).rejects.toMatchObject({
      code: 'TransactionCanceled',
      failures: [],
    })
  })

  test('of a unique value beside another reason names both', async () => {
    const { db } = scripted(canceled(['None', 'ConditionalCheckFailed', 'ConditionalCheckFailed']))
    const transaction = db
      .transaction()
      .create({ entity: User, item: { id: 'u1', email: 'a' } })
      .check(check)
    const error: unknown = await transaction.execute().catch((reason: unknown) => reason)
    if (!TransactionCanceledError.is(error)) throw error
    expect(error.failures.map((failure) => [failure.index, failure.error?.code])).toEqual([
      [0, 'UniqueConstraint'],
      [1, 'ConditionalCheckFailed'],
    ])
    expect(error.message).toContain('operation 0 (create of User')
  })
})

describe('what is no operation is refused', () => {
  const { db } = scripted()
  const write = (part: unknown) => db.transactWrite([part as never])

  test.each([
    ['transaction-operation', undefined],
    ['transaction-operation', {}],
    ['transaction-operation', { put: put, check: check }],
    ['transaction-operation', { insert: put }],
    ['transaction-operation', { put: 'x' }],
    ['transaction-operation', { put: { tableName: 'Plain' } }],
    ['transaction-operation', { delete: { tableName: 'Plain', key: 'x' } }],
    ['transaction-target', { put: { item: { id: 'x' } } }],
    ['transaction-target', { put: { item: { id: 'x' }, tableName: 'Plain', entity: User } }],
    ['transaction-target', { put: { item: { id: 'x' }, entity: 'User' } }],
    ['transaction-update', { update: check }],
    ['transaction-update', { update: { ...check, updates: () => undefined } }],
    ['empty-update', { update: { ...check, updates: {} } }],
    ['key-attributes', { delete: { tableName: 'Plain', key: {} } }],
    ['schema', { delete: { entity: User, key: {} } }],
  ])('%s %#', async (rule, part) => {
    const error: unknown = await write(part).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'Validation', rule })
    expect((error as { field?: string }).field).toMatch(/^operations\[0\]/)
  })

  test('and so are createParents and execute inside an update', async () => {
    const parents = db.transaction().update({
      ...check,
      updates: (item) => (item as unknown as { createParents(): typeof item }).createParents().set({ a: 1 }),
    })
    await expect(parents.execute()).rejects.toMatchObject({ rule: 'transaction-update' })
    const run = (item: unknown): Promise<unknown> => (item as { execute(): Promise<unknown> }).execute()
    let inner: Promise<unknown> | undefined
    const update = (item: unknown): unknown => {
      inner = run(item)
      return item
    }
    db.transaction().update({ ...check, updates: update })
    await expect(inner).rejects.toMatchObject({ rule: 'transaction-update' })
  })
})
