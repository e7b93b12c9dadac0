import { describe, expect, test } from 'vitest'
import { Decimal } from '../codec/decimal.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { InvalidCursorError } from '../errors/request-errors.ts'
import type { Condition } from '../expressions/condition.ts'
import { planRead } from '../planner/plan-read.ts'
import type { PlannedRead, PlanRequest } from '../planner/plan-request.ts'
import { conditionBuilder as e } from '../query-builder/condition-builder.ts'
import { defineTable } from '../schema/table.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

const table = defineTable({
  name: 'Things',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'n', type: 'number' },
  indexes: { byBytes: { type: 'global', partitionKey: { name: 'bytes', type: 'binary' } } },
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
const byKey = (change?: Partial<PlanRequest>) => plan([e('pk', '=', 'a'), e('x', '>', 1)], change)
const key: NativeItem = { pk: 'a/ü', n: 5 }

test('comes back as the key, in URL-safe characters', () => {
  const planned = byKey()
  const cursor = encodeCursor(planned, [{ ...key, other: 'left out' }], 'after', undefined)
  expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
  expect(decodeCursor(planned, cursor, 'after', undefined)).toEqual([key])
})

test.each<[string, NativeItem]>([
  ['bigint', { pk: 'a', n: 2n ** 70n }],
  ['Decimal', { pk: 'a', n: Decimal.from('1.00000000000000000001') }],
  ['fraction', { pk: 'a', n: -0.5 }],
])('keeps a %s key exact', (_name, item) => {
  const planned = byKey()
  expect(
    decodeCursor(planned, encodeCursor(planned, [item], 'after', undefined), 'after', undefined),
  ).toEqual([item])
})

test('keeps binary keys', () => {
  const planned = plan([e('bytes', '=', new Uint8Array([1]))])
  const item = { pk: 'a', n: 1, bytes: new Uint8Array([0, 255]) }
  expect(
    decodeCursor(planned, encodeCursor(planned, [item], 'after', undefined), 'after', undefined),
  ).toEqual([item])
})

describe('is valid for the query that made it', () => {
  const cursor = encodeCursor(byKey(), [key], 'after', undefined)
  const reads = (planned: PlannedRead) => () => decodeCursor(planned, cursor, 'after', undefined)

  test('also with other values, another order of conditions, another selection', () => {
    expect(reads(plan([e('x', '>', 99), e('pk', '=', 'b')]))).not.toThrow()
    expect(reads(byKey({ consistentRead: true }))).not.toThrow()
  })

  test.each<[string, PlannedRead]>([
    ['another order', byKey({ ascending: false })],
    ['another operator', plan([e('pk', '=', 'a'), e('x', '>=', 1)])],
    ['another field', plan([e('pk', '=', 'a'), e('y', '>', 1)])],
    ['one condition less', plan([e('pk', '=', 'a')])],
    ['another index', plan([e('bytes', '=', new Uint8Array([1])), e('x', '>', 1)])],
    ['a scan', plan([e('x', '>', 1)], { allowScan: true })],
    ['another table', planRead({ ...requestOf(defineTable({ ...table.options, name: 'Others' })) })],
  ])('not with %s', (_name, planned) => {
    expect(reads(planned)).toThrow(InvalidCursorError)
  })
})

function requestOf(other: PlanRequest['table']): PlanRequest {
  return {
    table: other,
    entities: [],
    conditions: [e('pk', '=', 'a'), e('x', '>', 1)],
    select: undefined,
    ascending: true,
    orderBy: undefined,
    consistentRead: false,
    indexName: undefined,
    allowScan: false,
  }
}

test.each([
  '',
  'nonsense',
  '....',
  Buffer.from('[1]').toString('base64url'),
  Buffer.from('[2,"a",{}]').toString('base64url'),
  Buffer.from('[1,"a",{"pk":["X","a"]}]').toString('base64url'),
  Buffer.from('[1,"a",[]]').toString('base64url'),
])('refuses damaged text %o', (text) => {
  expect(() => decodeCursor(byKey(), text, 'after', undefined)).toThrow(InvalidCursorError)
})

test('refuses a key the table does not have', () => {
  const planned = byKey()
  const cursor = encodeCursor(planned, [{ pk: 'a' }], 'after', undefined)
  expect(() => decodeCursor(planned, cursor, 'after', undefined)).toThrow('other key attributes')
})

describe('signed', () => {
  const planned = byKey()
  const cursor = encodeCursor(planned, [key], 'after', 'secret')

  test('is accepted with the same secret', () => {
    expect(decodeCursor(planned, cursor, 'after', 'secret')).toEqual([key])
  })

  test('is refused when changed, unsigned, or signed with another secret', () => {
    const [text = '', signature = ''] = cursor.split('.')
    const forged = Buffer.from(JSON.stringify([1, 'x', {}])).toString('base64url')
    for (const bad of [
      `${forged}.${signature}`,
      text,
      `${text}.`,
      `${text}.AAAA`,
      encodeCursor(planned, [key], 'after', 'other'),
    ]) {
      expect(() => decodeCursor(planned, bad, 'after', 'secret')).toThrow(InvalidCursorError)
    }
  })
})

test('the text of version 1 does not change', () => {
  // Clients hold cursors across releases: when this fails, old cursors have become invalid.
  expect(encodeCursor(byKey(), [key], 'after', undefined)).toMatchInlineSnapshot(
    `"WzEsInB4cFRWRmZtRV9tTSIseyJwayI6WyJTIiwiYS_DvCJdLCJuIjpbIk4iLCI1Il19XQ"`,
  )
  expect(encodeCursor(byKey(), [key], 'after', 'secret')).toMatchInlineSnapshot(
    `"WzEsInB4cFRWRmZtRV9tTSIseyJwayI6WyJTIiwiYS_DvCJdLCJuIjpbIk4iLCI1Il19XQ._IkYBZCTIqEZ2tL01FfAtQ"`,
  )
})
