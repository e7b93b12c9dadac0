import { describe, expect, test } from 'vitest'
import type { AttributeValue, Item } from '../../values/attribute-value.ts'
import { applyUpdate } from '../apply-update.ts'
import { evaluateCondition } from '../evaluate-condition.ts'
import type { ComparisonOperator } from './comparison.ts'
import { readAttributeUpdates, type AttributeUpdate } from './read-attribute-updates.ts'
import { readAttributesToGet } from './read-attributes-to-get.ts'
import { readExpected, type ExpectedAttribute } from './read-expected.ts'
import { readFilter } from './read-filter.ts'
import { readKeyConditions } from './read-key-conditions.ts'

const s: AttributeValue = { S: 's' }
const n: AttributeValue = { N: '1' }

const message = (run: () => unknown) => {
  try {
    run()
    return 'fine'
  } catch (error) {
    return (error as Error).message.replace('One or more parameter values were invalid: ', '! ')
  }
}

describe('Expected', () => {
  test.each<[ExpectedAttribute, string]>([
    [{}, '! Value must be provided when Exists is null for Attribute: a'],
    [{ Exists: true }, '! Value must be provided when Exists is true for Attribute: a'],
    [{ Exists: false, Value: s }, '! Value cannot be used when Exists is false for Attribute: a'],
    [{ Exists: false }, 'fine'],
    [{ Value: s }, 'fine'],
    [
      { Exists: true, ComparisonOperator: 'EQ', Value: s },
      '! Exists and ComparisonOperator cannot be used together for Attribute: a',
    ],
    [
      { Value: s, AttributeValueList: [s] },
      '! Value and AttributeValueList cannot be used together for Attribute: a',
    ],
    [
      { Exists: false, AttributeValueList: [s] },
      '! AttributeValueList can only be used with a ComparisonOperator for Attribute: a',
    ],
    [
      { ComparisonOperator: 'EQ' },
      '! Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a',
    ],
    [{ ComparisonOperator: 'NULL' }, 'fine'],
    [
      { ComparisonOperator: 'NULL', Value: s },
      '! Invalid number of argument(s) for the NULL ComparisonOperator',
    ],
    [
      { Value: {} as AttributeValue },
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    ],
  ])('%j: %s', (attribute, expected) => {
    expect(message(() => readExpected({ a: attribute }, undefined))).toBe(expected)
  })

  test('is combined by ConditionalOperator, which needs two conditions', () => {
    const both = { a: { Value: s }, b: { Value: s } }
    const holds = (operator: 'AND' | 'OR' | undefined) =>
      evaluateCondition(readExpected(both, operator)!, { a: s, b: n })
    expect([holds(undefined), holds('AND'), holds('OR')]).toEqual([false, false, true])
    expect(message(() => readExpected({ a: { Value: s } }, 'OR'))).toBe(
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    )
    expect(message(() => readExpected({}, 'OR'))).toBe(
      'ConditionalOperator cannot be used without Filter or Expected',
    )
    expect(readExpected({}, undefined)).toBeUndefined()
  })
})

