import { describe, expect, test } from 'vitest'
import type { KeySchema } from '../tables/table-definition.ts'
import type { AttributeValue } from '../values/attribute-value.ts'
import { keyConditions } from './key-condition.ts'
import { matchKeyConditions } from './match-key-conditions.ts'
import { parseCondition } from './parse-condition.ts'
import { Placeholders } from './placeholders.ts'

const values: Readonly<Record<string, AttributeValue>> = {
  ':s': { S: 's' },
  ':t': { S: 't' },
  ':n': { N: '1' },
  ':empty': { S: '' },
}

const read = (text: string) =>
  keyConditions(
    parseCondition(
      'KeyConditionExpression',
      text,
      new Placeholders(new Map([['#name', 'name']]), new Map(Object.entries(values))),
    ),
  )

const text = (name: string) => ({ name, type: 'S' }) as const
const composite: KeySchema = { partition: [text('a')], sort: [text('b')] }
const simple: KeySchema = { partition: [text('a')], sort: [] }
const multi: KeySchema = { partition: [text('p'), text('q')], sort: [text('r'), text('s'), text('t')] }

describe('keyConditions', () => {
  test('takes the conditions apart, whichever side the attribute is on', () => {
    expect(read('(:s = a) AND ((#name BETWEEN :s AND :t) and :t >= c)')).toEqual([
      { attribute: 'a', operator: '=', values: [{ S: 's' }] },
      { attribute: 'name', operator: 'BETWEEN', values: [{ S: 's' }, { S: 't' }] },
      { attribute: 'c', operator: '<=', values: [{ S: 't' }] },
    ])
    expect(read('begins_with(b, :s)')).toEqual([
      { attribute: 'b', operator: 'begins_with', values: [{ S: 's' }] },
    ])
  })

  test.each([
    ['a = :s or b = :s', 'Invalid operator used in KeyConditionExpression: OR'],
    ['not a = :s', 'Invalid operator used in KeyConditionExpression: NOT'],
    ['a <> :s', 'Invalid operator used in KeyConditionExpression: <>'],
    ['a in (:s)', 'Invalid operator used in KeyConditionExpression: IN'],
    ['attribute_exists(a)', 'Invalid operator used in KeyConditionExpression: attribute_exists'],
    ['contains(a, :s)', 'Invalid operator used in KeyConditionExpression: contains'],
    [
      'a = :s and a > :s',
      'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key',
    ],
    [
      'a = size(:s)',
      'Invalid KeyConditionExpression: KeyConditionExpressions cannot contain nested operations',
    ],
    [
      'a.b = :s',
      'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes',
    ],
    [
      'a[0] = :s',
      'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes',
    ],
    ['a = b', 'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition'],
    [
      'a = b.c',
      'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    ],
    [':s = :s', 'Invalid condition in KeyConditionExpression: No key attribute specified'],
    [
      ':s between a and :t',
      'Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand',
    ],
    [
      'begins_with(:s, a)',
      'Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand',
    ],
    [
      'a = :s and a = :s and b.c = :s',
      'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key',
    ],
    [
      'a.b = :s and a <> :s',
      'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes',
    ],
  ])('%s: %s', (expression, message) => {
    expect(() => read(expression)).toThrow(message)
  })
})

describe('matchKeyConditions', () => {
  const match = (expression: string, key: KeySchema, index?: string) =>
    matchKeyConditions(read(expression), { key, index })

  test('gives the partition and the conditions on the sort key in the order of the schema', () => {
    expect(match('b > :s and a = :t', composite)).toEqual({
      partition: [{ S: 't' }],
      sort: [{ attribute: 'b', operator: '>', values: [{ S: 's' }] }],
    })
    expect(match('a = :s', composite).sort).toEqual([])
    expect(match('begins_with(s, :s) and r = :t and q = :s and p = :t', multi)).toEqual({
      partition: [{ S: 't' }, { S: 's' }],
      sort: [
        { attribute: 'r', operator: '=', values: [{ S: 't' }] },
        { attribute: 's', operator: 'begins_with', values: [{ S: 's' }] },
      ],
    })
  })

  test.each<[string, KeySchema, string]>([
    ['b = :s', composite, 'Query condition missed key schema element: a'],
    ['x = :s and y = :s', composite, 'Query condition missed key schema element: a'],
    ['a = :s and x = :s', composite, 'Query condition missed key schema element: b'],
    ['a > :s', composite, 'Query key condition not supported'],
    ['begins_with(a, :s)', composite, 'Query key condition not supported'],
    ['a = :s and b = :s', simple, 'Query key condition not supported'],
    [
      'a = :s and b = :s and c = :s',
      composite,
      'The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)',
    ],
    [
      'a = :n',
      composite,
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'a = :s and b > :n',
      composite,
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'a = :empty',
      composite,
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: a',
    ],
    ['q = :s', multi, 'HASH key attributes p must have equality conditions specified in the query'],
    ['x = :s', multi, 'HASH key attributes p, q must have equality conditions specified in the query'],
    [
      'p = :s and q > :s',
      multi,
      'HASH key attributes q must have equality conditions specified in the query',
    ],
    [
      'p = :s and q = :s and t = :s',
      multi,
      'RANGE key attributes r, s must have equality conditions specified in the query because a condition is present on key attribute t',
    ],
    [
      'p = :s and q = :s and r > :s and s = :s',
      multi,
      'RANGE key attributes r must have equality conditions specified in the query because a condition is present on key attribute s',
    ],
  ])('%s', (expression, key, message) => {
    expect(() => match(expression, key)).toThrow(message)
  })

  test('names the index of an empty key value', () => {
    expect(() => match('a = :s and b < :empty', composite, 'byB')).toThrow(
      'cannot contain an empty string value. IndexName: byB, IndexKey: b',
    )
  })
})
