import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AttemptEvent,
  createAdapter,
  Decimal,
  defineEntity,
  defineTable,
  type DynamoDBAdapter,
  DynamoDBError,
  type NativeItem,
  type Transport,
} from 'dynakit'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createEngine, LostAnswer, ServiceError } from '../src/index.ts'
import { nativeTransport } from '../src/native/native-transport.ts'
import type { Call } from '../src/protocol/call.ts'

const Things = defineTable({
  name: 'Things',
  partitionKey: { name: 'id', type: 'string' },
  sortKey: { name: 'at', type: 'number' },
})

/** Checked by the compiler: an engine's transport is one of dynakit's. */
const transportOf = (engine = createEngine()): Transport => engine.transport()

const open: DynamoDBAdapter[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((db) => db.close()))
})

function adapter(transport: Transport, options: object = {}): DynamoDBAdapter {
  const db = createAdapter({ transport, table: Things, ...options })
  open.push(db)
  return db
}

describe('an adapter of dynakit on the engine', () => {
  test('stores and reads values of every type', async () => {
    const db = adapter(transportOf())
    await db.tables.create(Things)
    const item = {
      id: 'all',
      at: 1,
      text: '€ 😀',
      empty: '',
      whole: 9007199254740993n,
      small: 1e-9,
      exact: Decimal.from('0.1234567890123456789'),
      large: 10n ** 37n,
      yes: true,
      nothing: null,
      bytes: new Uint8Array([0, 255, 1]),
      texts: new Set(['b', 'a']),
      numbers: new Set([1, 2n ** 60n]),
      blobs: new Set([new Uint8Array([1]), new Uint8Array([2])]),
      list: [1, 'two', [null], { deep: [true] }],
      map: { 'a.b': { c: [] }, ['__proto__']: 1 },
      left: undefined,
    } satisfies NativeItem
    await db.put(item)
    const stored = await db.get({ id: 'all', at: 1 })
    const { left: _, exact, ...rest } = item
    expect(stored).toMatchObject({ ...rest, numbers: new Set([1, 2n ** 60n]) })
    expect(Object.keys(stored as object).sort()).toEqual([...Object.keys(rest), 'exact'].sort())
    expect(Decimal.is(stored?.exact) && stored.exact.equals(exact)).toBe(true)
    expect(Object.hasOwn(stored?.map as object, '__proto__')).toBe(true)
  })

  test('reads numbers as it is told', async () => {
    const transport = transportOf()
    const exact = adapter(transport)
    await exact.tables.create(Things)
    await exact.put({ id: 'n', at: 1, value: 12345678901234567890n })
    expect(await exact.get({ id: 'n', at: 1 })).toEqual({ id: 'n', at: 1, value: 12345678901234567890n })
    expect(await adapter(transport, { numbers: 'rounded' }).get({ id: 'n', at: 1 })).toMatchObject({
      value: 12345678901234567000,
    })
    const decimal = await adapter(transport, { numbers: 'decimal' }).get({ id: 'n', at: 1 })
    expect((decimal?.value as Decimal).toString()).toBe('12345678901234567890')
    expect(Decimal.is(decimal?.at)).toBe(true)
  })

  test.each([
    ['a date', { when: new Date() }, 'class-instance', 'when', 'Date'],
    ['no number', { list: [1, { n: Number.NaN }] }, 'number-not-finite', 'list[1].n', 'NaN'],
    ['an integer beyond 2^53', { n: 2 ** 53 }, 'number-unsafe-integer', 'n', 'number'],
    ['an empty set', { a: { b: new Set() } }, 'empty-set', 'a.b', 'Set'],
    ['a set of objects', { s: new Set([{}]) }, 'set-member-type', 's', 'Set of object'],
    ['a mixed set', { s: new Set([1, 'a']) }, 'set-mixed-types', 's', 'Set with string'],
    ['a set with 1 twice', { s: new Set([1, 1n]) }, 'set-duplicate', 's', 'Set'],
    ['half a character', { s: '\ud800' }, 'string-not-well-formed', 's', 'string'],
    ['undefined in a list', { l: [undefined] }, 'unsupported-type', 'l[0]', 'undefined'],
  ])('refuses %s and names it as other transports do', async (_what, attributes, rule, field, valueType) => {
    const transport = transportOf()
    const input = { TableName: 'Things', Item: { id: 'x', at: 1, ...attributes } }
    await expect(transport.send('PutItem', input, { numbers: 'exact' })).rejects.toMatchObject({
      name: 'ValidationError',
      rule,
      field,
      valueType,
    })
  })

  test('refuses what is nested too deep, and what contains itself', async () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = [cycle]
    let deep: unknown = []
    for (let depth = 0; depth < 40; depth += 1) deep = { in: deep }
    const put = (value: unknown): Promise<unknown> =>
      transportOf().send('PutItem', { TableName: 'T', Item: { value } }, { numbers: 'exact' })
    await expect(put(cycle)).rejects.toMatchObject({ rule: 'cycle' })
    await expect(put(deep)).rejects.toMatchObject({ rule: 'nesting-depth' })
  })

  test('runs entities, queries, updates and pages', async () => {
    const Note = defineEntity({
      name: 'Note',
      table: Things,
      attributes: { id: z.string(), at: z.number(), text: z.string(), likes: z.number() },
      version: true,
    })
    const db = adapter(transportOf())
    await db.tables.create(Things)
    const notes = db.repository(Note)
    for (let at = 0; at < 30; at += 1)
      await notes.create({ id: 'n', at, text: `note ${String(at)}`, likes: at % 3 })
    await notes.update({ id: 'n', at: 3 }).add({ likes: 10 }).execute()
    const liked = notes.query().where('id', '=', 'n').where('likes', '>', 0).take(7)
    expect((await liked.execute()).items.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5, 7, 8])
    await expect(notes.create({ id: 'n', at: 1, text: '', likes: 0 })).rejects.toMatchObject({
      name: 'ItemAlreadyExistsError',
    })
    await expect(notes.get({ id: 'n', at: 3 })).resolves.toMatchObject({ likes: 10 })
  })

  test('keeps a database for each region', async () => {
    const transport = transportOf()
    const db = adapter(transport)
    await db.tables.create(Things)
    const other = adapter(transport.inRegion?.('eu-west-1') as Transport)
    expect(await other.tables.list()).toEqual([])
    expect(await db.tables.list()).toEqual(['Things'])
  })

  test('takes no requests once it is closed', async () => {
    const transport = transportOf()
    await transport.close()
    await expect(transport.send('ListTables', {}, { numbers: 'exact' })).rejects.toMatchObject({
      name: 'ConfigurationError',
    })
  })
})

