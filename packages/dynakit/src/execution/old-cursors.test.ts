import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { NativeItem } from '../codec/native-value.ts'
import type { Condition } from '../expressions/condition.ts'
import { planRead } from '../planner/plan-read.ts'
import type { PlannedRead, PlanRequest } from '../planner/plan-request.ts'
import { conditionBuilder as e } from '../query-builder/condition-builder.ts'
import { defineTable } from '../schema/table.ts'
import { type CursorDirection, decodeCursor, encodeCursor } from './cursor.ts'
import type { Position } from './position.ts'

// Clients hold cursors across releases: a cursor of the file stays valid for its query, and new kinds of
// cursors are added to it.

const table = defineTable({
  name: 'Things',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'number' },
  indexes: {
    byStatus: {
      type: 'global',
      partitionKey: { name: 'status', type: 'string' },
      sortKey: { name: 'at', type: 'string' },
    },
    keysOnly: { type: 'global', partitionKey: { name: 'owner', type: 'binary' }, projection: 'keys-only' },
  },
})
const plan = (conditions: readonly Condition[], change: Partial<PlanRequest> = {}): PlannedRead =>
  planRead({
    table,
    entities: [],
    conditions,
    select: undefined,
    ascending: true,
    orderBy: undefined,
    consistentRead: false,
    indexName: undefined,
    allowScan: false,
    ...change,
  })

const owner = new Uint8Array([1, 255])
const byStatus = { pk: 'a', sk: 2.5, status: 'open', at: '2026' }
const key: NativeItem = { pk: 'a/ü', sk: 2n ** 70n }

const cases: Readonly<Record<string, readonly [PlannedRead, Position, CursorDirection]>> = {
  query: [plan([e('pk', '=', 'a'), e('x', '>', 1)]), [key], 'after'],
  descending: [plan([e('pk', '=', 'a')], { ascending: false }), [key], 'after'],
  'checked by dynakit': [plan([e('pk', '=', 'a'), e('sk', '<>', 1)]), [key], 'after'],
  index: [plan([e('status', '=', 'open')]), [byStatus], 'after'],
  completed: [plan([e('owner', '=', owner)], { completeItems: true }), [{ ...key, owner }], 'after'],
  scan: [plan([e('x', '=', 1)], { allowScan: true }), [key], 'after'],
  'sorted scan': [plan([], { allowScan: true, orderBy: 'x' }), [{ ...key, x: 3 }], 'after'],
  'sorted scan, no value': [plan([], { allowScan: true, orderBy: 'x' }), [key], 'before'],
  keys: [plan([e('pk', 'in', ['a', 'b']), e('sk', '=', 1)]), [{ pk: 'a', sk: 1 }], 'after'],
  'several queries': [plan([e('pk', 'in', ['a', 'b', 'c'])]), [key, 'start', 'end'], 'after'],
  'several queries, back': [plan([e('pk', 'in', ['a', 'b'])]), [key, 'start'], 'before'],
  or: [
    plan([e.or([e.and([e('pk', '=', 'a'), e('sk', '<', 5)]), e('pk', '=', 'b')])]),
    [{ pk: 'a', sk: 4 }, 'start'],
    'after',
  ],
  segments: [plan([], { allowScan: true, segments: 2 }), ['start', key], 'after'],
}

const file = new URL('../../test/fixtures/cursors.json', import.meta.url)
const old = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>

test.each(Object.entries(old))('%s', (name, cursor) => {
  const [planned, position, direction] = cases[name] as (typeof cases)[string]
  expect(decodeCursor(planned, cursor, direction, 'secret')).toEqual(position)
})

test('every kind of cursor is in the file', () => {
  const made = Object.entries(cases).map(([name, [planned, position, direction]]) => [
    name,
    encodeCursor(planned, position, direction, 'secret'),
  ])
  expect(Object.keys(old)).toEqual(made.map(([name]) => name))
})
