import { describe, expect, test } from 'vitest'
import type { AttributeValue } from '../values/attribute-value.ts'
import { checkExpressionParameters } from './check-expression-parameters.ts'
import { readExpressions, type ExpressionRequest } from './read-expressions.ts'

const message = (request: ExpressionRequest) => {
  try {
    readExpressions(request)
    return 'fine'
  } catch (error) {
    return (error as Error).message
  }
}

describe('names and values', () => {
  const names = (given: Record<string, string>) =>
    message({ ConditionExpression: 'x = y', ExpressionAttributeNames: given })
  const values = (given: Record<string, AttributeValue>) =>
    message({ ConditionExpression: 'x = :v', ExpressionAttributeValues: given })

  test.each<[Record<string, string>, string]>([
    [{}, 'ExpressionAttributeNames must not be empty'],
    [{ a: 'a' }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'],
    [{ '#': 'a' }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"'],
    [{ '#a-b': 'a' }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"'],
    [
      { '': 'a' },
      'ExpressionAttributeNames contains invalid key: The expression attribute map contains an empty key;',
    ],
    [
      { [`#${'a'.repeat(255)}`]: 'a' },
      'ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; size of key: 256',
    ],
    [{ '#a': '' }, 'ExpressionAttributeNames contains invalid value: Empty attribute name for key #a'],
    [
      { '#a': 'a'.repeat(65_536) },
      'ExpressionAttributeNames contains invalid value: Attribute name is too large, must be less than 65536 bytes for key #a',
    ],
    [{ '#a': 'a' }, 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}'],
    [
      { '#name': 'a', '#status': 'a', '#year': 'a', '#B': 'a', '#attribute': 'a' },
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#status, #year, #attribute, #name, #B}',
    ],
    [
      Object.fromEntries([...'ponmlkjihgfed', 'aa1'].map((name) => [`#${name}`, name])),
      'Value provided in ExpressionAttributeNames unused in expressions: ' +
        'keys: {#d, #e, #f, #g, #h, #i, #j, #k, #l, #m, #n, #o, #p, #aa1}',
    ],
  ])('names %#', (given, expected) => {
    expect(names(given)).toBe(expected)
  })

  test.each<[Record<string, AttributeValue>, string]>([
    [{}, 'ExpressionAttributeValues must not be empty'],
    [{ v: { S: 'a' } }, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'],
    [
      { [`:${'a'.repeat(255)}`]: { S: 'a' } },
      'ExpressionAttributeValues contains invalid key: The expression attribute map contains a key that is too long;',
    ],
    [
      { ':v': {} as AttributeValue },
      'ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :v',
    ],
    [
      { ':v': { NS: ['1', '1.0'] } },
      'ExpressionAttributeValues contains invalid value: Input collection contains duplicates for key :v',
    ],
    [
      { ':v': { S: '' }, ':w': { S: '' } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
    ],
    [{ ':v': { S: '' } }, 'fine'],
  ])('values %#', (given, expected) => {
    expect(values(given)).toBe(expected)
  })
})

describe('order', () => {
  test('names, values, update, condition, key condition, filter, projection, then what is unused', () => {
    const wrong = {
      ExpressionAttributeNames: {},
      ExpressionAttributeValues: {},
      UpdateExpression: '',
      ConditionExpression: '',
      KeyConditionExpression: '',
      FilterExpression: '',
      ProjectionExpression: '',
    }
    const right = {
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':a': { S: 'a' } },
      UpdateExpression: 'remove x',
      ConditionExpression: 'x = y',
      KeyConditionExpression: 'attribute_exists(x)',
      FilterExpression: 'x = y',
      ProjectionExpression: 'x',
    }
    const request: Record<string, unknown> = { ...wrong }
    const seen: string[] = []
    for (const [name, value] of Object.entries(right)) {
      seen.push(message(request))
      request[name] = value
    }
    expect(seen).toEqual([
      'ExpressionAttributeNames must not be empty',
      'ExpressionAttributeValues must not be empty',
      'Invalid UpdateExpression: The expression can not be empty;',
      'Invalid ConditionExpression: The expression can not be empty;',
      'Invalid KeyConditionExpression: The expression can not be empty;',
      'Invalid FilterExpression: The expression can not be empty;',
      'Invalid ProjectionExpression: The expression can not be empty;',
    ])
    expect(message(request)).toBe(
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}',
    )
    delete request.ExpressionAttributeNames
    expect(message(request)).toBe(
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}',
    )
    delete request.ExpressionAttributeValues
    expect(message(request)).toBe('Invalid operator used in KeyConditionExpression: attribute_exists')
  })
})

describe('checkExpressionParameters', () => {
  const put = { expressions: ['ConditionExpression'], legacy: ['Expected', 'ConditionalOperator'] } as const
  const query = {
    expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
    legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
  } as const

  test('does not let expressions and older parameters mix', () => {
    expect(() => {
      checkExpressionParameters({ Expected: {}, ConditionalOperator: 'OR', ConditionExpression: '' }, put)
    }).toThrow(
      'Can not use both expression and non-expression parameters in the same request: ' +
        'Non-expression parameters: {Expected, ConditionalOperator} Expression parameters: {ConditionExpression}',
    )
  })

  test('wants names and values only where there are expressions', () => {
    expect(() => {
      checkExpressionParameters({ ExpressionAttributeNames: {}, ExpressionAttributeValues: {} }, put)
    }).toThrow('ExpressionAttributeNames can only be specified when using expressions')
    expect(() => {
      checkExpressionParameters({ ExpressionAttributeValues: {} }, put)
    }).toThrow(
      'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
    )
    expect(() => {
      checkExpressionParameters({ ExpressionAttributeValues: {}, ProjectionExpression: 'x' }, query)
    }).toThrow(
      'ExpressionAttributeValues can only be specified when using expressions: FilterExpression and KeyConditionExpression are null',
    )
  })
})