describe('filters', () => {
  const items: readonly Item[] = [
    {},
    { x: { S: 'abc' } },
    { x: { N: '5' } },
    { x: { SS: ['a', 'abc'] } },
    { x: { L: [{ S: 'a' }, { N: '5' }] } },
    { x: { NULL: true } },
    { x: { M: { a: { S: 'a' } } } },
    { x: { B: 'YWJj' } },
    { x: { NS: ['5'] } },
    { x: { BOOL: true } },
  ]

  test.each<[ComparisonOperator, AttributeValue[], string]>([
    ['EQ', [{ S: 'abc' }], '1'],
    ['NE', [{ S: 'abc' }], '023456789'],
    ['LE', [{ N: '5' }], '2'],
    ['LT', [{ N: '5' }], ''],
    ['GE', [{ S: 'abc' }], '1'],
    ['GT', [{ S: 'a' }], '1'],
    ['NULL', [], '0'],
    ['NOT_NULL', [], '123456789'],
    ['CONTAINS', [{ S: 'a' }], '134'],
    ['NOT_CONTAINS', [{ S: 'a' }], '256789'],
    ['CONTAINS', [{ B: 'YmM=' }], '7'],
    ['BEGINS_WITH', [{ S: 'a' }], '1'],
    ['IN', [{ S: 'a' }, { S: 'abc' }], '1'],
    ['BETWEEN', [{ N: '5' }, { N: '5' }], '2'],
    ['EQ', [{ NULL: true }], '5'],
  ])('%s %j lets through %s', (ComparisonOperator, AttributeValueList, expected) => {
    const filter = readFilter({ x: { ComparisonOperator, AttributeValueList } }, undefined)
    expect(items.flatMap((item, index) => (evaluateCondition(filter!, item) ? [index] : [])).join('')).toBe(
      expected,
    )
  })

  test.each<[ComparisonOperator, AttributeValue[] | undefined, string]>([
    ['EQ', undefined, '! Invalid number of argument(s) for the EQ ComparisonOperator'],
    ['EQ', [s, s], '! Invalid number of argument(s) for the EQ ComparisonOperator'],
    ['IN', [], '! Invalid number of argument(s) for the IN ComparisonOperator'],
    ['BETWEEN', [s], '! Invalid number of argument(s) for the BETWEEN ComparisonOperator'],
    ['NOT_NULL', [s], '! Invalid number of argument(s) for the NOT_NULL ComparisonOperator'],
    ['IN', [s, n], '! AttributeValues inside AttributeValueList must be of same type'],
    ['LT', [{ M: {} }], '! ComparisonOperator LT is not valid for M AttributeValue type'],
    ['CONTAINS', [{ SS: ['a'] }], '! ComparisonOperator CONTAINS is not valid for SS AttributeValue type'],
    ['BEGINS_WITH', [n], '! ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type'],
    [
      'BETWEEN',
      [{ N: '10' }, { N: '9' }],
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    ],
  ])('%s %j: %s', (ComparisonOperator, AttributeValueList, expected) => {
    expect(message(() => readFilter({ x: { ComparisonOperator, AttributeValueList } }, undefined))).toBe(
      expected,
    )
  })
})

test('KeyConditions become conditions on key attributes', () => {
  expect(
    readKeyConditions({
      a: { ComparisonOperator: 'EQ', AttributeValueList: [s] },
      b: { ComparisonOperator: 'NE', AttributeValueList: [s] },
    }),
  ).toEqual([
    { attribute: 'a', operator: '=', values: [s] },
    { attribute: 'b', operator: undefined, values: [s] },
  ])
  expect(message(() => readKeyConditions({}))).toBe('Conditions can be of length 1 or 2 only')
})

describe('AttributeUpdates', () => {
  const item: Item = { id: s, number: n, set_: { SS: ['a'] }, tags: { L: [s] } }

  test('put, add and delete', () => {
    const updates: Record<string, AttributeUpdate> = {
      put: { Value: s },
      number: { Action: 'ADD', Value: n },
      tags: { Action: 'ADD', Value: { L: [n] } },
      set_: { Action: 'DELETE', Value: { SS: ['a'] } },
      gone: { Action: 'DELETE' },
    }
    expect(applyUpdate(readAttributeUpdates(updates), item)).toEqual({
      id: s,
      put: s,
      number: { N: '2' },
      tags: { L: [s, n] },
    })
  })

  test.each<[AttributeUpdate, string]>([
    [{}, '! Only DELETE action is allowed when no attribute value is specified'],
    [{ Action: 'ADD' }, '! Only DELETE action is allowed when no attribute value is specified'],
    [{ Action: 'ADD', Value: s }, '! ADD action is not supported for the type STRING'],
    [{ Action: 'DELETE', Value: n }, '! DELETE action with value is not supported for the type NUMBER'],
  ])('%j: %s', (update, expected) => {
    expect(message(() => readAttributeUpdates({ a: update }))).toBe(expected)
  })

  test('say in their own words that types do not fit', () => {
    const update = readAttributeUpdates({ set_: { Action: 'ADD', Value: n } })
    expect(message(() => applyUpdate(update, item))).toBe('Type mismatch for attribute to update')
  })
})

test('AttributesToGet are the paths of a projection', () => {
  expect(readAttributesToGet(['a.b', 'c'])).toEqual([['a.b'], ['c']])
  expect(message(() => readAttributesToGet(['a', 'a']))).toBe('! Duplicate value in attribute name: a')
})
