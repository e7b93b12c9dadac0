import { expect, test } from 'vitest'
import type { TableDefinition } from '../tables/table-definition.ts'
import { checkFilterKeys, checkScalarKeys, checkUpdatedKeys } from './check-key-paths.ts'
import { parseCondition } from './parse-condition.ts'
import { parseUpdate } from './parse-update.ts'
import { readPlaceholders } from './read-placeholders.ts'

const text = (name: string) => ({ name, type: 'S' }) as const

const table = {
  key: { partition: [text('a')], sort: [text('b')] },
  indexes: [{ name: 'byC', kind: 'global', key: { partition: [text('c')], sort: [text('d')] } }],
} as unknown as TableDefinition

test('paths do not lead into keys', () => {
  expect(() => {
    checkScalarKeys([['x', 'a'], ['a'], ['b', 0]], table)
  }).toThrow(
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: b",
  )
  expect(() => {
    checkScalarKeys([['c', 'x']], table)
  }).toThrow(
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: c",
  )
})

test.each([
  ['set x = :n, a = :n', 'Cannot update attribute a. This attribute is part of the key'],
  ['set d[1] = :n remove b.x', 'Cannot update attribute b. This attribute is part of the key'],
  ['set d.x = x add c :n', 'Type mismatch for Index Key c Expected: S Actual: N IndexName: byC'],
  ['set c = x + :n', 'Type mismatch for Index Key c Expected: S Actual: N IndexName: byC'],
  ['set d = list_append(x, x), y = :n', 'Type mismatch for Index Key d Expected: S Actual: L IndexName: byC'],
  ['set x = d[1], y = :n', "map lookup '.' are not allowed: IndexKey: d"],
  ['add d.x :n', "map lookup '.' are not allowed: IndexKey: d"],
])('%s: %s', (expression, message) => {
  const update = parseUpdate(expression, readPlaceholders(undefined, { ':n': { N: '1' } }))
  expect(() => {
    checkUpdatedKeys(update, table)
  }).toThrow(message)
})

test('a filter leaves the key to the key condition', () => {
  const filter = parseCondition(
    'FilterExpression',
    'x = y and size(b) > a',
    readPlaceholders(undefined, undefined),
  )
  expect(() => {
    checkFilterKeys(filter, table.key, 'Filter Expression')
  }).toThrow('Filter Expression can only contain non-primary key attributes: Primary key attribute: b')
})