describe('a failure of the engine', () => {
  const send = (
    call: Call,
    operation: string,
    options: object = {},
    retry: object = {},
  ): Promise<unknown> => {
    const transport: Transport = nativeTransport(call, {
      retry: { baseDelay: 1, throttlingDelay: 1, ...retry },
    })
    const input = { TableName: 'T', IndexName: 'i', Key: { id: '1' } }
    return transport.send(operation as 'GetItem', input, { numbers: 'exact', ...options })
  }
  const failing = (name: string, message = '', options: object = {}): Call => {
    return () => Promise.reject(new ServiceError(name, message, options))
  }

  test.each([
    ['ConditionalCheckFailedException', '', 'ConditionalCheckFailedError'],
    ['TransactionConflictException', '', 'TransactionConflictError'],
    ['ResourceNotFoundException', 'Requested resource not found', 'TableNotFoundError'],
    ['ValidationException', 'The table does not have the specified index: i', 'IndexNotFoundError'],
    [
      'ValidationException',
      'The document path provided in the update expression is invalid',
      'ValidationError',
    ],
    ['ResourceInUseException', 'Table already exists: T', 'TableInUseError'],
    ['ProvisionedThroughputExceededException', '', 'ProvisionedThroughputExceededError'],
    ['ThrottlingException', '', 'ThrottlingError'],
    ['RequestLimitExceeded', '', 'RequestLimitExceededError'],
    ['AccessDeniedException', '', 'AccessDeniedError'],
    ['UnrecognizedClientException', '', 'CredentialsError'],
    ['UnknownOperationException', '', 'ServiceError'],
  ])('%s (%s) is dynakit’s %s', async (name, message, kind) => {
    const error: unknown = await send(failing(name, message), 'UpdateItem').catch((thrown: unknown) => thrown)
    expect(DynamoDBError.is(error)).toBe(true)
    expect(error).toMatchObject({
      name: kind,
      statusCode: 400,
      operation: 'UpdateItem',
      tableName: 'T',
      requestId: expect.stringMatching(/^[0-9A-Z]{52}$/) as string,
    })
  })

  test('carries what the service says of it', async () => {
    const details = {
      Item: { n: { N: '9007199254740993' } },
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict', Message: 'busy' }],
      ThrottlingReasons: [{ reason: 'TableReadProvisionedThroughputExceeded', resource: 'arn' }],
    }
    await expect(
      send(failing('ConditionalCheckFailedException', '', { details }), 'PutItem'),
    ).rejects.toMatchObject({ item: { n: 9007199254740993n } })
    await expect(
      send(failing('TransactionCanceledException', '', { details }), 'TransactWriteItems'),
    ).rejects.toMatchObject({
      retryable: true,
      isConflict: true,
      reasons: [
        { index: 0, code: 'None', message: undefined },
        { index: 1, code: 'TransactionConflict', message: 'busy' },
      ],
    })
    await expect(
      send(failing('ProvisionedThroughputExceededException', '', { details }), 'GetItem'),
    ).rejects.toMatchObject({ throttlingReasons: details.ThrottlingReasons, retryable: true })
  })

  /** Fails a number of times before it succeeds, and counts. */
  const failingFirst = (times: number, error: Error): { call: Call; attempts: () => number } => {
    let attempts = 0
    const call: Call = () => {
      attempts += 1
      return attempts <= times ? Promise.reject(error) : Promise.resolve({})
    }
    return { call, attempts: () => attempts }
  }
  const internal = new ServiceError('InternalServerError', 'oops', { statusCode: 500 })

  test('that may pass is tried again', async () => {
    for (const error of [internal, new LostAnswer('reset'), new ServiceError('ThrottlingException', '')]) {
      const { call, attempts } = failingFirst(2, error)
      await expect(send(call, 'GetItem')).resolves.toEqual({})
      expect(attempts()).toBe(3)
    }
    const lasting = failingFirst(10, internal)
    await expect(send(lasting.call, 'GetItem', {}, { maxAttempts: 2 })).rejects.toMatchObject({
      name: 'ServiceError',
      serviceCode: 'InternalServerError',
      retryable: true,
    })
    expect(lasting.attempts()).toBe(2)
  })

  test('of a write that may have been carried out is tried again only when that is safe', async () => {
    for (const error of [internal, new LostAnswer('reset')]) {
      const unsafe = failingFirst(1, error)
      await expect(send(unsafe.call, 'UpdateItem')).rejects.toMatchObject({
        outcomeUnknown: true,
        retryable: false,
      })
      expect(unsafe.attempts()).toBe(1)
      const safe = failingFirst(1, error)
      await expect(send(safe.call, 'PutItem', { isRepeatable: true })).resolves.toEqual({})
    }
  })

  test('ends with the deadline or the signal', async () => {
    const silent: Call = () => Promise.reject(new LostAnswer('silence'))
    await expect(send(silent, 'PutItem', { deadline: Date.now() + 20 })).rejects.toMatchObject({
      name: 'TimeoutError',
      outcomeUnknown: true,
    })
    await expect(send(silent, 'GetItem', { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      name: 'AbortedError',
      outcomeUnknown: false,
    })
    const unreached = failingFirst(0, internal)
    await expect(send(unreached.call, 'GetItem', { deadline: Date.now() - 1 })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    await expect(send(unreached.call, 'GetItem', { signal: AbortSignal.abort('why') })).rejects.toMatchObject(
      {
        name: 'AbortedError',
        cause: 'why',
      },
    )
    expect(unreached.attempts()).toBe(0)
    const slow: Call = async () => {
      await sleep(5)
      throw internal
    }
    const started = Date.now()
    await expect(
      send(slow, 'GetItem', { deadline: Date.now() + 60 }, { baseDelay: 100_000, maxAttempts: 50 }),
    ).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(Date.now() - started).toBeLessThan(200)
  })

  test('without an answer is given up in time', async () => {
    const transport = nativeTransport(() => Promise.reject(new LostAnswer('silence')), {
      requestTimeout: 10,
      retry: { maxAttempts: 2, baseDelay: 1 },
    })
    const started = Date.now()
    await expect(transport.send('GetItem', { TableName: 'T' }, { numbers: 'exact' })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    expect(Date.now() - started).toBeGreaterThanOrEqual(19)
  })

  test('is reported attempt by attempt', async () => {
    const events: AttemptEvent[] = []
    const { call } = failingFirst(1, internal)
    await send(call, 'GetItem', { onAttempt: (event: AttemptEvent) => events.push(event) })
    expect(events.map(({ type, attempt }) => `${type} ${String(attempt)}`)).toEqual([
      'start 1',
      'end 1',
      'start 2',
      'end 2',
    ])
    expect(events[1]).toMatchObject({ errorCode: 'Service', statusCode: 500, retryReason: 'transient' })
    expect(events[3]).toMatchObject({ errorCode: undefined, statusCode: 200, retryReason: undefined })
    expect(new Set(events.map(({ invocationId }) => invocationId)).size).toBe(1)
  })
})
