import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { DynamoDBError } from './dynamodb-error.ts'
import { errorFromService } from './from-service.ts'
import { ConditionalCheckFailedError, ItemNotFoundError } from './item-errors.ts'
import { ValidationError } from './request-errors.ts'
import { AccessDeniedError, InsufficientPermissionsError, ThrottledError } from './service-errors.ts'
import type { TransactionCanceledError } from './transaction-errors.ts'
import { valueType } from './value-type.ts'

describe('DynamoDBError', () => {
  test('carries a code, and only the facts that are known', () => {
    const error = new ItemNotFoundError('gone', { tableName: 'Shop', retryable: false })
    expect({ ...error }).toEqual({
      name: 'ItemNotFoundError',
      code: 'ItemNotFound',
      retryable: false,
      tableName: 'Shop',
    })
    expect(error.statusCode).toBeUndefined()
    expect(error).toBeInstanceOf(Error)
    expect(error.stack).toContain('ItemNotFoundError: gone')
  })

  test('keeps its cause', () => {
    const cause = new Error('underneath')
    expect(new DynamoDBError('x', { cause }).cause).toBe(cause)
    expect('cause' in new DynamoDBError('x')).toBe(false)
  })

  test('is() knows classes and their bases, and nothing else', () => {
    const throttled = errorFromService(
      { name: 'ThrottlingException', message: 'slow down' },
      { operation: 'GetItem' },
    )
    expect(DynamoDBError.is(throttled)).toBe(true)
    expect(ThrottledError.is(throttled)).toBe(true)
    expect(ItemNotFoundError.is(throttled)).toBe(false)
    for (const other of [null, undefined, 'text', new Error('x'), {}])
      expect(DynamoDBError.is(other)).toBe(false)
  })

  test('is() knows errors of another copy of the package', async () => {
    vi.resetModules()
    const copy = await import('./item-errors.ts')
    const foreign = new copy.ItemNotFoundError('gone')
    expect(foreign instanceof ItemNotFoundError).toBe(false)
    expect(ItemNotFoundError.is(foreign)).toBe(true)
    expect(ConditionalCheckFailedError.is(foreign)).toBe(false)
  })

  test('does not print payloads that hold item values', () => {
    const failed = new ConditionalCheckFailedError('false', { item: { password: 'hunter2' } })
    const refused = new ValidationError('x', {
      rule: 'schema',
      issues: [{ path: 'a', message: 'was hunter2' }],
    })
    for (const error of [failed, refused]) {
      expect(inspect(error)).not.toContain('hunter2')
      expect(JSON.stringify(error)).not.toContain('hunter2')
      expect(JSON.stringify({ ...error })).not.toContain('hunter2')
    }
    expect(failed.item).toEqual({ password: 'hunter2' })
    expect(refused.issues).toHaveLength(1)
  })

  test('AccessDeniedError has a second name', () => {
    expect(InsufficientPermissionsError).toBe(AccessDeniedError)
  })
})

describe('errorFromService', () => {
  const request = { operation: 'Query', tableName: 'Shop', indexName: 'byStatus' }
  const map = (name: string, message = 'm', more: object = {}): DynamoDBError =>
    errorFromService({ name, message, statusCode: 400, requestId: 'r1', ...more }, request)

  test.each<[string, string, string, boolean]>([
    ['ConditionalCheckFailedException', 'm', 'ConditionalCheckFailed', false],
    ['ProvisionedThroughputExceededException', 'm', 'ProvisionedThroughputExceeded', true],
    ['RequestLimitExceeded', 'm', 'RequestLimitExceeded', true],
    ['ThrottlingException', 'm', 'Throttling', true],
    ['TransactionConflictException', 'm', 'TransactionConflict', true],
    ['ResourceNotFoundException', 'Requested resource not found', 'TableNotFound', false],
    ['ResourceNotFoundException', 'Requested resource not found: Index: byStatus', 'IndexNotFound', false],
    ['ResourceInUseException', 'm', 'TableInUse', false],
    ['ValidationException', 'The table does not have the specified index: byStatus', 'IndexNotFound', false],
    ['ValidationException', 'other', 'Validation', false],
    ['AccessDeniedException', 'm', 'AccessDenied', false],
    ['UnrecognizedClientException', 'm', 'Credentials', false],
    ['ExpiredTokenException', 'm', 'Credentials', false],
    ['InternalServerError', 'm', 'Service', true],
    ['ServiceUnavailable', 'm', 'Service', true],
    ['TransactionInProgressException', 'm', 'Service', true],
    ['LimitExceededException', 'm', 'Service', true],
  ])('%s (%s) becomes %s', (name, message, code, retryable) => {
    const error = map(name, message)
    expect({ code: error.code, retryable: error.retryable }).toEqual({ code, retryable })
    expect(error).toMatchObject({ statusCode: 400, requestId: 'r1', operation: 'Query', tableName: 'Shop' })
    expect(error.message).toContain("Query on table 'Shop'")
  })

  test('an unknown error of a server fault is retryable', () => {
    const error = errorFromService({ name: 'Strange', message: 'm', statusCode: 503 }, request)
    expect(error).toMatchObject({ code: 'Service', serviceCode: 'Strange', retryable: true })
  })

  test('a cancelled transaction names the operations that failed', () => {
    const reasons = [
      { index: 0, code: 'None', message: undefined },
      { index: 1, code: 'ConditionalCheckFailed', message: 'm' },
    ]
    const error = map('TransactionCanceledException', 'm', {
      cancellationReasons: reasons,
    }) as TransactionCanceledError
    expect(error.message).toContain('operation 1: ConditionalCheckFailed')
    expect(error).toMatchObject({ isConditionFailure: true, isConflict: false, retryable: false, reasons })
    const conflict = map('TransactionCanceledException', 'm', {
      cancellationReasons: [{ index: 0, code: 'TransactionConflict', message: 'm' }],
    })
    expect(conflict).toMatchObject({ isConflict: true, retryable: true })
    expect(map('TransactionCanceledException')).toMatchObject({ reasons: [], retryable: false })
  })

  test('a throttled request says which limit was reached', () => {
    const throttlingReasons = [{ reason: 'TableReadProvisionedThroughputExceeded', resource: 'arn:aws:x' }]
    expect(map('ThrottlingException', 'm', { throttlingReasons })).toMatchObject({ throttlingReasons })
    expect(map('ThrottlingException')).toMatchObject({ throttlingReasons: [] })
  })

  test('values DynamoDB quotes are cut out', () => {
    const quoted = map('ValidationException', 'Input collection [hunter2, hunter2] contains duplicates')
    expect(quoted.message).not.toContain('hunter2')
    expect(
      map('ValidationException', 'A value provided cannot be converted into a number: hunter2').message,
    ).not.toContain('hunter2')
  })

  test('a nested path without parent says what to do', () => {
    const error = map(
      'ValidationException',
      'The document path provided in the update expression is invalid for update',
    )
    expect(error).toMatchObject({ rule: 'document-path' })
    expect(error.message).toContain('createParents')
  })
})

test.each<[unknown, string]>([
  [null, 'null'],
  [undefined, 'undefined'],
  [[1], 'array'],
  [Number.NaN, 'NaN'],
  [-Infinity, 'Infinity'],
  [5, 'number'],
  [5n, 'bigint'],
  [{}, 'object'],
  [Object.create(null), 'object'],
  [new Date(), 'Date'],
  [new Uint8Array(), 'Uint8Array'],
  [() => 1, 'function'],
])('valueType of %o is %s', (value, expected) => {
  expect(valueType(value)).toBe(expected)
})
