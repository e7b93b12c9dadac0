import { describe, expect, test } from 'vitest'
import type { NativeValue } from '../codec/native-value.ts'
import { allOf, type Condition, fieldCondition } from '../expressions/condition.ts'
import { parsePath } from '../expressions/path.ts'
import { noActions, type SetKind, type UpdateActions } from '../expressions/update-actions.ts'
import { defineTable } from '../schema/table.ts'
import { batchGetItem } from './read/batch-get-item.ts'
import { getItem } from './read/get-item.ts'
import { query } from './read/query.ts'
import { scan } from './read/scan.ts'
import { createTable } from './tables/create-table.ts'
import { deleteTable } from './tables/delete-table.ts'
import { describeTable } from './tables/describe-table.ts'
import { listTables } from './tables/list-tables.ts'
import { describeTimeToLive, updateTimeToLive } from './tables/time-to-live.ts'
import { updateTable } from './tables/update-table.ts'
import { batchWriteItem } from './write/batch-write-item.ts'
import { deleteItem } from './write/delete-item.ts'
import { putItem } from './write/put-item.ts'
import { updateItem, type UpdateItemPlan, type UpdateReturn } from './write/update-item.ts'

const tableName = 'Shop'
const key = { pk: 'p', sk: 's' }
const condition = fieldCondition('status', '=', 'open')

test('reads are, whatever they read', () => {
  const read = { tableName, consistentRead: true } as const
  const keyCondition = fieldCondition('pk', '=', 'p')
  const page = {}
  expect(getItem.isRepeatable({ ...read, operation: 'GetItem', key })).toBe(true)
  expect(
    query.isRepeatable({ plan: { ...read, operation: 'Query', keyCondition, ascending: true }, page }),
  ).toBe(true)
  expect(scan.isRepeatable({ plan: { ...read, operation: 'Scan' }, page })).toBe(true)
  expect(
    batchGetItem.isRepeatable({
      operation: 'BatchGetItem',
      keys: [{ tableName, key }],
      consistentRead: false,
    }),
  ).toBe(true)
})

test('a batch of writes is', () => {
  expect(
    batchWriteItem.isRepeatable({ operation: 'BatchWriteItem', writes: [{ tableName, item: key }] }),
  ).toBe(true)
})

test('of the table operations only those are that read', () => {
  const table = defineTable({ name: 'Shop', partitionKey: { name: 'pk', type: 'string' } })
  expect(describeTable.isRepeatable({ operation: 'DescribeTable', tableName })).toBe(true)
  expect(listTables.isRepeatable({ operation: 'ListTables' })).toBe(true)
  expect(describeTimeToLive.isRepeatable({ operation: 'DescribeTimeToLive', tableName })).toBe(true)
  expect(
    updateTimeToLive.isRepeatable({
      operation: 'UpdateTimeToLive',
      tableName,
      attribute: 'expiresAt',
      enabled: true,
    }),
  ).toBe(false)
  expect(createTable.isRepeatable({ operation: 'CreateTable', table })).toBe(false)
  expect(updateTable.isRepeatable({ operation: 'UpdateTable', table, change: {} })).toBe(false)
  expect(deleteTable.isRepeatable({ operation: 'DeleteTable', tableName })).toBe(false)
})

test.each([
  [undefined, false, true],
  [condition, false, false],
  [undefined, true, false],
  [condition, true, false],
])('put and delete with condition %o, returnOld %s: %s', (given, returnOld, expected) => {
  const plan = { tableName, condition: given, returnOld, returnItemOnConditionFailure: false }
  expect(putItem.isRepeatable({ ...plan, operation: 'PutItem', item: key })).toBe(expected)
  expect(deleteItem.isRepeatable({ ...plan, operation: 'DeleteItem', key })).toBe(expected)
})

describe('an update', () => {
  const set = (path: string, kind: SetKind = 'value', value: NativeValue = 1): Partial<UpdateActions> => ({
    set: [{ path: parsePath(path), kind, value }],
  })
  const remove = (path: string): Partial<UpdateActions> => ({ remove: [parsePath(path)] })
  const add = (path: string, value: NativeValue): Partial<UpdateActions> => ({
    add: [{ path: parsePath(path), value }],
  })
  const take = (path: string, value: NativeValue): Partial<UpdateActions> => ({
    delete: [{ path: parsePath(path), value }],
  })
  const isRepeatable = (actions: Partial<UpdateActions>, more: Partial<UpdateItemPlan> = {}): boolean =>
    updateItem.isRepeatable({
      operation: 'UpdateItem',
      tableName,
      key,
      actions: { ...noActions, ...actions },
      returns: 'new',
      returnItemOnConditionFailure: true,
      ...more,
    })

  test.each<[string, Partial<UpdateActions>, boolean]>([
    ['sets a value', set('status'), true],
    ['sets a nested value', set('address.city'), true],
    ['sets a value inside an element', set('lines[0].sku'), true],
    ['sets an element, which beyond the end is appended', set('lines[7]'), false],
    ['sets an element unless there is one', set('lines[7]', 'if-not-exists'), false],
    ['sets a value unless there is one', set('status', 'if-not-exists'), true],
    ['appends to a list', set('lines', 'append', [1]), false],
    ['prepends to a list', set('lines', 'prepend', [1]), false],
    ['removes an attribute', remove('note'), true],
    ['removes a member of an element', remove('lines[0].note'), true],
    ['removes an element, which moves the next', remove('lines[0]'), false],
    ['adds to a number', add('stock', 1), false],
    ['adds nothing to a number', add('stock', 0n), false],
    ['adds to a set', add('labels', new Set(['a'])), true],
    ['takes from a set', take('labels', new Set(['a'])), true],
    ['takes from a set in a list', take('sets[0]', new Set(['a'])), false],
    ['does one that is and one that is not', { ...set('status'), ...add('version', 1) }, false],
    ['does several that are', { ...set('status'), ...remove('note') }, true],
  ])('that %s', (_, actions, expected) => {
    expect(isRepeatable(actions)).toBe(expected)
  })

  test.each<[UpdateReturn, boolean]>([
    ['none', true],
    ['new', true],
    ['updated-new', true],
    ['old', false],
    ['updated-old', false],
  ])('that returns %s', (returns, expected) => {
    expect(isRepeatable(set('status'), { returns })).toBe(expected)
  })

  const exists = fieldCondition('pk', 'exists', undefined)
  const or = (...conditions: Condition[]): Condition => ({ type: 'or', conditions })
  const not = (negated: Condition): Condition => ({ type: 'not', condition: negated })
  test.each<[string, Condition | undefined, boolean]>([
    ['nothing', undefined, true],
    ['the item', exists, true],
    ['the item by its sort key', fieldCondition('sk', 'exists', undefined), true],
    ['no item', fieldCondition('pk', 'not_exists', undefined), false],
    ['no item, said otherwise', not(exists), false],
    ['a key that an update without the item would create', fieldCondition('pk', '<>', 'x'), false],
    ['a key of an item that exists', allOf([exists, fieldCondition('sk', '>', 'a')]), true],
    ['an item or something else', or(exists, fieldCondition('total', '>', 1)), false],
    ['an attribute it leaves alone', fieldCondition('total', '>', 1), true],
    ['the item and an attribute it leaves alone', allOf([exists, fieldCondition('total', '>', 1)]), true],
    ['the attribute it sets', condition, false],
    ['the item and the attribute it sets', allOf([exists, condition]), false],
    ['something inside the attribute it sets', fieldCondition('status.code', '=', 1), false],
    ['the size of the attribute it sets', fieldCondition('size(status)', '>', 1), false],
    ['that the attribute it sets is missing', not(fieldCondition('status', 'exists', undefined)), false],
    ['the attribute it sets, among others', or(fieldCondition('total', '>', 1), condition), false],
    [
      'an attribute compared with the one it sets',
      {
        type: 'field',
        path: parsePath('total'),
        operator: '=',
        operands: [{ attribute: parsePath('status') }],
      },
      false,
    ],
    ['an attribute named as members of every object are', fieldCondition('constructor', '=', 1), true],
  ])('that requires %s', (_, given, expected) => {
    expect(isRepeatable(set('status'), { condition: given })).toBe(expected)
  })

  test('whose condition is on what it removes, adds to or takes from', () => {
    const labels = fieldCondition('labels', 'contains', 'a')
    expect(isRepeatable(remove('labels'), { condition: labels })).toBe(false)
    expect(isRepeatable(add('labels', new Set(['b'])), { condition: labels })).toBe(false)
    expect(isRepeatable(take('labels', new Set(['a'])), { condition: labels })).toBe(false)
  })
})
